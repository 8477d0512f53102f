/** Of two recordings, which one do the views show? */
import type { VNode } from 'preact';
import { usePage } from '../page.ts';
import { shownText } from './function-name.tsx';

const titles = { before: 'Before', after: 'After' } as const;

/** A choice where there are two; the comparison itself shows both. */
export function SideChoice(): VNode | null {
  const { state, model, dispatch } = usePage();
  if (model.comparison === null || state.view === 'diff') return null;
  const { names } = model.comparison.settings;
  return (
    <fieldset class="segments">
      <legend class="unseen">Which recording</legend>
      {(['before', 'after'] as const).map((side) => (
        <label key={side} title={`${shownText(names[side])} (v shows the other one)`}>
          <input
            type="radio"
            name="side"
            checked={state.side === side}
            onChange={() => dispatch({ kind: 'show-side', side })}
          />
          <span>{titles[side]}</span>
        </label>
      ))}
    </fieldset>
  );
}

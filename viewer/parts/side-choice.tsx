/** Of two recordings, which one do the views show? */
import type { VNode } from 'preact';
import { usePage } from '../page.ts';
import type { Side } from '../state/state.ts';
import { shownText } from './function-name.tsx';
import { Segments } from './segments.tsx';

/** A choice where there are two; the comparison itself shows both. */
export function SideChoice(): VNode | null {
  const { state, model, dispatch } = usePage();
  if (model.comparison === null || state.view === 'diff') return null;
  const { names } = model.comparison.settings;
  const tip = (side: Side): string => `${shownText(names[side])} (v shows the other one)`;
  return (
    <Segments
      legend="Which recording"
      chosen={state.side}
      choices={[
        ['before', 'Before', tip('before')],
        ['after', 'After', tip('after')],
      ]}
      onChoose={(side) => dispatch({ kind: 'show-side', side })}
    />
  );
}

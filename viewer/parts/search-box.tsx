/** How does one look for a function? */
import type { VNode } from 'preact';
import { percentText } from '../format.ts';
import { usePage } from '../page.ts';

/** The search's input has this id, so that `/` can go there. */
export const searchId = 'search';

/** A text box, and the share of the time that matches. */
export function SearchBox(): VNode {
  const { state, dispatch, model, run } = usePage();
  const result = model.search(state);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') run(event.shiftKey ? 'previous-match' : 'next-match');
    else if (event.key === 'Escape') leave(event);
  };
  const leave = (event: KeyboardEvent): void => {
    dispatch({ kind: 'search', text: '' });
    if (event.target instanceof HTMLElement) event.target.blur();
    document.querySelector<HTMLElement>('[data-keys] [tabindex="0"], [data-keys][tabindex="0"]')?.focus();
  };
  return (
    <search class="search">
      <input
        id={searchId}
        type="search"
        placeholder="Search  /"
        title="Part of a name, path or module. A comma joins words that must all be there; -word leaves out. Enter goes to the next match, Shift+Enter to the one before."
        aria-label="Search functions"
        autocomplete="off"
        spellcheck={false}
        value={state.search}
        onInput={(event) => dispatch({ kind: 'search', text: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <div class={`results ${result === null ? 'none' : ''}`}>
        <output class="share" aria-live="polite">
          {result === null
            ? ''
            : result.found.size === 0
              ? 'nothing found'
              : `${percentText(result.seconds, result.total)} · ${result.found.size}`}
        </output>
        {result === null || result.found.size === 0 ? null : (
          <>
            <button
              type="button"
              class="button icon"
              title="Match before (Shift+Enter)"
              aria-label="Match before"
              onClick={() => run('previous-match')}
            >
              ↑
            </button>
            <button
              type="button"
              class="button icon"
              title="Next match (Enter)"
              aria-label="Next match"
              onClick={() => run('next-match')}
            >
              ↓
            </button>
          </>
        )}
      </div>
    </search>
  );
}

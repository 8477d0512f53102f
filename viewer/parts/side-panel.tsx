/** What stands beside every view? The hottest lines and the selected function; on narrow screens a bar that opens them. */
import type { VNode } from 'preact';
import { displayName } from '../../src/tree/call-node.ts';
import { usePage } from '../page.ts';
import { shownText } from './function-name.tsx';
import { HottestLines } from './hottest-lines.tsx';
import { SelectedFunction } from './selected-function.tsx';

const shownLines = 5;

/** A column on wide screens, a sheet from below on narrow ones. */
export function SidePanel(): VNode {
  const { state, model, dispatch } = usePage();
  const isOpen = state.overlay === 'details';
  const frame = state.selection === null ? undefined : model.functionOf(state.selection.function);
  const className = state.selection === null ? null : model.classOf(state.selection.function);
  return (
    <aside class={`side ${isOpen ? 'open' : ''} ${frame === undefined ? 'idle' : ''}`} aria-label="Details">
      <button
        type="button"
        class="button handle"
        aria-expanded={isOpen}
        onClick={() => dispatch({ kind: 'overlay', overlay: isOpen ? null : 'details' })}
      >
        <span class="clip">{frame === undefined ? 'Details' : shownText(displayName({ frame, className }))}</span>
        <span aria-hidden="true">{isOpen ? '▾' : '▴'}</span>
      </button>
      <div class="side-content">
        <HottestLines count={shownLines} />
        <SelectedFunction />
      </div>
    </aside>
  );
}

/** Which threads are shown, and how does one choose others? */
import type { VNode } from 'preact';
import { threadNames } from '../../src/render/thread-names.ts';
import { counted } from '../../src/render/time-format.ts';
import { threadTimes } from '../../src/tree/shown-threads.ts';
import { shortTime } from '../format.ts';
import type { Model } from '../model/model.ts';
import { usePage } from '../page.ts';
import type { PageState } from '../state/state.ts';
import { CommandButton } from './command-button.tsx';
import { shownText } from './function-name.tsx';
import { Popover } from './popover.tsx';

/** A button that says which; nothing where there is only one thread. */
export function ThreadPicker(): VNode | null {
  const { state, model, dispatch } = usePage();
  const { session } = model;
  if (session.threads.length < 2) return null;
  const isOpen = state.overlay === 'threads';
  return (
    <div class="owner">
      <CommandButton command="pick-threads" isExpanded={isOpen}>
        <span class="clip">{choiceText(model, state)}</span>
        <span aria-hidden="true">▾</span>
      </CommandButton>
      {isOpen ? (
        <Popover label="Threads" onClose={() => dispatch({ kind: 'overlay', overlay: null })}>
          <ThreadList />
        </Popover>
      ) : null}
    </div>
  );
}

function choiceText(model: Model, { threads }: PageState): string {
  const { session } = model;
  const positions = model.positions(threads);
  const only = positions.length === 1 ? session.threads[positions[0] ?? 0] : undefined;
  if (only !== undefined) return shownText(only.name);
  if (threads.kind === 'all') return `All ${counted(positions.length, 'thread')}`;
  return threads.kind === 'busy' ? `${positions.length} busy threads` : counted(positions.length, 'thread');
}

function ThreadList(): VNode {
  const { state, model, dispatch } = usePage();
  const { session } = model;
  const positions = model.positions({ kind: 'all' });
  const chosen = new Set(model.positions(state.threads));
  const names = threadNames(session, session.threads);
  const toggle = (position: number): void => {
    const next = positions.filter((other) => (other === position ? !chosen.has(other) : chosen.has(other)));
    if (next.length > 0) dispatch({ kind: 'choose-threads', threads: { kind: 'some', positions: next } });
  };
  return (
    <>
      <div class="choice-row">
        <button
          type="button"
          class="button"
          onClick={() => dispatch({ kind: 'choose-threads', threads: { kind: 'busy' } })}
        >
          Busy ones
        </button>
        <button
          type="button"
          class="button"
          onClick={() => dispatch({ kind: 'choose-threads', threads: { kind: 'all' } })}
        >
          All
        </button>
        <CommandButton command="previous-thread" hasKeyCap>
          Previous
        </CommandButton>
        <CommandButton command="next-thread" hasKeyCap>
          Next
        </CommandButton>
      </div>
      <ul class="thread-list">
        {positions.map((position) => {
          const thread = session.threads[position];
          if (thread === undefined) return null;
          const { running, idle } = threadTimes(session, thread);
          return (
            <li key={position}>
              <label>
                <input type="checkbox" checked={chosen.has(position)} onChange={() => toggle(position)} />
                <span class="clip">{shownText(names.fullName(thread))}</span>
              </label>
              <span class="detail">
                {shortTime(running)} running{idle > 0 ? `, ${shortTime(idle)} waiting` : ''}
              </span>
              <button
                type="button"
                class="button quiet"
                onClick={() => dispatch({ kind: 'choose-threads', threads: { kind: 'some', positions: [position] } })}
              >
                only
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

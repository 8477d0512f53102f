/** What is known of the selected function, and what can be done with it? */
import type { VNode } from 'preact';
import { counted } from '../../src/render/time-format.ts';
import { displayName } from '../../src/tree/call-node.ts';
import { microsecondTime, percentText, shortTime } from '../format.ts';
import type { Command } from '../keys.ts';
import type { Model } from '../model/model.ts';
import { usePage } from '../page.ts';
import { transformFor } from '../run-command.ts';
import type { PageState, Selection } from '../state/state.ts';
import { CommandButton } from './command-button.tsx';
import { placeOf, shownText } from './function-name.tsx';

const transformButtons: readonly (readonly [Command, string])[] = [
  ['focus-function', 'Focus'],
  ['focus-subtree', 'Focus this path'],
  ['merge-function', 'Merge'],
  ['merge-node', 'Merge this path'],
  ['collapse-function', 'Collapse'],
  ['collapse-library', 'Collapse library'],
  ['collapse-direct-recursion', 'Direct recursion'],
  ['collapse-recursion', 'All recursion'],
  ['drop-function', 'Drop'],
];

/** Names, times and buttons; a hint where nothing is selected. */
export function SelectedFunction(): VNode {
  const { state, model } = usePage();
  const { selection } = state;
  const frame = selection === null ? undefined : model.functionOf(selection.function);
  if (selection === null || frame === undefined) {
    return <p class="detail">Select a function to see its times here, and to focus on it, merge it or drop it.</p>;
  }
  const name = displayName({ frame, className: model.classOf(selection.function) });
  return (
    <section class="selected" aria-labelledby="selected-title">
      <h2 id="selected-title" class="unseen">
        Selected function
      </h2>
      <p class="name">
        <bdi>{shownText(name)}</bdi>
      </p>
      <p class="place">
        <bdi>{shownText(placeOf(frame))}</bdi>
      </p>
      <Times selection={selection} state={state} model={model} />
      <div class="actions">
        {transformButtons.map(([command, label]) => (
          <CommandButton
            key={command}
            command={command}
            hasKeyCap
            disabled={
              transformFor(command, selection, model) === null ||
              (state.inverted && selection.path !== undefined && command.endsWith('subtree'))
            }
          >
            {label}
          </CommandButton>
        ))}
        <CommandButton command="copy" hasKeyCap>
          Copy
        </CommandButton>
      </div>
    </section>
  );
}

interface TimesProps {
  readonly selection: Selection;
  readonly state: PageState;
  readonly model: Model;
}

/** Of all its calls: in the thread where it was selected, as the call tree has it, or else in all that are shown. */
function Times({ selection, state, model }: TimesProps): VNode | null {
  const positions = model.positions(state.threads);
  const own = selection.thread !== undefined && positions.includes(selection.thread) ? selection.thread : undefined;
  const asked = own === undefined ? state : { ...state, threads: { kind: 'some', positions: [own] } as const };
  const table = model.functions(asked);
  const identifier = model.functionOf(selection.function)?.identifier;
  const times = table.functions.find(({ frame }) => frame.identifier === identifier);
  if (times === undefined) return null;
  return (
    <dl class="facts">
      <div title="In the function itself, all calls together">
        <dt>Self</dt>
        <dd>
          {microsecondTime(times.self)} <span>{percentText(times.self, table.total)}</span>
        </dd>
      </div>
      <div title="With what it called, all calls together">
        <dt>Total</dt>
        <dd>
          {microsecondTime(times.total)} <span>{percentText(times.total, table.total)}</span>
        </dd>
      </div>
      <div>
        <dt>Called from</dt>
        <dd>{counted(times.callSites, 'place')}</dd>
      </div>
      {positions.length === 1 ? null : (
        <div>
          <dt>Shares of</dt>
          <dd>
            {shortTime(table.total)} in{' '}
            {own === undefined ? `${positions.length} threads` : shownText(model.session.threads[own]?.name ?? '')}
          </dd>
        </div>
      )}
    </dl>
  );
}

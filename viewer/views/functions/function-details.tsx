/** Who called the selected function, and whom did it call? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { counted } from '../../../src/render/time-format.ts';
import { columnFormat, microsecondTime, percentText, shortTime } from '../../format.ts';
import { usePage } from '../../page.ts';
import { type CallEntry, CallList } from '../../parts/call-list.tsx';
import { CommandButton } from '../../parts/command-button.tsx';
import { shownText } from '../../parts/function-name.tsx';
import { pathTail } from '../../parts/path-tail.ts';
import { type CallRow, type FunctionControl, functionLists } from './use-function-control.ts';

/** Its times, and both lists; pressing an entry goes there. */
export function FunctionDetails({ control }: { readonly control: FunctionControl }): VNode | null {
  const { state, model } = usePage();
  const { time } = state.options;
  const formatTime = useMemo(() => columnFormat(time, model.session.meta.maxInterval), [time, model]);
  const { selected, table } = control;
  if (selected === undefined) return null;
  const entriesOf = (rows: readonly CallRow[]): readonly CallEntry[] => rows.map((row) => entryOf(row, control));
  const common = { whole: selected.total, total: table.total, formatTime };
  return (
    <section class="dock" aria-label="Callers and callees">
      <header>
        <div class="what" title={shownText(`${control.nameOf(selected)}\n${control.placeOf(selected)}`)}>
          <bdi class="name">{shownText(control.nameOf(selected))}</bdi>
          <bdi class="place">{pathTail(shownText(control.placeOf(selected)))}</bdi>
        </div>
        <dl class="times">
          <Time label="self" seconds={selected.self} total={table.total} />
          <Time label="total" seconds={selected.total} total={table.total} />
        </dl>
        <CommandButton command="show-source" hasKeyCap class="quiet" disabled={!control.hasLines(selected)}>
          Source
        </CommandButton>
        <CommandButton command="go-back" hasKeyCap class="quiet" disabled={!control.canGoBack}>
          Back
        </CommandButton>
      </header>
      <CallList
        {...common}
        name={functionLists.callers}
        title="Called from"
        count={counted(selected.callSites, 'place')}
        sign="▲"
        entries={entriesOf(control.callers)}
        current={control.currentCaller}
        emptyText="Nothing that was seen: stacks begin here."
        onGo={control.goToCaller}
      />
      <CallList
        {...common}
        name={functionLists.callees}
        title="Calls"
        count={counted(selected.callees.length, 'function')}
        sign="▼"
        entries={entriesOf(control.callees)}
        current={control.currentCallee}
        emptyText="Nothing that was seen: all its time is its own."
        onGo={control.goToCallee}
      />
    </section>
  );
}

function Time({
  label,
  seconds,
  total,
}: {
  readonly label: string;
  readonly seconds: number;
  readonly total: number;
}): VNode {
  return (
    <div title={microsecondTime(seconds)}>
      <dt>{label}</dt>
      <dd>
        {shortTime(seconds)} · {percentText(seconds, total)}
      </dd>
    </div>
  );
}

function entryOf({ entry, times }: CallRow, control: FunctionControl): CallEntry {
  if (entry === null) {
    return {
      ...{ name: 'self', place: '', isApplication: false, isFound: false },
      seconds: times.total,
      tip: 'In the function itself',
    };
  }
  const place = control.placeOf(entry);
  return {
    name: control.nameOf(entry),
    place,
    seconds: times.total,
    isApplication: control.originOf(entry.frame.file) === 'application',
    isFound: control.isFound(entry),
    tip: `${control.nameOf(entry)}\n${place}\n${counted(times.callSites, 'place')} of call`,
  };
}

/** Who called the selected function, and whom did it call? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { counted } from '../../../src/render/time-format.ts';
import { columnFormat } from '../../format.ts';
import { usePage } from '../../page.ts';
import { type CallEntry, CallList } from '../../parts/call-list.tsx';
import { DockHeader } from '../../parts/dock-header.tsx';
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
      <DockHeader
        title={`${control.nameOf(selected)}\n${control.placeOf(selected)}`}
        name={control.nameOf(selected)}
        place={control.placeOf(selected)}
        times={selected}
        whole={table.total}
        otherView={{ command: 'show-source', label: 'Source', isThere: control.hasLines(selected) }}
        canGoBack={control.canGoBack}
      />
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

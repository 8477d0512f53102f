/** From where was the current line reached, and whom did it call? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { counted } from '../../../src/render/time-format.ts';
import { displayName, type FrameIdentity } from '../../../src/tree/call-node.ts';
import type { LineCall } from '../../../src/tree/line-calls.ts';
import { columnFormat } from '../../format.ts';
import { usePage } from '../../page.ts';
import { type CallEntry, CallList } from '../../parts/call-list.tsx';
import { DockHeader } from '../../parts/dock-header.tsx';
import { useShortPath } from './file-picker.tsx';
import { type SourceControl, sourceLists } from './use-source-control.ts';

/** Its function and times, and both lists; pressing an entry goes to its line. */
export function LineDetails({ control }: { readonly control: SourceControl }): VNode {
  const { state, model } = usePage();
  const { time } = state.options;
  const formatTime = useMemo(() => columnFormat(time, model.session.meta.maxInterval), [time, model]);
  const entryOf = useEntries();
  const { calls, times, place, lines } = control;
  const shortPath = useShortPath();
  const own = times?.lines.find(({ line }) => line === place.line);
  const { total } = lines.table;
  const common = { whole: own?.total ?? 0, total, formatTime };
  const where = `${shortPath(place.file)}:${place.line}`;
  return (
    <section class="dock" aria-label="Calls to and from the line">
      <DockHeader
        title={where}
        name={own === undefined ? undefined : nameOf(own.frame, model)}
        place={where}
        times={own}
        whole={total}
        otherView={{ command: 'show-functions', label: 'Function', isThere: own !== undefined }}
        canGoBack={control.canGoBack}
      />
      <CallList
        {...common}
        name={sourceLists.callers}
        title="Reached from"
        count={counted(calls.callers.length, 'line')}
        sign="▲"
        entries={calls.callers.map((call) => entryOf(call))}
        current={control.currentCaller}
        emptyText={own === undefined ? 'No time was spent in this line.' : 'Nothing that was seen: stacks begin here.'}
        onGo={(index) => control.goToCall(calls.callers[index], true)}
      />
      <CallList
        {...common}
        name={sourceLists.callees}
        title="Calls"
        count={counted(calls.callees.length, 'function')}
        sign="▼"
        entries={calls.callees.map((call) => entryOf(call))}
        current={control.currentCallee}
        emptyText={own === undefined ? '' : 'Nothing that was seen: all its time is its own.'}
        onGo={(index) => control.goToCall(calls.callees[index], false)}
      />
    </section>
  );
}

function nameOf(frame: FrameIdentity, model: ReturnType<typeof usePage>['model']): string {
  return displayName({ frame, className: model.classOf(model.functionNumber(frame)) });
}

function useEntries(): (call: LineCall) => CallEntry {
  const { state, model } = usePage();
  const found = model.search(state)?.found;
  const [first] = model.shown(state).threads;
  const { shortPath, originOf } = model.filesOf(first?.process ?? model.session.processes[0]);
  return ({ frame, line, seconds }) => {
    const path = frame.file === null ? '' : shortPath(frame.file);
    const place = line === 0 || path === '' ? path : `${path}:${line}`;
    const name = nameOf(frame, model);
    return {
      ...{ name, place, seconds },
      isApplication: originOf(frame.file) === 'application',
      isFound: found?.has(frame.identifier) === true,
      tip: `${name}\n${place}`,
    };
  };
}

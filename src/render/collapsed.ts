/** Brendan Gregg's folded stacks: one line for each, as flame graph tools read them. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { buildCallTree } from '../tree/call-tree.ts';
import { shortPaths } from '../tree/short-path.ts';
import { BoundedText } from './bounded-text.ts';
import { chooseThreadsTogether } from './chosen-threads.ts';
import { FoldedStacks, safeElement } from './folded-stacks.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { threadNames } from './thread-names.ts';
import { wholeUnits } from './whole-units.ts';

const optionTable = {
  unit: {
    kind: 'choice',
    choices: ['microseconds', 'samples'],
    help: 'what the counts are; samples are times divided by the sampling interval',
  },
  show_all: { kind: 'flag', help: 'accepted for uniformity: the file holds every frame' },
  threads: { kind: 'flag', help: 'all threads of a process, the first element of each line is the thread' },
  subprocesses: { kind: 'flag', help: 'all processes, the first element of each line is the process' },
} as const satisfies OptionTable;

/** `-r collapsed`. */
export const collapsedRenderer: Renderer = defineRenderer({
  name: 'collapsed',
  aliases: ['folded'],
  extensions: ['.collapsed', '.folded'],
  isBinary: false,
  summary: 'folded stacks of the main thread, for flame graph tools',
  options: optionTable,
  run: renderCollapsed,
});

/** For sessions that name none. */
const defaultInterval = 0.001;

/**
 * `frame;frame;frame COUNT`, outermost frame first, for each distinct stack. Nothing is left out but time in which a thread
 * ran no frame; counts add up to the whole to within one.
 */
function renderCollapsed(session: Session, values: OptionValues<typeof optionTable>): string {
  const threads = chooseThreadsTogether(session, values);
  const stacks = new FoldedStacks();
  const prefix = threadPrefixes(session, threads);
  for (const thread of threads) {
    const tree = buildCallTree(session, thread, { importMachinery: false, hidden: false });
    if (tree !== null) stacks.add(tree, prefix(thread), shortPaths(session.processes[thread.process]?.sysPath ?? []));
  }
  const counts = wholeUnits(Float64Array.from(stacks.seconds), unitsPerSecond(session, values.unit));
  const text = new BoundedText('collapsed');
  text.reserve(counts.reduce((sum, count, stack) => sum + (count === 0 ? 0 : stacks.lengthOf(stack)), 0));
  counts.forEach((count, stack) => {
    if (count === 0) return;
    text.add(`${stacks.elementsOf(stack).join(';')} ${count}\n`);
  });
  return text.finish();
}

function unitsPerSecond({ meta: { minInterval } }: Session, unit: 'microseconds' | 'samples'): number {
  return unit === 'microseconds' ? 1e6 : 1 / (minInterval > 0 ? minInterval : defaultInterval);
}

/** Elements in front of a thread's frames: its process where there are several, and itself. */
function threadPrefixes(
  session: Session,
  threads: readonly ThreadSamples[],
): (thread: ThreadSamples) => readonly string[] {
  const names = threadNames(session, threads);
  return (thread) => {
    if (threads.length < 2) return [];
    const process = names.processOf(thread);
    return [...(process === null ? [] : [process]), thread.name].map(safeElement);
  };
}

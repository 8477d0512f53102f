/** What must a reader know about a recording of Node.js processes before trusting it? */
import type { Seconds } from '../../session/units.ts';
import type { LeftThread } from './left-threads.ts';
import type { ProgramProfile } from './program-profile.ts';

/** A thread that ran some of the program. */
export interface RecordedThread extends ProgramProfile {
  readonly thread: LeftThread;
}

/** Samples that are farther apart than asked for by this factor are worth a word; V8's are always a little. */
const noticeable = 1.25;

/** Each a sentence. */
export function nodeNotes(
  left: readonly LeftThread[],
  threads: readonly RecordedThread[],
  interval: Seconds,
): readonly string[] {
  const own = threads.flatMap(({ thread }) => thread.segments.flatMap(({ notes }) => notes));
  return [...new Set([...intervalNotes(threads, interval), ...endNotes(left), ...own])];
}

/** V8 samples less often than asked, above all on a busy machine. */
function intervalNotes(threads: readonly RecordedThread[], interval: Seconds): readonly string[] {
  const samples = threads.reduce((sum, { profile }) => sum + profile.samples.length, 0);
  const time = threads.reduce((sum, { profile, notSampled }) => {
    return sum + profile.weights.reduce((all, weight) => all + weight, 0) - notSampled;
  }, 0);
  const reached = samples === 0 ? 0 : time / samples / 1e6;
  if (reached < interval * noticeable) return [];
  return [`V8 took a sample every ${milliseconds(reached)} ms on average, not every ${milliseconds(interval)} ms.`];
}

function milliseconds(value: number): string {
  return Number((value * 1000).toPrecision(2)).toString();
}

/** Processes and threads that were ended so hard that they could not say what they had done last. */
function endNotes(left: readonly LeftThread[]): readonly string[] {
  const cut = left.filter(({ segments }) => segments.at(-1)?.isLast !== true);
  const processes = new Set(cut.filter(({ facts }) => facts.threadId === 0).map(({ facts }) => facts.pid));
  const workers = cut.filter(({ facts }) => facts.threadId !== 0 && !processes.has(facts.pid));
  const what = [counted(processes.size, 'process', 'processes'), counted(workers.length, 'worker', 'workers')];
  const words = what.filter((text) => text !== '').join(' and ');
  if (words === '') return [];
  const one = processes.size + workers.length === 1;
  return [`${words} ended without warning: what ${one ? 'it' : 'they'} did last is missing, up to a second or so.`];
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}

/** One thread as V8 writes its CPU profiles, for VS Code and Chrome DevTools. */
import { noStack } from '../session/ids.ts';
import type { Session, ThreadSamples } from '../session/session.ts';
import { mainThread } from '../tree/shown-threads.ts';
import { type CpuProfileNode, CpuProfileTree } from './cpuprofile-tree.ts';
import { joinThreads } from './joined-threads.ts';
import { jsonText } from './json-text.ts';
import { isAsleep } from './no-frame.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { wholeUnit, wholeUnits } from './whole-units.ts';

const optionTable = {
  show_all: { kind: 'flag', help: 'accepted for uniformity: the file holds every frame' },
  threads: { kind: 'flag', help: 'every thread of the program, one after the other' },
} as const satisfies OptionTable;

/** `-r cpuprofile`. */
export const cpuprofileRenderer: Renderer = defineRenderer({
  name: 'cpuprofile',
  aliases: [],
  extensions: ['.cpuprofile'],
  isBinary: false,
  summary: 'the main thread, for VS Code and Chrome DevTools',
  options: optionTable,
  run: (session, values) => jsonText(cpuProfile(session, values), 'cpuprofile'),
});

/** Profiler.Profile of V8's inspector protocol. Times are whole microseconds. */
interface CpuProfile {
  readonly nodes: readonly CpuProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  /** A node's id for each row, and a last one for the moment at which the recording ends. */
  readonly samples: readonly number[];
  /** From the sample before to each sample; to the first, from `startTime`. */
  readonly timeDeltas: readonly number[];
}

const noSamples = { stack: new Int32Array(0), weight: new Float64Array(0), state: new Uint8Array(0), start: 0 };

/**
 * A row is one sample at its beginning: it lasts until the next one, so its time is the next one's delta. Ticks are
 * microseconds, which makes self times and line times exact where readers take them from ticks.
 *
 * Time in which a thread sleeps in a call is the call's. Without any frame it is V8's `(idle)`, or `(program)` if the
 * thread runs; `[not sampled]` keeps its name, since DevTools gives a lone `(program)` to the function before it.
 */
function cpuProfile(session: Session, { threads }: OptionValues<typeof optionTable>): CpuProfile {
  const [source, thread] = oneThread(session, threads);
  const { stack, weight, state, start } = thread ?? noSamples;
  const tree = new CpuProfileTree(source, stack);
  const ticks = wholeUnits(weight, 1e6);
  const samples = Array.from(stack, (own, row) => {
    const lasts = ticks[row] as number;
    if (own !== noStack) return tree.addTicks(own, lasts);
    return tree.addNoFrame(isAsleep(source, state[row] as number) ? '(idle)' : '(program)', lasts);
  });
  // Ends the last row; nothing is drawn for it.
  samples.push(tree.addNoFrame('(idle)', 0));
  // DevTools takes 0 for no time at all.
  const startTime = Math.max(1, wholeUnit(start, 1e6));
  const endTime = ticks.reduce((time, lasts) => time + lasts, startTime);
  return { nodes: tree.nodes, startTime, endTime, samples, timeDeltas: [0, ...ticks] };
}

/** The main thread, or all threads of its process in turn, and the session it is in. */
function oneThread(session: Session, all: boolean): readonly [Session, ThreadSamples | undefined] {
  const main = mainThread(session);
  if (!all || main === undefined) return [session, main];
  const others = session.threads.filter((thread) => thread !== main && thread.process === main.process);
  if (others.length === 0) return [session, main];
  const joined = joinThreads(session, [main, ...others]);
  return [joined, joined.threads[0]];
}

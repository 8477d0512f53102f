/** How does a session look as the lines of a `.timesink` file? */
import { Growable } from '../util/growable.ts';
import { PairIndex } from '../util/pair-index.ts';
import { formatName, partLength, upgrades } from './parts.ts';
import type { Session, ThreadSamples } from './session.ts';

/** Nanoseconds in which weights are told: what is finer is noise of the clock, and would be half of a long file. */
const weightStep = 100;
/** Characters of one part's strings, at most, unless a single one is longer. */
const partCharacters = 1_000_000;

/**
 * The lines, each ended by a line feed.
 *
 * Weights of a session that was read from a foreign file are written as they are. Others become nanoseconds, in steps of
 * {@link weightStep}, rounded so that every sum of neighbouring rows is right to one step.
 */
export function* formatParts(session: Session): Generator<string> {
  yield line({ format: formatName, version: upgrades.length + 1 });
  yield line({ part: 'meta', ...session.meta });
  for (const process of session.processes) yield line({ part: 'process', ...process });
  yield* formatFrames(session);
  yield* formatStacks(session);
  const interval = session.meta.engine === 'file' ? null : Math.round(session.meta.minInterval * 1e9);
  for (const thread of session.threads) yield* formatThread(thread, interval);
  yield line({ part: 'end' });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function* formatFrames({ frames }: Session): Generator<string> {
  const numbers = new Map<string, number>();
  const number = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const columns = {
    kind: frames.map((frame) => number(frame.kind)),
    functionName: frames.map((frame) => number(frame.functionName)),
    file: frames.map((frame) => (frame.file === null ? -1 : number(frame.file))),
    firstLine: frames.map((frame) => frame.firstLine),
    className: frames.map((frame) => (frame.className === null ? -1 : number(frame.className))),
    hidden: frames.map((frame) => (frame.hidden ? 1 : 0)),
  };
  yield* formatStrings([...numbers.keys()]);
  for (let from = 0; from < frames.length; from += partLength) {
    const cut = Object.entries(columns).map(([key, column]) => [key, column.slice(from, from + partLength)]);
    yield line({ part: 'frames', ...Object.fromEntries(cut) });
  }
}

function* formatStrings(strings: readonly string[]): Generator<string> {
  let values: string[] = [];
  let characters = 0;
  for (const text of strings) {
    if (values.length === partLength || characters + text.length > partCharacters) {
      yield line({ part: 'strings', values });
      values = [];
      characters = 0;
    }
    values.push(text);
    characters += text.length;
  }
  yield line({ part: 'strings', values });
}

function* formatStacks({ stacks }: Session): Generator<string> {
  const locations = new PairIndex();
  const frames = new Growable(new Int32Array(0));
  const lines = new Growable(new Int32Array(0));
  const location = stacks.frame.map((frame, index) => {
    const line = stacks.line[index] as number;
    const number = locations.numberOf(frame, line);
    if (number === frames.length) {
      frames.push(frame);
      lines.push(line);
    }
    return number;
  });
  const [frame, line] = [frames.finish(), lines.finish()];
  for (let from = 0; from < frame.length; from += partLength) {
    const to = from + partLength;
    yield columns('locations', [
      ['frame', frame.subarray(from, to)],
      ['line', line.subarray(from, to)],
    ]);
  }
  for (let from = 0; from < location.length; from += partLength) {
    const to = from + partLength;
    // Parents are near: their distance is a shorter number.
    const distance = stacks.parent.subarray(from, to).map((parent, index) => from + index - parent);
    yield columns('stacks', [
      ['distance', distance],
      ['location', location.subarray(from, to)],
    ]);
  }
}

function* formatThread(thread: ThreadSamples, interval: number | null): Generator<string> {
  const { stack, weight, state, ...info } = thread;
  yield line({ part: 'thread', ...info });
  let carry = 0;
  const inNanoseconds = (seconds: number): number => {
    const exact = seconds * 1e9 + carry;
    const rounded = Math.max(0, Math.round(exact / weightStep) * weightStep);
    carry = exact - rounded;
    return rounded - (interval as number);
  };
  for (let from = 0; from < stack.length; from += partLength) {
    const to = from + partLength;
    const seconds = weight.subarray(from, to);
    const weights: readonly Column[] =
      interval === null
        ? [['seconds', seconds]]
        : [
            ['base', [interval]],
            ['nanoseconds', seconds.map(inNanoseconds)],
          ];
    const states = state.subarray(from, to);
    yield columns('rows', [['stack', steps(stack.subarray(from, to))], ...weights, ['state', states]]);
  }
}

/** Each number's difference to the one before it, the first one's to 0. */
function steps(values: Int32Array): Int32Array {
  return values.map((value, index) => value - (index === 0 ? 0 : (values[index - 1] as number)));
}

type Column = readonly [key: string, values: Int32Array | Float64Array | Uint8Array | readonly number[]];

function columns(part: string, entries: readonly Column[]): string {
  return `{"part":"${part}",${entries.map(([key, values]) => `"${key}":[${values.join(',')}]`).join(',')}}\n`;
}

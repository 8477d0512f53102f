/** Are recorded stacks those that the program sees itself: every function, file, line and class? */
import { expect, test } from 'vitest';
import type { ThreadSamples } from '../../src/session/session.ts';
import { describeEachPython, type Python } from '../support/pythons.ts';
import {
  type FrameAtLine,
  mainRows,
  mainThread,
  pathOf,
  programText,
  type Recorded,
  type Row,
  record,
  Stacks,
  secondsBy,
  totalSeconds,
} from '../support/record.ts';

const text = programText('record-stacks.py');
const lines = text.split('\n');

/** As the program writes it: function, file, first line, line, whether the frame hides itself. */
type SeenFrame = readonly [string, string, number, number, boolean];

interface SeenStack {
  readonly thread: string;
  readonly frames: readonly SeenFrame[];
}

/** The class that the program's source names for the function that begins in a line. */
function classAt(firstLine: number, minor: number): string | null {
  const [, from, name] = /# class( 3\.11\+)?: (\w+)$/.exec(lines[firstLine - 1] ?? '') ?? [];
  return name === undefined || (from !== undefined && minor < 11) ? null : name;
}

const isOwn = (file: string): boolean => file.endsWith('main.py');

/** A stack as one line for each frame. Classes only of the program's own functions. */
function describeSeen(frames: readonly SeenFrame[], minor: number): string {
  return frames
    .map(([name, file, firstLine, line, hides]) => {
      const className = isOwn(file) && name !== '<module>' ? `${classAt(firstLine, minor)}.` : '';
      return `${className}${name} ${file}:${firstLine} at ${line}${hides ? ' hidden' : ''}`;
    })
    .join('\n');
}

function describeRecorded(frames: readonly FrameAtLine[]): string {
  return frames
    .map(({ functionName, className, file, firstLine, line, hidden }) => {
      const owner = isOwn(file ?? '') && functionName !== '<module>' ? `${className}.` : '';
      return `${owner}${functionName} ${file}:${firstLine} at ${line}${hidden ? ' hidden' : ''}`;
    })
    .join('\n');
}

/** The stacks in which a thread was in `time.sleep`, with the seconds of each, in order. */
function sleepingStacks(recorded: Recorded, thread: ThreadSamples): readonly { stack: string; row: Row }[] {
  return new Stacks(recorded.session)
    .rowsOf(thread)
    .filter(({ frames }) => frames.at(-1)?.kind === 'builtin' && frames.at(-1)?.functionName === 'sleep')
    .map((row) => ({ stack: describeRecorded(row.frames.slice(0, -1)), row }));
}

async function recordStacks(python: Python): Promise<{ recorded: Recorded; seen: readonly SeenStack[] }> {
  const recorded = await record(python, ['main.py'], {
    files: {
      'main.py': text,
      'package_été/__init__.py': '',
      'package_été/module.py': 'from __main__ import wait\nwait()\n',
    },
    collect: ['stacks.json'],
  });
  expect(recorded).toMatchObject({ stderr: '', code: 0 });
  return { recorded, seen: JSON.parse(String(recorded.files.get('stacks.json'))) as SeenStack[] };
}

describeEachPython('stacks', (python) => {
  test('of every kind are what the program sees of itself', async () => {
    const { recorded, seen } = await recordStacks(python);
    const main = mainThread(recorded.session);
    const expected = seen
      .filter(({ thread }) => thread === 'MainThread')
      .map(({ frames }) => describeSeen(frames, python.minor));
    const known = new Set(expected);
    const found = sleepingStacks(recorded, main);
    // Where frames lie scattered over the heap, one that just ends may be seen half.
    const isCertain = ({ row }: { row: Row }): boolean => python.minor >= 11 || row.state === 0;
    expect(found.filter((one) => isCertain(one) && !known.has(one.stack)).map(({ stack }) => stack)).toEqual([]);

    const names = new Set(found.map(({ stack }) => stack));
    const missed = [...known].filter((stack) => !names.has(stack));
    expect(missed.length, missed.join('\n\n')).toBeLessThan(0.1 * known.size);
    const rows = mainRows(recorded.session);
    const asleep = rows.filter(({ state }) => state === 0);
    const asleepElsewhere = secondsBy(asleep, ({ frames }) => {
      const leaf = frames.at(-1);
      const isExpected = leaf?.functionName === 'sleep' || leaf?.kind === 'not-sampled';
      return isExpected || frames.some(({ functionName }) => functionName === 'join') ? undefined : pathOf(frames);
    });
    expect([...asleepElsewhere].filter(([, seconds]) => seconds > 0.02 * totalSeconds(rows))).toEqual([]);
  });
});

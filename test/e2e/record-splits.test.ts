/** Are shares of time what the program is made to have? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../support/pythons.ts';
import { mainRows, nameOf, programText, type Row, record } from '../support/record.ts';

/** What was seen of one way of spending time. */
interface Split {
  /** Of the time in either function, the first one's share. */
  readonly share: number;
  /** How much of all time was in either of them. */
  readonly inside: number;
  /** How many samples of equal weight say as much. */
  readonly samples: number;
}

/** Longest time in seconds that counts for a row: where the machine ran something else for long says nothing. */
const longestRow = 0.001;

function splitOf(rows: readonly Row[], way: string): Split {
  const weights = { first: 0, second: 0, neither: 0 };
  let squares = 0;
  for (const { frames, seconds } of rows.filter((row) => row.frames.some((frame) => frame.functionName === way))) {
    const weight = way === 'sleeps' ? seconds : Math.min(seconds, longestRow);
    const names = frames.map((frame) => nameOf(frame).toLowerCase());
    const half = (['first', 'second'] as const).find((word) => names.some((name) => name.startsWith(word)));
    weights[half ?? 'neither'] += weight;
    squares += weight ** 2;
  }
  const inside = weights.first + weights.second;
  const total = inside + weights.neither;
  return { share: weights.first / inside, inside: inside / total, samples: total ** 2 / squares };
}

/** Points around the true share, and standard deviations more. */
const points = 0.03;
const deviations = 3.5;

describeEachPython('a program of known split', (python) => {
  test('is shown as it is', async () => {
    const recorded = await record(python, ['-i', '0.0002', 'main.py'], {
      files: { 'main.py': programText('record-splits.py') },
    });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const rows = mainRows(recorded.session);
    const shares = JSON.parse(recorded.stdout) as Record<string, number>;
    expect(Object.keys(shares)).toHaveLength(8);
    for (const [way, truth] of Object.entries(shares)) {
      const { share, inside, samples } = splitOf(rows, way);
      const tolerance = points + deviations * Math.sqrt((truth * (1 - truth)) / samples);
      expect(Math.abs(share - truth), `${way}: ${share} of ${samples}`).toBeLessThan(tolerance);
      expect(inside, way).toBeGreaterThan(way === 'awaits' ? 0.6 : 0.75);
    }
  });
});

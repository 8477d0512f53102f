/** Are shares of time what the program is made to have? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../support/pythons.ts';
import { mainRows, programText, record } from '../support/record.ts';
import { splitOf, toleranceOf } from '../support/split.ts';

/** Longest time in seconds that counts for a row of work. */
const longestRow = 0.001;

describeEachPython('a program of known split', (python) => {
  test('is shown as it is', async () => {
    const recorded = await record(python, ['-i', '0.0002', 'main.py'], {
      files: { 'main.py': programText('record-splits.py') },
    });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const rows = mainRows(recorded.session);
    const shares = JSON.parse(recorded.stdout) as Record<string, number>;
    expect(Object.keys(shares)).toHaveLength(10);
    for (const [way, truth] of Object.entries(shares)) {
      const split = splitOf(rows, way, longestRow, () => way === 'sleeps');
      const { share, inside, samples } = split;
      expect(Math.abs(share - truth), `${way}: ${share} of ${samples}`).toBeLessThan(toleranceOf(truth, split, 0.03));
      expect(inside, way).toBeGreaterThan(way === 'awaits' ? 0.6 : 0.75);
    }
  });
});

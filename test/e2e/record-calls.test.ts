/** Is what a function called found below it, in whatever way it was called, and however the call was specialised? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../support/pythons.ts';
import { mainRows, programText, type Row, record, secondsBy } from '../support/record.ts';

/** The function by_KIND that a row is in, with `> wait` where that has been called. */
function way({ frames }: Row): string | undefined {
  const names = frames.map(({ functionName }) => functionName);
  const own = names.find((name) => name.startsWith('by_'));
  return own === undefined ? undefined : `${own}${names.includes('wait') ? ' > wait' : ''}`;
}

describeEachPython('calls', (python) => {
  test('of every kind lead to what they call', async () => {
    const recorded = await record(python, ['main.py'], { files: { 'main.py': programText('record-calls.py') } });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const seconds = secondsBy(mainRows(recorded.session), way);
    const ways = new Set([...seconds.keys()].map((key) => key.split(' ')[0] as string));
    expect(ways.size).toBe(17);
    for (const each of ways) {
      const [alone, whole] = [seconds.get(each) ?? 0, seconds.get(`${each} > wait`) ?? 0];
      expect(whole / (alone + whole), each).toBeGreaterThan(0.9);
    }
  });
});

/** Is nothing named after what was at its address before? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../support/pythons.ts';
import { type FrameAtLine, mainRows, programText, record } from '../support/record.ts';

const functionCount = 10_000;

/** What the program's text says of function or module number `number`. */
function expectedFrame(number: number, { functionName, className }: FrameAtLine, minor: number): Partial<FrameAtLine> {
  const isModule = functionName === '<module>';
  const isClass = functionName === `C_${number}`;
  // Up to 3.10 the class is the object's, which may be gone.
  const isLate = minor < 11 && className === null;
  return {
    functionName: isModule ? '<module>' : isClass ? `C_${number}` : `f_${number}`,
    className: isModule || isClass || isLate || number % 3 !== 0 ? null : `C_${number}`,
    file: `m_${number}.py`,
    firstLine: isModule ? 1 : (isClass ? 2 : 3) + (number % 7),
  };
}

/** The lines that a function or its module may be at. */
function isAtOwnLine(number: number, { functionName, line }: FrameAtLine): boolean {
  const head = 2 + (number % 7);
  return functionName === `f_${number}` ? line > head && line <= head + 4 : line >= 0 && line <= head + 5;
}

describeEachPython('short-lived functions', (python) => {
  test('have their own names, files, lines and classes', async () => {
    const recorded = await record(python, ['main.py'], { files: { 'main.py': programText('record-short-lived.py') } });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const rows = mainRows(recorded.session);
    const seen = new Set<number>();
    for (const { frames } of rows) {
      const own = frames.filter(({ file }) => file?.startsWith('m_'));
      const numbers = own.map(({ file }) => Number(file?.slice(2, -3)));
      // A module and its function: never those of two numbers.
      expect(new Set(numbers).size).toBeLessThanOrEqual(1);
      for (const [at, frame] of own.entries()) {
        const number = numbers[at] as number;
        expect(number).toBeLessThan(functionCount);
        expect(frame).toMatchObject(expectedFrame(number, frame, python.minor));
        expect(isAtOwnLine(number, frame), JSON.stringify(frame)).toBe(true);
        seen.add(number);
      }
    }
    // Every sixteenth of the 10,000 lives for two intervals.
    expect(seen.size).toBeGreaterThan(60);
  });
});

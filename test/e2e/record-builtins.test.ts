/** Is time inside C functions shown under their names, and never under a wrong one? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../support/pythons.ts';
import { mainRows, programText, type Row, record, secondsBy, totalSeconds } from '../support/record.ts';

/** What a function of the program calls. */
interface Expectation {
  /** Built-in names that may stand below it. */
  readonly may: readonly string[];
  /** Whether they have more than half of its time. */
  readonly must: boolean;
}

const unknown = '[built-in call]';
const always = (...may: readonly string[]): Expectation => ({ may, must: true });
const perhaps = (...may: readonly string[]): Expectation => ({ may, must: false });

/** Up to 3.10 the source line alone tells, up to 3.13 the call's place in it, then the callable itself. */
function expectationsOf(minor: number): Readonly<Record<string, Expectation>> {
  const isByLine = minor < 11;
  const isByCallable = minor >= 14;
  return {
    module_function: always('sleep'),
    imported_function: isByCallable ? always('sleep') : perhaps('sleep', 'snooze', unknown),
    type_method: always('list.sort', 'list'),
    string_method: always('str.join'),
    pattern_method: always('Pattern.match'),
    lock_method: always('lock.acquire'),
    keyword_call: always('sorted'),
    unpacked_call: always('sorted'),
    type_call: always('int', 'set'),
    over_two_lines: always('compress'),
    nested_calls: isByLine ? always(unknown) : always('sorted', 'len'),
    two_on_a_line: isByLine ? always(unknown) : always('sorted'),
    subclass_method: perhaps('super', 'list.sort', 'PythonList.sort', 'PythonList', unknown),
    encoder_object: perhaps('_iterencode', 'str.join', 'c_make_encoder', 'isinstance'),
    partial_object: perhaps('partial', 'sleep'),
    callable_object: perhaps('range'),
    hash_method: perhaps('hashlib.sha256', 'openssl_sha256', 'HASH.update', unknown),
    with_callback: perhaps('sorted', 'list', 'len', unknown),
    no_call: perhaps('list', unknown),
    python_calls: perhaps('range'),
    between_python_calls: isByLine ? perhaps(unknown, 'range') : always('sorted', 'len', 'range'),
    without_source: isByCallable ? always('sorted') : always(unknown),
    many_arguments: isByCallable ? always('max') : perhaps(unknown),
  };
}

/** The function of the program that is measured, and what is in it. */
function kindOf({ frames }: Row): string | undefined {
  const main = frames.findIndex(({ functionName, file }) => functionName === 'main' && file?.endsWith('main.py'));
  const frame = main < 0 ? undefined : frames[main + 1];
  return frame?.kind === 'python' ? frame.functionName : undefined;
}

describeEachPython('C functions', (python) => {
  test('are leaves with their own names', async () => {
    const recorded = await record(python, ['main.py'], { files: { 'main.py': programText('record-builtins.py') } });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const rows = mainRows(recorded.session);
    const expectations = expectationsOf(python.minor);
    expect(new Set(rows.map(kindOf).filter((kind) => kind !== undefined))).toEqual(new Set(Object.keys(expectations)));
    for (const [kind, { may, must }] of Object.entries(expectations)) {
      const own = rows.filter((row) => kindOf(row) === kind);
      const builtins = secondsBy(own, ({ frames }) =>
        frames.at(-1)?.kind === 'builtin' ? frames.at(-1)?.functionName : undefined,
      );
      expect(
        [...builtins.keys()].filter((name) => !may.includes(name)),
        kind,
      ).toEqual([]);
      const inside = [...builtins.values()].reduce((sum, seconds) => sum + seconds, 0);
      if (must) expect(inside / totalSeconds(own), kind).toBeGreaterThan(0.5);
    }
    // They have no frames of their own: nothing stands on them, and none is the outermost.
    for (const { frames } of rows) expect(frames.slice(0, -1).every(({ kind }) => kind === 'python')).toBe(true);
    expect(rows.every(({ frames }) => frames[0]?.kind === 'python')).toBe(true);
  });
});

/** Is a deep stack recorded whole, and can its report be made? */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeEachPython, testWithPython } from '../support/pythons.ts';
import { nameOf, programText, type Row, record, Stacks, secondsBy } from '../support/record.ts';
import { runCli } from '../support/run-cli.ts';

/** Names of a stack, those that follow each other counted: `run > recursive*10000 > rest > sleep()`. */
function outline({ frames }: Row): string {
  const parts: { name: string; count: number }[] = [];
  for (const name of frames.map(nameOf)) {
    const last = parts.at(-1);
    if (last?.name === name) last.count++;
    else parts.push({ name, count: 1 });
  }
  const from = parts.findIndex(({ name }) => name === 'run');
  return parts
    .slice(Math.max(0, from))
    .map(({ name, count }) => (count === 1 ? name : `${name}*${count}`))
    .join(' > ');
}

describeEachPython('stacks', (python) => {
  test('of 10,000 calls and of 300 generators and coroutines are whole', async () => {
    const { session, stderr } = await record(python, ['main.py'], {
      files: { 'main.py': programText('record-deep.py') },
    });
    expect(stderr).toBe('');
    const thread = session.threads.find(({ name }) => name === 'deep');
    if (thread === undefined) throw new Error('the thread was not recorded');
    const rows = new Stacks(session).rowsOf(thread);
    const seen = [...secondsBy(rows, outline)].filter(([, seconds]) => seconds > 0.02).map(([path]) => path);
    const expected = [
      /^run > recursive\*10000 > rest > sleep\(\)$/,
      /^run > recursive\*10000 > spin( > (time\.)?monotonic\(\))?$/,
      /^run > generator\*300 > rest > sleep\(\)$/,
      /> (Handle\._run|_run) > coroutine\*300 > rest > sleep\(\)$/,
      /> (Handle\._run|_run) > coroutine\*300 > spin( > (time\.)?monotonic\(\))?$/,
    ];
    const missing = expected.filter((one) => !seen.some((path) => one.test(path)));
    expect(missing, seen.join('\n')).toEqual([]);
    // Nothing else took long but what leads there.
    const others = seen.filter((path) => !expected.some((one) => one.test(path)));
    expect(others.filter((path) => /spin|rest|sleep\(\)/.test(path))).toEqual([]);
  });
});

testWithPython('a deep stack has reports', async (python) => {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  try {
    const { files } = await record(python, ['main.py'], {
      files: { 'main.py': programText('record-deep.py') },
    });
    const file = join(folder, 'deep.timesink');
    writeFileSync(file, files.get('recorded.timesink') ?? '');
    const leastMentions = { text: 900, json: 10_000, pyisession: 10_000 };
    for (const [format, least] of Object.entries(leastMentions)) {
      const all = format === 'text' ? ['-p', 'recursion=full'] : [];
      const { stdout, stderr, code } = await runCli(['--load', file, '-r', format, '--threads', ...all]);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(stdout.split('recursive').length, format).toBeGreaterThan(least);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Does `-r` take a renderer that is a class in Python? */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Python, testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

const packageFolder = fileURLToPath(new URL('../../python/src', import.meta.url));

const files = {
  'main.py': 'import time\ntime.sleep(0.05)\n',
  'mine.py': `
from timesink.renderers import Renderer

class Total(Renderer):
    def __init__(self, unit="s"):
        self.unit = unit

    def render(self, session):
        return "%s in %s: %s\\n" % (session.target_description, self.unit, session.duration > 0.04)

class Faulty(Renderer):
    def render(self, session):
        raise ValueError("no luck")
`,
};

function run({ path }: Python, args: readonly string[], pythonPath = packageFolder): Promise<RunResult> {
  const env = { TIMESINK_PYTHON: path, TIMESINK_NODE: process.execPath, PYTHONPATH: pythonPath };
  return runCli(args, { env: { ...env, PYTHONDONTWRITEBYTECODE: '1' }, files });
}

testWithPython('a class in Python makes the report', async (python) => {
  const result = await run(python, ['-r', 'mine.Total', '-p', 'unit=seconds', 'main.py']);
  expect(result).toMatchObject({ stdout: 'Program: main.py in seconds: True\n', stderr: '', code: 0 });
});

testWithPython('what is wrong with it is told before the program runs', async (python) => {
  const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['-r', 'mine.Nothing', 'main.py'], /cannot load the renderer mine\.Nothing: .*Nothing/],
    [['-r', 'mine.Total', '-p', 'size=3', 'main.py'], /the renderer mine\.Total refuses its options: .*size/],
  ];
  for (const [args, message] of cases) {
    const { stderr, code } = await run(python, args);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^timesink: .*\n$/);
    expect(code).toBe(2);
  }
  const without = await run(python, ['-r', 'mine.Total', 'main.py'], '');
  expect(without.stderr).toMatch(/^timesink: no report format "mine\.Total" in .*\n {2}.*pip install timesink.*\n$/);
  expect(without.code).toBe(2);
});

testWithPython('where it fails the recording is kept', async (python) => {
  const { stderr } = await run(python, ['-r', 'mine.Faulty', 'main.py']);
  expect(stderr).toContain('cannot make the mine.Faulty report: ValueError: no luck');
  expect(stderr).toMatch(/The recording is in \S+\.timesink/);
});

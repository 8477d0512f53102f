/** Does a recording begin and end with the program's own code, in whatever form the program comes? */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachPython, testWithPython } from '../support/pythons.ts';
import {
  mainRows,
  mainThread,
  pathOf,
  type Recorded,
  type Row,
  record,
  rootsOf,
  secondsBy,
} from '../support/record.ts';
import { cliFile } from '../support/run-cli.ts';

const work = `
import time
def work():
    end = time.monotonic() + 0.15
    while time.monotonic() < end: sum(range(200))
    print("worked")
work()
`;

const late = `
import atexit, sys, threading, time
def spin():
    end = time.monotonic() + 0.15
    while time.monotonic() < end: sum(range(200))
def at_exit(): spin()
def in_hook(*error): spin()
def in_thread():
    time.sleep(0.1)
    main.join()
    time.sleep(0.2)
main = threading.main_thread()
sys.excepthook = in_hook
atexit.register(at_exit)
threading.Thread(target=in_thread).start()
spin()
raise ValueError
`;

const withoutImports = `
def work():
    total = 0
    for number in range(3_000_000):
        total += number
work()
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  for (const [name, text] of Object.entries({
    'package/__init__.py': '',
    'package/__main__.py': work,
    'folder/__main__.py': work,
    'bin/tool': `#!/usr/bin/env python3\n${work}`,
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  chmodSync(join(folder, 'bin/tool'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether the program's own module is the one root, and its function above it. */
function checkOwnCode({ session, stdout, stderr, code }: Recorded, file: string, form: string): void {
  expect({ stdout, stderr, code }, form).toEqual({ stdout: 'worked\n', stderr: '', code: 0 });
  expect(session.processes, form).toHaveLength(1);
  const rows = mainRows(session);
  expect(rootsOf(session, mainThread(session)), form).toEqual(['<module>']);
  expect(new Set(rows.map(({ frames }) => frames[0]?.file)), form).toEqual(new Set([file]));
  expect(secondsBy(rows, ({ frames }) => frames[1]?.functionName).get('work') ?? 0, form).toBeGreaterThan(0.005);
  expect(
    rows.some(({ frames }) => frames.some((frame) => frame.file?.includes('runpy'))),
    form,
  ).toBe(false);
}

const environment = (): Record<string, string> => ({
  PYTHONPATH: folder,
  PATH: `${folder}/bin:${process.env['PATH']}`,
});

testWithPython('a folder and a command on PATH have one root: their own module', async (python) => {
  const run = (...args: readonly string[]): Promise<Recorded> => record(python, args, { env: environment() });
  checkOwnCode(await run(join(folder, 'folder')), join(folder, 'folder/__main__.py'), 'folder');
  checkOwnCode(await run('--from-path', 'tool'), join(folder, 'bin/tool'), 'command');
});

testWithPython('a program in a directory that has been deleted is recorded', (python) => {
  const command = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const timesink = [process.execPath, cliFile, '--python', python.path, '-c', work];
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command, 'sh', ...timesink], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  // Some shells remark on such a directory.
  expect(stderr.replace(/^sh: .*getcwd.*\n/m, '')).toBe('');
  expect(stdout).toMatch(/^worked\n/);
  expect(stdout).toMatch(/─ [\d.]+ work {2}/);
});

testWithPython('a program may open as many files as its caller, not as Node.js', (python) => {
  const source = 'import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])';
  const timesink = [process.execPath, cliFile, '-r', 'json', '-o', '/dev/null', '--python', python.path, '-c', source];
  const { stdout } = spawnSync('sh', ['-c', `ulimit -S -n 555; "$@"; :`, 'sh', ...timesink], { encoding: 'utf8' });
  expect(stdout).toBe('555\n');
});

describeEachPython('a program', (python) => {
  test('has one root: its own module', async () => {
    const zip = join(folder, `program-${python.minor}.zip`);
    const zipped = spawnSync(python.path, ['-m', 'zipfile', '-c', zip, join(folder, 'folder', '__main__.py')]);
    expect(zipped.status).toBe(0);
    const run = (...args: readonly string[]): Promise<Recorded> => record(python, args, { env: environment() });
    checkOwnCode(await run('-m', 'package'), join(folder, 'package/__main__.py'), 'module');
    checkOwnCode(await run('-c', work), '<string>', 'text');
    checkOwnCode(await run(zip), `${zip}/__main__.py`, 'zip');
  });

  test('that is a shell script is recorded in every Python that it starts', async () => {
    const script = `"$1" -c 'exec(open("work.py").read())' & "$1" ./work.py; wait; "$1" -m work`;
    const { session, stdout } = await record(python, ['--', 'sh', '-c', script, 'sh', python.path], {
      files: { 'work.py': work },
    });
    expect(stdout).toBe('worked\n'.repeat(3));
    expect(session.processes).toHaveLength(3);
    for (const index of session.processes.keys()) {
      expect(rootsOf(session, mainThread(session, index))).toEqual(['<module>']);
      expect(mainRows(session, index).some(({ frames }) => frames.at(-1)?.functionName !== '<module>')).toBe(true);
    }
  });

  test('has what runs after its end below its one root', async () => {
    const recorded = await record(python, ['main.py'], { files: { 'main.py': late } });
    expect(recorded).toMatchObject({ code: 1, stderr: '' });
    const { session } = recorded;
    expect(rootsOf(session, mainThread(session))).toEqual(['<module>']);
    const below = secondsBy(mainRows(session), ({ frames }) => frames[1]?.functionName);
    for (const name of ['spin', 'in_hook', '_shutdown', 'at_exit']) {
      expect(below.get(name) ?? 0, `${name} of ${[...below]}`).toBeGreaterThan(0.005);
    }
  });

  test('that imports nothing is recorded', async () => {
    const { session } = await record(python, ['main.py'], { files: { 'main.py': withoutImports } });
    expect(mainThread(session)).toMatchObject({ name: 'MainThread', ident: expect.any(Number) });
    expect(mainRows(session).some(isPath('<module> > work'))).toBe(true);
    expect(session.processes[0]).toMatchObject({ runtimeVersion: python.version, runtime: 'python' });
    expect(session.processes[0]?.cpuTime).toBeGreaterThan(0);
  });

  test('of some milliseconds leaves its function in the report', async () => {
    const short = 'def work():\n    for number in range(200_000): pass\nwork()\n';
    // The machine may have other things to do for so long: not always, then.
    for (let attempt = 0; attempt < 10; attempt++) {
      const { session } = await record(python, ['main.py'], { files: { 'main.py': short } });
      if (session.threads.length > 0 && mainRows(session).some(isPath('<module> > work'))) return;
    }
    expect.fail('never seen in 10 runs');
  });
});

const isPath =
  (path: string) =>
  ({ frames }: Row): boolean =>
    pathOf(frames) === path;

/** Are recordings shown again as asked: files, parts of them, other formats? */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSession, readSession } from '../../src/session/file.ts';
import { testEachLaterNode } from '../support/nodes.ts';
import { pythons, testWithPython } from '../support/pythons.ts';
import { type RunOptions, type RunResult, runCli } from '../support/run-cli.ts';
import { sessionFromText } from '../support/session-from-text.ts';

const golden = fileURLToPath(new URL('../golden/basic.pyisession', import.meta.url));
const example = fileURLToPath(new URL('../../examples/by-file.ts', import.meta.url));

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  const family = sessionFromText({
    threads: [
      { samples: '1     2      3w\nmain  main   main\nfirst second' },
      { samples: '2w   2\nwork work', name: 'Worker-1' },
      { samples: '4\nother@other.py', process: 1 },
    ],
    processes: [{}, { command: ['python3', 'child.py'] }],
  });
  writeFileSync(file('family.timesink'), encodeSession(family));
  writeFileSync(file('hostile\u001b[2J.timesink'), encodeSession(family));
});
afterAll(() => rmSync(folder, { recursive: true }));

const view = (args: readonly string[], options?: RunOptions): Promise<RunResult> =>
  runCli(['view', '--no-unicode', ...args], options);

test('view shows what --load shows', async () => {
  const [viewed, loaded] = [await view([golden]), await runCli(['--no-unicode', '--load', golden])];
  expect(viewed).toEqual(loaded);
  expect(viewed.stdout).toContain('Program: basic.py --flag 1\n');
});

test('several files are shown in turn, each below its name', async () => {
  const { stdout, code } = await view([file('family.timesink'), '-t', golden]);
  expect(code).toBe(0);
  expect(stdout.startsWith(`${file('family.timesink')}\n\n`)).toBe(true);
  expect(stdout).toMatch(/Program: main\.py[\s\S]*\n.*basic\.pyisession\n\n[\s\S]*Program: basic\.py/);
});

test('a page goes into a pipe as it is', async () => {
  const { stdout, stderr, code } = await view(['-r', 'html', golden], { env: { BROWSER: 'true' } });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n?$/);
  expect((await view(['--html', '-r', 'json', golden])).stdout).toBe(stdout);
});

testWithPython('a page has the source text of what was run, unless that is unwanted', async (python) => {
  const program = 'import time\nend = time.monotonic() + 0.2\nwhile time.monotonic() < end:\n    sum(range(100))\n';
  for (const [options, sources] of [
    [[], [[expect.stringMatching(/main\.py$/), program]]],
    [['--no-source'], []],
  ] as const) {
    const { files } = await runCli([...options, '-o', 'page.html', 'main.py'], {
      files: { 'main.py': program },
      env: { TIMESINK_PYTHON: python.path },
      collect: ['page.html'],
    });
    const [, base64 = ''] = /id="timesink-contents"[^>]*>([^<]+)</.exec(String(files.get('page.html'))) ?? [];
    expect(JSON.parse(gunzipSync(Buffer.from(base64, 'base64')).toString()).sources).toEqual(sources);
  }
});

test('only pages can be without source text', async () => {
  const { stderr, code } = await view(['--no-source', golden]);
  expect(stderr).toMatch(/^timesink: the text report has no option source\n/);
  expect(code).toBe(2);
});

test('the names of files do not command the terminal', async () => {
  const { stdout } = await view([file('hostile\u001b[2J.timesink'), golden]);
  expect(stdout).toContain('hostile\\x1b[2J.timesink\n');
  expect(stdout).not.toContain('\u001b');
  const { stderr } = await view(['nosuch\u001b[2J\n']);
  expect(stderr).toBe('timesink: cannot read nosuch\\x1b[2J\\n: no such file or directory\n');
});

test('nothing stands above a file that cannot be read', async () => {
  const { stdout, stderr, code } = await view(['nosuch', golden]);
  expect({ stdout, stderr, code }).toEqual({
    stdout: '',
    stderr: 'timesink: cannot read nosuch: no such file or directory\n',
    code: 1,
  });
});

test('several recordings make no document', async () => {
  for (const args of [
    ['-r', 'json'],
    ['-o', file('out.txt')],
  ]) {
    const { stderr, code } = await view([...args, golden, golden]);
    expect(stderr).toMatch(/^timesink: several recordings cannot be shown .*\n {2}.*merge.*\n$/);
    expect(code).toBe(2);
  }
});

test('standard input is a file, too', async () => {
  const { stdout, code } = await view(['-'], { input: readFileSync(golden, 'utf8') });
  expect(stdout).toContain('Program: basic.py --flag 1\n');
  expect(code).toBe(0);
});

test.each([
  [[], 2, 'timesink view needs a file'],
  [['nosuch'], 1, 'cannot read nosuch: no such file'],
  [['.'], 1, 'cannot read .: it is a directory'],
  [['--nosuch', 'x'], 2, "unknown option '--nosuch'"],
  [['-i', '1', 'x'], 2, 'unknown option'],
])('view %j is told', async (args, code, message) => {
  const result = await runCli(['view', ...args]);
  expect(result.stderr).toMatch(/^timesink: .*\n( {2}.*\n)?$/);
  expect(result.stderr).toContain(message);
  expect(result.code).toBe(code);
});

test('every subcommand has a help', async () => {
  for (const name of ['view', 'list', 'merge', 'diff']) {
    const { stdout, code } = await runCli([name, '--help']);
    expect(stdout).toMatch(new RegExp(`^timesink ${name}\\b`));
    expect(code).toBe(0);
  }
  expect(await runCli(['list', 'x'])).toMatchObject({ code: 2, stdout: '' });
});

testWithPython('a script with the name of a subcommand is run with a path', async (python) => {
  const options = { files: { view: 'print("ran")' }, env: { TIMESINK_PYTHON: python.path } };
  expect((await runCli(['-o', '/dev/null', './view'], options)).stdout).toBe('ran\n');
  expect((await runCli(['-o', '/dev/null', 'view'], options)).stdout).toBe('ran\n');
  expect((await runCli(['view'], options)).code).toBe(2);
});

test('a title can be given to what is loaded', async () => {
  const { stdout } = await view([golden, '--target-description', 'Nightly: {args}']);
  expect(stdout).toContain('\nNightly: basic.py --flag 1\n');
});

describe('a part of a recording', () => {
  const part = async (...args: string[]): Promise<string> => (await view([file('family.timesink'), ...args])).stdout;

  test('one thread, however little it did', async () => {
    const stdout = await part('--thread', 'Worker*');
    expect(stdout).toContain('Note: Only thread Worker* is shown.\n');
    expect(stdout).toMatch(/4\.000 work /);
    expect(stdout).not.toContain('first');
  });

  test('one process', async () => {
    const stdout = await part('--process', 'child.py');
    expect(stdout).toMatch(/4\.000 other /);
    expect(stdout).not.toContain('main ');
  });

  test('a time', async () => {
    const stdout = await part('--from', '0.5', '--to=2', '--thread', '100');
    expect(stdout).toMatch(/1\.500 main /);
    expect(stdout).toMatch(/1\.000 second /);
    expect(stdout).toMatch(/0\.500 first /);
  });

  test('in every format', async () => {
    const { files } = await view([file('family.timesink'), '--to', '1', '-o', 'cut.timesink'], {
      collect: ['cut.timesink'],
    });
    const cut = readSession(files.get('cut.timesink') ?? new Uint8Array(), 'cut');
    expect(cut.meta).toMatchObject({ duration: 1, notes: ['Only 0 s to 1 s of 6 s are shown.'] });
    const json = JSON.parse(await part('-r', 'json', '--thread', 'Worker-1'));
    expect(json.root_frame).toMatchObject({ function: 'work', time: 4 });
  });

  test.each([
    [['--thread', 'nosuch'], 'has no thread "nosuch"\n  It has: MainThread, Worker-1.\n'],
    [['--process', '1'], 'has no process "1"\n  It has: 4000 (python3 main.py), 4001 (python3 child.py).\n'],
    [['--from', '6'], 'has nothing from 6 s\n  It is 6 s long'],
  ])('%j that is not there is told with what is', async (args, message) => {
    const { stderr, stdout, code } = await view([file('family.timesink'), ...args]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain(message);
  });
});

testWithPython('a recording without what was asked for is not lost', async (python) => {
  const { stdout, stderr, code } = await runCli(
    ['-r', 'json', '--thread', 'nosuch', '-c', 'import time; time.sleep(0.1)'],
    {
      env: { TIMESINK_PYTHON: python.path, TMPDIR: folder },
    },
  );
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
  const kept = /The recording is in (.*)\.\n/.exec(stderr)?.[1] ?? '';
  expect(readSession(readFileSync(kept), kept).meta.duration).toBeGreaterThan(0.05);
});

describe('a format of one’s own', () => {
  const format = 'export default { run: ({ meta }) => "mine: " + meta.description + "\\n" };';

  test('in JavaScript', async () => {
    const files = { 'mine.mjs': format };
    expect((await view([golden, '-r', './mine.mjs'], { files })).stdout).toBe('mine: Program: basic.py --flag 1\n');
    expect((await view([golden, '-r', 'mine.mjs'], { files })).stdout).toBe('mine: Program: basic.py --flag 1\n');
  });

  testWithPython('that fails is told, and the recording kept', async (python) => {
    const { stderr, code } = await runCli(['-r', './mine.mjs', 'main.py'], {
      files: {
        'mine.mjs': 'export default { run() { throw new Error("boom") } }',
        'main.py': 'import time; time.sleep(0.1)',
      },
      env: { TIMESINK_PYTHON: python.path, TMPDIR: folder },
    });
    expect(stderr).toMatch(/^timesink: cannot make the mine report: boom\n {2}The recording is in .*\.timesink\.\n$/);
    expect(code).toBe(0);
  });

  testWithPython('that cannot be loaded keeps the program from being run', async (python) => {
    const { stdout, stderr, code } = await runCli(['-r', './mine.mjs', '-c', 'print("ran")'], {
      files: { 'mine.mjs': 'export default 1' },
      env: { TIMESINK_PYTHON: python.path },
    });
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toContain('cannot load the report format ./mine.mjs: ');
  });

  testEachLaterNode('in TypeScript: the example, wherever it lies', async (node) => {
    const files = { 'by-file.ts': readFileSync(example, 'utf8') };
    for (const path of [example, './by-file.ts']) {
      const { stdout, code } = await view([file('family.timesink'), '-r', path], { node, files });
      expect(stdout).toBe('   10.000  /app/main.py\n    4.000  /app/other.py\n');
      expect(code).toBe(0);
      expect((await view([file('family.timesink'), '-r', path, '-p', 'top=1'], { node, files })).stdout).toBe(
        '   10.000  /app/main.py\n',
      );
      const refused = await view([file('family.timesink'), '-r', path, '-p', 'top=x'], { node, files });
      expect(refused).toMatchObject({ code: 2, stdout: '' });
    }
  });

  testEachLaterNode('can use what timesink’s own formats use, and records with it', async (node) => {
    const source = `
      import { buildReportTree, defineRenderer, displayName, mainThread, treeOptions, treeOptionTable } from 'timesink';
      export default defineRenderer({
        name: 'roots', aliases: [], extensions: [], isBinary: false, summary: '', options: treeOptionTable,
        run(session, values) {
          const tree = buildReportTree(session, mainThread(session), treeOptions(values));
          return tree.root.children.map(displayName).join(' ');
        },
      });`;
    const env = { TIMESINK_PYTHON: pythons.at(-1)?.path };
    const program = 'import time\ndef wait(): time.sleep(0.2)\nwait()\n';
    const { stdout, stderr } = await runCli(['-r', './roots.mjs', '--hide', 'x', 'main.py'], {
      node,
      env,
      files: { 'roots.mjs': source, 'main.py': program },
    });
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^wait( |$)/), stderr: '' });
  });
});

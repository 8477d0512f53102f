/** Is everything as it should be on a terminal: keys, job control, colours? */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { type Python, testWithPython } from '../support/pythons.ts';

const timesink = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));
const terminalProgram = fileURLToPath(new URL('../programs/cli-terminal.py', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  writeFileSync(
    join(folder, 'busy.py'),
    'import time\nend = time.monotonic() + 0.1\nwhile time.monotonic() < end: pass\n',
  );
  writeFileSync(join(folder, 'wait.py'), 'import time\nprint("ready", flush=True)\nwhile True: time.sleep(0.05)\n');
  writeFileSync(join(folder, 'ask.py'), 'import os\nprint("hello " + input("name? "), os.isatty(0), os.isatty(1))\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

type Step = readonly ['expect' | 'send', string];

interface Shown {
  readonly shown: string;
  readonly ending: number;
  readonly left: readonly Step[];
}

function onTerminal(
  python: Python,
  command: readonly string[],
  steps: readonly Step[] = [],
  environment: NodeJS.ProcessEnv = {},
): Shown {
  const { stdout, stderr } = spawnSync(python.path, [terminalProgram, JSON.stringify(steps), ...command], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      TIMESINK_PYTHON: python.path,
      XDG_DATA_HOME: join(folder, 'data'),
      ...environment,
    },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Shown;
}

const run = (...words: string[]): string[] => [process.execPath, timesink, ...words];
/** Without line editing, whose control sequences would stand between the lines. */
const shell = ['bash', '--norc', '--noprofile', '--noediting', '-i'];
const escapeSequence = '\u001b[';

testWithPython('a report on a terminal is coloured, unless that is unwanted', (python) => {
  expect(onTerminal(python, run('busy.py')).shown).toContain(escapeSequence);
  expect(onTerminal(python, run('busy.py'), [], { NO_COLOR: '1' }).shown).not.toContain(escapeSequence);
  expect(onTerminal(python, run('busy.py'), [], { TERM: 'dumb' }).shown).not.toContain(escapeSequence);
  expect(onTerminal(python, run('--no-color', 'busy.py'), [], { FORCE_COLOR: '1' }).shown).not.toContain(
    escapeSequence,
  );
});

testWithPython('after -- a report goes to the terminal, too', (python) => {
  const shown = onTerminal(python, ['sh', '-c', '"$@" 2>/dev/null', 'sh', ...run('--', python.path, 'busy.py')]).shown;
  expect(shown).toContain('busy.py');
  expect(shown).toContain('Duration');
});

testWithPython('a binary report is not put on a terminal, and the program not run for it', (python) => {
  const { shown, ending } = onTerminal(python, run('-r', 'timesink', 'ask.py'));
  expect(shown).toMatch(/^timesink: a timesink report is binary .*\n {2}.*-o .*\n$/);
  expect(ending).toBe(2);
});

describe('pages', () => {
  const golden = fileURLToPath(new URL('../golden/basic.pyisession', import.meta.url));
  const seen = () => join(folder, 'seen');

  /** A browser that writes down what it was asked for. */
  function fakeBrowser(): string {
    const path = join(folder, 'browser');
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${seen()}.new'; mv '${seen()}.new' '${seen()}'\n`);
    chmodSync(path, 0o755);
    rmSync(seen(), { force: true });
    return path;
  }

  /** What the browser shows, once it has been started. */
  async function opened(): Promise<string> {
    await vi.waitFor(() => expect(existsSync(seen())).toBe(true), { timeout: 20_000 });
    return readFileSync(fileURLToPath(readFileSync(seen(), 'utf8').trim()), 'utf8');
  }

  testWithPython('view opens a recording in the browser', async (python) => {
    const BROWSER = fakeBrowser();
    const environment = { BROWSER, TMPDIR: folder };
    const { shown, ending } = onTerminal(python, run('view', golden), [], environment);
    expect(shown).toMatch(/^The page is in \S+\.html, and is being opened\.\n$/);
    expect(ending).toBe(0);
    expect(await opened()).toContain('basic.py --flag 1');
    for (const choice of [['--html'], ['-r', 'html']]) {
      fakeBrowser();
      expect(onTerminal(python, run(...choice, '--load', golden), [], environment).shown).toContain('The page is in ');
      expect(await opened()).toContain('basic.py --flag 1');
    }
  });

  testWithPython('view prints text where there is no browser, or another report is asked for', (python) => {
    const text = onTerminal(python, run('--load', golden), [], { BROWSER: fakeBrowser() }).shown;
    expect(text).toContain('Program: basic.py --flag 1\n');
    expect(onTerminal(python, run('view', golden)).shown).toBe(text);
    const far = { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' };
    expect(onTerminal(python, run('view', golden), [], far).shown).toBe(text);
    const environment = { BROWSER: fakeBrowser() };
    for (const choice of [['-r', 'text'], ['-p', 'time=seconds'], ['--color'], ['--unicode']]) {
      expect(onTerminal(python, run('view', ...choice, golden), [], environment).shown).toBe(text);
    }
    expect(existsSync(seen())).toBe(false);
  });

  testWithPython('a run with -r html is opened when it has ended', async (python) => {
    const environment = { BROWSER: fakeBrowser(), TMPDIR: folder };
    const { shown } = onTerminal(python, run('-r', 'html', '--no-source', 'busy.py'), [], environment);
    expect(shown).toMatch(/^The page is in \S+\.html, and is being opened\.\n$/);
    expect(await opened()).toContain('busy.py');
  });
});

testWithPython('a program can ask at the terminal', (python) => {
  const { shown, ending } = onTerminal(python, run('ask.py'), [
    ['expect', 'name? '],
    ['send', 'world\n'],
  ]);
  expect(shown).toContain('hello world True True\n');
  expect(shown).toContain('Program: ask.py');
  expect(ending).toBe(0);
});

testWithPython('Ctrl-C interrupts the program once, and the report comes', (python) => {
  const { shown, ending } = onTerminal(python, run('wait.py'), [
    ['expect', 'ready'],
    ['send', '\u0003'],
  ]);
  expect(shown.match(/KeyboardInterrupt/g)).toHaveLength(1);
  expect(shown).toContain('Program: wait.py');
  expect(ending).toBe(-2);
});

testWithPython('Ctrl-Z suspends, fg continues, and the shell learns the exit code', (python) => {
  writeFileSync(
    join(folder, 'line.py'),
    'import os, sys\nopen("pid", "w").write(str(os.getpid()))\nprint("ready", flush=True)\nsys.stdin.readline()\nsys.exit(5)\n',
  );
  const { shown, left } = onTerminal(
    python,
    shell,
    [
      ['send', `${process.execPath} ${timesink} line.py\n`],
      ['expect', 'ready'],
      ['send', '\u001a'],
      ['expect', 'Stopped'],
      // Before its prompt, bash throws away what was typed.
      ['expect', '$ '],
      ['send', 'sed "s/.*) \\(.\\).*/state=\\1/" /proc/$(cat pid)/stat\n'],
      ['expect', '\nstate='],
      ['send', 'fg\n'],
      ['expect', 'line.py'],
      ['send', 'go on\n'],
      ['expect', 'Program: line.py'],
      ['expect', '$ '],
      ['send', 'echo "code $?"\n'],
      ['expect', 'code 5'],
      ['send', 'exit\n'],
    ],
    { PS1: '$ ', TERM: 'dumb' },
  );
  expect(left).toEqual([]);
  expect(shown).toContain('\nstate=T\n');
});

testWithPython('the terminal is the program’s own: foreground group, size and settings', (python) => {
  const source = `
import os, termios
print(os.tcgetpgrp(0) == os.getpgrp(), os.ttyname(0) == os.ttyname(1), bool(termios.tcgetattr(0)[3] & termios.ECHO))
`;
  expect(onTerminal(python, run('-o', '/dev/null', '-c', source)).shown).toBe('True True True\n');
});

testWithPython('a shell with job control works inside', (python) => {
  const { shown, ending } = onTerminal(
    python,
    run('--', ...shell),
    [
      ['expect', '$ '],
      ['send', `sh -c 'echo star""ted; exec sleep 600'\n`],
      ['expect', 'started'],
      ['send', '\u001a'],
      ['expect', 'Stopped'],
      // Before its prompt, bash throws away what was typed.
      ['expect', '$ '],
      ['send', 'exit 4\n'],
      ['expect', 'There are stopped jobs'],
      ['send', 'exit 4\n'],
    ],
    { PS1: '$ ', TERM: 'dumb' },
  );
  expect(shown).toContain('Stopped');
  expect(ending).toBe(4);
});

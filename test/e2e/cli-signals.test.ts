/** Do signals do to a recorded program what they do to it alone, and does the report come all the same? */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { type Python, testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

const timesink = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));
const counting = readFileSync(fileURLToPath(new URL('../programs/cli-signals.py', import.meta.url)), 'utf8');

/** Runs a program and calls `act` for each line that it prints. */
function runAndAct(
  python: Python,
  program: string,
  args: readonly string[],
  act: (child: ChildProcess & { readonly pid: number }, line: string) => void,
): Promise<RunResult> {
  return runCli(['main.py', ...args], {
    files: { 'main.py': program },
    env: { TIMESINK_PYTHON: python.path },
    started: (child) => {
      let pending = '';
      child.stdout?.on('data', (data: Buffer) => {
        const lines = (pending + data).split('\n');
        pending = lines.pop() ?? '';
        for (const line of lines) act(child as ChildProcess & { pid: number }, line);
      });
    },
  });
}

const hasReport = expect.stringContaining('Program: main.py');

describe('a program that handles its signals', () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
    testWithPython(`gets ${signal} once, sent to timesink alone or to the whole group`, async (python) => {
      for (const target of [1, -1]) {
        const result = await runAndAct(python, counting, ['1', signal], (child, line) => {
          if (line === 'ready') process.kill(target * child.pid, signal);
        });
        expect(result).toMatchObject({ code: 7, signal: null, stdout: hasReport });
        expect(result.stdout).toContain(`{'${signal}': 1}`);
      }
    });
  }

  testWithPython('gets every one of several', async (python) => {
    let child: { readonly pid: number } = { pid: 0 };
    const toGroup = (signal: NodeJS.Signals) => () => process.kill(-child.pid, signal);
    const toTimesink = (signal: NodeJS.Signals) => () => process.kill(child.pid, signal);
    const sends = [toTimesink('SIGTERM'), toGroup('SIGUSR1'), toTimesink('SIGTERM'), toGroup('SIGTERM')];
    const result = await runAndAct(python, counting, [`${sends.length}`, 'SIGTERM', 'SIGUSR1'], (started, line) => {
      child = started;
      // Signals within a few milliseconds of one to the group would count as part of it.
      if (line === 'ready' || line.startsWith('got ')) setTimeout(() => sends.shift()?.(), 200);
    });
    expect(result.stdout).toContain("{'SIGTERM': 3, 'SIGUSR1': 1}");
    expect(result.code).toBe(7);
  });
});

// Short sleeps: Python misses a signal that comes just before a sleep begins until that sleep is over.
const waiting = 'import time\nprint("ready", flush=True)\nwhile True: time.sleep(0.05)\n';

describe('a program that does not', () => {
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1'] as const) {
    testWithPython(`is ended by ${signal}, and timesink after its report, too`, async (python) => {
      const result = await runAndAct(python, waiting, [], (child, line) => {
        if (line === 'ready') child.kill(signal);
      });
      expect(result).toMatchObject({ code: null, signal, stdout: hasReport });
    });
  }

  testWithPython('is interrupted by Ctrl-C', async (python) => {
    const result = await runAndAct(python, waiting, [], (child, line) => {
      if (line === 'ready') process.kill(-child.pid, 'SIGINT');
    });
    expect(result).toMatchObject({ signal: 'SIGINT', stdout: hasReport });
    expect(result.stderr.match(/KeyboardInterrupt/g)).toHaveLength(1);
  });

  testWithPython('leaves the report when a second Ctrl-C cuts its cleaning up short', async (python) => {
    const program = `
import time
try:
    print("ready", flush=True)
    while True: time.sleep(0.05)
finally:
    print("cleaning", flush=True)
    while True: time.sleep(0.05)
`;
    const result = await runAndAct(python, program, [], (child, line) => {
      if (line === 'ready' || line === 'cleaning') process.kill(-child.pid, 'SIGINT');
    });
    expect(result).toMatchObject({ signal: 'SIGINT', stdout: hasReport });
  });
});

describe('a program that ends', () => {
  const endings: readonly (readonly [string, string, Partial<RunResult>])[] = [
    ['by returning', 'pass', { code: 0 }],
    ['by sys.exit with a number', 'import sys; sys.exit(42)', { code: 42 }],
    ['by sys.exit with a text', 'import sys; sys.exit("reason")', { code: 1, stderr: 'reason\n' }],
    ['by an exception', 'raise ValueError("oops")', { code: 1, stderr: expect.stringContaining('ValueError: oops') }],
    ['by os._exit', 'import os; os._exit(9)', { code: 9 }],
    ['by kill -9', 'import os; os.kill(os.getpid(), 9)', { code: null, signal: 'SIGKILL' }],
    ['by a crash', 'import os; os.kill(os.getpid(), 11)', { code: null, signal: 'SIGSEGV' }],
    ['by abort', 'import os; os.abort()', { code: null, signal: 'SIGABRT' }],
    [
      'by a closed pipe',
      'import os, signal; signal.signal(13, signal.SIG_DFL); r, w = os.pipe(); os.close(r); os.write(w, b"x")',
      { code: null, signal: 'SIGPIPE' },
    ],
    ['while another one that it started goes on', 'import subprocess; subprocess.Popen(["sleep", "600"])', { code: 0 }],
  ];
  for (const [how, program, expected] of endings) {
    testWithPython(`${how} is reported on and its ending passed on`, async (python) => {
      // Long enough that something is recorded.
      const source = `import time; time.sleep(0.05)\n${program}\n`;
      const result = await runAndAct(python, source, [], () => {});
      expect(result).toMatchObject({ ...expected, stdout: hasReport });
    });
  }
});

testWithPython('a crash leaves no core file of timesink', (python) => {
  // The program's own is forbidden by itself.
  const crash = 'import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); os.kill(os.getpid(), 11)';
  const script = 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"';
  const folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  try {
    const { signal } = spawnSync('/bin/sh', ['-c', script, process.execPath, timesink, '-c', crash], {
      cwd: folder,
      env: { ...process.env, TIMESINK_PYTHON: python.path },
    });
    expect(signal).toBe('SIGSEGV');
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

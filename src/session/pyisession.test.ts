import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testWithPyinstrument } from '../../test/support/pythons.ts';
import { frameInfo, recordedSession } from '../../test/support/sessions.ts';
import { TimesinkError } from '../util/errors.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';
import { seconds } from './units.ts';

const golden = new URL('../../test/golden/', import.meta.url);
const names = readdirSync(golden).filter((name) => name.endsWith('.pyisession'));
const main = 'MainThread\0<thread>\x007';

function read(changes: Readonly<Record<string, unknown>> = {}): Session {
  const whole = {
    start_time: 1700000000.25,
    duration: 1.5,
    min_interval: 0.002,
    max_interval: 0.002,
    sample_count: 1,
    start_call_stack: [main],
    target_description: 'Program: a.py',
    cpu_time: 0.5,
    sys_path: ['/srv'],
    sys_prefixes: ['/usr'],
    frame_records: [[[main, 'f\0/a.py\x003\u0001cBox\u0001l4\u0001h1'], 0.25]],
    ...changes,
  };
  return parsePyisession(JSON.stringify(whole), 'x.pyisession');
}

function record(...frames: readonly string[]): Readonly<Record<string, unknown>> {
  return { frame_records: [[frames, 0.25]] };
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TimesinkError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('round trip', () => {
  test('there are sessions to try', () => {
    expect(names.length).toBeGreaterThanOrEqual(23);
  });

  test.each(names)('%s comes back byte for byte', (name) => {
    const text = readFileSync(new URL(name, golden), 'utf8');
    expect(formatPyisession(parsePyisession(text, name))).toBe(text);
  });
});

describe('reading', () => {
  test('one process, one thread, all frames with their marks', () => {
    const session = read();
    expect(session.frames).toEqual([
      { kind: 'thread', functionName: 'MainThread', file: '<thread>', firstLine: 7, className: null, hidden: false },
      { kind: 'python', functionName: 'f', file: '/a.py', firstLine: 3, className: 'Box', hidden: true },
    ]);
    expect([...session.stacks.line]).toEqual([-1, 4]);
    expect(session.processes).toMatchObject([{ runtime: 'python', sysPath: ['/srv'], sysPrefixes: ['/usr'] }]);
    expect(session.threads).toMatchObject([{ name: 'MainThread', ident: 7, isMain: true, sampleCount: 1 }]);
    expect(session.meta).toMatchObject({ engine: 'file', startCallStack: [0], startCallLines: [-1], cpuTime: 0.5 });
  });

  test.each([
    ['sleep\0<built-in>\x000', 'builtin'],
    ['[await]', 'await'],
    ['[out-of-context]', 'out-of-context'],
    ['[not sampled]', 'not-sampled'],
    ['nofile', 'python'],
    ['[await]\0/a.py\x001', 'python'],
  ])('%j is a frame of kind %s', (text, kind) => {
    expect(read(record(main, text)).frames[1]?.kind).toBe(kind);
  });

  test('unknown marks and keys are ignored, names of object members are data', () => {
    const text = '__proto__\0constructor\x001\u0001zfuture\u0001ctoString';
    const session = read({ ...record(main, text), hasOwnProperty: [[[]]] });
    expect(session.frames[1]).toMatchObject({ functionName: '__proto__', file: 'constructor', className: 'toString' });
  });

  test('equal neighbours stay rows of their own: their sum depends on the order of adding', () => {
    const session = read({ frame_records: [0.1, 0.2, 0.3].map((time) => [[main], time]), sample_count: 3 });
    expect([...(session.threads[0]?.weight ?? [])]).toEqual([0.1, 0.2, 0.3]);
  });

  test('what older files lack has a default', () => {
    const lacking = { min_interval: undefined, max_interval: undefined, sys_path: undefined, sys_prefixes: undefined };
    const session = read({ ...lacking, cpu_time: null });
    expect(session.meta).toMatchObject({ minInterval: 0.001, maxInterval: 0.001, cpuTime: 0 });
    expect(session.processes[0]).toMatchObject({ sysPath: [], sysPrefixes: [] });
  });

  test('a stack without any frame has no stack', () => {
    expect([...(read(record()).threads[0]?.stack ?? [])]).toEqual([-1]);
  });
});

describe('a file that is not right', () => {
  test.each<readonly [Readonly<Record<string, unknown>>, string]>([
    [{ frame_records: undefined }, 'not a recorded session'],
    [{ frame_records: [[[main], 'long']] }, 'frame_records[0][1]: expected a number, found a string'],
    [{ frame_records: [[[main], -1]] }, 'frame_records[0][1]: expected a number that is not negative, found -1'],
    [
      {
        frame_records: [
          [[main], 1],
          [[main, 5], 1],
        ],
      },
      'frame_records[1][0][1]: expected a string, found a number',
    ],
    [{ frame_records: [[[main], 1, 2]] }, 'frame_records[0]: expected stack and time, found a list of 3'],
    [{ frame_records: [{}] }, 'frame_records[0]: expected a list of stack and time, found an object'],
    [{ frame_records: [['ab', 1]] }, 'frame_records[0][0]: expected a list, found a string'],
    [record('f\0/a.py\0x'), 'frame_records[0][0][0]: expected a line number, found "x"'],
    [record('f\0/a.py\x001\u0001l99999999999'), 'frame_records[0][0][0]: expected a line number, found "99999999999"'],
    [
      record('f\0/a.py'),
      'frame_records[0][0][0]: expected a frame as a name, or as function, file and line with U+0000 between them',
    ],
    [{ start_call_stack: [main, null] }, 'start_call_stack[1]: expected a string, found null'],
    [
      { start_call_stack: ['\0'] },
      'start_call_stack[0]: expected a frame as a name, or as function, file and line with U+0000 between them',
    ],
    [{ duration: true }, 'duration: expected a number, found true'],
    [{ duration: 1e16 }, 'duration: the time is too long'],
    [{ frame_records: [[[main], 1.7e308]] }, 'frame_records[0][1]: the time is too long'],
    [{ cpu_time: undefined }, 'cpu_time: expected a number, found nothing'],
    [{ sample_count: 1.5 }, 'sample_count: expected a whole number, found 1.5'],
    [{ target_description: {} }, 'target_description: expected a string, found an object'],
    [{ sys_path: [[]] }, 'sys_path[0]: expected a string, found a list'],
  ])('%j', (changes, message) => {
    expect(messageOf(() => read(changes))).toBe(`INVALID_FILE x.pyisession: ${message}`);
  });

  test.each([
    ['', 'not valid JSON'],
    ['{"duration": NaN}', 'not valid JSON'],
    ['[]', 'expected an object, found a list'],
    ['null', 'expected an object, found null'],
    ['['.repeat(1e6), 'not valid JSON'],
    [`${'['.repeat(1e6)}${']'.repeat(1e6)}`, 'expected an object, found a list'],
    [`[${'1,'.repeat(2 ** 26 + 1)}1]`, 'too large to be read'],
    [`[${'[],'.repeat(2 ** 24 + 1)}1]`, 'too large to be read'],
    [`{${'"a" :1,'.repeat(2 ** 20 + 1)}"a":1}`, 'too large to be read'],
  ])('text %#', (text, message) => {
    expect(messageOf(() => parsePyisession(text, 'x.pyisession'))).toBe(`INVALID_FILE x.pyisession: ${message}`);
  });

  test('a number beyond float64', () => {
    const text = JSON.stringify({ start_call_stack: [], frame_records: [], duration: 0 }).replace(':0', ':1e999');
    expect(messageOf(() => parsePyisession(text, 'x'))).toBe('INVALID_FILE x: duration: the number is too large');
  });
});

describe('writing a recording of our own', () => {
  const session = recordedSession();
  const own = '"MainThread\\u0000<thread>\\u0000140000000000001"';
  const module = '<module>\\u0000/srv/app.py\\u00001';

  test('its main thread, with the thread itself as outermost frame', () => {
    expect(formatPyisession(session)).toBe(
      '{"start_time": 1700000000.25, "duration": 1.5, "min_interval": 0.001, "max_interval": 0.001, "sample_count": 4, ' +
        `"start_call_stack": [${own}, "${module}"], "target_description": "Program: app.py", "cpu_time": 0.9, ` +
        '"sys_path": ["/srv", "/usr/lib/python3.13"], "sys_prefixes": ["/usr", "/usr", "/usr", "/usr"], ' +
        `"frame_records": [[[${own}, "${module}\\u0001l20", "price\\u0000/srv/app.py\\u00005\\u0001cBox\\u0001l7"], 0.75], ` +
        `[[${own}, "${module}\\u0001l20", "sleep\\u0000<built-in>\\u00000"], 0.25]]}`,
    );
  });

  test('any other thread; time nobody looked at keeps its name', () => {
    const text = formatPyisession(session, session.threads[1]);
    expect(parsePyisession(text, 'x').threads[0]).toMatchObject({ name: 'Thread-1 (run)', ident: 77 });
    expect(text).toContain('[["Thread-1 (run)\\u0000<thread>\\u000077", "[not sampled]"], 0.25]');
  });

  test('separators inside of names do not split them', () => {
    const frames = session.frames.map((frame) => (frame.className === 'Box' ? frameInfo('a\0b\u0001c') : frame));
    const read = parsePyisession(formatPyisession({ ...session, frames }), 'x');
    expect(read.frames.map((frame) => frame.functionName)).toContain('a\ufffdb\ufffdc');
  });

  test('a recording without threads', () => {
    const read = parsePyisession(formatPyisession({ ...session, threads: [], processes: [] }), 'x');
    expect(read.threads[0]?.stack).toHaveLength(0);
  });

  test('what does not fit into a string is refused', () => {
    const [thread] = session.threads;
    const name = 'n'.repeat(1e6);
    const rows = { stack: new Int32Array(600), weight: new Float64Array(600), state: new Uint8Array(600) };
    const message = messageOf(() => formatPyisession(session, { ...thread!, ...rows, name, start: seconds(0) }));
    expect(message).toBe('UNWRITABLE_OUTPUT this session is too large for a .pyisession file');
  });

  testWithPyinstrument('pyinstrument loads it and starts the tree at the program', (python) => {
    const folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
    try {
      writeFileSync(join(folder, 'a.pyisession'), formatPyisession(session));
      const args = ['-m', 'pyinstrument', '--load', 'a.pyisession', '-r', 'text', '--unicode'];
      const env = { ...process.env, XDG_DATA_HOME: folder };
      const { stdout, stderr } = spawnSync(python, args, { cwd: folder, env, encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain(
        'Program: app.py\n\n1.000 <module>  app.py:1\n├─ 0.750 Box.price  app.py:5\n└─ 0.250 sleep  <built-in>\n',
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

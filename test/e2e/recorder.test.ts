/** Does a program get from its recorder what its regions did, and nothing else? */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { processStatus } from '../../src/capture/system/process-facts.ts';
import type { FrameTree, PlainError, SessionAnswer, TreeAnswer } from '../../src/recorder/protocol.ts';
import { decodeSession } from '../../src/session/file.ts';
import type { Pid } from '../../src/session/ids.ts';
import { parsePyisession } from '../../src/session/pyisession.ts';
import { describeEachPython, testWithPython } from '../support/pythons.ts';
import { programText } from '../support/record.ts';
import { answersOf, withProgram } from '../support/recorder-program.ts';

interface Pyisession {
  readonly frame_records: readonly (readonly [readonly string[], number])[];
  readonly start_call_stack: readonly string[];
  readonly duration: number;
  readonly cpu_time: number;
  readonly sample_count: number;
}

interface Kept extends SessionAnswer {
  readonly pyisession: Pyisession;
}

type Failed = { readonly id: number | null; readonly error: PlainError };

interface Results extends Readonly<Record<string, unknown>> {
  readonly split: Kept & { readonly busy: number; readonly idle: number };
  readonly short: Kept;
  readonly 'too short': Kept;
  readonly inner: Kept;
  readonly outer: Kept;
  readonly all: Kept & { readonly text: { readonly text: string } };
  readonly decorated: Kept;
  readonly away: Kept;
  readonly paused: Kept;
  readonly limited: Kept;
  readonly enabled: Kept & { readonly coroutines: readonly string[] };
  readonly strict: Kept & { readonly coroutines: readonly string[] };
  readonly many: readonly Pyisession[];
  readonly mistakes: Readonly<Record<string, Failed>>;
}

const keptNames = [
  'split',
  'short',
  'inner',
  'outer',
  'all',
  'decorated',
  'away',
  'paused',
  'enabled',
  'strict',
] as const;

const functionOf = (frame: string): string => frame.split('\0')[0] ?? '';

/** Seconds of a session's records in which a function is on the stack. */
function secondsIn({ frame_records }: Pyisession, name: string): number {
  return frame_records.reduce(
    (sum, [stack, time]) => sum + (stack.some((frame) => functionOf(frame) === name) ? time : 0),
    0,
  );
}

/** Time in which the recorder did not get its turn. */
const unseen = (session: Pyisession): number => secondsIn(session, '[not sampled]');

const total = ({ frame_records }: Pyisession): number => frame_records.reduce((sum, [, time]) => sum + time, 0);

const namesIn = ({ frame_records }: Pyisession): ReadonlySet<string> =>
  new Set(frame_records.flatMap(([stack]) => stack.map(functionOf)));

describeEachPython('regions', (python) => {
  let results: Results;

  // While others use the machine the recorder may not get its turn: then the program has another go.
  beforeAll(async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      results = (await answersOf(python, programText('recorder-regions.py'))) as Results;
      if (keptNames.every((name) => unseen(results[name].pyisession) === 0)) return;
    }
  }, 120_000);

  test('are read from outside', () => {
    expect(results['hello']).toMatchObject({ protocol: 1, engine: 'outside', refusal: null });
  });

  test('have the time from their start to their end, each part where it was spent', () => {
    const { pyisession, meta, busy, idle } = results.split;
    // The requests themselves are not part of it.
    expect(Math.abs(meta.duration - busy - idle)).toBeLessThan(0.03);
    expect(total(pyisession)).toBeCloseTo(meta.duration, 6);
    for (const [name, spent] of Object.entries({ busy, idle })) {
      expect(secondsIn(pyisession, name) + unseen(pyisession)).toBeGreaterThan(spent - 0.02);
      expect(secondsIn(pyisession, name)).toBeLessThan(spent + 0.02);
    }
  });

  test('show none of the package that starts them', () => {
    for (const name of ['split', 'decorated', 'away', 'outer'] as const) {
      const frames = results[name].pyisession.frame_records.flatMap(([stack]) => stack);
      expect(frames.filter((frame) => frame.includes('/package/'))).toEqual([]);
      expect(frames.filter((frame) => /readline|flush|write/.test(functionOf(frame)))).toEqual([]);
    }
    const { pyisession } = results.decorated;
    const stacks = pyisession.frame_records.map(([stack]) => stack.map(functionOf));
    const wrapped = stacks.find((stack) => stack.includes('busy')) ?? [];
    expect(wrapped.slice(wrapped.indexOf('busy') - 2, wrapped.indexOf('busy'))).toEqual(['decorated', 'wrapped']);
  });

  test('begin where they were started', () => {
    const { tree } = results['tree'] as TreeAnswer & { tree: FrameTree };
    expect(functionOf(tree.identifiers[tree.identifier[0] as number] as string)).toBe('split');
    const whole = (results['whole tree'] as TreeAnswer & { tree: FrameTree }).tree;
    expect(whole.identifiers[whole.identifier[0] as number]).toMatch(/^MainThread\0<thread>\0\d+$/);
    expect(whole.time[0]).toBeCloseTo(results.split.meta.duration, 6);
    expect(results.away.pyisession.start_call_stack.map(functionOf).slice(-2)).toEqual(['away', 'begun']);
    // Until it has read the answer, time is no part of the region; what is left is less than the time between two looks.
    expect(secondsIn(results.away.pyisession, 'begun')).toBeLessThan(0.005);
  });

  test('are not empty where they were too short to be looked at', () => {
    const { pyisession, meta } = results['too short'];
    expect(total(pyisession)).toBeCloseTo(meta.duration, 6);
    expect(pyisession.frame_records.map(([stack]) => functionOf(stack.at(-1) ?? ''))).toEqual(['too_short']);
  });

  test('overlap on one thread, each with its own part', () => {
    const { inner, outer } = results;
    expect(namesIn(inner.pyisession)).not.toContain('idle');
    expect(secondsIn(inner.pyisession, 'busy') + unseen(inner.pyisession)).toBeGreaterThan(0.035);
    expect(secondsIn(outer.pyisession, 'busy') + unseen(outer.pyisession)).toBeGreaterThan(0.035);
    expect(secondsIn(outer.pyisession, 'idle') + unseen(outer.pyisession)).toBeGreaterThan(0.07);
    expect(secondsIn(outer.pyisession, 'idle')).toBeLessThan(outer.meta.duration - inner.meta.duration + 0.01);
    expect(outer.meta.duration).toBeGreaterThan(inner.meta.duration + 0.07);
  });

  test('have no time in which they are paused', () => {
    const { pyisession, meta } = results.paused;
    expect(secondsIn(pyisession, 'idle')).toBeLessThan(0.02);
    expect(secondsIn(pyisession, 'busy') + unseen(pyisession)).toBeGreaterThan(0.04);
    expect(meta.duration).toBeGreaterThan(0.06);
    expect(total(pyisession)).toBeCloseTo(meta.duration, 6);
  });

  test('belong to their thread, or to all', () => {
    const [spins, sleeps] = [results['thread 10'], results['thread 11']] as readonly Kept[];
    expect(namesIn(spins?.pyisession as Pyisession)).not.toContain('idle');
    expect(namesIn(sleeps?.pyisession as Pyisession)).not.toContain('busy');
    expect(spins?.pyisession.start_call_stack[0]).toMatch(/^spins\0<thread>\0\d+$/);
    for (const one of [spins, sleeps])
      expect(total(one?.pyisession as Pyisession)).toBeCloseTo(one?.meta.duration ?? 0, 6);
    const { text } = results.all.text;
    for (const name of ['MainThread', 'before', 'after']) expect(text).toContain(name);
  });

  test('share a look where many run at a time', () => {
    expect(results.many).toHaveLength(50);
    for (const one of results.many) {
      expect(secondsIn(one, 'busy') + unseen(one)).toBeGreaterThan(0.04);
      expect(total(one)).toBeCloseTo(one.duration, 6);
    }
  });

  test('bound to a context show what they wait for, and no other task', () => {
    for (const mode of ['enabled', 'strict'] as const) {
      const { pyisession, meta, coroutines } = results[mode];
      expect(coroutines).toEqual(['awaits']);
      expect(secondsIn(pyisession, 'burn')).toBeLessThan(0.02 * meta.duration);
      expect(secondsIn(pyisession, '[await]') + unseen(pyisession)).toBeGreaterThan(0.09);
      expect(secondsIn(pyisession, 'busy') + unseen(pyisession)).toBeGreaterThan(0.04);
      const waiting = pyisession.frame_records.find(([stack]) => stack.at(-1) === '[await]')?.[0] ?? [];
      expect(waiting.map(functionOf).slice(-3)).toEqual(['awaits', 'sleep', '[await]']);
      expect(total(pyisession)).toBeCloseTo(meta.duration, 6);
    }
  });

  test('keep as many rows as they may', () => {
    const { pyisession, meta } = results.limited;
    expect(pyisession.frame_records.length).toBeLessThanOrEqual(10);
    expect(total(pyisession)).toBeCloseTo(meta.duration, 6);
    expect(meta.notes.join()).toContain('one in');
  });

  test('become reports, and sessions of pyinstrument', () => {
    const { text } = results['text'] as { readonly text: string };
    expect(text).toContain('outside sampler');
    expect(text).toContain('region 1');
    expect((results['html'] as { readonly text: string }).text).toContain('<html');
    const bytes = Buffer.from((results['timesink'] as { readonly base64: string }).base64, 'base64');
    const session = decodeSession(bytes, 'answer');
    expect(session.meta.engine).toBe('outside');
    const read = parsePyisession(JSON.stringify(results.split.pyisession), 'answer');
    expect(read.meta.duration).toBe(results.split.meta.duration);
    const [loaded, again] = [results['loaded'], results['loaded again']] as readonly SessionAnswer[];
    expect(loaded?.meta).toMatchObject({ ...results.split.meta, engine: 'file', notes: [] });
    expect(again?.meta).toEqual(results.split.meta);
    const combined = results['combined'] as SessionAnswer;
    expect(combined.meta.duration).toBeCloseTo(results.split.meta.duration + results.short.meta.duration, 9);
    const resampled = results['resampled'] as SessionAnswer;
    expect(resampled.meta.minInterval).toBe(0.01);
    expect(resampled.meta.sampleCount).toBeLessThanOrEqual(results.split.meta.duration / 0.01);
  });

  test('are processed as trees', () => {
    const { tree, application } = results['processed'] as TreeAnswer & { tree: FrameTree };
    const names = tree.identifier.map((number) => functionOf(tree.identifiers[number] as string));
    expect(names.slice(0, 3)).toEqual(['MainThread', '<module>', 'split']);
    expect(names.filter((name) => name === 'busy')).toHaveLength(1);
    expect(application[names.indexOf('busy')]).toBe(true);
    expect(tree.groups).toHaveLength(1);
    expect(tree.source).toHaveLength(names.length);
  });

  test('answer every mistake', () => {
    const codes = Object.entries(results.mistakes).map(([name, { error }]) => [name, error.code]);
    expect(Object.fromEntries(codes)).toEqual({
      'no json': 'MALFORMED',
      'no object': 'MALFORMED',
      'no kind': 'MALFORMED',
      'unknown kind': 'MALFORMED',
      'wrong type': 'MALFORMED',
      'no region': 'REGION',
      'no session': 'SESSION',
      'no thread': 'PROCESS_NOT_FOUND',
      'second hello': 'MALFORMED',
      'no renderer': 'USAGE',
      'no option': 'USAGE',
      'region twice': 'REGION',
      cancelled: 'REGION',
      dropped: 'SESSION',
    });
    expect(results.mistakes['wrong type']?.error.message).toContain('region');
    expect(results.mistakes['wrong type']?.id).toBe(7);
    expect(results.mistakes['no option']?.error.hint).toContain('show_all');
  });

  test('cost nothing while there are none', () => {
    expect(results['idle ticks']).toBeLessThanOrEqual(2);
    expect(results['exit']).toBe(0);
  });
});

const isRunning = (pid: number): boolean => processStatus(pid as Pid)?.hasEnded === false;

testWithPython('a thousand regions leave nothing behind in the recorder', async (python) => {
  const main = `
import json, re, sys
from package.pipe import Recorder
recorder = Recorder(engine='outside')
def work(n):
    return n if n < 2 else work(n - 1) + work(n - 2)
def kilobytes():
    with open('/proc/%d/status' % recorder.process.pid) as status:
        return int(re.search(r'VmRSS:\\s+(\\d+)', status.read()).group(1))
def pairs(count):
    for number in range(count):
        recorder.start(number)
        work(number % 12)
        recorder.ask('drop', sessions=[recorder.stop(number)['session']])
    return kilobytes()
json.dump([pairs(500), pairs(1000)], sys.stdout)
`;
  const [before = 0, after = 0] = (await answersOf(python, main)) as readonly number[];
  expect(after - before).toBeLessThan(6 * 1024);
  // Later versions of Node.js are larger themselves.
  if (process.version.startsWith('v20.')) expect(after).toBeLessThan(70 * 1024);
});

testWithPython('the recorder ends with a program that is killed, also where a child of it lives on', async (python) => {
  const main = `
import os, subprocess, sys, time
from package.pipe import Recorder
recorder = Recorder()
recorder.start(1)
child = os.fork()
if child == 0:
    time.sleep(20)
    os._exit(0)
print(recorder.process.pid, child, flush=True)
time.sleep(60)
`;
  await withProgram(python, main, async ({ child, output }) => {
    const line = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (chunk: Buffer) => resolve(`${chunk}`)),
    );
    const [recorder = 0, forked = 0] = line.trim().split(' ').map(Number);
    expect(isRunning(recorder)).toBe(true);
    child.kill('SIGKILL');
    for (let wait = 0; wait < 100 && isRunning(recorder); wait++) await sleep(100);
    expect(isRunning(recorder)).toBe(false);
    process.kill(forked, 'SIGKILL');
    await output;
  });
});

testWithPython('the recorder says which program it cannot read, and takes its own samples instead', async (python) => {
  const main = `
import json, subprocess, sys, time, threading
from package.pipe import Recorder
sleeper = subprocess.Popen(['sleep', '30'])
results = {
    'no process': Recorder(pid=4194304, engine='outside').hello,
    'no python': Recorder(pid=sleeper.pid, engine='outside').hello,
    'other version': Recorder(version='3.7.1', engine='outside').hello,
    'other implementation': Recorder(implementation='pypy', engine='outside').hello,
    'other protocol': Recorder(protocol=0).hello,
}
sleeper.kill()
recorder = Recorder(implementation='pypy', version='3.11.13')
results['auto'] = recorder.hello
recorder.start(1, at=100.0)
ident = threading.get_ident()
frames = [[-1, 'main\\0/app/a.py\\x001\\x01l5'], [0, 'work\\0/app/a.py\\x003\\x01l4\\x01cTask'], [0, '[await]']]
recorder.line(json.dumps({'id': 1, 'kind': 'samples', 'stacks': frames, 'threads': [], 'regions': [
    {'region': 1, 'rows': [[100.5, ident, 1, 0.5], [101.0, ident, 2, 0.5]]}]}))
recorder.line(json.dumps({'id': 2, 'kind': 'samples', 'stacks': [], 'regions': [{'region': 1, 'rows': [[101.5, ident, 1, 0.5]]}]}))
results['bad stack'] = recorder.line(json.dumps(
    {'id': 3, 'kind': 'samples', 'regions': [{'region': 1, 'rows': [[101.5, ident, 7, 0.5]]}]}))
stopped = recorder.ask('stop', region=1, at=101.5, cpuTime=0.25)
results['session'] = recorder.ask('session', session=stopped['session'])['pyisession']
results['text'] = recorder.ask('render', session=stopped['session'], renderer='text')['text']
json.dump(results, sys.stdout)
`;
  const results = (await answersOf(python, main)) as Record<string, { readonly error?: PlainError }>;
  expect(results['no process']?.error?.code).toBe('PROCESS_NOT_FOUND');
  expect(results['no python']?.error?.code).toBe('NOT_PYTHON');
  expect(results['other version']?.error?.code).toBe('NOT_PYTHON');
  expect(results['other implementation']?.error?.code).toBe('UNSUPPORTED_RUNTIME');
  expect(results['other protocol']?.error?.code).toBe('MALFORMED');
  expect(results['auto']).toMatchObject({ engine: 'inprocess', refusal: { code: 'UNSUPPORTED_RUNTIME' } });
  expect(results['bad stack']?.error?.code).toBe('MALFORMED');
  const session = results['session'] as unknown as Pyisession;
  expect(session.duration).toBe(1.5);
  expect(session.cpu_time).toBe(0.25);
  expect(session.frame_records.map(([stack, time]) => [stack.slice(1), time])).toEqual([
    [['main\0/app/a.py\x001\u0001l5', 'work\0/app/a.py\x003\u0001cTask\u0001l4'], 0.5],
    [['main\0/app/a.py\x001\u0001l5', '[await]'], 0.5],
    [['main\0/app/a.py\x001\u0001l5', 'work\0/app/a.py\x003\u0001cTask\u0001l4'], 0.5],
  ]);
  expect(results['text']).toContain('in-process');
});

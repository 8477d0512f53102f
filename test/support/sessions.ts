/** What does a small recording of our own look like? Two threads of one Python program, with every kind of row. */
import { SessionBuilder } from '../../src/session/builder.ts';
import { noStack, type Pid, type StackIndex, type Tid } from '../../src/session/ids.ts';
import { type FrameInfo, type Session, threadState } from '../../src/session/session.ts';
import { seconds, type UnixSeconds } from '../../src/session/units.ts';

/** A frame of a Python program; change what matters. */
export function frameInfo(functionName: string, changes: Partial<FrameInfo> = {}): FrameInfo {
  return {
    kind: 'python',
    functionName,
    file: '/srv/app.py',
    firstLine: 1,
    className: null,
    hidden: false,
    ...changes,
  };
}

const builtin = { kind: 'builtin', file: '<built-in>', firstLine: 0 } as const;
const notSampled = { kind: 'not-sampled', file: null, firstLine: 0 } as const;

/** `<module>` runs `Box.price` for 0.75 s and sleeps for 0.25 s; a second thread waits. */
export function recordedSession(): Session {
  const builder = new SessionBuilder();
  const stackOf = (...entries: readonly (readonly [FrameInfo, number])[]): StackIndex =>
    builder.stack(entries.map(([frame, line]) => [builder.frame(frame), line]));
  const module = [frameInfo('<module>'), 20] as const;
  const price = [frameInfo('price', { className: 'Box', firstLine: 5 }), 7] as const;
  const process = builder.addProcess({
    pid: 4242 as Pid,
    parentPid: 4241 as Pid,
    command: ['python3', 'app.py'],
    runtime: 'python',
    runtimeVersion: '3.13.0',
    start: seconds(0.01),
    duration: seconds(1.5),
    cpuTime: seconds(0.9),
    sysPath: ['/srv', '/usr/lib/python3.13'],
    sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
  });
  const identity = { process, isMain: true, start: seconds(0.01) };
  const main = builder.addThread({ ...identity, tid: 4242 as Tid, ident: 140_000_000_000_001, name: 'MainThread' });
  const busy = threadState.onCpu | threadState.holdsGil;
  main.add(noStack, 0.125, busy);
  main.add(stackOf(module, price), 0.25, busy);
  main.add(stackOf(module, price), 0.5, busy);
  main.add(stackOf(module, [frameInfo('sleep', builtin), -1]), 0.25, 0);
  const worker = builder.addThread({ ...identity, isMain: false, tid: 4243 as Tid, ident: 77, name: 'Thread-1 (run)' });
  worker.add(stackOf([frameInfo('run', { className: 'Thread' }), 9]), 0.75, threadState.waitsForGil);
  worker.add(stackOf([frameInfo('[not sampled]', notSampled), -1]), 0.25, 0, 0);
  return builder.finish({
    description: 'Program: app.py',
    startTime: 1_700_000_000.25 as UnixSeconds,
    duration: seconds(1.5),
    cpuTime: seconds(0.9),
    minInterval: seconds(0.001),
    maxInterval: seconds(0.001),
    sampleCount: 5,
    engine: 'outside',
    startCallStack: [],
    quality: {
      ticks: 5,
      missedTicks: 1,
      samples: 5,
      incompleteSamples: 1,
      retries: 2,
      notSampled: seconds(0.25),
      unseenProcesses: 3,
    },
    notes: ['CPython 3.16 was not tested.'],
  });
}

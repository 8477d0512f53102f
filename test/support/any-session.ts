/** What may a session be? Any session at all, for property tests. */
import fc from 'fast-check';
import type { FrameIndex, Pid, ProcessIndex, Tid } from '../../src/session/ids.ts';
import { frameKinds, type Session } from '../../src/session/session.ts';
import { type Seconds, seconds, type UnixSeconds } from '../../src/session/units.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '__proto__', 'f', '/srv/app.py'),
);
const texts = fc.array(text, { maxLength: 3 });
const count = fc.oneof(fc.nat(100), fc.maxSafeNat());
const time: fc.Arbitrary<Seconds> = fc.double({ min: 0, max: 1e6, noNaN: true }).map(seconds);

const frame = fc.record({
  kind: fc.constantFrom(...frameKinds),
  functionName: text,
  file: fc.option(text),
  firstLine: count,
  className: fc.option(text),
  hidden: fc.boolean(),
});

const process = fc.record({
  pid: count.map((pid) => pid as Pid),
  parentPid: count.map((pid) => pid as Pid),
  command: texts,
  runtime: fc.constantFrom('python' as const, 'node' as const, 'other' as const),
  runtimeVersion: text,
  start: time,
  duration: time,
  cpuTime: time,
  sysPath: texts,
  sysPrefixes: texts,
});

const quality = fc.record({
  ticks: count,
  missedTicks: count,
  samples: count,
  incompleteSamples: count,
  retries: count,
  notSampled: time,
  unseenProcesses: count,
});

function metaOf(engine: Session['meta']['engine'], frames: number): fc.Arbitrary<Session['meta']> {
  const startFrame = fc.record({ frame: fc.nat(Math.max(0, frames - 1)), line: fc.integer({ min: -1, max: 1e6 }) });
  const fields = fc.record({
    description: text,
    startTime: fc.double({ min: 1, max: 2e9, noNaN: true }).map((value) => value as UnixSeconds),
    duration: time,
    cpuTime: time,
    minInterval: time,
    maxInterval: time,
    sampleCount: count,
    engine: fc.constant(engine),
    quality,
    notes: texts,
  });
  return fc
    .tuple(fields, fc.array(startFrame, { maxLength: frames === 0 ? 0 : 3 }), fc.boolean())
    .map(([meta, start, withLines]) => ({
      ...meta,
      startCallStack: start.map((entry) => entry.frame as FrameIndex),
      ...(withLines ? { startCallLines: start.map((entry) => entry.line) } : {}),
    }));
}

function stacksOf(frames: number): fc.Arbitrary<Session['stacks']> {
  const entry = fc.record({
    parent: fc.nat(),
    frame: fc.nat(Math.max(0, frames - 1)),
    line: fc.integer({ min: -1, max: 0x7fffffff }),
  });
  return fc.array(entry, { maxLength: frames === 0 ? 0 : 12 }).map((entries) => ({
    parent: Int32Array.from(entries, ({ parent }, index) => (parent % (index + 1)) - 1),
    frame: Int32Array.from(entries, ({ frame }) => frame),
    line: Int32Array.from(entries, ({ line }) => line),
  }));
}

function threadOf(processes: number, stacks: number): fc.Arbitrary<Session['threads'][number]> {
  const row = fc.record({ stack: fc.integer({ min: -1, max: stacks - 1 }), weight: time, state: fc.nat(255) });
  return fc
    .record({
      process: fc.nat(Math.max(0, processes - 1)).map((index) => index as ProcessIndex),
      tid: count.map((tid) => tid as Tid),
      ident: count,
      name: text,
      isMain: fc.boolean(),
      start: time,
      sampleCount: count,
      rows: fc.array(row, { maxLength: 20 }),
    })
    .map(({ rows, ...info }) => ({
      ...info,
      stack: Int32Array.from(rows, (entry) => entry.stack),
      weight: Float64Array.from(rows, (entry) => entry.weight),
      state: Uint8Array.from(rows, (entry) => entry.state),
    }));
}

/** Any session recorded by `engine`. */
export function anySession(engine: Session['meta']['engine']): fc.Arbitrary<Session> {
  return fc.tuple(fc.array(frame, { maxLength: 6 }), fc.array(process, { maxLength: 3 })).chain(([frames, processes]) =>
    stacksOf(frames.length).chain((stacks) =>
      fc.record({
        meta: metaOf(engine, frames.length),
        frames: fc.constant(frames),
        stacks: fc.constant(stacks),
        processes: fc.constant(processes),
        threads: fc.array(threadOf(processes.length, stacks.parent.length), {
          maxLength: processes.length === 0 ? 0 : 3,
        }),
      }),
    ),
  );
}

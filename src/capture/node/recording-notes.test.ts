import { expect, test } from 'vitest';
import { seconds } from '../../session/units.ts';
import type { LeftThread, ReadSegment } from './left-threads.ts';
import { nodeNotes, type RecordedThread } from './recording-notes.ts';

function segment(more: Partial<ReadSegment>): ReadSegment {
  const profile = { nodes: [], parents: new Int32Array(), samples: new Int32Array(), weights: new Float64Array() };
  const empty = { profile: { ...profile, sampleLines: null, start: 0 }, awaits: null, until: 0, cpu: 0, maps: {} };
  return { ...empty, isLast: true, notes: [], ...more };
}

function thread(pid: number, threadId: number, ...segments: readonly Partial<ReadSegment>[]): LeftThread {
  const words = { name: 'main', argv: [], execArgv: [], version: '24.0.0', cwd: '/', main: '', preload: '' };
  const facts = { pid, parentPid: 1, tid: 0, threadId, ...words, clock: { monotonic: 0, unix: 0 }, begin: 0, cpu: 0 };
  return { facts: { ...facts, wasRunning: false }, segments: segments.map(segment) };
}

/** A thread with samples so many µs apart. */
function recorded(left: LeftThread, weight: number): RecordedThread {
  const { profile } = segment({});
  const weights = new Float64Array(100).fill(weight);
  return { thread: left, notSampled: 0, profile: { ...profile, samples: new Int32Array(100), weights } };
}

const notes = (left: readonly LeftThread[], threads: readonly RecordedThread[] = []): readonly string[] =>
  nodeNotes(left, threads, seconds(0.001));

test('a recording without flaws needs no words', () => {
  const left = thread(1, 0, {});
  expect(notes([left], [recorded(left, 1200)])).toEqual([]);
});

test('the interval that was reached is told where it is longer than asked for', () => {
  const left = thread(1, 0, {});
  const told = ['V8 took a sample every 1.8 ms on average, not every 1 ms.'];
  expect(notes([left], [recorded(left, 1800)])).toEqual(told);
});

test('processes and workers that could not say what they did last are counted', () => {
  const cut = { isLast: false };
  const words = 'ended without warning: what';
  expect(notes([thread(1, 0, cut), thread(1, 1, cut)])[0]).toContain(`1 process ${words} it did last is missing`);
  expect(notes([thread(1, 0, {}), thread(1, 1, cut)])[0]).toContain(`1 worker ${words} it did`);
  const several = [thread(1, 0), thread(2, 0, cut), thread(3, 0, {}), thread(3, 4, cut)];
  expect(notes(several)[0]).toContain(`2 processes and 1 worker ${words} they did`);
});

test('what threads have to say is told once', () => {
  const left = [thread(1, 0, { notes: ['A.'] }, { notes: ['A.', 'B.'] }), thread(2, 0, { notes: ['B.'] })];
  expect(
    notes(
      left,
      left.map((one) => recorded(one, 1000)),
    ),
  ).toEqual(['A.', 'B.']);
});

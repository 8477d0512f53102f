import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLeftThreads } from './left-threads.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const words = { name: 'main', argv: ['node'], execArgv: [], version: '24.0.0', cwd: '/', main: '/a.js', preload: '' };
const facts = {
  pid: 7,
  parentPid: 1,
  tid: 7,
  threadId: 0,
  ...words,
  clock: { monotonic: 5, unix: 9 },
  begin: 5,
  cpu: 1,
};
const root = { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 } };
const profile = { nodes: [root], startTime: 0, endTime: 1, samples: [1], timeDeltas: [1] };
const frame = ['f', '/a.js', 2, 3, 1, 1, 0];
const segment = {
  ...{ profile, until: 6, cpu: 2, isLast: false, notes: [], maps: {} },
  awaits: { stacks: [[frame]], ends: [[5.5, 0]] },
};

const write = (name: string, value: unknown): void =>
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

test('pieces are read in their order, and what does not fit is passed over and counted', () => {
  write('7-0-5.thread.json', facts);
  write('7-0-5-10.segment.json', { ...segment, isLast: true });
  write('7-0-5-9.segment.json', segment);
  write('7-0-5-11.segment.json', '{"cut');
  write('7-0-5-12.segment.json', { ...segment, awaits: { stacks: [], ends: [[5.5, 0]] } });
  write('7-0-5-13.segment.json', { ...segment, profile: { ...profile, samples: [2] } });
  write('7-0-5-14.segment.json.part', '{');
  write('8-0-5-0.segment.json', segment);
  write('9-0-6.thread.json', { ...facts, argv: 'node' });
  const { threads, unreadable } = readLeftThreads(folder);
  expect(threads.map(({ facts: { pid } }) => pid)).toEqual([7]);
  expect(threads[0]?.segments.map(({ isLast }) => isLast)).toEqual([false, true]);
  expect(threads[0]?.segments[0]?.awaits).toEqual(segment.awaits);
  expect(unreadable).toBe(4);
});

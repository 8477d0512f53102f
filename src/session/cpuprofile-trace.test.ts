import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Json, read, refusal, trees } from '../../test/support/v8-profiles.ts';
import { readSession } from './file.ts';

describe('traces of Chrome', () => {
  const event = (name: string, data: unknown, changes: Json = {}): Json => ({
    ...{ name, ph: 'P', id: '0x1', pid: 7, tid: 70, ts: 5, cat: 'v8' },
    args: { data },
    ...changes,
  });
  const frame = (functionName: string): Json => ({
    functionName,
    url: 'http://a/b.js',
    lineNumber: 1,
    columnNumber: 2,
  });
  const events = [
    { name: 'thread_name', ph: 'M', pid: 7, tid: 70, args: { name: 'CrRendererMain' } },
    { name: 'thread_name', ph: 'M', pid: 7, tid: 71, args: { name: 'Worker' } },
    event('Profile', { startTime: 900 }, { id: '0x2', tid: 71 }),
    event('Profile', { startTime: 1000 }),
    event('ProfileChunk', {
      cpuProfile: { nodes: [{ id: 1, callFrame: frame('main') }], samples: [1, 1] },
      timeDeltas: [500, 1000],
      lines: [4, 5],
    }),
    event('ProfileChunk', {
      cpuProfile: { samples: [2], nodes: [{ id: 2, parent: 1, callFrame: frame('load') }] },
      timeDeltas: [1000],
    }),
    event('ProfileChunk', { cpuProfile: { samples: [2] }, timeDeltas: [1000] }, { tid: 99 }),
    event('ProfileChunk', { endTime: 8500 }, { tid: 99 }),
    event(
      'ProfileChunk',
      { cpuProfile: { nodes: [{ id: 1, callFrame: frame('work') }], samples: [1, 1] }, timeDeltas: [100, 1000] },
      { id: '0x2' },
    ),
    { name: 'Other', ph: 'X' },
    null,
  ];

  test.each([
    ['an object', { traceEvents: events }],
    ['a list', events],
  ])('as %s', (_, json) => {
    const session = read(json);
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "0.007 main
        0.001 [self]
        0.001 [self]
        0.005 load
          0.005 [self]",
        "0.001 work
        0.001 [self]",
      ]
    `);
    expect(session.threads).toMatchObject([
      { name: 'MainThread', isMain: true, tid: 70, start: 0.0005 },
      { name: 'Worker', isMain: false, tid: 71, start: 0 },
    ]);
    expect(session.processes).toMatchObject([{ pid: 7 }]);
    expect([...session.stacks.line]).toEqual([4, 5, -1, -1, -1]);
  });

  test('packed', () => {
    const bytes = gzipSync(JSON.stringify({ metadata: { source: 'DevTools' }, traceEvents: events }));
    expect(trees(readSession(bytes, 'x'))).toEqual(trees(read(events)));
  });

  test('without a profile are no recordings', () => {
    expect(refusal([event('Other', {})])).toBe('there is no CPU profile among the events');
    expect(refusal({ traceEvents: 7 })).toBe('traceEvents: expected a list, found a number');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRequest, UnreadableRequest } from './requests.ts';

const thread = { ident: 140_000_000_000_001, nativeId: 12, name: 'MainThread' };

const start = {
  kind: 'start',
  region: 1,
  interval: 0.001,
  thread,
  threads: 'current',
  asyncMode: 'enabled',
  context: { value: 4096, parent: null, coroutine: null },
  description: 'Profile at app.py:3',
  startCallStack: ['MainThread\0<thread>\x001', 'main\0/app.py\x001\u0001l3'],
  startTime: 1.5,
  at: 2.5,
  maxSamples: null,
} as const;

const stop = { kind: 'stop', region: 1, at: 1, cpuTime: 0.5, sysPath: null, notes: [] };

const tree = {
  identifiers: ['a', 'b'],
  identifier: [0, 1, 1],
  parent: [-1, 0, 1],
  time: [1, 0.5, 0.25],
  absorbedTime: [0, 0, 0],
  attributes: [{}, { l1: 0.5 }, {}],
  group: [-1, 0, 0],
  groups: [1],
};

const parse = (request: object): unknown => parseRequest(JSON.stringify(request)).request;

test('takes requests as they are', () => {
  expect(parseRequest(JSON.stringify({ id: 7, ...start }))).toEqual({ id: 7, request: start });
  expect(parse(stop)).toEqual(stop);
  const process = { kind: 'process', tree, steps: [{ name: 'x', options: { a: 1 } }], sysPrefixes: null };
  expect(parse(process)).toEqual(process);
  const samples = {
    kind: 'samples',
    reset: false,
    stacks: [[-1, 'f']],
    threads: [thread],
    regions: [{ region: 1, rows: [[1, 2, 0, 0.5]] }],
  };
  expect(parse(samples)).toEqual(samples);
});

test('takes what is missing for none', () => {
  const { threads: _, context: __, maxSamples: ___, ...least } = start;
  expect(parse(least)).toEqual({ ...start, context: null });
  expect(parse({ kind: 'tree', session: 3 })).toEqual({ kind: 'tree', session: 3, trimStem: true });
  expect(parseRequest(JSON.stringify(stop)).id).toBeNull();
});

const wrong: readonly (readonly [string, object, string])[] = [
  ['kind', { kind: 'dance' }, 'there is no request "dance"'],
  ['inherited kind', { kind: 'toString' }, 'there is no request'],
  ['region', { ...stop, region: -1 }, 'region'],
  ['time', { ...stop, at: '1' }, 'at: expected a number'],
  ['mode', { ...start, asyncMode: 'sometimes' }, 'asyncMode'],
  ['frame', { ...start, startCallStack: ['a\0b'] }, 'startCallStack[0]'],
  ['thread', { ...start, thread: null }, 'thread: expected an object'],
  ['options', { kind: 'render', session: 1, renderer: 'text', options: [] }, 'options: expected an object'],
  ['rows', { kind: 'samples', regions: [{ region: 1, rows: [[1, 2, 3]] }] }, 'regions[0].rows[0]'],
  ['stacks', { kind: 'samples', regions: [], stacks: [[0.5, 'f']] }, 'stacks[0]'],
  ['parents', { kind: 'process', steps: [], tree: { ...tree, parent: [-1, 2, 1] } }, 'tree.parent[1]'],
  ['two roots', { kind: 'process', steps: [], tree: { ...tree, parent: [-1, -1, 1] } }, 'tree.parent[1]'],
  ['columns', { kind: 'process', steps: [], tree: { ...tree, time: [1] } }, 'tree.time: expected 3 entries'],
  ['identifiers', { kind: 'process', steps: [], tree: { ...tree, identifier: [0, 1, 2] } }, 'tree.identifier[2]'],
  ['groups', { kind: 'process', steps: [], tree: { ...tree, group: [0, 1, 0] } }, 'tree.group[1]'],
  ['attributes', { kind: 'process', steps: [], tree: { ...tree, attributes: [{}, { l1: 'x' }, {}] } }, 'l1'],
];

test.each(wrong)('says what is wrong: %s', (_, request, message) => {
  const line = JSON.stringify({ id: 3, ...request });
  expect(() => parseRequest(line)).toThrow(message);
  expect(() => parseRequest(line)).toThrow(expect.objectContaining({ id: 3, code: 'MALFORMED' }));
});

test('takes any line for a request or refuses it, and never fails otherwise', () => {
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.object().map((value) => JSON.stringify({ ...value, kind: 'start' })),
  );
  fc.assert(
    fc.property(line, (text) => {
      try {
        parseRequest(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableRequest);
      }
    }),
  );
});

import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { plainOptions } from '../dev/plain-options.ts';
import { type ComparedState, Comparison, type ComparisonView } from './comparison.ts';

const settings = { names: { before: 'a', after: 'b' }, normalize: false, filterThreshold: 0.25 };
const options = { ...plainOptions, collapse: 'library' } as const;
const state: ComparedState = { threads: { kind: 'busy' }, weight: 'wall', options };
const view: ComparisonView = { normalize: false, hidesUnchanged: true };

const before = sessionFromText({
  threads: [
    { samples: '1 1\nmain main\nsame old' },
    { samples: '4\nwork', name: 'worker' },
    { samples: '0.1\nidle', name: 'idler' },
  ],
});
const after = sessionFromText({
  threads: [
    { samples: '1 3\nmain main\nsame fresh' },
    { samples: '5\nwork', name: 'worker' },
    { samples: '0.1\nidle', name: 'idler' },
  ],
});
const comparison = new Comparison(before, after, settings);

const calls = (of: Comparison, compared: ComparedState, by: ComparisonView): readonly (readonly string[])[] =>
  of
    .threads(compared, by)
    .map(({ thread, diff }) => [
      thread.name,
      ...(diff.tree?.root.children.map((child) => `${child.frame.functionName} ${child.before} ${child.after}`) ?? []),
    ]);

test('threads that did much, calls that changed', () => {
  expect(calls(comparison, state, view)).toEqual([['worker'], ['MainThread', 'fresh 0 3', 'old 1 0']]);
});

test('what changed little is there on request', () => {
  expect(calls(comparison, state, { ...view, hidesUnchanged: false })[1]).toEqual([
    ...['MainThread', 'fresh 0 3', 'old 1 0', 'same 1 1'],
  ]);
});

test('all threads, or some, by their position in the recording after', () => {
  const names = (threads: ComparedState['threads']) =>
    comparison.threads({ ...state, threads }, view).map(({ thread }) => thread.name);
  expect(names({ kind: 'all' })).toEqual(['worker', 'MainThread', 'idler']);
  expect(names({ kind: 'some', positions: [2] })).toEqual(['idler']);
});

test('shares of the total', () => {
  const [, main] = comparison.threads(state, { ...view, normalize: true });
  expect(main?.diff.tree?.root).toMatchObject({ before: 1, after: 1, change: 0 });
});

test('the same question has the same answer', () => {
  expect(comparison.threads({ ...state }, { ...view })).toBe(comparison.threads(state, view));
  expect(comparison.hasThreads(state, { ...view, normalize: true })).toBe(true);
  expect(new Comparison(before, after, settings).hasThreads(state, view)).toBe(false);
});

test('a search finds functions of both', () => {
  expect(comparison.found('old, -fresh')).toEqual(new Set(['old\0/app/main.py\x001']));
  expect([...(comparison.found('e') ?? [])].map((identifier) => identifier.split('\0')[0])).toContain('fresh');
  expect(comparison.found('')).toBeUndefined();
});

test('a weight counts only where both recordings know it', () => {
  const cpu = { ...state, weight: 'cpu' } as const;
  const known = new Comparison(recordedSession(), recordedSession(), settings);
  expect(known.weightOf(cpu)).toBe('cpu');
  expect(known.threads(cpu, view)[0]?.diff.tree?.root.after).toBe(0.875);
  expect(known.threads(state, view)[0]?.diff.tree?.root.after).toBe(1.125);
  const file = { ...before, meta: { ...before.meta, engine: 'file' as const } };
  expect(new Comparison(file, recordedSession(), settings).weightOf(cpu)).toBe('wall');
});

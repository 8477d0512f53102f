import { expect, test } from 'vitest';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { displayName } from './call-node.ts';
import { hiddenFrames, hiddenLibraries, libraryName } from './hidden-frames.ts';
import { buildReportTree } from './pipeline.ts';

const shown = { showAll: false, timeline: false, foldRecursion: true, filterThreshold: 0, hide: undefined };

interface Hidden {
  readonly names: readonly string[];
  readonly count: number;
  readonly libraries: readonly string[];
}

function hidden(text: string, show?: RegExp): readonly Hidden[] {
  const session = sessionFromText(text);
  const tree = buildReportTree(session, mainThreadOf(session), { ...shown, show });
  if (tree === null) return [];
  return [...hiddenFrames(tree).values()].map((frames) => ({
    names: [...frames.members.keys()].map(displayName),
    count: frames.count,
    libraries: hiddenLibraries(frames, (path) => path.replace(/^.*site-packages\//, '')),
  }));
}

const library = (name: string, file: string): string => `${name}@/x/site-packages/${file}`;

test('what is between the entry of a library and its way out', () => {
  const lines = ['main', library('a', 'web/app.py'), library('b', 'web/run.py'), library('c', 'orm.py')];
  expect(hidden(`1\n${[...lines, library('d', 'orm.py'), 'callback'].join('\n')}`)).toEqual([
    { names: ['b', 'c'], count: 2, libraries: ['web', 'orm'] },
  ]);
});

test('not what has much time of its own', () => {
  const lines = [
    'main',
    'main',
    library('a', 'w.py'),
    library('a', 'w.py'),
    library('b', 'w.py'),
    library('b', 'w.py'),
  ];
  const [first, second] = [lines.filter((_, index) => index % 2 === 0), lines.filter((_, index) => index % 2 === 1)];
  const deep = [library('c', 'w.py'), library('d', 'w.py'), library('e', 'w.py'), 'callback'];
  const rows = [...first, ...deep].map((cell, index) => `${cell.padEnd(40)}${second[index] ?? ''}`);
  expect(hidden(`${'1'.padEnd(40)}0.3\n${rows.join('\n')}`).map(({ names }) => names)).toEqual([['c', 'd']]);
});

test('nothing where it would save less than two lines', () => {
  const lines = ['main', library('a', 'w.py'), library('b', 'w.py'), library('c', 'w.py'), 'callback'];
  expect(hidden(`1\n${lines.join('\n')}`)).toEqual([]);
});

test('every level of a folded recursion counts', () => {
  const walk = Array<string>(300).fill(library('walk', 'w.py'));
  const lines = ['main', library('a', 'w.py'), ...walk, library('b', 'w.py'), library('c', 'w.py'), 'callback'];
  expect(hidden(`1\n${lines.join('\n')}`)).toEqual([{ names: ['walk', 'b'], count: 301, libraries: ['w'] }]);
});

test('nothing that is to be shown', () => {
  const lines = ['a', 'b', 'c', 'd', 'e'].map((name) => library(name, 'w.py'));
  expect(hidden(`1\nmain\n${lines.join('\n')}`, /.*\/w\.py/)).toEqual([]);
});

test.each([
  ['requests/api.py', 'requests'],
  ['six.py', 'six'],
  ['pkg\\mod.py', 'pkg'],
  ['<built-in>', '<built-in>'],
  ['../x.py', ''],
])('%s is of %s', (path, name) => {
  expect(libraryName(path)).toBe(name);
});

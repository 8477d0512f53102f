import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Transform, transformKinds } from '../model/transform.ts';
import { weights } from '../model/weight.ts';
import { formatHash, type LinkedState, parseHash } from './hash.ts';
import { type Selection, settingNames, viewIds } from './state.ts';

const beginning: LinkedState = parseHash('');

test('a page as it opens has no hash', () => {
  expect(formatHash(beginning)).toBe('');
});

test('a link can be read', () => {
  const state: LinkedState = {
    ...beginning,
    view: 'flame',
    threads: { kind: 'some', positions: [1, 3] },
    span: { from: 1.5, to: 2 },
    transforms: [
      { kind: 'focus-subtree', path: [3, 17] },
      { kind: 'collapse-library', library: 'a&b/c:d' },
    ],
    selection: { function: 17, path: [3, 17], thread: 1, line: 47 },
    settings: { sort: '-total', source: '/srv/a b.py:47', lines: 'hot' },
  };
  expect(formatHash(state)).toBe(
    'view=flame&threads=1.3&span=1.5-2&steps=focus-subtree%3A3.17%2Fcollapse-library%3Aa%2526b%252Fc%253Ad' +
      '&select=.3.17%401%3A47&sort=-total&source=%2Fsrv%2Fa+b.py%3A47&lines=hot',
  );
  expect(parseHash(`#${formatHash(state)}`)).toEqual(state);
});

const number = fc.nat({ max: 999_999 });
const transforms: fc.Arbitrary<Transform> = fc
  .constantFrom(...transformKinds)
  .chain((kind): fc.Arbitrary<Transform> => {
    if (kind === 'collapse-library') return fc.string().map((library) => ({ kind, library }));
    if (kind === 'focus-subtree' || kind === 'merge-node') {
      return fc.array(number, { minLength: 1 }).map((path) => ({ kind, path }));
    }
    return number.map((value) => ({ kind, function: value }));
  });

const selections: fc.Arbitrary<Selection> = fc
  .tuple(number, fc.record({ thread: number, line: number }, { requiredKeys: [] }), fc.option(fc.array(number)))
  .map(([last, place, callers]) => ({
    function: last,
    ...place,
    ...(callers === null ? {} : { path: [...callers, last] }),
  }));

test('every state comes back from its link', () => {
  const states: fc.Arbitrary<LinkedState> = fc.record({
    view: fc.constantFrom(...viewIds),
    side: fc.constantFrom('after', 'before'),
    threads: fc.oneof(
      fc.constant({ kind: 'busy' } as const),
      fc.constant({ kind: 'all' } as const),
      fc.array(number, { minLength: 1 }).map((positions) => ({ kind: 'some', positions }) as const),
    ),
    weight: fc.constantFrom(...weights),
    span: fc.option(
      fc
        .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
        .map(([from, more]) => ({
          from,
          to: from + more,
        })),
    ),
    transforms: fc.array(transforms, { maxLength: 20 }),
    inverted: fc.boolean(),
    search: fc.string(),
    selection: fc.option(selections),
    settings: fc.record(Object.fromEntries(settingNames.map((name) => [name, fc.string()])), { requiredKeys: [] }),
  });
  fc.assert(
    fc.property(states, fc.constantFrom(...viewIds), (state, home) => {
      expect(parseHash(formatHash(state, home), home)).toEqual(state);
    }),
  );
});

test('what makes no sense is passed over', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseHash(text)));
  expect(
    parseHash('view=nosuch&threads=a&weight=heavy&span=3-1&steps=focus-function~x:1/merge-node:&select=.x'),
  ).toEqual(beginning);
});

test('a way that is too long for an address is left out, and so is a text', () => {
  const path = Array.from({ length: 1000 }, (_, index) => index);
  const state = { ...beginning, selection: { function: 999, path }, settings: { source: 'x'.repeat(2000) } };
  expect(formatHash(state)).toBe('select=999');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Place } from './check.ts';

/** A place within what `fc.json` makes, and its path as it is written step by step. */
function walk(json: string, turns: readonly number[]): { readonly place: Place; readonly path: string } {
  let place = new Place('x', '', JSON.parse(json));
  let path = '';
  for (const turn of turns) {
    const { value } = place;
    if (typeof value !== 'object' || value === null) break;
    if (Array.isArray(value)) {
      const index = turn % (value.length + 1);
      place = turn % 2 === 0 ? place.entry(index) : (place.entries()[index] ?? place.entry(index));
      path = `${path}[${index}]`;
    } else {
      const names = [...Object.keys(value), 'missing'];
      const name = names[turn % names.length] ?? '';
      place = place.at(name);
      path = path === '' ? name : `${path}.${name}`;
    }
  }
  return { place, path };
}

test('a place says where it is, and so do its errors', () => {
  let deepOnes = 0;
  const turns = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.json({ maxDepth: 8, depthSize: 'large' }), turns, (json, choices) => {
      const { place, path } = walk(json, choices);
      expect(place.path).toBe(path);
      expect(place.invalid('bad').message).toBe(path === '' ? 'x: bad' : `x: ${path}: bad`);
      if (/[\].]\w/.test(path)) deepOnes++;
    }),
    { numRuns: 500 },
  );
  expect(deepOnes).toBeGreaterThan(20);
});

test('the first of a list that is wrong is named', () => {
  const place = new Place('x', 'line 2', { names: { of: ['a', 'b', 1, 2] } });
  expect(() => place.at('names').at('of').strings()).toThrow('x: line 2.names.of[2]: expected a string');
  expect(() => place.at('times').entry(0)).toThrow('x: line 2.times: expected a list, found nothing');
});

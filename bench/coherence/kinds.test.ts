import { expect, test } from 'vitest';
import { listKinds, readPossible } from './kinds.ts';

const kind = (name: string): ReturnType<typeof listKinds>[number] => {
  const found = listKinds().find((each) => each.name === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
};

test('a stack is possible when each of its calls is', async () => {
  const isPossible = await readPossible(kind('plain'), 'python3');
  expect(isPossible(['<module>', 'main', 'a1', 'a2', 'a3', 'leaf_a'])).toBe(true);
  expect(isPossible(['<module>', 'main', 'a1'])).toBe(true);
  expect(isPossible(['<module>', 'main', 'a1', 'b2'])).toBe(false);
  expect(isPossible(['main', 'a1'])).toBe(false);
});

test('where functions are shared, the whole stack decides', async () => {
  const isPossible = await readPossible(kind('shared'), 'python3');
  expect(isPossible(['<module>', 'main', 'c1', 'long', 'short', 'c2'])).toBe(true);
  expect(isPossible(['<module>', 'main', 'c1', 'short', 'c2'])).toBe(false);
});

/** Are the pictures in the documentation there, and small? */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../docs/pictures/', import.meta.url);
const names = readdirSync(folder);

test('every picture is shown, and every picture that is shown is there', () => {
  const documents = ['../docs/page.md', '../README.md'].map((name) =>
    readFileSync(new URL(name, import.meta.url), 'utf8'),
  );
  const shown = documents.flatMap((text) => [...text.matchAll(/pictures\/([\w-]+\.webp)/g)].map(([, name]) => name));
  expect([...new Set(shown)].sort()).toEqual(names.sort());
});

test('pictures are at most 60 kB each, and 500 kB together', () => {
  const sizes = names.map((name) => statSync(new URL(name, folder)).size);
  expect(sizes.filter((size) => size > 60_000)).toEqual([]);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(500_000);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionNames } from './options.ts';
import { renderers } from './registry.ts';

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
const [formats = '', options = ''] = page.split('## Their options');

/** The cells of a table, without its head. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

test('docs/formats.md has every format with its names and files', () => {
  expect(rowsOf(formats).map(([name, file]) => [quoted(name), quoted(file)])).toEqual(
    renderers.map(({ name, aliases, extensions }) => [[name, ...aliases], extensions]),
  );
});

test('docs/formats.md has every option, and says only of those that have it that it changes them', () => {
  const rows = rowsOf(options).map(([names, , changed = '']) => ({
    names: quoted(names),
    changed: changed === 'none' ? [] : changed.split(', '),
  }));
  const known = new Set(renderers.flatMap((renderer) => optionNames(renderer.options)));
  expect(new Set(rows.flatMap(({ names }) => names))).toEqual(known);
  for (const { names, changed } of rows) {
    for (const name of names) {
      const having = renderers.filter((renderer) => optionNames(renderer.options).includes(name));
      expect(having.map((renderer) => renderer.name)).toEqual(expect.arrayContaining(changed));
    }
  }
});

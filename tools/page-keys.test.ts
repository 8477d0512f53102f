/** Does docs/page.md list the keys that there are? */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyTable } from '../viewer/keys.ts';
import { keysMarkdown, withKeys } from './page-keys.ts';

test('the table in docs/page.md is that of viewer/keys.ts (npm run page-document writes it)', () => {
  const document = readFileSync(new URL('../docs/page.md', import.meta.url), 'utf8');
  expect(document).toBe(withKeys(document));
});

test('every key has a row', () => {
  const rows = keysMarkdown().split('\n');
  for (const { help } of keyTable)
    expect(rows.filter((row) => row.replace(/ +\|$/, ' |').endsWith(`| ${help} |`))).not.toEqual([]);
  expect(rows).toContainEqual(expect.stringMatching(/^\| `w` `\+` `=` +\| Zoom in +\|$/));
});

import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { hotSources } from './hot-sources.ts';
import { mostSourceBytes } from './page-contents.ts';

const session = sessionFromText(`
  8                             4                            1        0.01
  main:1                        main:1                       store@store.py:3  main:1
  run@/x/site-packages/big.py:7 lib@/x/site-packages/l.py:5           rare@rare.py:1
`);

const filesOf = (reader: Parameters<typeof hotSources>[1]): readonly string[] =>
  hotSources(session, reader).sources.map(([file]) => file);

test('files of the application first, then others by time; those with hardly any are not there', () => {
  expect(filesOf((file) => `text of ${file}`)).toEqual([
    '/app/main.py',
    '/app/store.py',
    '/x/site-packages/big.py',
    '/x/site-packages/l.py',
  ]);
});

test('what cannot be had is named', () => {
  const { sources, leftOut } = hotSources(session, (file) => (file.startsWith('/app') ? 'pass\n' : undefined));
  expect(sources).toEqual([
    ['/app/main.py', 'pass\n'],
    ['/app/store.py', 'pass\n'],
  ]);
  expect(leftOut).toEqual([
    ['/x/site-packages/big.py', 'unreadable'],
    ['/x/site-packages/l.py', 'unreadable'],
  ]);
  expect(hotSources(session, undefined).sources).toEqual([]);
});

test('bytes are counted, not characters; smaller files still find room', () => {
  const sizes: Readonly<Record<string, number>> = { '/app/main.py': mostSourceBytes / 2, '/app/store.py': 10 };
  const { sources, leftOut } = hotSources(session, (file) => 'é'.repeat(sizes[file] ?? 1));
  expect(sources.map(([file]) => file)).toEqual(['/app/main.py']);
  expect(leftOut.map(([file, reason]) => `${file} ${reason}`)).toEqual([
    '/app/store.py no room',
    '/x/site-packages/big.py no room',
    '/x/site-packages/l.py no room',
  ]);
  expect(hotSources(session, (file) => 'é'.repeat(file === '/app/main.py' ? mostSourceBytes : 1)).sources).toHaveLength(
    3,
  );
});

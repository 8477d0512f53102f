import { expect, test } from 'vitest';
import { fnmatch } from './fnmatch.ts';

// What Python's fnmatch.fnmatchcase says of the same.
test.each<[pattern: string, matching: readonly string[], other: readonly string[]]>([
  ['', [''], ['a']],
  ['a.py', ['a.py'], ['aXpy', 'a.pyc', 'xa.py', 'A.py']],
  ['*', ['', 'a', 'a/b', 'a\nb', '😀'], []],
  ['**/lib/***', ['/lib/', 'a/lib/b/c'], ['lib/a']],
  ['*/django/*', ['/x/django/y.py', '/x/django/y/z.py'], ['django/y.py', '/x/django']],
  ['??', ['ab', '😀x'], ['😀', 'a']],
  ['?', ['a', '/', '\n', '😀', 'ü'], ['', 'ab', '😀😀']],
  ['[abc]', ['a', 'c'], ['d', '', 'ab', '[abc]']],
  ['[!abc]', ['d', '😀', '\n'], ['a', '', 'dd']],
  ['[a-c1-3]x', ['bx', '3x'], ['-x', 'dx']],
  ['[c-a]', [], ['a', 'b', 'c', '-']],
  ['[!c-a]', ['b', '😀'], ['']],
  ['[a-]', ['a', '-'], ['b']],
  ['[]a]', [']', 'a'], ['b']],
  ['[!]a]', ['b'], [']', 'a']],
  ['[]', ['[]'], [']']],
  ['[!]', ['[!]'], []],
  ['[a', ['[a'], ['a']],
  ['[^a]', ['^', 'a'], ['b']],
  ['[\\d]', ['\\', 'd'], ['1']],
  ['[😀]', ['😀'], ['\ud83d', '😁']],
  ['[!😀]', ['😁', 'a'], ['😀']],
  ['a+(b)$|^{2}\\', ['a+(b)$|^{2}\\'], ['ab', 'aab']],
])('%j', (pattern, matching, other) => {
  for (const text of matching) expect(fnmatch(text, pattern), text).toBe(true);
  for (const text of other) expect(fnmatch(text, pattern), text).toBe(false);
});

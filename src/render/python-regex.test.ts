import { expect, test } from 'vitest';
import { pythonRegex } from './python-regex.ts';

// What Python's re.match says of the same.
test.each<[pattern: string, matching: readonly string[], other: readonly string[]]>([
  ['', ['', 'a'], []],
  ['a|b', ['ax', 'bx'], ['xa', '\na']],
  ['.*/lib/', ['/lib/x', 'a/lib/b'], ['lib/', 'a\n/lib/']],
  ['(?i)ABC', ['abc', 'AbCd'], ['xabc']],
  ['(?s).*b', ['a\nb'], ['a\nc']],
  ['(?i)(?s)A.*B', ['a\nb'], []],
  ['(?m)b$', ['b\nc'], ['a\nb']],
  ['(?au)a', ['a'], ['b']],
  ['(?P<word>\\w+) (?P=word)', ['ab ab'], ['ab cd']],
  ['\\Aa\\Z', ['a'], ['ab', 'ba']],
  ['(?m)\\Aa\\Z', ['a'], ['a\nb', 'b\na']],
  ['a(?# the rest )b', ['ab'], ['a']],
  ['a{,2}b', ['b', 'aab'], ['aaab', 'a{,2}b']],
  ['a{1,2}b', ['ab', 'aab'], ['aaab', 'b']],
  ['[]a]+$', [']a]'], ['b']],
  ['[^]a]+$', ['bc'], [']', 'a']],
  ['[(?P<x>]+$', ['(?P<x>'], ['y']],
  ['[\\]{,2}]+$', [']', '{,2}'], ['3']],
  ['\\\\A', ['\\A'], ['A']],
  ['\\(?P<x>', ['(P<x>', 'P<x>'], ['x']],
  ['\\[', ['['], ['a']],
])('%j', (pattern, matching, other) => {
  for (const text of matching) expect(pythonRegex(pattern).test(text), text).toBe(true);
  for (const text of other) expect(pythonRegex(pattern).test(text), text).toBe(false);
});

test.each(['(', '[', '(?x) a b', '(?P<1>a)', '(a)?(?(1)b|c)', 'a++', '(?>a)'])('%j is refused', (pattern) => {
  expect(() => pythonRegex(pattern)).toThrow(SyntaxError);
});

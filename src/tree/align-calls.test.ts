import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignCalls } from './align-calls.ts';
import type { CallNode } from './call-node.ts';
import { shortPaths } from './short-path.ts';

interface Written {
  readonly name: string;
  readonly file: string | null;
  readonly line: number;
  readonly className: string | null;
}

function call({ name, file, line, className }: Written): CallNode {
  const identifier = file === null ? name : `${name}\0${file}\0${line}`;
  const frame = { identifier, kind: 'python', functionName: name, file, firstLine: line } as const;
  return { frame, className, classSeconds: null, hidden: false, time: 1, absorbedTime: 0, children: [] };
}

/** `Class.name@file:line` for each. */
function calls(text: string): readonly CallNode[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [, className = null, name = '', file = null, line = '0'] =
        /^(?:(\w+)\.)?([^@]+)(?:@(.+):(\d+))?$/.exec(word) ?? [];
      return call({ name, file, line: Number(line), className });
    });
}

function align(before: string, after: string, sysPath: readonly string[] = ['/old', '/new']): readonly string[] {
  const shortPath = shortPaths(sysPath);
  const place = (node: CallNode | null): string =>
    node === null ? '-' : `${node.frame.functionName}:${node.frame.firstLine}`;
  return alignCalls(calls(before), calls(after), { before: shortPath, after: shortPath }).map(
    (pair) => `${place(pair.before)} ${place(pair.after)}`,
  );
}

test.each([
  ['equal in all', 'f@/a.py:1 g@/a.py:9', 'g@/a.py:9 f@/a.py:1', ['g:9 g:9', 'f:1 f:1']],
  ['moved within the file', 'f@/a.py:1', 'f@/a.py:12', ['f:1 f:12']],
  ['in another file', 'f@/a.py:1', 'f@/b.py:1', ['- f:1', 'f:1 -']],
  ['of another class', 'A.f@/a.py:1', 'B.f@/a.py:2', ['- f:2', 'f:1 -']],
  ['of another class in the same place', 'A.f@/a.py:1', 'B.f@/a.py:1', ['f:1 f:1']],
  ['in another checkout', 'f@/old/app/a.py:1', 'f@/new/app/a.py:3', ['f:1 f:3']],
  ['without a file', '[self]', '[self]', ['[self]:0 [self]:0']],
  ['new and gone', 'f@/a.py:1', 'g@/a.py:1', ['- g:1', 'f:1 -']],
  ['the same place first', 'f@/a.py:1 f@/a.py:5', 'f@/a.py:5 f@/a.py:9', ['f:5 f:5', 'f:1 f:9']],
])('%s', (_, before, after, pairs) => {
  expect(align(before, after)).toEqual(pairs);
});

test('several of one name are paired in the order of their lines', () => {
  expect(align('f@/a.py:30 f@/a.py:10', 'f@/a.py:12 f@/a.py:33')).toEqual(['f:10 f:12', 'f:30 f:33']);
});

test('where there are more on one side, the nearest lines are paired', () => {
  expect(align('f@/a.py:10 f@/a.py:20 f@/a.py:30', 'f@/a.py:11 f@/a.py:31')).toEqual([
    'f:10 f:11',
    'f:30 f:31',
    'f:20 -',
  ]);
  expect(align('f@/a.py:31', 'f@/a.py:10 f@/a.py:20 f@/a.py:30')).toEqual(['- f:10', '- f:20', 'f:31 f:30']);
});

test('whatever is aligned, each call is in one pair, and every call has the pair that equals it', () => {
  const written = fc.record({
    name: fc.constantFrom('f', 'g'),
    file: fc.constantFrom(null, '/old/a.py', '/new/a.py', '/b.py'),
    line: fc.nat(4),
    className: fc.constantFrom(null, 'A'),
  });
  const siblings = fc.uniqueArray(written.map(call), { selector: (node) => node.frame.identifier, maxLength: 12 });
  const shortPath = shortPaths(['/old', '/new']);
  fc.assert(
    fc.property(siblings, siblings, (before, after) => {
      const pairs = alignCalls(before, after, { before: shortPath, after: shortPath });
      expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after);
      expect(new Set(pairs.flatMap((pair) => pair.before ?? []))).toEqual(new Set(before));
      expect(pairs.flatMap((pair) => pair.before ?? [])).toHaveLength(before.length);
      for (const node of after) {
        const equal = before.find((other) => other.frame.identifier === node.frame.identifier);
        if (equal !== undefined) expect(pairs.find((pair) => pair.after === node)?.before).toBe(equal);
      }
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { recursiveSession, sessionOfStacks } from '../../test/support/stacks.ts';
import type { Session } from '../session/session.ts';
import { displayName } from './call-node.ts';
import { buildFunctionTable, type FunctionTable } from './function-table.ts';
import { stackIndex } from './stack-index.ts';

function tableOf(session: Session): FunctionTable {
  return buildFunctionTable(session, session.threads);
}

/** A line for each function, then its callers (`<`) and callees (`>`); of each `self/total from places`. */
function written(text: string | WrittenSession): string {
  const { functions, total } = tableOf(sessionFromText(text));
  const name = (position: number): string => displayName(functions[position] as (typeof functions)[number]);
  const numbers = (times: { self: number; total: number; callSites: number }): string =>
    `${times.self}/${times.total} from ${times.callSites}`;
  const rows = functions.flatMap((entry) => [
    `${displayName(entry)} ${numbers(entry)}`,
    ...entry.callers.map((call) => `  < ${name(call.function)} ${numbers(call)}`),
    ...entry.callees.map((call) => `  > ${name(call.function)} ${numbers(call)}`),
  ]);
  return [...rows, `all ${total}`].join('\n');
}

test('own and total times, callers and callees', () => {
  const text = `
  1       2        4        8       16
  main:1  main:1   main:2   main:3  main:3
          load:10  load:11  price
          read()   read()   read()
`;
  expect(written(text)).toMatchInlineSnapshot(`
    "main 17/31 from 0
      > price 0/8 from 1
      > load 0/6 from 2
    read 14/14 from 3
      < price 8/8 from 1
      < load 6/6 from 2
    load 0/6 from 2
      < main 0/6 from 2
      > read 6/6 from 2
    price 0/8 from 1
      < main 0/8 from 1
      > read 8/8 from 1
    all 31"
  `);
});

test('a recursive call counts once in totals, also by way of others', () => {
  const text = `
  1     2     4     8
  main  main  main  main
  f     f     f     g
  f     g     f     f
  f     f     g
              f
`;
  expect(written(text)).toMatchInlineSnapshot(`
    "f 15/15 from 3
      < g 14/14 from 1
      < main 0/7 from 1
      < f 1/5 from 1
      > g 0/6 from 1
      > f 1/5 from 1
    main 0/15 from 0
      > g 0/8 from 1
      > f 0/7 from 1
    g 0/14 from 2
      < main 0/8 from 1
      < f 0/6 from 1
      > f 14/14 from 1
    all 15"
  `);
});

test('time that is awaited is the waiting function’s own, time without samples has a row', () => {
  const text = `
  1        2                  4              8
  main     main               [not sampled]
  [await]  [out-of-context]
`;
  expect(written(text)).toMatchInlineSnapshot(`
    "[not sampled] 4/4 from 0
    main 3/3 from 0
    all 15"
  `);
});

test('the class is the one with the most time', () => {
  const text = `
  1      2      1.5
  A.run  B.run  A.run
  go     go     go
`;
  expect(written(text).split('\n')).toContain('A.run 0/4.5 from 0');
});

test('several threads are added together, others are left out', () => {
  const session = sessionFromText({
    threads: [{ samples: '1\nf' }, { name: 'b', samples: '2\nf' }, { name: 'c', samples: '4\ng' }],
  });
  const { functions, total } = buildFunctionTable(session, session.threads.slice(0, 2));
  expect(functions.map(({ self }) => self)).toEqual([3]);
  expect(total).toBe(3);
});

test('the entry of a thread is no function', () => {
  const session = sessionOfStacks([[['MainThread', 'main'], 1]]);
  const frames = session.frames.map((frame, index) => (index === 0 ? { ...frame, kind: 'thread' as const } : frame));
  const { functions } = tableOf({ ...session, frames });
  expect(functions.map(displayName)).toEqual(['main']);
  expect(functions[0]?.callers).toEqual([]);
});

test('nothing', () => {
  expect(tableOf(sessionFromText({ threads: [] }))).toEqual({ functions: [], total: 0 });
});

/** By function or by pair of functions. */
interface Expected {
  readonly self: Map<string, number>;
  readonly total: Map<string, number>;
  readonly sites: Map<string, Set<string>>;
}

/** The same, sample by sample: each adds to every function and every pair that it shows once. */
function sampleBySample(session: Session): Expected {
  const { identity, identities } = stackIndex(session);
  const expected: Expected = { self: new Map(), total: new Map(), sites: new Map() };
  const add = (sums: Map<string, number>, keys: Iterable<string>, seconds: number): void => {
    for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + seconds);
  };
  for (const { stack, weight } of session.threads) {
    stack.forEach((innermost, row) => {
      const path: { readonly name: string; readonly line: number }[] = [];
      for (let at = innermost; at >= 0; at = session.stacks.parent[at] as number) {
        const frame = identities[identity[at] as number];
        if (frame === undefined || ['thread', 'await', 'out-of-context'].includes(frame.kind)) continue;
        path.push({ name: frame.identifier, line: session.stacks.line[at] as number });
      }
      const names = path.map(({ name }) => name);
      const pairs = path.slice(1).map((caller, index) => JSON.stringify([caller.name, names[index]]));
      add(expected.total, new Set([...names, ...pairs]), weight[row] as number);
      add(expected.self, [...names.slice(0, 1), ...pairs.slice(0, 1)], weight[row] as number);
      path.slice(1).forEach((caller, index) => {
        const pair = pairs[index] as string;
        expected.sites.set(pair, (expected.sites.get(pair) ?? new Set()).add(String(caller.line)));
      });
    });
  }
  return expected;
}

function close(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

describe.each([
  ['recursive', recursiveSession],
  ['small', arbitrarySession],
  ['any', anySession('outside')],
])('%s recordings', (_, sessions) => {
  test('have the sums of their samples', () => {
    fc.assert(
      fc.property(sessions, (session) => {
        const { self, total, sites } = sampleBySample(session);
        const { functions } = tableOf(session);
        const name = (position: number): string => functions[position]?.frame.identifier ?? '?';
        let pairs = 0;
        for (const entry of functions) {
          close(entry.self, self.get(entry.frame.identifier) ?? 0);
          close(entry.total, total.get(entry.frame.identifier) ?? Number.NaN);
          expect(entry.callSites).toBe(entry.callers.reduce((sum, call) => sum + call.callSites, 0));
          for (const call of entry.callers) {
            const pair = JSON.stringify([name(call.function), entry.frame.identifier]);
            close(call.self, self.get(pair) ?? 0);
            close(call.total, total.get(pair) ?? Number.NaN);
            expect(call.callSites).toBe(sites.get(pair)?.size);
            pairs++;
          }
        }
        expect(functions.length + pairs).toBe(total.size);
        expect(functions.reduce((sum, entry) => sum + entry.callees.length, 0)).toBe(pairs);
      }),
    );
  });
});

test('100,000 frames deep, and as wide', () => {
  const [deep] = tableOf(deepSession(100_000)).functions;
  expect(deep).toMatchObject({ self: 1, total: 1, callSites: 1 });
  const wide = sessionOfStacks(Array.from({ length: 100_000 }, (_, index) => [['main', `f${index}`], 1]));
  const table = tableOf(wide);
  expect(table.functions).toHaveLength(100_001);
  expect(table.functions.at(-1)).toMatchObject({ self: 0, total: 100_000 });
});

test('time in which a thread was idle comes after all functions', () => {
  const session = sessionFromText('1  9    2\nf  idle g');
  const frames = session.frames.map((frame) =>
    frame.functionName === 'idle' ? { ...frame, kind: 'idle' as const } : frame,
  );
  expect(tableOf({ ...session, frames }).functions.map(displayName)).toEqual(['g', 'f', 'idle']);
});

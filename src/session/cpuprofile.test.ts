import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { expectSeconds, stackSeconds } from '../../test/support/stack-seconds.ts';
import { ids, type Json, profile, read, refusal, shop, trees } from '../../test/support/v8-profiles.ts';
import { cpuprofileRenderer } from '../render/cpuprofile.ts';
import { parseCpuProfile } from './cpuprofile-reader.ts';
import { noScripts, type Scripts } from './javascript-scripts.ts';

const { root, program, idle, collector, main, price, total } = ids;

describe('samples', () => {
  test('last until the next one, the last until the end; what came before the first is left out', () => {
    const session = read(profile([main, price, total, idle], [5000, 1000, 2000, 4000], { endTime: 21_000 }));
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "0.015 MainThread
        0.007 <module>
          0.001 [self]
          0.006 price
            0.002 [self]
            0.004 total
              0.004 [self]
        0.008 (idle)
          0.008 [self]",
      ]
    `);
    const thread = mainThreadOf(session);
    expect([...thread.weight]).toEqual([0.001, 0.002, 0.004, 0.008]);
    expect([...thread.state]).toEqual([1, 1, 1, 0]);
    expect(session.frames).toMatchObject([
      { kind: 'javascript', functionName: '<module>', file: '/srv/shop.js', firstLine: 1 },
      { functionName: 'price', file: '/srv/shop.js', firstLine: 3, className: null },
      { functionName: 'total', file: '/srv/lib.js', firstLine: 9 },
      { kind: 'idle', functionName: '(idle)', file: null },
    ]);
    expect(session.meta).toMatchObject({ engine: 'v8', sampleCount: 4, duration: 0.015, cpuTime: 0.007 });
    expect(session.processes).toMatchObject([{ sysPath: ['/srv'], runtime: 'other' }]);
  });

  test('out of order are put in order', () => {
    const session = read(profile([main, total, price], [1000, 5000, -3000], { endTime: 9000 }));
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "0.007 <module>
        0.002 [self]
        0.005 price
          0.003 [self]
          0.002 total
            0.002 [self]",
      ]
    `);
  });

  test('may be missing: hits say as much', () => {
    const nodes = shop.map((node) => ({ ...node, hitCount: node['id'] === total ? 3 : node['id'] === main ? 1 : 0 }));
    expect(trees(read({ nodes, startTime: 0, endTime: 8e6 }))).toMatchInlineSnapshot(`
      [
        "8 <module>
        2 [self]
        6 price
          6 total
            6 [self]",
      ]
    `);
  });

  test('of nothing', () => {
    expect(read({ nodes: [], startTime: 0, endTime: 0, samples: [], timeDeltas: [] }).meta.duration).toBe(0);
    expect(read({ nodes: shop, startTime: 5, endTime: 9 }).meta).toMatchObject({ sampleCount: 0, duration: 0 });
  });

  test('without an end', () => {
    expect([...mainThreadOf(read(profile([main, price], [0, 1000], { endTime: undefined }))).weight]).toEqual([
      0.001, 0,
    ]);
  });
});

test('garbage collection is on top of what it interrupts', () => {
  const session = read(
    profile([price, collector, collector, idle, collector, main], [0, 1000, 1000, 1000, 1000, 1000]),
  );
  expect(trees(session)).toMatchInlineSnapshot(`
    [
      "0.099 MainThread
      0.003 <module>
        0.003 price
          0.001 [self]
          0.002 (garbage collector)
            0.002 [self]
      0.001 (idle)
        0.001 [self]
      0.001 (garbage collector)
        0.001 [self]
      0.094 <module>
        0.094 [self]",
    ]
  `);
});

test('a lone stack that V8 could not read is that of the sample before', () => {
  const session = read(
    profile([price, program, total, program, idle, program, program, main], [0, ...Array(7).fill(1000)]),
  );
  expect(trees(session)).toMatchInlineSnapshot(`
    [
      "0.099 MainThread
      0.003 <module>
        0.003 price
          0.002 [self]
          0.001 total
            0.001 [self]
      0.001 (program)
        0.001 [self]
      0.001 (idle)
        0.001 [self]
      0.002 (program)
        0.002 [self]
      0.092 <module>
        0.092 [self]",
    ]
  `);
  expect(session.meta.quality).toMatchObject({ samples: 8, incompleteSamples: 1 });
});

test('nodes may name their callers', () => {
  const nodes = shop.map((node) => ({ ...node, children: undefined, parent: callerOf(node['id']) }));
  const samples = [total, root, main];
  const deltas = [0, 1000, 1000];
  expect(trees(read({ ...profile(samples, deltas), nodes }))).toEqual(trees(read(profile(samples, deltas))));
});

function callerOf(id: unknown): unknown {
  return shop.find((node) => (node['children'] as number[]).includes(id as number))?.['id'];
}

describe('lines', () => {
  const withTicks = (ticks: readonly (readonly [number, number])[]): readonly Json[] =>
    shop.map((node) =>
      node['id'] === price ? { ...node, positionTicks: ticks.map(([line, count]) => ({ line, ticks: count })) } : node,
    );

  /** Milliseconds by line. */
  function lineTimes(ticks: readonly (readonly [number, number])[], samples: number, scripts?: Scripts): Json {
    const deltas = Array<number>(samples).fill(1000);
    const session = read(
      {
        ...profile(Array(samples).fill(price), deltas),
        nodes: withTicks(ticks),
        endTime: 1000 + samples * 1000 + 1000,
      },
      scripts,
    );
    const sums: Record<string, number> = {};
    mainThreadOf(session).stack.forEach((stack, row) => {
      const line = session.stacks.line[stack] as number;
      sums[line] = Math.round((sums[line] ?? 0) + (mainThreadOf(session).weight[row] as number) * 1000);
    });
    return sums;
  }

  test('have as many samples as they were met', () => {
    expect(
      lineTimes(
        [
          [4, 6],
          [5, 3],
          [7, 1],
        ],
        10,
      ),
    ).toEqual({ 4: 6, 5: 3, 7: 1 });
    expect(
      lineTimes(
        [
          [4, 60],
          [5, 30],
          [7, 10],
        ],
        10,
      ),
    ).toEqual({ 4: 6, 5: 3, 7: 1 });
    expect(
      lineTimes(
        [
          [4, 2 ** 52],
          [5, 2 ** 52],
        ],
        10,
      ),
    ).toEqual({ 4: 5, 5: 5 });
    expect(lineTimes([[4, 0]], 10)).toEqual({ '-1': 10 });
  });

  test('before the function are those of others', () => {
    expect(
      lineTimes(
        [
          [1, 5],
          [4, 5],
        ],
        10,
      ),
    ).toEqual({ '-1': 5, 4: 5 });
  });

  test('behind the function are those of others', () => {
    const text = '\n\nfunction price(a) {\n  return a;\n}\n\nother();\n';
    const scripts: Scripts = {
      script: (url) => ({ ...noScripts.script(url), text: url.endsWith('shop.js') ? text : undefined }),
      sourceText: () => undefined,
    };
    expect(
      lineTimes(
        [
          [4, 5],
          [7, 2],
          [530, 3],
        ],
        10,
        scripts,
      ),
    ).toEqual({ '-1': 5, 4: 5 });
  });
});

describe('what is wrong is told', () => {
  const node = { id: 1, callFrame: { functionName: 'f' } };
  test.each([
    [profile([main], [0, 1]), 'timeDeltas: expected 1 entries, one for each sample, found 2'],
    [profile([99], [0]), 'samples[0]: there is no node 99'],
    [profile(['1'], [0]), 'samples[0]: expected a number, found a string'],
    [profile([main], ['0']), 'timeDeltas[0]: expected a number, found a string'],
    [profile([main], [1e30]), 'timeDeltas[0]: the time is too large'],
    [profile([main], [0], { startTime: -1e40 }), 'startTime: the time is too large'],
    [profile([main], [0], { nodes: {} }), 'nodes: expected a list, found an object'],
    [profile([], [], { nodes: [node, node] }), 'nodes[1].id: there is another node 1'],
    [profile([], [], { nodes: [{ ...node, parent: 1 }] }), 'nodes[0].parent: there is no node 1'],
    [profile([], [], { nodes: [{ ...node, children: [1] }] }), 'nodes: node 0 is among its own callers'],
    [
      profile([], [], {
        nodes: [
          { ...node, children: [2, 3] },
          { ...node, id: 2, children: [3] },
          { ...node, id: 3 },
        ],
      }),
      'nodes[1].children[0]: it has a caller already',
    ],
    [
      profile([], [], { nodes: [{ id: 1, callFrame: {} }] }),
      'nodes[0].callFrame.functionName: expected a string, found nothing',
    ],
    [
      profile([], [], { nodes: [{ ...node, positionTicks: [{ line: -1, ticks: 1 }] }] }),
      'nodes[0].positionTicks[0].line: expected a number that is not negative, found -1',
    ],
  ])('%#', (json, message) => {
    expect(refusal(json)).toBe(message);
  });
});

test('what this program has written is read again', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      // Time without a frame has a name, in the file.
      fc.pre(!mainThreadOf(session).stack.includes(-1));
      const again = parseCpuProfile(cpuprofileRenderer.render(session) as string, 'x');
      const before = stackSeconds(session, [mainThreadOf(session)], () => null);
      const after = stackSeconds(again, again.threads, () => null);
      expectSeconds(after, before, 1.01e-6 * mainThreadOf(session).weight.length);
    }),
    { numRuns: 50 },
  );
});

test('100,000 calls deep', () => {
  const nodes = Array.from({ length: 100_000 }, (_, index) => ({
    id: index,
    callFrame: { functionName: `f${index % 3}`, url: 'a.js' },
    children: index < 99_999 ? [index + 1] : [],
  }));
  const session = read({ nodes, startTime: 0, endTime: 2000, samples: [99_999], timeDeltas: [1000] });
  expect(session.stacks.parent).toHaveLength(100_000);
});

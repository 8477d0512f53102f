import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { treeToText } from '../../test/support/session-from-text.ts';
import { expectSeconds, stackSeconds } from '../../test/support/stack-seconds.ts';
import { cpuprofileRenderer } from '../render/cpuprofile.ts';
import { buildTimeline } from '../tree/timeline.ts';
import { TimesinkError } from '../util/errors.ts';
import { SessionBuilder } from './builder.ts';
import { Place } from './check.ts';
import { readProfile } from './cpuprofile-profile.ts';
import { parseCpuProfile } from './cpuprofile-reader.ts';
import { addCpuProfile } from './cpuprofile-thread.ts';
import { JavaScriptFrames } from './javascript-frames.ts';
import { noScripts, type Script, type Scripts } from './javascript-scripts.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';

type Json = Readonly<Record<string, unknown>>;

/** `depth name@url:line:column` for each node, line and column counted from 1; ids count from 1. */
function nodesOf(text: string): Json[] {
  const open: Json[] = [];
  return text
    .trim()
    .split('\n')
    .map((row, index) => {
      const [, indent = '', functionName = '', url = '', line = '0', column = '1'] =
        /^( *)([^@]*)(?:@(\S+?):(\d+)(?::(\d+))?)?$/.exec(row.replace(/^ {4}/, '')) ?? [];
      const isCode = url !== '';
      const node = {
        id: index + 1,
        callFrame: {
          functionName,
          scriptId: isCode ? '9' : '0',
          url,
          lineNumber: Number(line) - 1,
          columnNumber: isCode ? Number(column) - 1 : -1,
        },
        hitCount: 0,
        children: [] as number[],
      };
      const depth = indent.length / 2;
      open[depth] = node;
      (open[depth - 1]?.['children'] as number[] | undefined)?.push(index + 1);
      return node;
    });
}

const shop = nodesOf(`
    (root)
      (program)
      (idle)
      (garbage collector)
      @file:///srv/shop.js:1:1
        price@file:///srv/shop.js:3:15
          total@file:///srv/lib.js:9:9`);

const [root, program, idle, collector, main, price, total] = [1, 2, 3, 4, 5, 6, 7];

function profile(samples: readonly unknown[], timeDeltas: readonly unknown[], changes: Json = {}): Json {
  return { nodes: shop, startTime: 1000, endTime: 100_000, samples, timeDeltas, ...changes };
}

const read = (json: unknown, scripts?: Scripts): Session =>
  parseCpuProfile(JSON.stringify(json), 'x.cpuprofile', scripts);

/** The tree in order of time of each thread. */
const trees = (session: Session): readonly string[] =>
  session.threads.map((thread) => treeToText(buildTimeline(session, thread)));

function refusal(json: unknown): string | null {
  try {
    read(json);
    return null;
  } catch (error) {
    if (!(error instanceof TimesinkError)) throw error;
    expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringMatching(/^x\.cpuprofile: /) });
    return error.message.slice('x.cpuprofile: '.length);
  }
}

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

test('wherever a function is defined, and whatever it is', () => {
  const nodes = nodesOf(`
    (root)
      @node:internal/timers:500:20
        @evalmachine.<anonymous>:1:1
          a@http://localhost/app.js:1:5100
            longName@http://localhost/app.js:1:5200
              @http://localhost/app.js:1:5300
                wasm-function[3]@wasm://wasm/3e21d0f2:1:77
                  Quote.total@file:///srv/a%20b.ts:5:3
                    map
                      Box.price@file:///srv/app.py:7:1`);
  const session = read({ nodes, startTime: 0, endTime: 9000, samples: [10], timeDeltas: [0] });
  expect(
    session.frames.map(({ kind, className, functionName, file, firstLine }) => [
      kind,
      className,
      functionName,
      `${file}:${firstLine}`,
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        "python",
        "Box",
        "price",
        "/srv/app.py:7",
      ],
      [
        "builtin",
        null,
        "map",
        "<built-in>:0",
      ],
      [
        "javascript",
        "Quote",
        "total",
        "/srv/a b.ts:5",
      ],
      [
        "javascript",
        null,
        "wasm-function[3]",
        "wasm://wasm/3e21d0f2:0",
      ],
      [
        "javascript",
        null,
        "(anonymous) (column 5300)",
        "http://localhost/app.js:1",
      ],
      [
        "javascript",
        null,
        "longName",
        "http://localhost/app.js:1",
      ],
      [
        "javascript",
        null,
        "a (column 5100)",
        "http://localhost/app.js:1",
      ],
      [
        "javascript",
        null,
        "<module>",
        "evalmachine.<anonymous>:1",
      ],
      [
        "javascript",
        null,
        "(anonymous)",
        "node:internal/timers:500",
      ],
    ]
  `);
});

test('a file that is not what ran says nothing', () => {
  const text = 'function other(a) {\n  load();\n}\n';
  const scripts: Scripts = { ...noScripts, script: (url) => ({ ...noScripts.script(url), text }) };
  const nodes = nodesOf(`
    price@/srv/a.js:1:15
      load@/srv/b.js:9:1`);
  const session = read({ nodes, startTime: 0, endTime: 9, samples: [2], timeDeltas: [0] }, scripts);
  expect(session.frames).toContainEqual(expect.objectContaining({ functionName: 'price', firstLine: 1 }));
  expect([...session.stacks.line]).toEqual([-1, -1]);
  const right = {
    ...scripts,
    script: (url: string) => ({ ...scripts.script(url), text: text.replace('other', 'price') }),
  };
  const known = read({ nodes, startTime: 0, endTime: 9, samples: [2], timeDeltas: [0] }, right);
  expect([...known.stacks.line]).toEqual([2, -1]);
});

test('kinds survive the format of pyinstrument', () => {
  const session = read(profile([price, collector, idle, program], [0, 1000, 1000, 1000]));
  const again = parsePyisession(formatPyisession(session), 'x');
  const kinds = ({ frames }: Session): string[] =>
    frames.map(({ kind, functionName }) => `${functionName} ${kind}`).sort();
  // The format puts the thread below everything.
  expect(kinds(again)).toEqual(['MainThread thread', ...kinds(session)].sort());
});

test('what V8 runs for a class by itself', () => {
  const text = 'class Quote {\n  rows = load();\n  static all = [];\n}\nexport const Other = class {};\n';
  const scripts: Scripts = { ...noScripts, script: (url) => ({ ...noScripts.script(url), text }) };
  const nodes = nodesOf(`
    Quote@/srv/a.js:1:1
      Quote@/srv/a.js:2:3
        <instance_members_initializer>@/srv/a.js:1:1
          <static_initializer>@/srv/a.js:1:1
            Other@/srv/a.js:5:22
              Quote@/srv/a.js:5:1`);
  const { frames } = read({ nodes, startTime: 0, endTime: 9, samples: [6], timeDeltas: [0] }, scripts);
  const names = frames.map(({ className, functionName }) => `${className}.${functionName}`);
  expect(names.reverse()).toEqual([
    ...['Quote.constructor', 'Quote.<fields>', 'Quote.<fields>', 'Quote.<static fields>', 'Other.constructor'],
    'null.Quote',
  ]);
});

test('what Node.js says in the name of its files', () => {
  const text = JSON.stringify(profile([main], [0]));
  const session = parseCpuProfile(text, 'out/CPU.20261122.221449.4711.3.001.cpuprofile');
  expect(new Date(session.meta.startTime * 1000).toString()).toContain('Nov 22 2026 22:14:49');
  expect(session.meta.description).toBe('CPU profile: CPU.20261122.221449.4711.3.001.cpuprofile');
  expect(session.processes).toMatchObject([{ pid: 4711 }]);
  expect(session.threads).toMatchObject([{ tid: 3, name: 'MainThread', isMain: true }]);
  expect(parseCpuProfile(text, '-').meta).toMatchObject({ description: 'CPU profile', startTime: 0 });
});

describe('our own form', () => {
  function addOwn(json: Json, scripts: Scripts = noScripts): Session {
    const builder = new SessionBuilder();
    const template = read(profile([], []));
    for (const process of template.processes) builder.addProcess(process);
    const [thread] = template.threads;
    if (thread === undefined) throw new Error('no thread');
    const frames = new JavaScriptFrames(builder, scripts);
    addCpuProfile(builder, builder.addThread(thread), readProfile(new Place('x', '', json), 'own'), frames);
    return builder.finish(template.meta);
  }

  const waiting = [
    ...shop,
    { id: 8, parent: price, callFrame: { functionName: '[await]' }, frameKind: 'await', waits: true },
    {
      id: 9,
      parent: main,
      callFrame: { functionName: 'price', url: 'file:///srv/shop.js', lineNumber: -1 },
      line: 5,
      column: 3,
    },
    { id: 10, parent: 9, callFrame: { functionName: '[await]' }, frameKind: 'await', waits: true },
  ];

  test('has awaits, and frames known by where they were', () => {
    const session = addOwn({ nodes: waiting, startTime: 0, samples: [price, 8, 10], timeDeltas: [1000, 2000, 3000] });
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "0.006 <module>
        0.006 price
          0.001 [self]
          0.005 [await]",
      ]
    `);
    expect([...mainThreadOf(session).state]).toEqual([1, 0, 0]);
    expect([...session.stacks.line]).toContain(5);
  });

  test('has frames known by where they were in what was transformed', () => {
    const text = 'class Store {\n  async load() {\n    await get();\n  }\n}\n';
    const transformed: Script = {
      ...{ text: undefined, isMapped: true, onlySource: '/srv/a.ts', originalLine: () => null },
      original: (_, columnNumber) => ({
        file: '/srv/a.ts',
        lineNumber: columnNumber > 40 ? 2 : 1,
        columnNumber: 6,
        name: null,
      }),
    };
    const scripts: Scripts = { script: () => transformed, sourceText: () => text };
    const load = { functionName: 'load', url: 'file:///srv/a.ts' };
    const nodes = [
      { id: 1, callFrame: { ...load, lineNumber: -1 }, line: 2, column: 50 },
      { id: 2, callFrame: { ...load, lineNumber: 1, columnNumber: 17 } },
    ];
    const session = addOwn({ nodes, samples: [1, 2], timeDeltas: [1, 1] }, scripts);
    expect(session.frames).toMatchObject([
      { className: 'Store', functionName: 'load', file: '/srv/a.ts', firstLine: 2 },
    ]);
    expect([...session.stacks.line]).toEqual([3, -1]);
  });

  test('is checked, too', () => {
    const broken = { id: 8, callFrame: { functionName: '' }, frameKind: 'other' };
    expect(() => addOwn({ nodes: [broken], samples: [], timeDeltas: [] })).toThrow(
      'nodes[0].frameKind: expected one of',
    );
    expect(() => addOwn({ nodes: shop, samples: [1], timeDeltas: [-1] })).toThrow('timeDeltas[0]: ');
  });
});

describe('traces of Chrome', () => {
  const event = (name: string, data: unknown, changes: Json = {}): Json => ({
    ...{ name, ph: 'P', id: '0x1', pid: 7, tid: 70, ts: 5, cat: 'v8' },
    args: { data },
    ...changes,
  });
  const frame = (functionName: string): Json => ({
    functionName,
    url: 'http://a/b.js',
    lineNumber: 1,
    columnNumber: 2,
  });
  const events = [
    { name: 'thread_name', ph: 'M', pid: 7, tid: 70, args: { name: 'CrRendererMain' } },
    { name: 'thread_name', ph: 'M', pid: 7, tid: 71, args: { name: 'Worker' } },
    event('Profile', { startTime: 900 }, { id: '0x2', tid: 71 }),
    event('Profile', { startTime: 1000 }),
    event('ProfileChunk', {
      cpuProfile: { nodes: [{ id: 1, callFrame: frame('main') }], samples: [1, 1] },
      timeDeltas: [500, 1000],
      lines: [4, 5],
    }),
    event('ProfileChunk', {
      cpuProfile: { samples: [2], nodes: [{ id: 2, parent: 1, callFrame: frame('load') }] },
      timeDeltas: [1000],
    }),
    event('ProfileChunk', { cpuProfile: { samples: [2] }, timeDeltas: [1000] }, { tid: 99 }),
    event('ProfileChunk', { endTime: 8500 }, { tid: 99 }),
    event(
      'ProfileChunk',
      { cpuProfile: { nodes: [{ id: 1, callFrame: frame('work') }], samples: [1, 1] }, timeDeltas: [100, 1000] },
      { id: '0x2' },
    ),
    { name: 'Other', ph: 'X' },
    null,
  ];

  test.each([
    ['an object', { traceEvents: events }],
    ['a list', events],
  ])('as %s', (_, json) => {
    const session = read(json);
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "0.007 main
        0.001 [self]
        0.001 [self]
        0.005 load
          0.005 [self]",
        "0.001 work
        0.001 [self]",
      ]
    `);
    expect(session.threads).toMatchObject([
      { name: 'MainThread', isMain: true, tid: 70, start: 0.0005 },
      { name: 'Worker', isMain: false, tid: 71, start: 0 },
    ]);
    expect(session.processes).toMatchObject([{ pid: 7 }]);
    expect([...session.stacks.line]).toEqual([4, 5, -1, -1, -1]);
  });

  test('without a profile are no recordings', () => {
    expect(refusal([event('Other', {})])).toBe('there is no CPU profile among the events');
    expect(refusal({ traceEvents: 7 })).toBe('traceEvents: expected a list, found a number');
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

import { expect, test } from 'vitest';
import { ids, nodesOf, profile, read } from '../../test/support/v8-profiles.ts';
import { parseCpuProfile } from './cpuprofile-reader.ts';
import { noScripts, type Scripts } from './javascript-scripts.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';

const { program, idle, collector, main, price } = ids;

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
  const ticks = nodes.map((node) => ({ ...node, positionTicks: [{ line: 9, ticks: 1 }] }));
  const session = read({ nodes: ticks, startTime: 0, endTime: 9, samples: [2], timeDeltas: [0] }, scripts);
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

import { describe, expect, test } from 'vitest';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { ids, type Json, profile, read, shop, trees } from '../../test/support/v8-profiles.ts';
import { SessionBuilder } from './builder.ts';
import { Place } from './check.ts';
import { readProfile } from './cpuprofile-profile.ts';
import { addCpuProfile } from './cpuprofile-thread.ts';
import { JavaScriptFrames } from './javascript-frames.ts';
import { noScripts, type Script, type Scripts } from './javascript-scripts.ts';
import type { Session } from './session.ts';

const { main, price } = ids;

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

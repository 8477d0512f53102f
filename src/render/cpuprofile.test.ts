import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { absurdTimes } from '../../test/support/format-sessions.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { SessionBuilder } from '../session/builder.ts';
import type { FrameInfo, Session } from '../session/session.ts';
import { buildCallTree } from '../tree/call-tree.ts';
import { cpuprofileRenderer } from './cpuprofile.ts';
import type { RenderOptions } from './renderer.ts';

/** What V8's inspector protocol says of Profiler.Profile, as far as it is used. */
interface Written {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly hitCount: number;
    readonly children: readonly number[];
    readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
  }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function written(session: Session, options: RenderOptions = {}): Written {
  return JSON.parse(cpuprofileRenderer.render(session, options) as string) as Written;
}

/** One line for each node: its ticks, its name, its place, and its lines with their ticks. */
function outline({ nodes }: Written): string {
  const depths = new Map<number, number>([[1, 0]]);
  return nodes
    .map(({ id, callFrame: { functionName, url, lineNumber }, hitCount, children, positionTicks = [] }) => {
      const depth = depths.get(id) ?? Number.NaN;
      for (const child of children) depths.set(child, depth + 1);
      const lines = positionTicks.map(({ line, ticks }) => ` L${line}:${ticks}`).join('');
      return `${'  '.repeat(depth)}${hitCount} ${functionName} ${url}:${lineNumber}${lines}`;
    })
    .join('\n');
}

test('one node for each path of functions, ticks by line', () => {
  const session = sessionFromText(`
    0.002         0.001          0.004          0.003        0.5w
    <module>:9    <module>:9     <module>:9     <module>:8   <module>:7
    Box.price:3   Box.price:4    Box.price:3    sum()        [not sampled]`);
  const profile = written(session);
  expect(outline(profile)).toMatchInlineSnapshot(`
    "0 (root) :-1
      0 <module> file:///app/main.py:0
        7000 Box.price file:///app/main.py:0 L3:6000 L4:1000
        3000 sum :-1
        500000 [not sampled] :-1
      0 (idle) :-1"
  `);
  expect(profile).toMatchObject({
    startTime: 1,
    endTime: 510_001,
    samples: [3, 3, 3, 4, 5, 6],
    timeDeltas: [0, 2000, 1000, 4000, 3000, 500_000],
  });
});

test('time without any frame is idle or the program’s, by the state of the thread', () => {
  expect(outline(written(recordedSession()))).toMatchInlineSnapshot(`
    "0 (root) :-1
      0 <module> file:///srv/app.py:0
        750000 Box.price file:///srv/app.py:4 L7:750000
        250000 sleep :-1
      125000 (program) :-1
      0 (idle) :-1"
  `);
  expect(outline(written(sessionFromText('0.25 0.5w')))).toMatchInlineSnapshot(`
    "0 (root) :-1
      250000 (program) :-1
      500000 (idle) :-1"
  `);
});

test('frames of V8 keep the names that its readers know', () => {
  const builder = new SessionBuilder();
  const template = sessionFromText('1\nmain');
  const thread = builder.addThread(mainThreadOf(template));
  for (const process of template.processes) builder.addProcess(process);
  const frame = { functionName: 'x', file: null, firstLine: 0, className: null, hidden: false } as const;
  for (const kind of ['idle', 'gc'] as const) {
    thread.add(builder.stack([[builder.frame({ ...frame, kind }), -1]]), 1, 1);
  }
  expect(outline(written(builder.finish(template.meta)))).toMatchInlineSnapshot(`
    "0 (root) :-1
      1000000 (idle) :-1
      1000000 (garbage collector) :-1"
  `);
});

test('each thread in turn', () => {
  const session = sessionFromText({
    threads: [
      { name: 'worker', samples: '0.5\nrun:9' },
      { samples: '0.25\nmain:1' },
      { name: 'other', samples: '4\nchild', process: 1 },
    ],
    processes: [{}, {}],
  });
  expect(outline(written(session))).not.toContain('run');
  expect(outline(written(session, { threads: true }))).toMatchInlineSnapshot(`
    "0 (root) :-1
      0 MainThread :-1
        250000 main file:///app/main.py:0 L1:250000
      0 worker :-1
        500000 run file:///app/main.py:0 L9:500000
      0 (idle) :-1"
  `);
});

test('nothing recorded', () => {
  expect(written(sessionFromText({ threads: [] }))).toEqual({
    nodes: [
      expect.objectContaining({ id: 1, hitCount: 0, children: [2] }),
      expect.objectContaining({ id: 2, callFrame: expect.objectContaining({ functionName: '(idle)' }) }),
    ],
    startTime: 1,
    endTime: 1,
    samples: [2],
    timeDeltas: [0],
  });
});

test('names are data', () => {
  const session = sessionFromText('1\nmain:1');
  const names: Partial<FrameInfo> = { functionName: '__proto__', className: '"\n\ud800', file: '/a/#\ud800/%.py' };
  const renamed = { ...session, frames: session.frames.map((frame) => ({ ...frame, ...names })) };
  expect(written(renamed).nodes[1]?.callFrame).toMatchObject({
    functionName: '"\n\ud800.__proto__',
    url: 'file:///a/%23%EF%BF%BD/%25.py',
  });
});

test('all times add up to the tree’s', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      const profile = written(session);
      const total = buildCallTree(session, mainThreadOf(session), { importMachinery: false, hidden: false })?.time ?? 0;
      const ticks = profile.nodes.reduce((sum, { hitCount }) => sum + hitCount, 0);
      expect(Math.abs(ticks - total * 1e6)).toBeLessThan(0.501);
      expect(profile.timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBe(ticks);
      expect(profile.endTime - profile.startTime).toBe(ticks);
    }),
  );
});

test('any session gives a file whose numbers lead somewhere', () => {
  fc.assert(
    fc.property(anySession('outside'), fc.boolean(), (session, threads) => {
      const { nodes, samples, timeDeltas } = written(session, { threads });
      expect(nodes.map(({ id }) => id)).toEqual(nodes.map((_, index) => index + 1));
      const children = nodes.flatMap(({ id, children }) => children.map((child) => [id, child] as const));
      expect(children.map(([, child]) => child).sort((a, b) => a - b)).toEqual(nodes.slice(1).map(({ id }) => id));
      expect(children.every(([parent, child]) => parent < child)).toBe(true);
      expect(samples.every((id) => id >= 2 && id <= nodes.length)).toBe(true);
      expect(timeDeltas).toHaveLength(samples.length);
      expect(timeDeltas.every((delta) => Number.isInteger(delta) && delta >= 0)).toBe(true);
      for (const { hitCount, positionTicks = [] } of nodes) {
        expect(positionTicks.reduce((sum, { ticks }) => sum + ticks, 0)).toBeLessThanOrEqual(hitCount);
      }
    }),
  );
});

test('absurd times are cut', () => {
  const { startTime, endTime } = written(absurdTimes(sessionFromText('1\nmain')));
  expect([startTime, endTime]).toEqual([2 ** 62, 2 ** 63]);
});

test('100,000 frames deep', () => {
  expect(written(deepSession(100_000)).nodes).toHaveLength(100_002);
});

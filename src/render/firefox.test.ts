import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { absurdTimes } from '../../test/support/format-sessions.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import type { Session } from '../session/session.ts';
import { buildCallTree } from '../tree/call-tree.ts';
import { firefoxRenderer } from './firefox.ts';

type Columns = Readonly<Record<string, readonly (number | null)[]>>;

/** The parts of a processed profile that are looked at here. */
interface Written {
  readonly meta: { readonly categories: readonly { readonly name: string; readonly color: string }[] };
  readonly shared: Readonly<Record<'stackTable' | 'frameTable' | 'funcTable' | 'sources', Columns>> & {
    readonly stringArray: readonly string[];
  };
  readonly threads: readonly {
    readonly name: string;
    readonly pid: string;
    readonly isMainThread: boolean;
    readonly samples: Columns & { readonly length: number };
  }[];
}

function written(session: Session): Written {
  return JSON.parse(firefoxRenderer.render(session) as string) as Written;
}

/** One line for each sample of a thread: time, weight, CPU time, stack. */
function outline({ meta, shared, threads }: Written, thread = 0): string {
  const { stackTable, frameTable, funcTable, sources, stringArray } = shared;
  const cell = (columns: Columns, name: string, row: number): number | null => columns[name]?.[row] ?? null;
  const frameText = (frame: number): string => {
    const func = cell(frameTable, 'func', frame) as number;
    const source = cell(funcTable, 'source', func);
    const file = source === null ? '' : stringArray[cell(sources, 'filename', source) as number];
    const category = cell(frameTable, 'category', frame);
    const kind = category === null ? 'as the caller' : meta.categories[category]?.name;
    const name = stringArray[cell(funcTable, 'name', func) as number];
    return `${name} ${file}:${cell(funcTable, 'lineNumber', func)}:${cell(frameTable, 'line', frame)} (${kind})`;
  };
  const samples = threads[thread]?.samples ?? { length: 0 };
  return Array.from({ length: samples.length }, (_, row) => {
    const path: string[] = [];
    for (
      let stack = cell(samples as Columns, 'stack', row);
      stack !== null;
      stack = cell(stackTable, 'prefix', stack)
    ) {
      path.unshift(frameText(cell(stackTable, 'frame', stack) as number));
    }
    const numbers = ['time', 'weight', 'threadCPUDelta'].map((name) => cell(samples as Columns, name, row));
    return `${numbers.join(' ')} ${path.join(' > ')}`;
  }).join('\n');
}

test('rows become samples, each told with its beginning, and an end', () => {
  const profile = written(recordedSession());
  expect(outline(profile)).toMatchInlineSnapshot(`
    "10 125 0 [no frame] :null:null (Other)
    135 750 125000000 <module> /srv/app.py:1:20 (Application) > Box.price /srv/app.py:5:7 (Application)
    885 250 750000000 <module> /srv/app.py:1:20 (Application) > sleep :null:null (Built-in)
    1135 0 0 "
  `);
  expect(outline(profile, 1)).toMatchInlineSnapshot(`
    "10 750 0 Thread.run /srv/app.py:1:9 (Application)
    760 250 0 [not sampled] :null:null (Other)
    1010 0 0 "
  `);
});

test('categories tell whose code it is', () => {
  const session = sessionFromText(`
    1                             1                          1                1           1
    main                          main                       main             main        main
    get@/usr/lib/python3.13/x.py  a@/x/site-packages/a.py    e@<string>       [await]     len()`);
  expect(outline(written(session))).toMatchInlineSnapshot(`
    "0 1000 0 main /app/main.py:1:null (Application) > get /usr/lib/python3.13/x.py:1:null (Standard library)
    1000 1000 1000000000 main /app/main.py:1:null (Application) > a /x/site-packages/a.py:1:null (Installed package)
    2000 1000 1000000000 main /app/main.py:1:null (Application) > e <string>:1:null (as the caller)
    3000 1000 1000000000 main /app/main.py:1:null (Application) > [await] :null:null (Waiting)
    4000 1000 1000000000 main /app/main.py:1:null (Application) > len :null:null (Built-in)
    5000 0 1000000000 "
  `);
});

test('threads tell their process, which has a text of its own where two have one number', () => {
  const session = sessionFromText({
    threads: [{ samples: '1\nmain' }, { name: 'w', samples: '1\nrun' }, { samples: '1\nmain', process: 1 }],
    processes: [{}, { pid: sessionFromText('').processes[0]?.pid ?? 0 } as object],
  });
  expect(written(session).threads.map(({ name, pid, isMainThread }) => [name, pid, isMainThread])).toEqual([
    ['MainThread', '4000', true],
    ['w', '4000', false],
    ['MainThread', '4000.2', true],
  ]);
});

test('an imported session has no CPU time', () => {
  const { threads } = written(sessionFromText({ threads: [{ samples: '1\nmain' }], meta: { engine: 'file' } }));
  expect(threads[0]?.samples).not.toHaveProperty('threadCPUDelta');
});

test('nothing recorded', () => {
  const { threads } = written(sessionFromText({ threads: [], processes: [] }));
  expect(threads).toMatchObject([{ name: 'MainThread', samples: { length: 1, stack: [null], weight: [0] } }]);
});

test('all times add up to the tree’s', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      const tree = buildCallTree(session, mainThreadOf(session), { importMachinery: false, hidden: false });
      const weights = written(session).threads[0]?.samples['weight'] ?? [];
      expect(weights.reduce((sum: number, weight) => sum + (weight ?? 0), 0)).toBeCloseTo((tree?.time ?? 0) * 1e3, 6);
    }),
  );
});

test('any session gives tables whose numbers lead somewhere', () => {
  fc.assert(
    fc.property(anySession('outside'), (session) => {
      const { shared, threads } = written(session);
      const { stackTable, frameTable, funcTable, sources, stringArray } = shared;
      const tables = { stackTable, frameTable, funcTable, sources };
      const lengths = Object.fromEntries(
        Object.entries(tables).map(([name, table]) => [name, Number(table['length'] as unknown)]),
      );
      for (const [name, table] of Object.entries(tables)) {
        for (const column of Object.values(table))
          if (Array.isArray(column)) expect(column).toHaveLength(lengths[name] ?? -1);
      }
      const within = (column: Columns[string] | undefined, limit: number | undefined): boolean =>
        column?.every((value) => value === null || (value >= 0 && value < (limit ?? 0))) ?? false;
      expect(stackTable['prefix']?.every((prefix, stack) => prefix === null || prefix < stack)).toBe(true);
      expect(within(stackTable['frame'], lengths['frameTable'])).toBe(true);
      expect(within(frameTable['func'], lengths['funcTable'])).toBe(true);
      expect(within(funcTable['name'], stringArray.length)).toBe(true);
      expect(within(funcTable['source'], lengths['sources'])).toBe(true);
      expect(within(sources['filename'], stringArray.length)).toBe(true);
      for (const { samples } of threads) {
        expect(within(samples['stack'], lengths['stackTable'])).toBe(true);
        for (const name of ['stack', 'time', 'weight', 'threadCPUDelta'])
          expect(samples[name]).toHaveLength(samples.length);
      }
    }),
  );
});

test('absurd times are cut', () => {
  const { threads } = written(absurdTimes(sessionFromText('1\nmain')));
  expect(threads[0]?.samples['time']).toEqual([2 ** 62 / 1e6, 2 ** 63 / 1e6]);
});

test('100,000 frames deep', () => {
  expect(written(deepSession(100_000)).shared.stackTable['frame']).toHaveLength(100_002);
});

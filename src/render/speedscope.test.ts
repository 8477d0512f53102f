import { Ajv } from 'ajv';
import fc from 'fast-check';
import schema from 'speedscope/dist/release/file-format-schema.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { pathTimes } from '../../test/support/tree-times.ts';
import type { Session } from '../session/session.ts';
import { parseSpeedscope } from '../session/speedscope-reader.ts';
import { seconds } from '../session/units.ts';
import { displayName } from '../tree/call-node.ts';
import { buildTimeline } from '../tree/timeline.ts';
import type { RenderOptions } from './renderer.ts';
import { speedscopeRenderer } from './speedscope.ts';

const isValid = new Ajv().compile(schema);

interface Document {
  readonly name: string;
  readonly activeProfileIndex: number;
  readonly profiles: readonly {
    readonly name: string;
    readonly startValue: number;
    readonly endValue: number;
    readonly events: readonly { readonly type: string; readonly at: number; readonly frame: number }[];
  }[];
  readonly shared: { readonly frames: readonly { readonly name: string }[] };
}

function render(session: Session, options: RenderOptions = {}): string {
  const text = speedscopeRenderer.render(session, options);
  if (typeof text !== 'string' || !text.endsWith('}\n')) throw new Error('not a line of JSON');
  return text;
}

/** Parses a report, which must be as the format's schema says. */
function parsed(text: string): Document {
  const document: unknown = JSON.parse(text);
  if (!isValid(document)) throw new Error(JSON.stringify(isValid.errors));
  return document as Document;
}

/** Each profile as `NAME START-END: time O name …`. */
function profiles(session: Session, options: RenderOptions = {}): readonly string[] {
  const { profiles, shared } = parsed(render(session, options));
  return profiles.map(({ name, startValue, endValue, events }) => {
    const list = events.map(({ type, at, frame }) => `${Number(at.toFixed(6))} ${type} ${shared.frames[frame]?.name}`);
    const title = name.replace(/(?<=^CPU profile) .*/, '');
    return `${title} ${startValue}-${endValue}: ${list.join(', ')}`;
  });
}

test('calls open and close in the order of time', () => {
  const session = sessionFromText(`
  1          2          4     8
  main       main       main  main
  Box.price  Box.price        Box.price
             sleep()          Box.price
`);
  expect(profiles(session)).toMatchInlineSnapshot(`
    [
      "CPU profile 0-15: 0 O main, 0 O Box.price, 0 O [self], 1 C [self], 1 O sleep, 3 C sleep, 3 C Box.price, 3 O [self], 7 C [self], 7 O Box.price, 7 O Box.price, 15 C Box.price, 15 C Box.price, 15 C main",
    ]
  `);
});

test('frames say where they are; what is not code is nowhere', () => {
  const session = sessionFromText(`
  1                 2        4
  main              main     main
  Box.price@box.py  sleep()  [await]
`);
  expect(parsed(render(session)).shared.frames).toMatchInlineSnapshot(`
    [
      {
        "file": "/app/main.py",
        "line": 1,
        "name": "main",
      },
      {
        "file": "/app/box.py",
        "line": 1,
        "name": "Box.price",
      },
      {
        "file": "<built-in>",
        "line": 0,
        "name": "sleep",
      },
      {
        "name": "[await]",
      },
    ]
  `);
});

test('what is left out keeps its place', () => {
  const session = sessionFromText(`
  49    0.5   50    0.5
  main  main  main  main
  a     b     a     c
`);
  expect(profiles(session)[0]).toContain('49 C a, 49.5 O a, 99.5 C a, 100 C main');
  expect(profiles(session, { show_all: true })[0]).toContain('49 C a, 49 O b, 49.5 C b, 49.5 O a');
});

test('short calls that are frequent stay', () => {
  const columns = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 'a' : 'b'));
  const rows = [columns.map(() => '0.001'), columns.map(() => 'main '), columns.map((name) => `${name}    `)];
  const session = sessionFromText(rows.map((row) => row.join(' ')).join('\n'));
  expect(parsed(render(session)).profiles[0]?.events).toHaveLength(2002);
});

describe('several threads', () => {
  const session = sessionFromText({
    threads: [
      { name: 'worker', samples: '1\nrun' },
      { samples: '4\nmain' },
      { name: 'MainThread', samples: '2\nmain', process: 1 },
    ],
    processes: [{}, { command: ['/usr/bin/python3', 'child.py'] }],
  });
  const threads = session.threads.map((thread, index) => ({ ...thread, start: seconds(index / 2) }));
  const shifted = { ...session, threads };

  test('have a profile each, all on one clock', () => {
    expect(profiles(shifted)).toMatchInlineSnapshot(`
      [
        "python3 main.py (4000): worker 0-4: 0 O run, 1 C run",
        "python3 main.py (4000): MainThread 0-4.5: 0.5 O main, 4.5 C main",
        "python3 child.py (4001): MainThread 0-4: 1 O main, 3 C main",
      ]
    `);
  });

  test('the main thread is shown first', () => {
    expect(parsed(render(shifted)).activeProfileIndex).toBe(1);
  });

  test('of one process need no process', () => {
    const one = { ...shifted, threads: threads.slice(0, 2) };
    expect(parsed(render(one)).profiles.map(({ name }) => name)).toEqual(['worker', 'MainThread']);
  });
});

test('time without any frame is a gap', () => {
  const session = sessionFromText('1    2  4\nmain    main');
  expect(profiles(session)[0]).toMatch(/0-7: 0 O main, 1 C main, 3 O main, 7 C main$/);
});

test('the title names the time of the start', () => {
  const session = recordedSession();
  const local = new Date(session.meta.startTime * 1000);
  const name = parsed(render(session)).name;
  expect(name).toMatch(/^CPU profile for 'Program: app\.py' at \d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$/);
  expect(name).toContain(`${String(local.getHours()).padStart(2, '0')}-`);
  expect(parseSpeedscope(render(session), 'x').meta).toMatchObject({
    description: 'Program: app.py',
    startTime: Math.floor(session.meta.startTime),
  });
});

test('nothing recorded', () => {
  expect(profiles(sessionFromText({ threads: [] }))).toMatchInlineSnapshot(`
    [
      "CPU profile 0-0: ",
    ]
  `);
});

test('100,000 frames deep', () => {
  expect(parsed(render(deepSession(100_000))).profiles[0]?.events).toHaveLength(200_000);
});

test('whatever was recorded, the file is as the schema says', () => {
  fc.assert(
    fc.property(fc.oneof(anySession('outside'), anySession('file')), fc.boolean(), (session, showAll) => {
      parsed(render(session, { show_all: showAll }));
    }),
  );
});

test('what is read back has the times that were written', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      const thread = mainThreadOf(session);
      const before = pathTimes(
        buildTimeline(session, thread),
        (node) => `${displayName(node)} ${node.frame.file} ${node.frame.firstLine}`,
      );
      const loaded = parseSpeedscope(render(session, { show_all: true }), 'x');
      const after = pathTimes(
        buildTimeline(loaded, mainThreadOf(loaded)),
        ({ frame }) => `${frame.functionName} ${frame.file} ${frame.firstLine}`,
      );
      expect([...after]).toEqual([...before].map(([path, time]) => [path, expect.closeTo(time, 9)]));
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { collapsedRenderer } from './collapsed.ts';
import type { RenderOptions } from './renderer.ts';

function render(session: Session, options: RenderOptions = {}): string {
  const text = collapsedRenderer.render(session, options);
  if (typeof text !== 'string') throw new Error('not text');
  return text;
}

interface Line {
  readonly elements: readonly string[];
  readonly count: number;
}

/** Parses as strictly as any tool does. */
function parsed(text: string): readonly Line[] {
  if (text === '') return [];
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [, stack = '', count] = /^(.*) (\d+)$/.exec(line) ?? [];
      expect(count).toBeDefined();
      return { elements: stack.split(';'), count: Number(count) };
    });
}

test('a line for each stack, outermost frame first', () => {
  const session = sessionFromText(`
  0.5        0.25       0.125    1
  main:3     main:4     main     main:3
  Box.price  Box.price  sleep()  Box.price
             load@/lib/x.py
`);
  expect(render(session)).toMatchInlineSnapshot(`
    "main (main.py:1);Box.price (main.py:1) 1500000
    main (main.py:1);Box.price (main.py:1);load (/lib/x.py:1) 250000
    main (main.py:1);sleep (<built-in>) 125000
    "
  `);
});

test('samples are times divided by the interval', () => {
  const session = sessionFromText('0.0105 0.002 0.0005\nmain   load  idle');
  expect(render(session, { unit: 'samples' })).toMatchInlineSnapshot(`
    "main (main.py:1) 11
    load (main.py:1) 2
    "
  `);
});

test('import machinery, calls that hide themselves and short ones are all there', () => {
  const session = sessionFromText(`
  100                                  0.000001
  main                                 main
  _load@<frozen importlib._bootstrap>  short
  wrap!
`);
  expect(render(session)).toMatchInlineSnapshot(`
    "main (main.py:1);_load (<frozen importlib._bootstrap>:1);wrap (main.py:1) 100000000
    main (main.py:1);short (main.py:1) 1
    "
  `);
});

test('frames that look the same are one', () => {
  const session = sessionFromText('1 2\nf f');
  const frames = session.frames.map((frame) => ({ ...frame, file: null }));
  expect(render({ ...session, frames })).toBe('f 3000000\n');
});

test('time without any frame is left out', () => {
  expect(render(sessionFromText('1 2    4\n  main'))).toBe('main (main.py:1) 2000000\n');
});

describe('threads and processes', () => {
  const session = sessionFromText({
    threads: [{ name: 'worker; 1', samples: '1\nrun' }, { samples: '2\nmain' }, { samples: '4\nmain', process: 1 }],
    processes: [{}, { command: ['/usr/bin/python3', 'child.py'] }],
  });

  const [main, worker] = ['MainThread;main (main.py:1) 2000000', 'worker\\x3b\\x201;run (main.py:1) 1000000'];
  const child = 'python3 child.py (4001);MainThread;main (main.py:1) 4000000';

  test.each<readonly [string, RenderOptions, readonly string[]]>([
    ['the main thread', {}, ['main (main.py:1) 2000000']],
    ['all threads', { threads: true }, [main, worker]],
    ['all processes', { subprocesses: true }, [`python3 main.py (4000);${main}`, child]],
    [
      'everything',
      { threads: true, subprocesses: true },
      [`python3 main.py (4000);${main}`, `python3 main.py (4000);${worker}`, child],
    ],
  ])('%s', (_, options, lines) => {
    expect(render(session, options)).toBe(`${lines.join('\n')}\n`);
  });
});

describe('names that would be something else', () => {
  test.each([
    ['a;b', 'a\\x3b'],
    ['a\nb', 'a\\nb'],
    ['a\tb', 'a\\tb'],
    ['\x1b[31m', '\\x1b[31m'],
    ['f 12', 'f\\x2012'],
    ['f ', 'f\\x20'],
    ['', '?'],
  ])('%j', (functionName, shown) => {
    const session = sessionFromText('1\nf');
    const frames = session.frames.map((frame) => ({ ...frame, functionName, file: null }));
    expect(render({ ...session, frames })).toContain(shown);
    expect(parsed(render({ ...session, frames }))).toHaveLength(1);
  });
});

test('counts add up to the time of all frames, and each line is another stack', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      const lines = parsed(render(session));
      const { stack, weight } = mainThreadOf(session);
      const total = weight.reduce((sum, seconds, row) => sum + (stack[row] === -1 ? 0 : seconds), 0);
      expect(lines.reduce((sum, { count }) => sum + count, 0)).toBeCloseTo(total * 1e6, -1);
      expect(new Set(lines.map(({ elements }) => elements.join(';'))).size).toBe(lines.length);
    }),
  );
});

test('any session gives lines that can be parsed', () => {
  fc.assert(
    fc.property(anySession('outside'), fc.boolean(), (session, threads) => {
      parsed(render(session, { threads, subprocesses: threads }));
    }),
  );
});

test('100,000 frames deep', () => {
  const [line] = parsed(render(deepSession(100_000)));
  expect(line?.elements).toHaveLength(100_000);
});

test('nothing recorded', () => {
  expect(render(sessionFromText({ threads: [] }))).toBe('');
});

import { describe, expect, test } from 'vitest';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { seconds } from '../session/units.ts';
import type { RenderContext, RenderOptions } from './renderer.ts';
import { textRenderer } from './text.ts';

/** The report, without what depends on the time zone and the version. */
function report(
  written: string | WrittenSession,
  options: RenderOptions = { unicode: true },
  context?: RenderContext,
): string {
  const text = textRenderer.render(sessionFromText(written), options, context);
  if (typeof text !== 'string') throw new Error('not text');
  return text.replace(/^timesink \S+/, 'timesink VERSION').replace(/Recorded: \d\d:\d\d:\d\d/, 'Recorded: HH:MM:SS');
}

/** What stands between the description and the lines about hot places. */
function tree(written: string | WrittenSession, options?: RenderOptions): string {
  return report(written, options).split('\n\nHottest')[0]?.split('\n').slice(5).join('\n').trimEnd() ?? '';
}

const program = `
  1.5          8.1          0.3                   4.1          0.2
  <module>:90  <module>:90  <module>:90           <module>:91  <module>:92
  main:12      main:13      main:13               main:20
  price:33     price:47     Store.load@store.py:9
               mul@/usr/lib/python3.13/decimal.py:5
               new@/usr/lib/python3.13/decimal.py:9
               make@/usr/lib/python3.13/numbers.py:3
`;

describe('a program with one thread', () => {
  const source = ['', ...Array.from({ length: 60 }, (_, index) => `\treturn line(${index + 2})`)].join('\n');

  test('the whole report', () => {
    expect(
      report(program, { unicode: true }, { readSource: (file) => (file === '/app/main.py' ? source : undefined) }),
    ).toMatchInlineSnapshot(`
      "timesink VERSION · python 3.13.0 · outside sampler
      Recorded: HH:MM:SS   Samples: 5 every 1 ms   Duration: 14.200   CPU time: 0.500

      Program: main.py

      14.200 <module>  main.py:1
      ├─ 14.000 main  main.py:1
      │  ├─ 9.600 price  main.py:1
      │  │  ├─ 8.100 mul  decimal.py:1
      │  │  │  └─ 8.100 new  decimal.py:1
      │  │  │     └─ 8.100 make  numbers.py:1
      │  │  └─ 1.500 [self]  main.py
      │  ├─ 4.100 [self]  main.py
      │  └─ 0.300 Store.load  store.py:1
      └─ 0.200 [self]  main.py

      Hottest lines
         8.1 s  57 %  main.py:47   return line(47)
         4.1 s  29 %  main.py:20   return line(20)
         1.5 s  11 %  main.py:33   return line(33)

      "
    `);
  });

  test('without colour, box characters or source', () => {
    expect(report(program, {})).toMatchInlineSnapshot(`
      "timesink VERSION - python 3.13.0 - outside sampler
      Recorded: HH:MM:SS   Samples: 5 every 1 ms   Duration: 14.200   CPU time: 0.500

      Program: main.py

      14.200 <module>  main.py:1
      |- 14.000 main  main.py:1
      |  |- 9.600 price  main.py:1
      |  |  |- 8.100 mul  decimal.py:1
      |  |  |  \`- 8.100 new  decimal.py:1
      |  |  |     \`- 8.100 make  numbers.py:1
      |  |  \`- 1.500 [self]  main.py
      |  |- 4.100 [self]  main.py
      |  \`- 0.300 Store.load  store.py:1
      \`- 0.200 [self]  main.py

      Hottest lines
         8.1 s  57 %  main.py:47
         4.1 s  29 %  main.py:20
         1.5 s  11 %  main.py:33

      "
    `);
  });

  test('without source text, also when reading fails', () => {
    const lines = report(program, {}, { readSource: () => undefined }).split('\n');
    expect(lines.filter((line) => line.includes(' %'))).toEqual(
      report(program, {})
        .split('\n')
        .filter((line) => line.includes(' %')),
    );
  });

  test('without samples', () => {
    expect(report({ threads: [] })).toMatchInlineSnapshot(`
      "timesink VERSION · python 3.13.0 · outside sampler
      Recorded: HH:MM:SS   Samples: 0 every 1 ms   Duration: 0.000   CPU time: 0.500

      Program: main.py

      No samples were recorded.

      "
    `);
  });

  test('a long source line is cut', () => {
    const written = '1\nmain:1';
    const lines = report(written, { unicode: true }, { readSource: () => `x = ${'long '.repeat(40)}` }).split('\n');
    const line = lines.find((text) => text.includes('x = long')) ?? '';
    expect([...line]).toHaveLength(100);
    expect(line.endsWith('…')).toBe(true);
  });
});

describe('threads and processes', () => {
  const written: WrittenSession = {
    threads: [
      { samples: '0.5     9.5w\nmain:3  main:4\n        join()' },
      { name: 'worker', samples: '8    1w\nrun:9  run:10' },
      { name: 'pool-1', samples: '10w\nwait:60' },
      { name: 'pool-2', samples: '9w\nwait:60' },
      { samples: '2\nchild:7', process: 1 },
    ],
    processes: [{}, { command: ['/opt/py/bin/python3', '-m', 'worker'] }],
  };

  test('what ran is shown, the rest is mentioned', () => {
    expect(report(written)).toMatchInlineSnapshot(`
      "timesink VERSION · python 3.13.0 · outside sampler
      Recorded: HH:MM:SS   Samples: 7 every 1 ms   Duration: 10.000   CPU time: 0.500

      Program: main.py

      Thread worker · 8.0 s running, 1.0 s waiting
      9.000 run  main.py:1

      Thread MainThread · 0.5 s running, 9.5 s waiting
      10.000 main  main.py:1
      ├─ 9.500 join  <built-in>
      └─ 0.500 [self]  main.py

      Hottest lines
         8.0 s  89 %  main.py:9
         1.0 s  11 %  main.py:10

      2 other threads: up to 10.0 s idle (--threads shows them)

      1 other process (--subprocesses shows it)
         4001  python3 -m worker  2.0 s running  main.py:7

      "
    `);
  });

  test('everything on request', () => {
    const text = report(written, { unicode: true, threads: true, subprocesses: true });
    expect(text.split('\n').filter((line) => /^(Process|Hottest|\d+ other)/.test(line))).toMatchInlineSnapshot(`
      [
        "Process 4000, thread worker · 8.0 s running, 1.0 s waiting",
        "Process 4000, thread MainThread · 0.5 s running, 9.5 s waiting",
        "Process 4000, thread pool-1 · 0.0 s running, 10.0 s waiting",
        "Process 4000, thread pool-2 · 0.0 s running, 9.0 s waiting",
        "Hottest lines",
        "Process 4001, thread MainThread · 2.0 s running, 0.0 s waiting",
        "Hottest lines",
      ]
    `);
  });

  test('threads that only waited share one time when it is the same', () => {
    const threads = [{ samples: '1\nf' }, ...['a', 'b'].map((name) => ({ name, samples: '9w\ng' }))];
    expect(report({ threads })).toContain('\n2 other threads: 9.0 s idle (--threads shows them)\n');
    expect(report({ threads: threads.slice(0, 2) })).toContain('\n1 other thread: 9.0 s idle (--threads shows it)\n');
  });

  test('a main thread that only waits does not fill the hottest lines', () => {
    const text = report({ ...written, threads: written.threads.slice(0, 2) });
    expect(text).toContain('8.0 s  89 %  main.py:9');
    expect(text).not.toContain('main.py:4');
  });

  test('many processes take a few lines', () => {
    const processes = Array.from({ length: 15 }, () => ({}));
    const threads = processes.map((_, process) => ({ samples: `${process + 1}\nf`, process }));
    const lines = report({ processes, threads }).split('\n');
    expect(lines.filter((line) => /^ {3}40\d\d /.test(line))).toHaveLength(10);
    expect(lines).toContain('   and 4 more: 10.0 s running');
  });
});

describe('what a reader must know', () => {
  test('is said when it matters', () => {
    const quality = { missedTicks: 50, incompleteSamples: 20, notSampled: seconds(0.25), unseenProcesses: 2 };
    const text = report({ threads: [{ samples: '1\nf' }], quality, meta: { notes: ['Not tested on this machine.'] } });
    expect(text.split('\n').slice(2, 7)).toMatchInlineSnapshot(`
      [
        "Missed: 4.8 % of the moments to sample; times are less exact.",
        "Incomplete: 2.0 % of the stacks could not be read whole; some time may be charged to callers.",
        "Not sampled: 250 ms, while the recorder could not run.",
        "Not seen: 2 processes that ended too soon to be read.",
        "Note: Not tested on this machine.",
      ]
    `);
  });

  test('is not said when it does not', () => {
    const text = report({ threads: [{ samples: '1\nf' }], quality: { missedTicks: 9, incompleteSamples: 9 } });
    expect(text.split('\n')[2]).toBe('');
  });

  test('intervals that differ, and none', () => {
    const second = (meta: WrittenSession['meta']): string =>
      report({ threads: [{ samples: '1\nf' }], meta: meta ?? {} })
        .split('\n')[1]
        ?.split('   ')[1] ?? '';
    expect(second({ minInterval: seconds(5e-5), maxInterval: seconds(0.0025) })).toBe(
      'Samples: 1 every 50 µs to 2.5 ms',
    );
    expect(second({ minInterval: seconds(0), maxInterval: seconds(0) })).toBe('Samples: 1');
  });
});

describe('the tree', () => {
  test('time without samples is shown and belongs to no library', () => {
    const text = `
  4                     1
  main                  [not sampled]
  a@/usr/lib/python3.13/a.py
  b@/usr/lib/python3.13/b.py
  c@/usr/lib/python3.13/c.py
  d()
`;
    expect(tree(text)).toMatchInlineSnapshot(`
      "5.000 MainThread  
      ├─ 4.000 main  main.py:1
      │  └─ 4.000 a  a.py:1
      │        [2 frames hidden]  b, c
      │           4.000 d  <built-in>
      └─ 1.000 [not sampled]"
    `);
  });

  test('the last moments of the interpreter do not push the program down', () => {
    expect(tree('5        0.01\n<module>  _shutdown@/usr/lib/python3.13/threading.py')).toBe(
      '5.010 <module>  main.py:1',
    );
  });

  test('a second place to begin, such as an exit handler, hangs below the thread', () => {
    expect(tree('5         1\n<module>  at_exit')).toMatchInlineSnapshot(`
      "6.000 MainThread  
      ├─ 5.000 <module>  main.py:1
      └─ 1.000 at_exit  main.py:1"
    `);
  });

  test('indentation ends somewhere', () => {
    const lines = tree(`1\n${'f\n'.repeat(1200)}`, { unicode: true, recursion: 'full' }).split('\n');
    expect(lines).toHaveLength(1002);
    expect(lines.at(-1)?.trim()).toBe('└─ [199 deeper frames not shown]');
  });

  test('100,000 frames deep', () => {
    const session = deepSession(100_000);
    for (const options of [
      {},
      { timeline: true },
      { flat: true },
      { flat: true, flat_time: 'total' },
      { show_all: true },
    ]) {
      for (const recursion of ['folded', 'full']) {
        expect(textRenderer.render(session, { ...options, recursion })).toContain('1.000 f  main.py:1');
      }
    }
  });

  test('indentation that ends counts the levels of what is folded', () => {
    const pairs = 'f\ng\n'.repeat(600);
    const lines = tree(`1\n${pairs}${'h\n'.repeat(7)}`).split('\n');
    expect(lines.at(-1)?.trim()).toBe('└─ [206 deeper frames not shown]');
  });
});

describe('a function that calls itself', () => {
  const samples = `
  1     2     4     8     16
  main  main  main  main  main
  f     f     f     f     f
  f     f     f     f     f
  f     f     f     f     g
        f     f     f
        g     f     f
              g     f
                    h
`;

  test('is one line from five levels on, with what all of them call', () => {
    expect(tree(samples)).toMatchInlineSnapshot(`
      "31.000 main  main.py:1
      └─ 31.000 f  main.py:1  [recursion, 6 deep]
         ├─ 22.000 g  main.py:1
         ├─ 8.000 h  main.py:1
         └─ 1.000 [self]  main.py"
    `);
  });

  test('is shown level by level on request, and below five levels', () => {
    expect(tree(samples, { recursion: 'full' }).split('\n')).toHaveLength(12);
    expect(tree('1\nf\nf\nf\nf')).not.toContain('recursion');
    expect(tree('1\nf\nf\nf\nf').split('\n')).toHaveLength(4);
  });

  test('is one line in the order of time too, its calls one after the other', () => {
    expect(tree(samples, { timeline: true })).toMatchInlineSnapshot(`
      "31.000 main  main.py:1
      \`- 31.000 f  main.py:1  [recursion, 6 deep]
         |- 1.000 [self]  main.py
         |- 2.000 g  main.py:1
         |- 4.000 g  main.py:1
         |- 8.000 h  main.py:1
         \`- 16.000 g  main.py:1"
    `);
  });

  test('counts with all its levels among hidden frames', () => {
    const library = (name: string): string => `${name}@/usr/lib/python3.13/json.py`;
    const frames = ['main', library('dump'), ...Array<string>(9).fill(library('walk')), library('write'), 'hook'];
    expect(tree(`1\n${frames.join('\n')}`)).toMatchInlineSnapshot(`
      "1.000 main  main.py:1
      └─ 1.000 dump  json.py:1
         └─ 1.000 walk  json.py:1  [recursion, 9 deep]
            └─ 1.000 write  json.py:1
               └─ 1.000 hook  main.py:1"
    `);
  });

  test('has one row in a list of functions', () => {
    expect(tree(samples, { flat: true })).toBe(tree(samples, { flat: true, recursion: 'full' }));
  });
});

describe('names from anywhere', () => {
  test('cannot command the terminal', () => {
    const evil = '\x1b]0;x\x07\r\n\x9b2J';
    const { frames, ...session } = sessionFromText('1\nmain:1');
    const written = {
      ...session,
      frames: frames.map((frame) => ({ ...frame, functionName: evil, className: evil, file: `/app/${evil}.py` })),
      meta: { ...session.meta, description: evil, notes: [evil] },
      processes: session.processes.map((process) => ({ ...process, command: [evil], runtimeVersion: evil })),
      threads: ['a', 'b'].flatMap(() => session.threads.map((thread) => ({ ...thread, name: evil }))),
    };
    for (const options of [{}, { flat: true }, { short_mode: true }, { threads: true }]) {
      const text = textRenderer.render(written, options, { readSource: () => `${evil}\n` });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  });
});

describe('a list of functions', () => {
  const recursive = `
  1     2     4        8
  main  main  main     main
  f     f     g        [not sampled]
  f     f     [await]
  f
`;

  test('own times add up to the total', () => {
    expect(tree(recursive, { flat: true })).toMatchInlineSnapshot(`
      "8.000 [not sampled]  main.py
      4.000 g  main.py:1
      3.000 f  main.py:1"
    `);
  });

  test('a recursive call counts once', () => {
    expect(tree(recursive, { flat: true, flat_time: 'total' })).toMatchInlineSnapshot(`
      "15.000 main  main.py:1
      8.000 [not sampled]  main.py
      4.000 g  main.py:1
      3.000 f  main.py:1"
    `);
  });

  test('of nothing', () => {
    expect(tree('0\nf', { flat: true })).toBe('0.000 f  main.py:1');
  });
});

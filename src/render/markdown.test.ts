import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { seconds } from '../session/units.ts';
import { markdownRenderer } from './markdown.ts';
import type { RenderContext, RenderOptions } from './renderer.ts';

/** The report, without what depends on the version. */
function report(written: string | WrittenSession, options: RenderOptions = {}, context?: RenderContext): string {
  const text = markdownRenderer.render(sessionFromText(written), options, context);
  if (typeof text !== 'string') throw new Error('not text');
  return text.replace(/`timesink \d\S+/, '`timesink VERSION');
}

/** One section, with those below it. */
function section(text: string, heading: string): string {
  const parts = text.split(/^(?=## )/m);
  return parts.find((part) => part.startsWith(`## ${heading}\n`))?.trimEnd() ?? '';
}

const program = `
  1.5          8.1                                0.3                  4.1          0.2
  <module>:90  <module>:90                        <module>:90          <module>:91  <module>:92
  main:12      main:13                            main:13              main:20
  price:33     price:47                           Store.load@store.py:9
               mul@/usr/lib/python3.13/decimal.py:5
               new@/usr/lib/python3.13/decimal.py:9
               make@/usr/lib/python3.13/site-packages/fast/num.py:3
`;

test('the whole report', () => {
  const source = Array.from({ length: 60 }, (_, index) => `\tx = "|\`" # ${index + 1}`).join('\n');
  expect(
    report(program, {}, { readSource: (file) => (file === '/app/main.py' ? source : undefined) }),
  ).toMatchInlineSnapshot(`
    "# \`Program: main.py\`

    - Duration: 14.200 s of wall-clock time
    - CPU time: 0.500 s (4 % of the duration)
    - Samples: 5 every 1 ms
    - Recorded: 2023-11-14T22:13:20Z by \`timesink VERSION · python 3.13.0 · outside sampler\`

    How to read this: times are seconds of wall-clock time, waiting included. *Self* is time in a function itself, *total*
    also in what it called; a call within another call of the same function counts once. In the call tree, a line is a
    function with its total time, below its caller, longest first; \`[self]\` is the caller's own part.
    \`[N frames hidden]\` stands for library code in between, \`[recursion, N deep]\` for a function that calls itself.

    ## Hottest lines

    \`\`\`text
     8.1 s  57 %  main.py:47   x = "|\`" # 47
     4.1 s  29 %  main.py:20   x = "|\`" # 20
     1.5 s  11 %  main.py:33   x = "|\`" # 33
    300 ms   2 %  store.py:9
    200 ms   1 %  main.py:92
    \`\`\`

    ## Hot functions

    | self s | self | total s | total | function | place | code of |
    | ---: | ---: | ---: | ---: | --- | --- | --- |
    | 8.100 | 57.0 % | 8.100 | 57.0 % | \`make\` | \`fast/num.py:1\` | package \`fast\` |
    | 4.100 | 28.9 % | 14.000 | 98.6 % | \`main\` | \`main.py:1\` | application |
    | 1.500 | 10.6 % | 9.600 | 67.6 % | \`price\` | \`main.py:1\` | application |
    | 0.300 | 2.1 % | 0.300 | 2.1 % | \`Store.load\` | \`store.py:1\` | application |
    | 0.200 | 1.4 % | 14.200 | 100.0 % | \`<module>\` | \`main.py:1\` | application |

    ## Call tree

    \`\`\`text
    14.200 <module>  main.py:1
    ├─ 14.000 main  main.py:1
    │  ├─ 9.600 price  main.py:1
    │  │  ├─ 8.100 mul  decimal.py:1
    │  │  │  └─ 8.100 new  decimal.py:1
    │  │  │     └─ 8.100 make  fast/num.py:1
    │  │  └─ 1.500 [self]  main.py
    │  ├─ 4.100 [self]  main.py
    │  └─ 0.300 Store.load  store.py:1
    └─ 0.200 [self]  main.py
    \`\`\`

    ## Callers and callees

    ### \`make\` \`fast/num.py:1\`

    Self 8.100 s, total 8.100 s.

    Called from 1 place:

    - 8.100 s \`new\` \`decimal.py:1\`

    ### \`main\` \`main.py:1\`

    Self 4.100 s, total 14.000 s.

    Called from 2 places:

    - 14.000 s \`<module>\` \`main.py:1\`

    Called:

    - 9.600 s \`price\` \`main.py:1\`
    - 0.300 s \`Store.load\` \`store.py:1\`

    ### \`price\` \`main.py:1\`

    Self 1.500 s, total 9.600 s.

    Called from 2 places:

    - 9.600 s \`main\` \`main.py:1\`

    Called:

    - 8.100 s \`mul\` \`decimal.py:1\`

    ### \`Store.load\` \`store.py:1\`

    Self 0.300 s, total 0.300 s.

    Called from 1 place:

    - 0.300 s \`main\` \`main.py:1\`

    ### \`<module>\` \`main.py:1\`

    Self 0.200 s, total 14.200 s.

    Called:

    - 14.000 s \`main\` \`main.py:1\`
    "
  `);
});

test('without samples', () => {
  expect(report({ threads: [] }).split('\n\n').at(-1)).toBe('No samples were recorded.\n');
});

describe('threads and processes', () => {
  const written: WrittenSession = {
    threads: [
      { samples: '0.5     9.5w\nmain:3  main:4\n        join()' },
      { name: 'work`er', samples: '8    1w\nrun:9  run:10' },
      { name: 'pool-1', samples: '10w\nwait:60' },
      { samples: '2\nchild:7', process: 1 },
    ],
    processes: [{}, { command: ['/opt/py/bin/python3', '-m', 'wo|rker'] }],
  };

  test('what ran is shown, the rest is mentioned', () => {
    const text = report(written);
    expect(section(text, 'Call tree')).toMatchInlineSnapshot(`
      "## Call tree

      ### Thread \`\`work\`er\`\` · 8.0 s running, 1.0 s waiting

      \`\`\`text
      9.000 run  main.py:1
      \`\`\`

      ### Thread \`MainThread\` · 0.5 s running, 9.5 s waiting

      \`\`\`text
      10.000 main  main.py:1
      ├─ 9.500 join  <built-in>
      └─ 0.500 [self]  main.py
      \`\`\`

      1 other thread: 10.0 s idle (--threads shows it)

      1 other process (--subprocesses shows it)

      \`\`\`text
         4001  python3 -m wo|rker  2.0 s running  main.py:7
      \`\`\`"
    `);
    expect(text).toContain('1 other process (--subprocesses shows it)\n\n```text\n   4001  python3 -m wo|rker');
  });

  test('everything on request', () => {
    const text = report(written, { threads: true, subprocesses: true });
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toMatchInlineSnapshot(`
      [
        "# \`Program: main.py\`",
        "## Process 4000 \`python3 main.py\`",
        "### Hottest lines",
        "### Hot functions",
        "### Call tree",
        "#### Thread \`\`work\`er\`\` · 8.0 s running, 1.0 s waiting",
        "#### Thread \`MainThread\` · 0.5 s running, 9.5 s waiting",
        "#### Thread \`pool-1\` · 0.0 s running, 10.0 s waiting",
        "## Process 4001 \`python3 -m wo|rker\`",
        "### Hottest lines",
        "### Hot functions",
        "### Call tree",
      ]
    `);
  });
});

describe('options', () => {
  test('a recursion is folded, or not', () => {
    const samples = `1\n${'f\n'.repeat(6)}`;
    expect(report(samples)).toContain('1.000 f  main.py:1  [recursion, 6 deep]\n```');
    expect(report(samples, { recursion: 'full' }).match(/─ 1\.000 f {2}main\.py:1$/gm)).toHaveLength(5);
  });

  test('the order of time', () => {
    const samples = '1     2     4\nmain  main  main\nf     g     f';
    expect(section(report(samples), 'Call tree')).toContain('├─ 5.000 f');
    const text = report(samples, { timeline: true });
    expect(section(text, 'Call tree')).toContain('├─ 1.000 f');
    expect(text).toContain('in the order of time');
  });

  test('how many functions', () => {
    const text = report(program, { functions: 2 });
    expect(section(text, 'Hot functions').split('\n')).toHaveLength(2 + 2 + 2);
    expect(text.match(/^### /gm)).toHaveLength(2);
    expect(report(program, { functions: 0 })).not.toMatch(/Hot functions|Callers/);
  });

  test('small times are left out unless all is to be shown', () => {
    const samples = '0.0001 9\ntiny  main';
    expect(report(samples)).not.toContain('tiny');
    expect(section(report(samples, { show_all: true }), 'Hot functions')).toContain('| `tiny` |');
  });

  test('library frames are grouped as in text', () => {
    const library = (name: string): string => `${name}@/usr/lib/python3.13/json.py`;
    const samples = `1\nmain\n${['a', 'b', 'c', 'd'].map(library).join('\n')}\nhook`;
    expect(report(samples)).toContain('[2 frames hidden]  json');
    expect(report(samples, { processor_options: { show_regex: '.*json' } })).not.toContain('frames hidden]  ');
  });
});

test('what a reader must know is said', () => {
  const quality = { missedTicks: 50, notSampled: seconds(0.25) };
  const text = report({ threads: [{ samples: '1\nf' }], quality, meta: { notes: ['Not *tested*.'] } });
  expect(text).toContain('\n- Missed: 4.8 % of the moments to sample; times are less exact.\n- Not sampled: 250 ms');
  expect(text).toContain('\n- Note: `Not *tested*.`\n');
});

test('lists of callers are cut', () => {
  const names = Array.from({ length: 9 }, (_, index) => `c${index}`);
  const text = report(`${'1  '.repeat(9)}\n${names.join(' ')}\n${'f  '.repeat(9)}`);
  expect(section(text, 'Callers and callees')).toContain('Called from 9 places:\n\n- 1.000 s `c0` `main.py:1`\n');
  expect(section(text, 'Callers and callees')).toContain('- 1.000 s `c4` `main.py:1`\n- and 4 more functions');
});

describe('names from anywhere', () => {
  const evil = '`` | <script>alert(1)</script>\n# *x* \x1b[2J\n```';

  test('are no markup', () => {
    const { frames, ...session } = sessionFromText('1\nmain:1\nsub:2');
    const written = {
      ...session,
      frames: frames.map((frame) => ({ ...frame, functionName: evil, className: evil, file: `/app/${evil}.py` })),
      meta: { ...session.meta, description: evil, notes: [evil] },
      processes: [...session.processes, ...session.processes].map((process) => ({
        ...process,
        command: [evil],
        runtimeVersion: evil,
      })),
      threads: ['a', 'b'].flatMap(() => session.threads.map((thread) => ({ ...thread, name: evil }))),
    };
    const text = markdownRenderer.render(written, {}, { readSource: () => `${evil}\n${evil}\n` }) as string;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(outsideOfCode(text)).not.toMatch(/script|\*x\*|\[2J/);
    for (const row of text.split('\n').filter((line) => line.startsWith('| '))) {
      expect(row.replaceAll(/\\[\\|]/g, '').match(/\|/g)).toHaveLength(8);
    }
  });

  test('any session has a report in which all code ends', () => {
    fc.assert(
      fc.property(anySession('outside'), fc.boolean(), (session, all) => {
        const text = markdownRenderer.render(session, { show_all: all, threads: all, subprocesses: all }) as string;
        expect(outsideOfCode(text)).not.toContain('`');
      }),
    );
  });
});

/** What a reader of Markdown takes for text: without blocks of code, and without code spans. */
function outsideOfCode(text: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const found = /^(`{3,})(text)?$/.exec(line);
    if (fence === null && found?.[2] === 'text') fence = found[1] ?? '';
    else if (fence !== null && found !== null && found[2] === undefined && line.length >= fence.length) fence = null;
    else if (fence === null) lines.push(line.replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, ''));
  }
  if (fence !== null) throw new Error('a block does not end');
  return lines.join('\n');
}

test('100,000 frames deep', () => {
  expect(markdownRenderer.render(deepSession(100_000))).toContain('[recursion, 100000 deep]');
  expect(markdownRenderer.render(deepSession(100_000), { recursion: 'full' })).toContain('deeper frames not shown]');
});

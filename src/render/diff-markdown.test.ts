import { expect, test } from 'vitest';
import { sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { diffMarkdownRenderer } from './diff-markdown.ts';
import type { RenderOptions } from './renderer.ts';

function report(before: string | WrittenSession, after: string | WrittenSession, options: RenderOptions = {}): string {
  const [first, second] = [sessionFromText(before), sessionFromText(after)];
  return diffMarkdownRenderer.render({ name: 'a|b', session: first }, { name: 'b`c', session: second }, options);
}

const [before, after] = ['1    2\nmain main\n     f', '1    3\nmain main\n     f'];

test('the whole comparison', () => {
  const text = report(before, after);
  expect(text).toBe(`# Difference: \`Program: main.py\`

- Before: \`a|b\`, 3.000 s, CPU time 0.500 s, 2 samples every 1 ms
- After: \`\`b\`c\`\`, 4.000 s, CPU time 0.500 s, 2 samples every 1 ms
- Duration: 3.000 s → 4.000 s   +1.000 s   +33 %   slower

How to read this: times are seconds of wall-clock time, waiting included.
\`+\` is slower, \`-\` is faster; \`new\` and \`gone\` calls are in one recording only; ~ may be chance.
In the call tree a line is a function with all that it called, below its caller, the largest change first; \`[self]\`
is the caller's own part. *Own time* is time in a function itself.

### Most changed functions

| own time before | after | change | relative | function | place | code of |
| ---: | ---: | ---: | ---: | --- | --- | --- |
| 2.000 | 3.000 | +1.000 | +50 % | \`f\` | \`main.py:1\` | application |

### Call tree

\`\`\`text
  before  after  change
   3.000  4.000  +1.000  +33 %  main  main.py:1
   2.000  3.000  +1.000  +50 %  └─ f  main.py:1
\`\`\`
`);
});

test('shares instead of seconds', () => {
  const text = report(before, after, { normalize: true });
  expect(text).toContain('numbers are percent of the total of each recording');
  expect(text).toContain('| own time % before | % after | points |');
});

test('several threads have headings', () => {
  const run = (weight: number): WrittenSession => ({
    threads: [
      { samples: '1\nmain' },
      { name: 'a`b', samples: `${weight}\nwork` },
      { name: 'idle', samples: '9w\nwait' },
    ],
  });
  const text = report(run(2), run(4));
  expect(text).toContain('\n## ``Thread a`b · 2.0 s → 4.0 s running``\n');
  expect(text).toContain('\n1 other thread (--threads compares it)\n');
});

test('recordings of nothing', () => {
  expect(report({ threads: [] }, { threads: [] })).toContain('\n\nNo samples were recorded.\n');
});

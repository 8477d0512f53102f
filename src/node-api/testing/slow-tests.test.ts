import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sessionFromText } from '../../../test/support/session-from-text.ts';
import { hottestLine, slowTestReport } from './slow-tests.ts';

const here = fileURLToPath(import.meta.url);
const name = (text: string): string => `a.test.ts > ${text}`;

test('the slowest come first, with the text of their lines; quick ones are left out', () => {
  const report = slowTestReport([
    { name: name('quick'), seconds: 0.01, line: null },
    { name: name('computes'), seconds: 0.5, line: { file: here, line: 1, seconds: 0.4 } },
    { name: name('waits'), seconds: 12.345, line: null },
    { name: name('elsewhere'), seconds: 0.1, line: { file: '/not/there.ts', line: 7, seconds: 0.1 } },
  ]);
  expect(report.split('\n')).toEqual([
    'Slowest tests, with the line that took most of each',
    '   12.35 s  a.test.ts > waits',
    '    500 ms  a.test.ts > computes',
    expect.stringMatching(/^ {14}400 ms in src\/node-api\/testing\/slow-tests\.test\.ts:1 {3}import \{ fileU/),
    '    100 ms  a.test.ts > elsewhere',
    '              100 ms in /not/there.ts:7',
    '',
  ]);
});

test('how many, and from when on, can be said; names cannot write on the terminal', () => {
  const tests = Array.from({ length: 20 }, (_, index) => ({
    name: `test ${index}`,
    seconds: 0.02 * index,
    line: null,
  }));
  expect(slowTestReport(tests)).toMatch(/test 19\n[\s\S]*test 10\n$/);
  expect(slowTestReport(tests, { count: 2, threshold: 0.3 })).toMatch(/test 19\n.*test 18\n$/);
  expect(slowTestReport(tests, { threshold: 1 })).toBe('');
  expect(slowTestReport([{ name: '\u001b[31mred', seconds: 1, line: null }])).not.toContain('\u001b');
});

test('a line that explains little of the time is not named', () => {
  expect(hottestLine({ ...sessionFromText('1\nmain'), threads: [] })).toBeNull();
});

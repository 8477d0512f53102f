/**
 * Which tests of `node:test` are slow, and where? To be loaded before or by the tests: `node --import timesink/test --test`,
 * or `import 'timesink/test'` in a file of tests.
 */
import { afterEach, beforeEach } from 'node:test';
import { type RecordedTest, recordTest } from './recorded-test.ts';
import { type SlowTest, slowTestReport, thresholdOf } from './slow-tests.ts';

/** The test under way; of several at a time, the one that began last. */
let current: RecordedTest | undefined;
const slow: SlowTest[] = [];

/** The process of `node --test` only starts others, unless it is told to run the tests itself. */
function runsTests(): boolean {
  const isRunner = process.execArgv.includes('--test') && process.env['NODE_TEST_CONTEXT'] === undefined;
  return !isRunner || process.execArgv.some((word) => /^--(experimental-)?test-isolation=none$/.test(word));
}

if (runsTests()) {
  beforeEach(() => {
    current?.end('', Number.POSITIVE_INFINITY);
    current = recordTest(true);
  });
  afterEach((context) => {
    const name = 'fullName' in context ? String(context.fullName) : context.name;
    const test = current?.end(name, thresholdOf({}));
    current = undefined;
    if (test !== undefined) slow.push(test);
  });
  process.on('exit', () => {
    const report = slowTestReport(slow);
    if (report !== '') process.stderr.write(`\n${report}`);
  });
}

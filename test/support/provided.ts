/** Where is what `.ci/run` installs for the tests, and what happens to a test when it is not there? */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

/** The folder that `.ci/run` fills. */
export const providedFolder: string = process.env['TIMESINK_TEST_CACHE'] ?? join(homedir(), '.cache/timesink-test');

/** Declares, in place of a test that cannot run, a skipped one; with CI=true a failing one. */
export function declareMissing(name: string, what: string): void {
  if (process.env['CI'] !== 'true') {
    test.skip(`${name}: ${what} not found`);
    return;
  }
  test(name, () => {
    throw new Error(`${what} is not on this machine; .ci/run installs what the tests need`);
  });
}

/** Do pyinstrument and the Python package find the same in the same programs, and where not, which of them is right? */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { testWithPyinstrument } from '../support/pythons.ts';

const folder = fileURLToPath(new URL('../../python/', import.meta.url));

/** Share of the time by name of function. */
type Shares = Readonly<Record<string, number>>;

/** What was found of one program, by profiler; `plain`: what the program found without any. */
type Found = Readonly<Record<'plain' | 'timesink' | 'pyinstrument', Shares>>;

function observe(python: string, programs: readonly string[]): ReadonlyMap<string, Found> {
  const env = { ...process.env, PYTHONPATH: join(folder, 'src'), PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout, stderr } = spawnSync(python, ['tests/compared_programs.py', ...programs], {
    cwd: folder,
    env: { ...env, TIMESINK_NODE: process.execPath },
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(stderr).toBe('');
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, Found>));
}

/** Runs that a program gets: what is wrong is wrong in all of them, what a busy machine does is not. */
const mostRuns = 4;

/** Runs programs until each was right once. @param complaint what is wrong with what was found; undefined: nothing */
function expectRight(
  python: string,
  programs: readonly string[],
  complaint: (found: Found) => string | undefined,
): void {
  const complaints = new Map<string, string[]>(programs.map((program) => [program, []]));
  for (let run = 0; run < mostRuns && complaints.size > 0; run++) {
    for (const [program, found] of observe(python, [...complaints.keys()])) {
      const wrong = complaint(found);
      if (wrong === undefined) complaints.delete(program);
      else complaints.get(program)?.push(wrong);
    }
  }
  expect(Object.fromEntries(complaints)).toEqual({});
}

/** Shares that may differ, and below which functions are not at the top. */
const mostDifference = 0.05;
const leastShare = 0.1;

const top = (shares: Shares): readonly string[] =>
  Object.keys(shares).filter((name) => (shares[name] ?? 0) > leastShare);

function difference({ timesink, pyinstrument }: Found): string | undefined {
  const names = new Set([...top(timesink), ...top(pyinstrument)]);
  // A program and both its parts, at least.
  if (names.size < 3) return `too few functions: ${[...names].join()}`;
  const differing = [...names].filter(
    (name) => !(Math.abs((timesink[name] ?? 0) - (pyinstrument[name] ?? 0)) <= mostDifference),
  );
  if (differing.length === 0) return undefined;
  return differing.map((name) => `${name}: ${timesink[name]}, not ${pyinstrument[name]}`).join('; ');
}

testWithPyinstrument('programs that sleep or compute in C have the same functions and shares', (python) => {
  const programs = ['sleeps', 'waits', 'awaits', 'hashes', 'compresses', 'matches', 'computes'];
  expectRight(python, programs, difference);
});

testWithPyinstrument(
  'programs that make many calls have shares that are nearer to what they are unprofiled',
  (python) => {
    expectRight(python, ['recursion', 'methods', 'callbacks'], ({ plain, timesink, pyinstrument }) => {
      const errorOf = (shares: Shares): number =>
        Math.abs((shares['count'] ?? Number.NaN) - (plain['count'] ?? Number.NaN));
      if (errorOf(timesink) < errorOf(pyinstrument)) return undefined;
      return `${timesink['count']} and ${pyinstrument['count']}, where ${plain['count']} is right`;
    });
  },
);

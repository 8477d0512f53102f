import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { suiteText, writeSection } from './report.ts';
import { atLeast, atMost, type Suite } from './suite.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a suite that is run again replaces its own section and no other', () => {
  const path = join(folder, 'RESULTS.md');
  writeSection(path, 'small', '## Small\nold\n');
  writeSection(path, 'cost', '## Cost\nstays\n');
  writeSection(path, 'small', '## Small\nnew\n');
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(/^# Measurements\n/);
  expect(text).not.toContain('old');
  expect(text.indexOf('new')).toBeLessThan(text.indexOf('stays'));
});

test('budgets are judged by the figures, and not at all without them', () => {
  const show = (value: number): string => `${value} ms`;
  const budgets = [
    atMost('a', 5, 4, show),
    atMost('b', 4, 4, show),
    atLeast('c', 5, 4, show),
    atMost('d', undefined, 4, show),
  ];
  expect(budgets.map(({ met }) => met)).toEqual([false, true, true, undefined]);

  const suite: Suite = { name: 'x', title: 'X', run: () => Promise.reject(new Error('not run')) };
  expect(suiteText(suite, { tables: [], budgets, notes: ['A remark.'] }, ['a machine'])).toMatchInlineSnapshot(`
    "## X

    - a machine
    - A remark.

    ### Budgets

    | what | budget | measured                 |              |
    | ---- | ------ | ------------------------ | ------------ |
    | a    | ≤ 4 ms | 5 ms                     | **not met**  |
    | b    | ≤ 4 ms | 4 ms                     | met          |
    | c    | ≥ 4 ms | 5 ms                     | met          |
    | d    | ≤ 4 ms | not measured in this run | not measured |
    "
  `);
});

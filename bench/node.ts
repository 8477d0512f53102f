/** What does it cost to record programs of Node.js, beside its own profiler, 0x and @datadog/pprof? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { follow, followedBudgets, followedTable } from './node-awaits.ts';
import { compare, comparisonBudgets, comparisonTable } from './node-compare.ts';
import { findNodePeers, findNodes } from './nodes.ts';
import type { Options, Suite, SuiteResult } from './suite.ts';

const explanation = [
  'Costs are those of a fixed amount of work, measured by the program itself: its start, and what a profiler does after its end, are left out.',
  'CPU time is that of the whole process, threads of the profiler included. Each run is compared with those before and after it.',
] as const;

async function runSuite(options: Options): Promise<SuiteResult> {
  const { found: nodes, notes } = findNodes(options);
  const { peers, notes: missing } = findNodePeers();
  const [node] = nodes;
  if (node === undefined) throw new Error('there is no Node.js');
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    const compared = await compare(options, node, peers, folder);
    const followed = await follow(options, nodes, folder);
    return {
      tables: [comparisonTable(compared, node), followedTable(followed)],
      budgets: [...comparisonBudgets(compared), ...followedBudgets(followed)],
      notes: [...explanation, ...notes, ...missing],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const node: Suite = { name: 'node', title: 'Programs of Node.js', run: runSuite };

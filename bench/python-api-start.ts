/** How long do start() and stop() take inside a program, and how much memory has the recorder? */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Package, Start } from './python-api-slowdown.ts';
import { cacheFolder } from './pythons.ts';
import { runChecked } from './run.ts';
import { median, quantile } from './statistics.ts';
import { atMost, type Budget, type Options, progress, type Table } from './suite.ts';

const script = fileURLToPath(new URL('programs/recorder_times.py', import.meta.url));

/** A profiler, and the Node.js that its recorder runs on; pyinstrument has none. */
interface Contender {
  readonly profiler: Package;
  readonly node: { readonly version: string; readonly path: string } | undefined;
}

/** What was measured of it: seconds and bytes. */
interface Found extends Contender {
  readonly colds: number[];
  starts: readonly number[];
  stops: readonly number[];
  recording: number | undefined;
  most: number | undefined;
}

/** That which runs this, and those that the tests use. */
async function nodesAtHand(): Promise<readonly { readonly version: string; readonly path: string }[]> {
  const folder = join(cacheFolder, 'node');
  const others = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(a) - Number(b)) : [];
  const paths = others.map((name) => join(folder, name, 'node_modules/node/bin/node')).filter(existsSync);
  const found = new Map<string, string>();
  for (const path of [process.execPath, ...paths]) {
    const version = (await runChecked([path, '--version'])).stdout.trim().replace('v', '');
    if (!found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}

async function measure(start: Start, all: readonly Found[], options: Options): Promise<void> {
  const ask = async ({ profiler, node }: Contender, ...mode: readonly string[]): Promise<unknown> => {
    const env = { ...start.env, ...(node === undefined ? {} : { TIMESINK_NODE: node.path }) };
    return JSON.parse((await runChecked([start.python, script, profiler.name, ...mode], { env })).stdout);
  };
  // In turns, so that all see the same machine. The first time only fills the caches.
  for (let turn = -1; turn < (options.quick ? 2 : 15); turn++) {
    for (const found of all) {
      const { cold } = (await ask(found, 'cold')) as { readonly cold: number };
      if (turn >= 0) found.colds.push(cold);
    }
  }
  for (const found of all) {
    Object.assign(found, await ask(found, 'warm', options.quick ? '50' : '500', options.quick ? '0.5' : '2'));
    progress(`python-api: ${cells(found).join(', ')}`);
  }
}

const milliseconds = (value: number): string => `${(value * 1000).toFixed(value < 0.01 ? 2 : 0)} ms`;
const megabytes = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;

const cells = ({ profiler, node, ...found }: Found): string[] => [
  ...[profiler.title, node?.version ?? ''],
  ...[milliseconds(median(found.colds)), milliseconds(Math.max(...found.colds))],
  ...[milliseconds(median(found.starts)), milliseconds(quantile(found.starts, 0.95))],
  ...[milliseconds(median(found.stops)), milliseconds(quantile(found.stops, 0.95))],
  ...[found.recording, found.most].map((bytes) => (typeof bytes === 'number' ? megabytes(bytes) : '')),
];

const columns = [
  ...['profiler', 'Node.js', 'cold start', 'slowest', 'start()', '95th percentile', 'stop()', '95th percentile'],
  ...['memory recording', 'at most'],
];

/** The worst of all versions of Node.js must keep them. */
function budgetsOf(all: readonly Found[]): readonly Budget[] {
  const mine = all.filter(({ profiler }) => profiler.name === 'timesink');
  const worst = (figure: (found: Found) => number): number | undefined =>
    mine.length === 0 ? undefined : Math.max(...mine.map(figure));
  const most = worst((found) => found.most ?? Number.NaN);
  return [
    atMost(
      'from the first Profiler until it records',
      worst(({ colds }) => median(colds)),
      0.25,
      milliseconds,
    ),
    atMost(
      'start(), median',
      worst(({ starts }) => median(starts)),
      0.001,
      milliseconds,
    ),
    atMost(
      'start(), 95th percentile',
      worst(({ starts }) => quantile(starts, 0.95)),
      0.001,
      milliseconds,
    ),
    atMost(
      'stop(), median',
      worst(({ stops }) => median(stops)),
      0.001,
      milliseconds,
    ),
    atMost(
      'stop(), 95th percentile',
      worst(({ stops }) => quantile(stops, 0.95)),
      0.001,
      milliseconds,
    ),
    atMost('memory of the recorder', most, 70e6, megabytes),
  ];
}

/** Measures each package, and ours on every Node.js that is there. */
export async function measureStart(
  start: Start,
  packages: readonly Package[],
  options: Options,
): Promise<{ readonly table: Table; readonly budgets: readonly Budget[] }> {
  const nodes = await nodesAtHand();
  const contenders = packages.flatMap((profiler): readonly Contender[] => {
    if (profiler.name === 'none') return [];
    return profiler.name === 'timesink' ? nodes.map((node) => ({ profiler, node })) : [{ profiler, node: undefined }];
  });
  const all = contenders.map(
    (each): Found => ({ ...each, colds: [], starts: [], stops: [], recording: undefined, most: undefined }),
  );
  const caches = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    await measure({ ...start, env: { ...start.env, PYTHONPYCACHEPREFIX: caches } }, all, options);
  } finally {
    rmSync(caches, { recursive: true, force: true });
  }
  return {
    table: { title: 'Starting and stopping', columns, rows: all.map(cells) },
    budgets: budgetsOf(all),
  };
}

/** What does it cost to follow 30,000 awaits a second, on every Node.js, and are they followed throughout? */
import { join } from 'node:path';
import { type Costs, type FollowedAwaits, followedAwaits, type NodeRun, runProgram } from './node-run.ts';
import { type Node, noNodeProfiler, timesinkFor } from './nodes.ts';
import { between } from './pairs.ts';
import { geometricMean, type Interval, mean } from './statistics.ts';
import { atMost, type Budget, type Options, progress, type Table } from './suite.ts';

const perSecond = 30_000;

/** A program that never sleeps, and one that does between the milliseconds. */
const kinds = ['busy', 'paced'] as const;

/** What was found for one Node.js and kind of program. */
export interface Followed {
  readonly node: Node;
  readonly kind: (typeof kinds)[number];
  /** Awaits in a second of wall time, while they were not followed. */
  readonly reached: number;
  /** CPU time of the process in a second of wall time, while they were not followed. */
  readonly load: number;
  /** CPU time of the process while they were followed, over that while they were not. */
  readonly ratio: Interval;
  /** Of each run in which they were. */
  readonly runs: readonly FollowedAwaits[];
}

/** So often `on` is measured within one round. */
const each = [0, 1, 2];

export async function follow(options: Options, nodes: readonly Node[], folder: string): Promise<readonly Followed[]> {
  const seconds = options.seconds ?? (options.quick ? 0.5 : 1.3);
  const rounds = options.quick ? 1 : 2;
  const found: Followed[] = [];
  for (const node of nodes) {
    const plain = { node, profiler: noNodeProfiler, folder: join(folder, 'run') };
    const calibration = ['--calibrate', String(perSecond)];
    const { steps } = await runProgram<{ steps: number }>(plain, 'awaits', calibration);
    for (const kind of kinds) {
      progress(`node: ${perSecond} awaits/s, ${kind}, Node.js ${node.version}`);
      // A paced program has time left.
      const work = kind === 'paced' ? Math.round(steps / 2) : steps;
      const amount = Math.round(perSecond * seconds);
      found.push(await followOn(plain, kind, [kind, String(amount), String(work)], amount, rounds));
    }
  }
  return found;
}

async function followOn(
  plain: NodeRun,
  kind: Followed['kind'],
  args: readonly string[],
  amount: number,
  rounds: number,
): Promise<Followed> {
  const [logarithms, runs, without]: [number[], FollowedAwaits[], Costs[]] = [[], [], []];
  const off = async (): Promise<readonly number[]> => {
    const costs = await runProgram({ ...plain, profiler: timesinkFor('off') }, 'awaits', args);
    without.push(costs);
    return [costs.cpu];
  };
  const on = async (): Promise<readonly number[]> => {
    const { cpu } = await runProgram({ ...plain, profiler: timesinkFor('on') }, 'awaits', args);
    runs.push(followedAwaits(plain.folder));
    return [cpu];
  };
  for (let round = 0; round < rounds; round++) {
    const ratios = await between(
      off,
      each.map(() => on),
      false,
    );
    logarithms.push(...ratios.flat());
  }
  const wall = mean(without.map((costs) => costs.wall));
  return {
    node: plain.node,
    kind,
    reached: amount / wall,
    load: mean(without.map(({ cpu }) => cpu)) / wall,
    ratio: geometricMean(logarithms),
    runs,
  };
}

/** What is added, as a share of one core. */
const added = ({ load }: Followed, ratio: number): number => (ratio - 1) * load;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function followedTable(all: readonly Followed[]): Table {
  return {
    title: `${perSecond.toLocaleString('en')} awaits a second: what following them adds to timesink --async=off`,
    columns: [
      'Node.js',
      'program',
      'awaits',
      'CPU without',
      'added, of a core',
      '95 % interval',
      'idle time at awaits',
    ],
    rows: all.map((found) => [
      found.node.version,
      found.kind,
      `${Math.round(found.reached).toLocaleString('en')} /s`,
      percent(found.load),
      percent(added(found, found.ratio.value)),
      `${percent(added(found, found.ratio.low))} – ${percent(added(found, found.ratio.high))}`,
      found.kind === 'busy' ? '' : percent(mean(found.runs.map(({ attributed }) => attributed))),
    ]),
  };
}

export function followedBudgets(all: readonly Followed[]): readonly Budget[] {
  return all.flatMap((found): Budget[] => {
    const name = `Node.js ${found.node.version}, ${found.kind} program of 30,000 awaits/s`;
    const kept = found.runs.filter(({ wereLost }) => !wereLost).length;
    return [
      atMost(`${name}: added by following them, of a core`, added(found, found.ratio.value), 0.05, percent),
      {
        what: `${name}: they are followed throughout`,
        limit: 'every run',
        measured: `${kept} of ${found.runs.length} runs`,
        met: kept === found.runs.length,
      },
    ];
  });
}

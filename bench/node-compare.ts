/** How much do three programs of Node.js need more beside each profiler? */
import { join } from 'node:path';
import { type Costs, runProgram, runServer } from './node-run.ts';
import { cpuProf, type Node, type NodeProfiler, noNodeProfiler, timesinkFor } from './nodes.ts';
import { between } from './pairs.ts';
import { geometricMean, type Interval, median, overlap } from './statistics.ts';
import { type Budget, chosen, type Options, progress, type Table } from './suite.ts';

/** A program with a fixed amount of work. */
interface Program {
  readonly name: string;
  /** What its work is counted in. */
  readonly unit: string;
  readonly amount: number;
  run(profiler: NodeProfiler): Promise<Costs>;
}

/** Logarithms of a profiler's costs over those without one: of CPU time, and of wall time; an entry for each comparison. */
interface Ratios {
  readonly cpu: readonly number[];
  readonly wall: readonly number[];
}

/** What was found of one program. */
export interface Compared {
  readonly program: Pick<Program, 'name' | 'unit' | 'amount'>;
  /** Without a profiler, in seconds: medians. */
  readonly plain: Costs;
  /** By profiler's title. */
  readonly ratios: ReadonlyMap<string, Ratios>;
}

/** The profilers that budgets speak of are measured so often, the others less: what they cost is large. */
const rounds = { all: 7, peers: 2 } as const;

/** Awaits in a second of the third program. */
const perSecond = 100_000;

/** The programs, each with as much work as takes so many seconds. */
async function preparePrograms(node: Node, folder: string, seconds: number): Promise<readonly Program[]> {
  const work = (profiler: NodeProfiler) => ({ node, profiler, folder: join(folder, 'run') });
  const plain = work(noNodeProfiler);
  const amountFor = (trial: number, { cpu }: Costs): number => Math.ceil((trial * seconds) / cpu);
  const requests = amountFor(4000, await runServer(plain, 4000));
  const count = amountFor(2000, await runProgram(plain, 'cpu', ['2000']));
  const { steps } = await runProgram<{ steps: number }>(plain, 'awaits', ['--calibrate', String(perSecond)]);
  const awaits = perSecond * seconds;
  const awaitArguments = ['busy', String(awaits), String(steps)];
  return [
    { name: 'HTTP server', unit: 'request', amount: requests, run: (each) => runServer(work(each), requests) },
    { name: 'computing', unit: 'round', amount: count, run: (each) => runProgram(work(each), 'cpu', [String(count)]) },
    {
      name: `${perSecond.toLocaleString('en')} awaits/s`,
      unit: 'await',
      amount: awaits,
      run: (each) => runProgram(work(each), 'awaits', awaitArguments),
    },
  ];
}

/** Measures round by round, so that whatever else the machine does meets all alike. */
export async function compare(
  options: Options,
  node: Node,
  peers: readonly NodeProfiler[],
  folder: string,
): Promise<readonly Compared[]> {
  const all = await preparePrograms(node, folder, options.seconds ?? (options.quick ? 0.5 : 1.3));
  const found = chosen(options, all, ({ name }) => name).map((program) => ({
    program,
    plain: [] as Costs[],
    ratios: new Map<string, { cpu: number[]; wall: number[] }>(),
  }));
  const own = [noNodeProfiler, timesinkFor('on'), timesinkFor('off'), cpuProf];
  for (let round = 0; round < (options.quick ? 1 : rounds.all); round++) {
    for (const { program, plain, ratios } of found) {
      progress(`node: ${program.name}, round ${round + 1} of ${options.quick ? 1 : rounds.all}`);
      const profilers = round < rounds.peers ? [...own, ...peers] : own;
      const costsOf = (profiler: NodeProfiler, keep?: Costs[]) => async () => {
        const costs = await program.run(profiler);
        keep?.push(costs);
        return [costs.cpu, costs.wall];
      };
      const others = profilers.map((profiler) => costsOf(profiler));
      const logarithms = await between(costsOf(noNodeProfiler, plain), others, round % 2 === 1);
      for (const [index, { title }] of profilers.entries()) {
        const known = ratios.get(title) ?? { cpu: [], wall: [] };
        ratios.set(title, known);
        known.cpu.push(logarithms[index]?.[0] ?? Number.NaN);
        known.wall.push(logarithms[index]?.[1] ?? Number.NaN);
      }
    }
  }
  return found.map(({ program, plain, ratios }) => ({ program, plain: medianCosts(plain), ratios }));
}

const medianCosts = (costs: readonly Costs[]): Costs => ({
  cpu: median(costs.map(({ cpu }) => cpu)),
  wall: median(costs.map(({ wall }) => wall)),
});

const intervalText = ({ low, high }: Interval): string =>
  Number.isFinite(high) ? ` (${low.toFixed(3)} – ${high.toFixed(3)})` : '';

const ratioText = (logarithms: readonly number[] | undefined): string => {
  if (logarithms === undefined) return '';
  const mean = geometricMean(logarithms);
  return `${mean.value.toFixed(3)}${intervalText(mean)}`;
};

/** Costs of one piece of work, and what each profiler makes of them. */
export function comparisonTable(compared: readonly Compared[], node: Node): Table {
  const titles = [...new Set(compared.flatMap(({ ratios }) => [...ratios.keys()]))];
  const micros = (seconds: number, amount: number): string => `${((seconds / amount) * 1e6).toFixed(2)} µs`;
  return {
    title: `Node.js ${node.version}: costs over those without a profiler (95 % interval)`,
    columns: ['program', 'cost', 'without', ...titles],
    rows: compared.flatMap(({ program, plain, ratios }) => {
      const { name, unit, amount } = program;
      const throughput = `${Math.round(amount / plain.wall).toLocaleString('en')} /s`;
      return [
        [
          name,
          `CPU time per ${unit}`,
          micros(plain.cpu, amount),
          ...titles.map((title) => ratioText(ratios.get(title)?.cpu)),
        ],
        [name, `wall time per ${unit}`, throughput, ...titles.map((title) => ratioText(ratios.get(title)?.wall))],
      ];
    }),
  };
}

/** Without following awaits, timesink is to cost no more than what Node.js has in itself, as far as can be told. */
export function comparisonBudgets(compared: readonly Compared[]): readonly Budget[] {
  return compared.map(({ program, ratios }) => {
    const [own, builtIn, none] = [timesinkFor('off'), cpuProf, noNodeProfiler].map(
      ({ title }) => ratios.get(title)?.cpu ?? [],
    ) as [readonly number[], readonly number[], readonly number[]];
    const control = geometricMean(none);
    const ratio = geometricMean(own.map((each, round) => each - (builtIn[round] ?? Number.NaN)));
    const isKnown = Number.isFinite(ratio.high) && Number.isFinite(control.high);
    return {
      what: `${program.name}: CPU time of timesink --async=off over --cpu-prof, interval overlaps the control's or is below`,
      limit: ratioText(none),
      measured: isKnown ? `${ratio.value.toFixed(3)}${intervalText(ratio)}` : 'needs two rounds',
      met: isKnown ? ratio.high < control.low || overlap(ratio, control) : undefined,
    };
  });
}

/** How much slower does a program run while it is profiled? */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { between } from './pairs.ts';
import { label, noProfiler, type Profiler, prepare } from './profilers.ts';
import { runChecked } from './run.ts';
import { geometricMean, type Interval, median, overlap } from './statistics.ts';
import { type Budget, chosen, type Options, progress, type Suite, type SuiteResult, type Table } from './suite.ts';

/** Programs of pyperformance that need no package beside it, with the arguments each is given. */
const programs: Readonly<Record<string, readonly string[]>> = {
  chaos: [],
  deltablue: [],
  fannkuch: [],
  float: [],
  generators: [],
  go: [],
  hexiom: [],
  json_dumps: [],
  logging: ['simple'],
  nbody: [],
  pickle: ['--pure-python', 'pickle'],
  raytrace: [],
  regex_compile: [],
  richards: [],
  spectral_norm: [],
  async_tree: ['none'],
  comprehensions: [],
  coroutines: [],
  deepcopy: [],
  nqueens: [],
  pidigits: [],
  scimark: [],
  telco: [],
  unpack_sequence: [],
};

/** Fewer programs say too little about programs in general. */
const fewestPrograms = 12;

const driver = fileURLToPath(new URL('programs/pyperf_driver.py', import.meta.url));
const interval = 0.001;

/** One side of a comparison. The control is no profiler measured against no profiler. */
interface Contender {
  readonly title: string;
  readonly profiler: Profiler;
  /** Whether it is measured again in every round; the others only in the first, their effect being large. */
  readonly everyRound: boolean;
}

interface Work {
  readonly python: string;
  readonly folder: string;
  readonly program: string;
  readonly rounds: number;
}

/** Logarithms of slowed/plain wall time, by contender's title and then program. */
type Ratios = Map<string, Map<string, number[]>>;

async function drive<Outcome>(
  work: Omit<Work, 'rounds'>,
  profiler: Pick<Profiler, 'command'>,
  mode: readonly [string, number],
): Promise<Outcome> {
  const file = join(work.folder, 'result.json');
  rmSync(file, { force: true });
  const program = [driver, work.program, file, mode[0], String(mode[1]), ...(programs[work.program] ?? [])];
  await runChecked(profiler.command({ python: work.python, interval }, program));
  return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
}

const wallOf = async (work: Work, profiler: Profiler): Promise<number> =>
  (await drive<{ wall: number }>(work, profiler, ['--rounds', work.rounds])).wall;

/** A parent that profiles nothing: whether it is stopped or going makes no difference. */
const idleParent: Pick<Profiler, 'command'> = {
  command: (recording, program) => ['sh', '-c', '"$@"; exit $?', 'sh', ...noProfiler.command(recording, program)],
};

/**
 * The same comparison within one run: neighbouring stretches of a quarter of a second, timesink stopped in one of them. That is
 * far less noisy than whole runs. Only for timesink: the others would keep the program from going on while they are stopped.
 */
async function measureWithin(
  options: Options,
  python: string,
  contenders: readonly Contender[],
  names: readonly string[],
): Promise<Ratios> {
  const seconds = options.quick ? 2 : 12;
  const ratios: Ratios = new Map(contenders.map(({ title }) => [title, new Map()]));
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    for (const program of names) {
      for (const { title, profiler } of contenders) {
        const parent = profiler === noProfiler ? idleParent : profiler;
        const mode = ['--alternate', seconds] as const;
        const { pairs } = await drive<{ pairs: [number, number][] }>({ python, folder, program }, parent, mode);
        const found = pairs.map(([stopped, going]) => Math.log(going / stopped));
        ratios.get(title)?.set(program, found);
        progress(`slowdown: within one run, ${program}, ${title}: ${Math.exp(median(found)).toFixed(3)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return ratios;
}

async function measure(
  options: Options,
  python: string,
  contenders: readonly Contender[],
  names: readonly string[],
): Promise<Ratios> {
  const seconds = options.seconds ?? (options.quick ? 1 : 5);
  const end = performance.now() + options.minutes * 60_000;
  const ratios: Ratios = new Map(contenders.map(({ title }) => [title, new Map()]));
  const rounds = new Map<string, number>();
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  try {
    for (let round = 0; round === 0 || (performance.now() < end && !options.quick); round++) {
      for (const program of names) {
        if (performance.now() > end && (round > 0 || rounds.size >= fewestPrograms)) break;
        const work = { python, folder, program };
        const count =
          rounds.get(program) ?? (await drive<{ rounds: number }>(work, noProfiler, ['--calibrate', seconds])).rounds;
        rounds.set(program, count);
        const measured = contenders.filter((each) => round === 0 || each.everyRound);
        const wall = (profiler: Profiler) => async () => [await wallOf({ ...work, rounds: count }, profiler)];
        const others = measured.map(({ profiler }) => wall(profiler));
        const found = await between(wall(noProfiler), others, round % 2 === 1);
        for (const [index, { title }] of measured.entries()) {
          const [ratio = Number.NaN] = found[index] ?? [];
          const known = ratios.get(title) as Map<string, number[]>;
          known.set(program, [...(known.get(program) ?? []), ratio]);
          progress(`slowdown: round ${round + 1}, ${program}, ${title}: ${Math.exp(ratio).toFixed(3)}`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return ratios;
}

/** One logarithm per program: the middle one of its pairs, so that a disturbed run does not decide. */
const perProgram = (byProgram: ReadonlyMap<string, readonly number[]>): number[] => [...byProgram.values()].map(median);

const summary = (ratios: Ratios): ReadonlyMap<string, Interval> =>
  new Map([...ratios].map(([title, byProgram]) => [title, geometricMean(perProgram(byProgram))]));

function table(title: string, ratios: Ratios, names: readonly string[]): Table {
  const means = summary(ratios);
  const titles = [...ratios.keys()];
  const cell = (program: string, title: string): string => {
    const found = ratios.get(title)?.get(program) ?? [];
    return found.length === 0 ? '' : `${Math.exp(median(found)).toFixed(3)} (${found.length})`;
  };
  const line = (name: string, show: (mean: Interval, title: string) => string): string[] => [
    name,
    ...titles.map((title) => show(means.get(title) as Interval, title)),
  ];
  return {
    title: `${title}: median of the pairs (and their number)`,
    columns: ['program', ...titles],
    rows: [
      ...names
        .filter((program) => titles.some((title) => ratios.get(title)?.has(program)))
        .map((program) => [program, ...titles.map((title) => cell(program, title))]),
      line('geometric mean', (mean) => mean.value.toFixed(4)),
      line('95 % interval', (mean) => `${mean.low.toFixed(4)} – ${mean.high.toFixed(4)}`),
      line('worst program', (_, title) => Math.exp(Math.max(...perProgram(ratios.get(title) as never))).toFixed(3)),
    ],
  };
}

function budgetsOf(how: string, ratios: Ratios, mineTitle: string | undefined): readonly Budget[] {
  const means = summary(ratios);
  const control = means.get(controlTitle);
  const mine = mineTitle === undefined ? undefined : means.get(mineTitle);
  const count = mineTitle === undefined ? 0 : (ratios.get(mineTitle)?.size ?? 0);
  const isJudged = mine !== undefined && control !== undefined && count >= fewestPrograms;
  const show = (mean: Interval): string =>
    `${mean.value.toFixed(4)} (${mean.low.toFixed(4)} – ${mean.high.toFixed(4)})`;
  const missing = mine === undefined ? 'timesink was not measured' : `needs ${fewestPrograms} programs and the control`;
  return [
    {
      what: `slowdown at 1 ms, ${how}: upper end of the 95 % interval`,
      limit: '≤ 1.03',
      measured: isJudged ? mine.high.toFixed(4) : missing,
      met: isJudged ? mine.high <= 1.03 : undefined,
    },
    {
      what: `slowdown at 1 ms, ${how}: the interval overlaps the control's`,
      limit: control === undefined ? '' : show(control),
      measured: isJudged ? show(mine) : missing,
      met: isJudged ? overlap(mine, control) : undefined,
    },
  ];
}

const controlTitle = 'none (control)';

async function runSuite(options: Options): Promise<SuiteResult> {
  const { python, profilers, notes } = prepare();
  const contenders = chosen(options, profilers, ({ name }) => name).map((profiler): Contender => {
    const isControl = profiler === noProfiler;
    const everyRound = isControl || profiler.name === 'timesink';
    return { title: isControl ? controlTitle : label(profiler), profiler, everyRound };
  });
  const all = chosen(options, Object.keys(programs), (name) => name);
  const names = options.quick ? all.slice(0, 3) : all;
  const mine = contenders.find(({ profiler }) => profiler.name === 'timesink');
  const control = contenders.filter(({ profiler }) => profiler === noProfiler);
  const within = await measureWithin(options, python, [...control, ...(mine === undefined ? [] : [mine])], names);
  const runs = await measure(options, python, contenders, names);
  return {
    tables: [
      table('Wall time over that without a profiler, whole runs', runs, names),
      table('Wall time with the profiler going over that with it stopped, within one run', within, names),
    ],
    budgets: [...budgetsOf('whole runs', runs, mine?.title), ...budgetsOf('within one run', within, mine?.title)],
    notes,
  };
}

export const slowdown: Suite = { name: 'slowdown', title: 'Slowdown of the profiled program', run: runSuite };

/** What does a sample cost the recorder, and how many can it take? */
import { fileURLToPath } from 'node:url';
import { CostRuns, type Measured, type Scenario } from './cost-run.ts';
import { type FlatOut, flatOut } from './flat-out.ts';
import { label, noProfiler, type Profiler, prepare } from './profilers.ts';
import { runChecked } from './run.ts';
import { median } from './statistics.ts';
import { atLeast, atMost, type Budget, chosen, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const scenarios: readonly Scenario[] = [
  { frames: 10, idle: 0 },
  { frames: 50, idle: 0 },
  { frames: 200, idle: 0 },
  { frames: 50, idle: 200 },
];

interface Row extends Measured {
  readonly profiler: Profiler;
  readonly scenario: Scenario;
  readonly interval: number;
  /** Seconds. */
  readonly cpuPerSample: number;
  /** Wall time of the target over that without a profiler. */
  readonly slowdown: number;
}

/** Medians over some runs, each beside one without a profiler. */
async function measureRow(
  runs: CostRuns,
  place: Pick<Row, 'profiler' | 'scenario' | 'interval'>,
  rounds: number,
  repeats: number,
): Promise<Row> {
  const { profiler, scenario, interval } = place;
  const found: Omit<Row, keyof typeof place>[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const plain = await runs.measure(noProfiler, scenario, interval, rounds);
    const profiled = await runs.measure(profiler, scenario, interval, rounds);
    const load = profiler.name === 'pyinstrument' ? (profiled.cpu - plain.cpu) / profiled.wall : profiled.load;
    const cpuPerSample = load / profiled.samplesPerSecond;
    found.push({ ...profiled, load, cpuPerSample, slowdown: profiled.wall / plain.wall });
  }
  const middle = (key: keyof (typeof found)[number]): number => median(found.map((each) => each[key]));
  const row: Row = {
    ...{ ...place, wall: middle('wall'), cpu: middle('cpu'), load: middle('load'), slowdown: middle('slowdown') },
    ...{ samplesPerSecond: middle('samplesPerSecond'), cpuPerSample: middle('cpuPerSample') },
    ...{ missed: middle('missed'), incomplete: middle('incomplete') },
  };
  progress(`cost: ${cells(row).join(', ')}`);
  return row;
}

/** 1 kHz, and as fast as each can be told to go; py-spy so only once, since it then holds the target most of the time. */
function intervalsOf(profiler: Profiler, { frames }: Scenario): readonly number[] {
  if (profiler.name === 'timesink') return [0.001, 0.00005];
  return profiler.name === 'py-spy' && frames === 10 ? [0.001, 0.0001] : [0.001];
}

const microseconds = (value: number): string => `${(value * 1e6).toFixed(1)} µs`;
const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')} /s`;

const percent = (share: number): string => (Number.isNaN(share) ? '' : `${(share * 100).toFixed(3)} %`);

const cells = (row: Row): string[] => [
  label(row.profiler),
  String(row.scenario.frames),
  String(row.scenario.idle),
  perSecond(1 / row.interval),
  perSecond(row.samplesPerSecond),
  microseconds(row.cpuPerSample),
  row.slowdown.toFixed(2),
  percent(row.missed),
  percent(row.incomplete),
];

const columns = [
  ...['profiler', 'frames', 'idle threads', 'rate asked', 'rate reached', 'CPU per sample', 'wall time over none'],
  ...['missed', 'incomplete'],
];

const remark =
  'CPU per sample: user and system time of the profiler’s own process while the target works (its first third left out, in which V8 still compiles timesink), divided by its looks at the busy thread; pyinstrument has no process of its own, so there it is the CPU time added to the target.';

/** Samples per second of CPU time: what one core can do that has nothing else to do. */
const perCore = (flat: FlatOut | undefined): number | undefined => flat && 1 / flat.cpuPerSample;

function budgetsOf(rows: readonly Row[], flat: ReadonlyMap<number, FlatOut>): readonly Budget[] {
  const mine = (frames: number, idle: number): Row | undefined =>
    rows.find(
      ({ profiler, scenario, interval }) =>
        profiler.name === 'timesink' && interval === 0.001 && scenario.frames === frames && scenario.idle === idle,
    );
  const [alone, crowded] = [mine(50, 0)?.cpuPerSample, mine(50, 200)?.cpuPerSample];
  const perIdle = alone === undefined || crowded === undefined ? undefined : (crowded - alone) / 200;
  return [
    atMost('CPU per sample at 1 kHz, 50 frames', alone, 80e-6, microseconds),
    atMost('CPU per sample flat out, 50 frames', flat.get(50)?.cpuPerSample, 20e-6, microseconds),
    atMost('CPU per look at a thread that has not changed', perIdle, 4e-6, microseconds),
    atLeast('samples per second of one core, flat out, 10 frames', perCore(flat.get(10)), 100_000, perSecond),
    atMost('99 of 100 looks, 50 frames', flat.get(50)?.slowLook, 200e-6, microseconds),
    atMost('99 of 100 looks, 500 frames', flat.get(500)?.slowLook, 500e-6, microseconds),
    atMost('incomplete stacks flat out, 50 frames', flat.get(50)?.incomplete, 0.001, percent),
  ];
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function repeatsOf({ quick }: Options, { name }: Profiler, interval: number): number {
  return quick || (name === 'py-spy' && interval < 0.001) ? 1 : 3;
}

/** Every profiler on every scenario; what fails becomes a note. */
async function measureRows(
  runs: CostRuns,
  profilers: readonly Profiler[],
  options: Options,
  notes: string[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    const rounds = await runs.calibrate(scenario, secondsOf(options));
    for (const profiler of profilers) {
      for (const interval of intervalsOf(profiler, scenario)) {
        try {
          rows.push(
            await measureRow(runs, { profiler, scenario, interval }, rounds, repeatsOf(options, profiler, interval)),
          );
        } catch (error) {
          notes.push(
            `${label(profiler)} failed at ${scenario.frames} frames, ${perSecond(1 / interval)}: ${reasonOf(error)}.`,
          );
        }
      }
    }
  }
  return rows;
}

/** timesink's recorder by depth of the stack, at full speed. */
async function measureFlatOut(
  runs: CostRuns,
  options: Options,
  notes: string[],
): Promise<ReadonlyMap<number, FlatOut>> {
  const found = new Map<number, FlatOut>();
  for (const frames of [10, 50, 200, 500]) {
    try {
      await runs.start({ frames, idle: 0 }, async (pid) => {
        found.set(frames, await flatOut(pid, secondsOf(options)));
      });
    } catch (error) {
      notes.push(`timesink's recorder could not be run flat out at ${frames} frames: ${reasonOf(error)}.`);
    }
  }
  return found;
}

function wakeUpNote(costs: readonly number[]): string {
  const [least, most] = [Math.min(...costs), Math.max(...costs)].map(microseconds);
  return `At 1 kHz the wake-up alone costs ${microseconds(median(costs))} here (${least} to ${most}, before and after the rows above): a thread that sleeps, wakes and sleeps again.`;
}

const wake = fileURLToPath(new URL('programs/wake.mjs', import.meta.url));

/** CPU seconds per wake-up of a thread that does nothing else, every ms and beside the busy target; once for each time asked. */
async function measureWakeUps(runs: CostRuns, options: Options): Promise<readonly number[]> {
  const found: number[] = [];
  await runs.start({ frames: 50, idle: 0 }, async () => {
    for (let repeat = 0; repeat < 3; repeat++) {
      const { stdout } = await runChecked([process.execPath, wake, '1', String(secondsOf(options) / 2)]);
      found.push(Number(stdout));
    }
  });
  return found;
}

const secondsOf = (options: Options): number => options.seconds ?? (options.quick ? 2 : 6);

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const notes = [...setup.notes, remark];
  const runs = new CostRuns(setup.python, secondsOf(options) / 3);
  try {
    const profilers = chosen(options, setup.profilers, ({ name }) => name).filter((each) => each !== noProfiler);
    const wakeUps = [...(await measureWakeUps(runs, options))];
    const rows = await measureRows(runs, profilers, options, notes);
    wakeUps.push(...(await measureWakeUps(runs, options)));
    notes.push(wakeUpNote(wakeUps));
    const flat = await measureFlatOut(runs, options, notes);
    const flatRows = [...flat].map(([frames, each]) => [
      ...[String(frames), perSecond(each.samplesPerSecond), perSecond(1 / each.cpuPerSample)],
      ...[microseconds(each.cpuPerSample), microseconds(each.slowLook), percent(each.incomplete)],
    ]);
    const flatColumns = [
      ...['frames', 'reached', 'per second of one core', 'CPU per sample', '99 of 100 take at most', 'incomplete'],
    ];
    return {
      tables: [
        { title: 'One busy thread: what a sample costs', columns, rows: rows.map(cells) },
        { title: 'The recorder without a clock', columns: flatColumns, rows: flatRows },
      ],
      budgets: budgetsOf(rows, flat),
      notes,
    };
  } finally {
    runs.close();
  }
}

export const cost: Suite = { name: 'cost', title: 'What a sample costs', run: runSuite };

/** What does a sample cost the recorder, and how many can it take? */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FlatOut, flatOut } from './flat-out.ts';
import { readFolded, readRecords } from './profile-file.ts';
import { label, noProfiler, type Profiler, prepare, type Setup } from './profilers.ts';
import { cpuSeconds, run, sleep } from './run.ts';
import { median } from './statistics.ts';
import { atLeast, atMost, type Budget, chosen, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const busy = fileURLToPath(new URL('programs/busy.py', import.meta.url));

/** Shape of the target: depth of its busy thread, and how many threads only wait. */
interface Scenario {
  readonly frames: number;
  readonly idle: number;
}

const scenarios: readonly Scenario[] = [
  { frames: 10, idle: 0 },
  { frames: 50, idle: 0 },
  { frames: 200, idle: 0 },
  { frames: 50, idle: 200 },
];

/** One run, measured. */
interface Measured {
  /** Wall and CPU seconds of the target's work. */
  readonly wall: number;
  readonly cpu: number;
  readonly samplesPerSecond: number;
  /** CPU seconds of the profiler's process per second of the target's work; 0 where it has none of its own. */
  readonly load: number;
}

interface Row {
  readonly profiler: Profiler;
  readonly scenario: Scenario;
  readonly interval: number;
  readonly samplesPerSecond: number;
  /** Seconds. */
  readonly cpuPerSample: number;
  /** Wall time of the target over that without a profiler. */
  readonly slowdown: number;
}

class Bench {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  readonly #setup: Setup;

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** Runs the target under a profiler. @throws when it fails or leaves no profile */
  async run(
    profiler: Profiler,
    scenario: Scenario,
    interval: number,
    mode: readonly [string, number],
  ): Promise<Measured & { rounds: number }> {
    const file = join(this.folder, 'result.json');
    const output = join(this.folder, 'profile');
    for (const old of [file, `${file}.begun`, output]) rmSync(old, { force: true });
    const program = [busy, file, scenario.frames, scenario.idle, ...mode].map(String);
    let load: Promise<number> | undefined;
    const ended = await run(profiler.command({ python: this.#setup.python, interval, output }, program), {
      started: (child) => {
        if (profiler.name === 'timesink' || profiler.name === 'py-spy') load = watch(child.pid ?? 0, file);
      },
    });
    if (!existsSync(file))
      throw new Error(`${label(profiler)} ended with ${ended.status}: ${ended.stderr.slice(-400)}`);
    const result = JSON.parse(readFileSync(file, 'utf8')) as { rounds: number; wall: number; cpu: number };
    const samplesPerSecond = mode[0] === '--rounds' ? rate(profiler, output, result.wall) : 0;
    return { ...result, samplesPerSecond, load: (await load) ?? 0 };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Looks at the busy thread per second of its work. */
function rate(profiler: Profiler, output: string, wall: number): number {
  if (profiler.fileFormat === 'nothing') return 0;
  const profile = profiler.fileFormat === 'folded' ? readFolded(output) : readRecords(output);
  const inWork = profile.records.filter(([stack]) => stack.includes('measure'));
  const weight = inWork.reduce((sum, record) => sum + record[1], 0);
  return (profile.samples * (weight / profile.weight)) / wall;
}

/** CPU seconds per second that a process uses while the target works, its start and end left out. */
async function watch(pid: number, file: string): Promise<number> {
  while (!existsSync(`${file}.begun`)) {
    if (cpuSeconds(pid) === undefined) return Number.NaN;
    await sleep(0.01);
  }
  await sleep(0.5);
  const [from, before] = [performance.now(), cpuSeconds(pid)];
  let [to, after] = [from, before];
  for (;;) {
    await sleep(0.2);
    const [now, used] = [performance.now(), cpuSeconds(pid)];
    if (existsSync(file) || used === undefined) break;
    [to, after] = [now, used];
  }
  return before === undefined || after === undefined ? Number.NaN : (after - before) / ((to - from) / 1000);
}

async function measureScenario(
  bench: Bench,
  profilers: readonly Profiler[],
  scenario: Scenario,
  options: Options,
): Promise<Row[]> {
  const seconds = options.seconds ?? (options.quick ? 2 : 6);
  const { rounds } = await bench.run(noProfiler, scenario, 0.001, ['--calibrate', seconds]);
  const rows: Row[] = [];
  for (const profiler of profilers) {
    for (const interval of intervalsOf(profiler)) {
      const found: Omit<Row, 'profiler' | 'scenario' | 'interval'>[] = [];
      for (let repeat = 0; repeat < (options.quick ? 1 : 3); repeat++) {
        const plain = await bench.run(noProfiler, scenario, interval, ['--rounds', rounds]);
        const with_ = await bench.run(profiler, scenario, interval, ['--rounds', rounds]);
        const { samplesPerSecond } = with_;
        const extra = profiler.name === 'pyinstrument' ? (with_.cpu - plain.cpu) / with_.wall : with_.load;
        found.push({ samplesPerSecond, cpuPerSample: extra / samplesPerSecond, slowdown: with_.wall / plain.wall });
      }
      const middle = (key: 'samplesPerSecond' | 'cpuPerSample' | 'slowdown'): number =>
        median(found.map((each) => each[key]));
      const row: Row = {
        ...{ profiler, scenario, interval, samplesPerSecond: middle('samplesPerSecond') },
        ...{ cpuPerSample: middle('cpuPerSample'), slowdown: middle('slowdown') },
      };
      progress(`cost: ${cells(row).join(', ')}`);
      rows.push(row);
    }
  }
  return rows;
}

/** 1 kHz, and as fast as each can be told to go. */
function intervalsOf(profiler: Profiler): readonly number[] {
  if (profiler.name === 'timesink') return [0.001, 0.00005];
  return profiler.name === 'py-spy' ? [0.001, 0.0001] : [0.001];
}

const microseconds = (value: number): string => `${(value * 1e6).toFixed(1)} µs`;
const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')} /s`;

const cells = (row: Row): string[] => [
  label(row.profiler),
  String(row.scenario.frames),
  String(row.scenario.idle),
  perSecond(1 / row.interval),
  perSecond(row.samplesPerSecond),
  microseconds(row.cpuPerSample),
  row.slowdown.toFixed(2),
];

/** The walker alone, without a clock, on the same target. */
async function measureFlatOut(bench: Bench, python: string, frames: number, options: Options): Promise<FlatOut> {
  const file = join(bench.folder, 'flat-out.json');
  const seconds = options.seconds ?? (options.quick ? 2 : 6);
  let outcome: Promise<FlatOut> | undefined;
  rmSync(`${file}.begun`, { force: true });
  await run(
    noProfiler.command({ python, interval: 0.001 }, [busy, file, String(frames), '0', '--rounds', '1000000000']),
    {
      started: (child) => {
        outcome = begun(file)
          .then(() => flatOut(child.pid ?? 0, seconds))
          .finally(() => child.kill('SIGKILL'));
        outcome.catch(() => undefined);
      },
    },
  );
  return await (outcome as Promise<FlatOut>);
}

async function begun(file: string): Promise<void> {
  while (!existsSync(`${file}.begun`)) await sleep(0.01);
  await sleep(0.2);
}

/** Samples per second of CPU time: what one core can do that has nothing else to do. */
const perCore = (flat: FlatOut | undefined): number | undefined => flat && 1 / flat.cpuPerSample;

function budgetsOf(rows: readonly Row[], flat: ReadonlyMap<number, FlatOut>, reason: string): readonly Budget[] {
  const mine = (frames: number, idle: number): Row | undefined =>
    rows.find(
      ({ profiler, scenario, interval }) =>
        profiler.name === 'timesink' && interval === 0.001 && scenario.frames === frames && scenario.idle === idle,
    );
  const [alone, crowded] = [mine(50, 0)?.cpuPerSample, mine(50, 200)?.cpuPerSample];
  const perIdle = alone === undefined || crowded === undefined ? undefined : (crowded - alone) / 200;
  return [
    atMost('CPU per sample at 1 kHz, 50 frames', alone, 80e-6, microseconds),
    atMost('CPU per sample flat out, 50 frames', flat.get(50)?.cpuPerSample, 20e-6, microseconds, reason),
    atMost('CPU per look at a thread that has not changed', perIdle, 4e-6, microseconds),
    atLeast('samples per second of one core, flat out, 10 frames', perCore(flat.get(10)), 100_000, perSecond, reason),
    atMost(
      'incomplete stacks flat out, 50 frames',
      flat.get(50)?.incomplete,
      0.001,
      (share) => `${(share * 100).toFixed(3)} %`,
      reason,
    ),
  ];
}

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const notes = [...setup.notes];
  const bench = new Bench(setup);
  try {
    const profilers = chosen(options, setup.profilers, ({ name }) => name).filter((each) => each !== noProfiler);
    const rows: Row[] = [];
    for (const scenario of scenarios) rows.push(...(await measureScenario(bench, profilers, scenario, options)));
    const flat = new Map<number, FlatOut>();
    let reason = 'not measured in this run';
    for (const frames of [10, 50, 200]) {
      try {
        flat.set(frames, await measureFlatOut(bench, setup.python, frames, options));
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        notes.push(`timesink's recorder could not be run flat out at ${frames} frames: ${reason}.`);
      }
    }
    const flatRows = [...flat].map(([frames, found]) => [
      ...[String(frames), perSecond(found.samplesPerSecond), perSecond(1 / found.cpuPerSample)],
      microseconds(found.cpuPerSample),
      `${(found.incomplete * 100).toFixed(3)} %`,
    ]);
    notes.push(
      'CPU per sample: user and system time of the profiler’s own process while the target works, divided by its looks at the busy thread; pyinstrument has no process of its own, so there it is the CPU time added to the target.',
    );
    return {
      tables: [
        {
          title: 'One busy thread: what a sample costs',
          columns: [
            'profiler',
            'frames',
            'idle threads',
            'rate asked',
            'rate reached',
            'CPU per sample',
            'wall time over none',
          ],
          rows: rows.map(cells),
        },
        {
          title: 'The recorder without a clock',
          columns: ['frames', 'reached', 'per second of one core', 'CPU per sample', 'incomplete'],
          rows: flatRows,
        },
      ],
      budgets: budgetsOf(rows, flat, reason),
      notes,
    };
  } finally {
    bench.close();
  }
}

export const cost: Suite = { name: 'cost', title: 'What a sample costs', run: runSuite };

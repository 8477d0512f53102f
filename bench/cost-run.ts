/** One run of the target under a profiler, with what it cost. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProfileFile, readProfile } from './profile-file.ts';
import { label, noProfiler, type Profiler } from './profilers.ts';
import { cpuSeconds, run, runChecked, sleep } from './run.ts';

const busy = fileURLToPath(new URL('programs/busy.py', import.meta.url));

/** Seconds: a profiler that makes its target take longer than this is not waited for. */
const longestRun = 60;

/** Shape of the target: depth of its busy thread, and how many threads only wait. */
export interface Scenario {
  readonly frames: number;
  readonly idle: number;
}

/** One run, measured. */
export interface Measured {
  /** Wall and CPU seconds of the target's work. */
  readonly wall: number;
  readonly cpu: number;
  /** Looks at the busy thread per second of its work; NaN without a profiler. */
  readonly samplesPerSecond: number;
  /** CPU seconds of the profiler's own process per second of the target's work. */
  readonly load: number;
  /** Shares of the samples that were missed or incomplete, where the profiler says so. */
  readonly missed: number;
  readonly incomplete: number;
}

/** Runs the target again and again, in a folder of its own. */
export class CostRuns {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  readonly #python: string;
  readonly #warmUp: number;

  /** @param warmUp seconds of the target's work after which a profiler's CPU time begins to count */
  constructor(python: string, warmUp: number) {
    this.#python = python;
    this.#warmUp = warmUp;
  }

  /** How many rounds of the target's work take about `seconds`. */
  async calibrate(scenario: Scenario, seconds: number): Promise<number> {
    const file = this.#newFile();
    const program = [busy, file, scenario.frames, scenario.idle, '--calibrate', seconds].map(String);
    await runChecked(noProfiler.command({ python: this.#python, interval: 0.001 }, program));
    return (JSON.parse(readFileSync(file, 'utf8')) as { rounds: number }).rounds;
  }

  /** @throws when the profiler fails or leaves no profile */
  async measure(profiler: Profiler, scenario: Scenario, interval: number, rounds: number): Promise<Measured> {
    const file = this.#newFile();
    const output = join(this.folder, 'profile');
    rmSync(output, { force: true });
    const program = [busy, file, scenario.frames, scenario.idle, '--rounds', rounds].map(String);
    let load: Promise<number> | undefined;
    const ended = await run(profiler.command({ python: this.#python, interval, output }, program), {
      limit: longestRun,
      started: (child) => {
        load = watch(child.pid ?? 0, file, this.#warmUp);
      },
    });
    const isThere = existsSync(file) && (profiler.fileFormat === undefined || existsSync(output));
    if (!isThere) throw new Error(`${label(profiler)} ended with ${ended.status}: ${ended.stderr.trim().slice(-400)}`);
    const result = JSON.parse(readFileSync(file, 'utf8')) as { wall: number; cpu: number };
    const profile = profiler.fileFormat && readProfile(profiler.fileFormat, output);
    const { ticks = Number.NaN, missedTicks = 0, samples = Number.NaN, incompleteSamples = 0 } = profile?.quality ?? {};
    return {
      ...{ ...result, load: (await load) ?? Number.NaN },
      samplesPerSecond: profile === undefined ? Number.NaN : samplesInWork(profile) / result.wall,
      ...{ missed: missedTicks / (ticks + missedTicks), incomplete: incompleteSamples / samples },
    };
  }

  /** Starts the target to run until it is killed; resolves once its work has begun. */
  async start(scenario: Scenario, use: (pid: number) => Promise<void>): Promise<void> {
    const file = this.#newFile();
    const program = [busy, file, scenario.frames, scenario.idle, '--rounds', 1e12].map(String);
    let used: Promise<void> | undefined;
    await run(noProfiler.command({ python: this.#python, interval: 0.001 }, program), {
      started: (child) => {
        used = begun(file)
          .then(() => use(child.pid ?? 0))
          .finally(() => child.kill('SIGKILL'));
        used.catch(() => undefined);
      },
    });
    await used;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #newFile(): string {
    const file = join(this.folder, 'result.json');
    for (const old of [file, `${file}.begun`]) rmSync(old, { force: true });
    return file;
  }
}

function samplesInWork(profile: ProfileFile): number {
  let weight = 0;
  for (const [stack, each] of profile.records) if (stack.includes('measure')) weight += each;
  return profile.samples * (weight / profile.weight);
}

async function begun(file: string): Promise<void> {
  for (let tries = 0; !existsSync(`${file}.begun`); tries++) {
    if (tries > 1000) throw new Error('the target does not begin its work');
    await sleep(0.01);
  }
  await sleep(0.2);
}

/** CPU seconds per second that a process uses while the target works, its first seconds and its end left out. */
async function watch(pid: number, file: string, warmUp: number): Promise<number> {
  while (!existsSync(`${file}.begun`)) {
    if (cpuSeconds(pid) === undefined) return Number.NaN;
    await sleep(0.01);
  }
  await sleep(warmUp);
  const [from, before] = [performance.now(), cpuSeconds(pid) ?? Number.NaN];
  let [to, after] = [from, before];
  for (;;) {
    await sleep(0.2);
    const [now, used] = [performance.now(), cpuSeconds(pid)];
    if (existsSync(file) || used === undefined) break;
    [to, after] = [now, used];
  }
  return (after - before) / ((to - from) / 1000);
}

/** The thread that samples regions: sleeps while there are none, else until the next tick. */
// The global is fetched through a getter at every use.
import { performance } from 'node:perf_hooks';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Pid } from '../../session/ids.ts';
import type { Session } from '../../session/session.ts';
import { milliseconds, type Seconds } from '../../session/units.ts';
import { TimesinkError } from '../../util/errors.ts';
import { setCompilers } from '../compilers.ts';
import type { RegionEnd, RegionId, RegionOptions } from '../region.ts';
import type { OwnPackage } from '../region-session.ts';
import { sharpenTimers, Ticker } from '../system/ticker.ts';
import { loadReading } from './reading.ts';
import type { PlainFailure } from './recorder.worker.ts';
import { type RegionProcess, RegionSampler } from './region-sampler.ts';
import { findRuntime, type RuntimeSearch } from './runtime/find-runtime.ts';

/** What the thread is given. */
export interface RegionWorkerData {
  readonly pid: Pid;
  /** Such as `3.13.0`: what the process says that it is. */
  readonly version: string;
  /** Address of the context variable that regions are bound by; 0: there is none. */
  readonly contextVariable: number;
  readonly own: OwnPackage;
  readonly port: MessagePort;
  /** Counts commands sent: the thread sleeps on it. */
  readonly bell: Int32Array;
}

/** Commands to the thread. `start` and `stop` are answered, in their order. */
export type RegionCommand =
  | { readonly kind: 'start'; readonly options: RegionOptions }
  | { readonly kind: 'stop'; readonly end: RegionEnd }
  | { readonly kind: 'cancel'; readonly region: RegionId }
  | { readonly kind: 'pause' | 'resume'; readonly region: RegionId; readonly at: Seconds };

/** What the thread says: first `opened` or `failed`, then an answer to each command. */
export type RegionWorkerAnswer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'started'; readonly coroutines: readonly number[] }
  | { readonly kind: 'stopped'; readonly session: Session }
  | { readonly kind: 'failed'; readonly failure: PlainFailure };

/** Regions that begin once so many stacks are known share them no more with those that run. */
const mostStacks = 2 ** 17;

/** Once looking has taken so long, in ms, it pays to compile it. */
const timeUntilCompiled = 500;

/** Looks that go wrong by a fault of ours before a sampler is given up. */
const mostFaults = 100;

const { pid, version, contextVariable, own, port, bell } = workerData as RegionWorkerData;

/** The samplers of one process: one, and older ones for as long as regions run in them. */
class Samplers {
  readonly #process: RegionProcess;
  #samplers: RegionSampler[];
  #ticker: Ticker | undefined;
  #interval = Number.POSITIVE_INFINITY;
  #faults = 0;
  #spent = 0;
  /** From the clock of ticks to the system's monotonic one, in ms. */
  readonly #offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

  constructor(process: RegionProcess) {
    this.#process = process;
    this.#samplers = [new RegionSampler(process)];
  }

  /** How long to wait until the next look, in ms. */
  remaining(): number {
    return this.#ticker?.remaining(performance.now()) ?? Number.POSITIVE_INFINITY;
  }

  tick(): void {
    const now = performance.now();
    const missed = this.#ticker?.advance(now) ?? 0;
    for (const sampler of this.#samplers) {
      if (sampler.size === 0) continue;
      try {
        sampler.tick(now, missed);
      } catch (error) {
        if (++this.#faults <= mostFaults) sampler.addNote(`Some samples are missing: ${(error as Error).message}.`);
        else throw error;
      }
    }
    if (this.#spent > timeUntilCompiled) return;
    this.#spent += performance.now() - now;
    if (this.#spent > timeUntilCompiled) setCompilers(true);
  }

  obey(command: RegionCommand): RegionWorkerAnswer | undefined {
    try {
      switch (command.kind) {
        case 'start':
          return { kind: 'started', coroutines: this.#start(command.options) };
        case 'stop':
          return { kind: 'stopped', session: this.#stop(command.end) };
        case 'cancel':
          this.#samplerOf(command.region)?.cancel(command.region, performance.now());
          return undefined;
        case 'pause':
        case 'resume':
          this.#samplerOf(command.region)?.[command.kind](command.region, this.#moment(command.at));
          return undefined;
      }
    } catch (error) {
      return { kind: 'failed', failure: plain(error) };
    } finally {
      this.#plan();
    }
  }

  #start(options: RegionOptions): readonly number[] {
    let newest = this.#samplers.at(-1) as RegionSampler;
    if (newest.stackCount > mostStacks) {
      newest = new RegionSampler(this.#process);
      this.#samplers.push(newest);
    }
    const parent = options.context?.parent ?? null;
    const sampler = (parent === null ? undefined : this.#samplerOf(parent)) ?? newest;
    return sampler.start(options, () => performance.now());
  }

  #stop(end: RegionEnd): Session {
    const sampler = this.#samplerOf(end.region);
    if (sampler === undefined) throw new Error(`no region ${end.region}`);
    return sampler.stop(end, this.#moment(end.at));
  }

  /** On the clock of ticks, and not in the future. */
  #moment(at: Seconds): number {
    return Math.min(performance.now(), at * 1000 - this.#offset);
  }

  #samplerOf(region: RegionId): RegionSampler | undefined {
    return this.#samplers.find((sampler) => sampler.has(region));
  }

  /** After regions have come or gone. */
  #plan(): void {
    this.#samplers = this.#samplers.filter((sampler, index) => {
      const stays = sampler.size > 0 || index === this.#samplers.length - 1;
      if (!stays) sampler.close();
      return stays;
    });
    const interval = Math.min(...this.#samplers.map((sampler) => sampler.interval));
    if (interval === this.#interval) return;
    this.#interval = interval;
    this.#ticker = Number.isFinite(interval) ? new Ticker(milliseconds(interval), performance.now()) : undefined;
  }
}

function plain(error: unknown): PlainFailure {
  if (error instanceof TimesinkError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'INTERNAL', message: (error as Error).message, hint: undefined };
}

async function open(): Promise<Samplers> {
  const search = findRuntime(pid);
  if (search.kind !== 'found') throw refusal(search);
  if (search.version.text !== version) {
    throw new TimesinkError('NOT_PYTHON', `process ${pid} runs Python ${search.version.text}, not ${version}`);
  }
  const reading = await loadReading(search);
  try {
    return new Samplers({ pid, runtime: search, reading, contextVariable, own });
  } catch (cause) {
    throw new TimesinkError('PERMISSION_DENIED', `the memory of process ${pid} may not be read`, { cause });
  }
}

function refusal(search: Exclude<RuntimeSearch, { kind: 'found' }>): TimesinkError {
  switch (search.kind) {
    case 'denied':
      return new TimesinkError('PERMISSION_DENIED', search.why, { hint: search.hint });
    case 'gone':
      return new TimesinkError('PROCESS_NOT_FOUND', `there is no process ${pid}`);
    case 'unsupported':
      return new TimesinkError('UNSUPPORTED_RUNTIME', `process ${pid} cannot be read: it is ${search.what}`);
    default:
      return new TimesinkError('NOT_PYTHON', `process ${pid} is no Python: it is ${search.what}`);
  }
}

async function run(): Promise<void> {
  let samplers: Samplers;
  try {
    samplers = await open();
  } catch (error) {
    port.postMessage({ kind: 'failed', failure: plain(error) } satisfies RegionWorkerAnswer);
    // Ending the thread is the owner's: a message must not be lost with it.
    setInterval(() => {}, 2 ** 30);
    return;
  }
  sharpenTimers();
  port.postMessage({ kind: 'opened' } satisfies RegionWorkerAnswer);
  for (let rung = 0; ; ) {
    if (Atomics.load(bell, 0) !== rung) {
      rung = Atomics.load(bell, 0);
      for (let item = receiveMessageOnPort(port); item; item = receiveMessageOnPort(port)) {
        const answer = samplers.obey(item.message as RegionCommand);
        if (answer !== undefined) port.postMessage(answer);
      }
    }
    const remaining = samplers.remaining();
    if (remaining > 0 && Atomics.wait(bell, 0, rung, remaining) !== 'timed-out') continue;
    samplers.tick();
  }
}

void run();

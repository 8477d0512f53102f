/** Regions of a program that samples itself: its rows become the same sessions as those that are read from outside. */
import type { RegionEnd, RegionId, RegionOptions, RegionRecorder, RegionThreadInfo } from '../capture/region.ts';
import { RegionClock } from '../capture/region-clock.ts';
import { RegionRows } from '../capture/region-rows.ts';
import { type OwnPackage, type RecordedThread, regionSession } from '../capture/region-session.ts';
import { SessionBuilder } from '../session/builder.ts';
import { flawlessQuality } from '../session/flawless-quality.ts';
import { parseFrame } from '../session/frame-text.ts';
import { noStack, type Pid, type StackIndex } from '../session/ids.ts';
import { type Session, threadState } from '../session/session.ts';
import type { Seconds } from '../session/units.ts';
import { limits, type SamplesRequest } from './protocol.ts';
import { RequestError } from './request-error.ts';

const allStates = threadState.onCpu | threadState.holdsGil | threadState.waitsForGil;

interface Running {
  readonly options: RegionOptions;
  readonly clock: RegionClock;
  /** By `threading.get_ident()`. */
  readonly threads: Map<number, RecordedThread>;
}

/** Takes the rows that a sampler inside the program sends. */
export class InprocessRecorder implements RegionRecorder {
  readonly #pid: Pid;
  readonly #own: OwnPackage;
  readonly #running = new Map<RegionId, Running>();
  readonly #threads = new Map<number, RegionThreadInfo>();
  #builder = new SessionBuilder();
  #locations = new Map<string, number>();
  /** By the sender's numbers. */
  #stacks: StackIndex[] = [];

  constructor(pid: Pid, own: OwnPackage) {
    this.#pid = pid;
    this.#own = own;
  }

  start(options: RegionOptions): Promise<readonly number[]> {
    const { thread, maxSamples } = options;
    const own = { info: thread, rows: new RegionRows(0, maxSamples) };
    const clock = new RegionClock(options.at);
    this.#running.set(options.region, { options, clock, threads: new Map([[thread.ident, own]]) });
    return Promise.resolve([]);
  }

  stop(end: RegionEnd): Promise<Session> {
    const { options, clock, threads } = this.#running.get(end.region) as Running;
    this.#running.delete(end.region);
    const recorded = [...threads.values()];
    const session = regionSession(
      {
        options,
        end,
        pid: this.#pid,
        duration: clock.durationAt(end.at),
        engine: 'inprocess',
        stacks: this.#builder,
        threads: recorded,
        quality: flawlessQuality(recorded[0]?.rows.looks ?? 0),
        notes: [],
      },
      this.#own,
    );
    return Promise.resolve(session);
  }

  cancel(region: RegionId): void {
    this.#running.delete(region);
  }

  pause(region: RegionId, at: Seconds): void {
    this.#running.get(region)?.clock.pause(at);
  }

  resume(region: RegionId, at: Seconds): void {
    this.#running.get(region)?.clock.resume(at);
  }

  /**
   * Adds new stacks, and rows to regions. Rows of regions that have ended are passed over.
   * @throws RequestError for stacks that were never sent, and for too many
   */
  add({ reset, stacks, threads, regions }: Omit<SamplesRequest, 'kind'>): void {
    if (reset) this.#reset();
    if (this.#stacks.length + stacks.length > limits.stacks) {
      throw new RequestError('LIMIT', `there are more than ${limits.stacks} stacks`, 'Begin anew with `reset`.');
    }
    for (const [parent, frame] of stacks) this.#addStack(parent, frame);
    for (const thread of threads) this.#threads.set(thread.ident, thread);
    for (const { region, rows } of regions) {
      const running = this.#running.get(region);
      if (running === undefined) continue;
      for (const [at, ident, stack, weight, state = threadState.onCpu, looks = 1] of rows) {
        const thread = this.#threadOf(running, ident, at - weight);
        thread.rows.add(this.#stackOf(stack), Math.max(0, weight), state & allStates, Math.max(0, Math.trunc(looks)));
      }
    }
  }

  #reset(): void {
    this.#stacks = [];
    this.#threads.clear();
    // What runs has its stacks in the builder.
    if (this.#running.size > 0) return;
    this.#builder = new SessionBuilder();
    this.#locations = new Map();
  }

  #addStack(parent: number, frame: string): void {
    const below = this.#stackOf(parent);
    let location = this.#locations.get(frame);
    if (location === undefined) {
      const parsed = parseFrame(frame);
      if (typeof parsed === 'string') throw new RequestError('MALFORMED', `stacks[${this.#stacks.length}]: ${parsed}`);
      location = this.#builder.location(this.#builder.frame(parsed.frame), parsed.line);
      this.#locations.set(frame, location);
    }
    this.#stacks.push(this.#builder.child(below, location));
  }

  #stackOf(number: number): StackIndex {
    const stack = number === -1 ? noStack : this.#stacks[number];
    if (stack === undefined) throw new RequestError('MALFORMED', `there is no stack ${number}`);
    return stack;
  }

  #threadOf({ options, clock, threads }: Running, ident: number, from: number): RecordedThread {
    let thread = threads.get(ident);
    if (thread === undefined) {
      const info = this.#threads.get(ident) ?? { ident, nativeId: 0, name: `Thread ${ident}` };
      thread = { info, rows: new RegionRows(clock.durationAt(from), options.maxSamples) };
      threads.set(ident, thread);
    }
    return thread;
  }
}

/** One Python process and the regions that run in it: who is looked at, and whose time it is. */
import { SessionBuilder } from '../../session/builder.ts';
import { noStack, type Pid, type StackIndex } from '../../session/ids.ts';
import type { Session } from '../../session/session.ts';
import { seconds } from '../../session/units.ts';
import { TimesinkError } from '../../util/errors.ts';
import { type Address, ProcessMemory } from '../memory/process-memory.ts';
import type { RegionEnd, RegionId, RegionOptions, RegionThreadInfo } from '../region.ts';
import { RegionClock } from '../region-clock.ts';
import { RegionRows } from '../region-rows.ts';
import { type OwnPackage, type RecordedThread, regionSession } from '../region-session.ts';
import { workingFolder } from '../system/process-facts.ts';
import type { Region, RegionStart } from './async/region.ts';
import { RegionFollower } from './async/region-follower.ts';
import { CCallees } from './code/c-callee.ts';
import { CallSource } from './code/call-source.ts';
import { CodeCache } from './code/code-cache.ts';
import { ObjectReader } from './objects/objects.ts';
import type { Reading } from './reading.ts';
import { type LookCounts, WatchedThread } from './region-thread.ts';
import { RegionThreads } from './region-threads.ts';
import type { FoundRuntime } from './runtime/find-runtime.ts';
import type { PythonThread } from './runtime/threads.ts';
import { StackNamer, type Walker } from './stack-namer.ts';
import { DataStackWalker } from './walk/data-stack-walker.ts';
import { FrameObjectWalker } from './walk/frame-object-walker.ts';

/** Gap without samples, in ms, that is always tolerated, and how many intervals are. */
const shortestGap = 20;
const gapIntervals = 10;

/** The process in which regions run. */
export interface RegionProcess {
  readonly pid: Pid;
  readonly runtime: FoundRuntime;
  readonly reading: Reading;
  /** Address of the context variable that regions are bound by; 0: there is none. */
  readonly contextVariable: Address;
  readonly own: OwnPackage;
}

/** A region that runs. Moments are in ms on the recorder's clock. */
interface Running {
  readonly options: RegionOptions;
  readonly region: Region;
  readonly threads: Map<WatchedThread, RecordedThread>;
  readonly thread: WatchedThread;
  readonly clock: RegionClock;
  readonly ticks: number;
  readonly missed: number;
  readonly counts: LookCounts;
}

/** Samples the threads in which regions run, as long as there are any. */
export class RegionSampler {
  readonly #process: RegionProcess;
  readonly #memory: ProcessMemory;
  readonly #reader: ObjectReader;
  readonly #codes: CodeCache;
  readonly #callees: CCallees;
  readonly #threads: RegionThreads;
  readonly #stacks = new SessionBuilder();
  readonly #follower: RegionFollower;
  readonly #running = new Map<RegionId, Running>();
  readonly #notes = new Set<string>();
  readonly #innerFiles: ReadonlySet<string>;
  readonly #isStarting = (stack: StackIndex): boolean => {
    for (let at = stack; at !== noStack; at = this.#stacks.parentOf(at)) {
      const { file } = this.#stacks.frameAt(this.#stacks.locationOf(at));
      if (file !== null && this.#innerFiles.has(file)) return true;
    }
    return false;
  };
  #ticks = 0;
  #missed = 0;

  /** @throws the system's error where the process may not be read */
  constructor(process: RegionProcess) {
    const { pid, reading } = process;
    this.#process = process;
    this.#innerFiles = new Set(process.own.innerFiles);
    this.#memory = new ProcessMemory(pid);
    this.#reader = new ObjectReader(this.#memory, reading.layout);
    this.#codes = new CodeCache(this.#reader, reading.instructions);
    const source = new CallSource(`/proc/${pid}/root`, workingFolder(pid));
    this.#callees = new CCallees(this.#reader, reading.instructions, source);
    const namer = new StackNamer(this.#stacks, this.#reader, this.#callees);
    const { instructions } = reading;
    const followed = { reader: this.#reader, instructions, codes: this.#codes, namer };
    this.#follower = new RegionFollower(followed, process.contextVariable);
    const watch = (thread: PythonThread): WatchedThread => this.#watch(thread);
    this.#threads = new RegionThreads(pid, process.runtime.runtimeAddress, this.#reader, watch);
    for (const note of reading.notes) this.#notes.add(note);
  }

  /** Number of regions that run. */
  get size(): number {
    return this.#running.size;
  }

  /** How many stacks are kept: they stay for as long as the sampler does. */
  get stackCount(): number {
    return this.#stacks.stackCount;
  }

  /** The smallest interval of the regions that run, in ms; Infinity where none does. */
  get interval(): number {
    let smallest = Number.POSITIVE_INFINITY;
    for (const { options } of this.#running.values()) smallest = Math.min(smallest, options.interval * 1000);
    return smallest;
  }

  has(region: RegionId): boolean {
    return this.#running.has(region);
  }

  /** From now on all sessions say so. */
  addNote(note: string): void {
    this.#notes.add(note);
  }

  /**
   * Begins a region; its thread waits for the answer.
   * @returns addresses of the objects that must live until it ends
   * @throws TimesinkError `PROCESS_NOT_FOUND` where the process has no such thread
   */
  start(options: RegionOptions, clock: () => number): readonly number[] {
    this.#setTime(clock());
    const thread = this.#threads.find(options.thread);
    const region = thread.begin(this.#regionStart(options));
    if (region === undefined) {
      throw new TimesinkError('INTERNAL', `the stack of thread ${options.thread.ident} cannot be read`);
    }
    const now = clock();
    const running: Running = {
      options,
      region,
      threads: new Map(),
      thread,
      clock: new RegionClock(now),
      ticks: this.#ticks,
      missed: this.#missed,
      counts: { ...thread.counts },
    };
    this.#running.set(options.region, running);
    this.#join(running, thread, options.thread, now, running.clock);
    if (options.allThreads) this.#threads.listSoon();
    return region.coroutines;
  }

  /** @param at the moment at which it ended, in ms on the recorder's clock */
  stop(end: RegionEnd, at: number): Session {
    const running = this.#running.get(end.region) as Running;
    const duration = running.clock.durationAt(at);
    if (running.options.allThreads) this.#nameThreads(running);
    this.#leave(running, at);
    const { options, thread, counts } = running;
    const samples = thread.counts.samples - counts.samples;
    return regionSession(
      {
        options,
        end,
        pid: this.#process.pid,
        duration: duration / 1000,
        engine: 'outside',
        stacks: this.#stacks,
        threads: [...running.threads.values()],
        quality: {
          ticks: this.#ticks - running.ticks,
          missedTicks: this.#missed - running.missed,
          samples,
          incompleteSamples: thread.counts.incomplete - counts.incomplete,
          retries: thread.counts.retries - counts.retries,
          notSampled: seconds(0),
          unseenProcesses: 0,
        },
        notes: [...this.#notes],
      },
      this.#process.own,
    );
  }

  cancel(region: RegionId, now: number): void {
    const running = this.#running.get(region);
    if (running !== undefined) this.#leave(running, now);
  }

  /** Gives the region no time from `at` on. */
  pause(region: RegionId, at: number): void {
    const running = this.#running.get(region);
    if (running === undefined || running.clock.isPaused) return;
    running.clock.pause(at);
    for (const thread of running.threads.keys()) thread.leave(region, at, this.#longestGap);
  }

  /** Gives it time again. */
  resume(region: RegionId, at: number): void {
    const running = this.#running.get(region);
    if (running === undefined || !running.clock.isPaused) return;
    running.clock.resume(at);
    for (const [thread, { rows }] of running.threads) {
      if (!thread.isGone) thread.join(region, running.region, rows, at);
    }
  }

  /** Looks at every thread in which a region runs. @param missed how many looks should have been taken before this one */
  tick(now: number, missed: number): void {
    this.#ticks++;
    this.#missed += missed;
    this.#setTime(now);
    this.#followThreads(now);
    this.#threads.readGils();
    const longestGap = this.#longestGap;
    for (const thread of this.#threads.all()) {
      if (!thread.isIdle) thread.tick(now, this.#threads.gilOf(thread.thread), longestGap);
    }
  }

  close(): void {
    this.#threads.close();
    this.#memory.close();
  }

  get #longestGap(): number {
    return Math.max(gapIntervals * this.interval, shortestGap);
  }

  #setTime(now: number): void {
    this.#codes.now = now;
    this.#callees.now = now;
  }

  #regionStart({ context, allThreads }: RegionOptions): RegionStart {
    if (context === null) return { mode: 'disabled', value: 0, parent: 0, hint: 0, inOtherThreads: allThreads };
    const parent = context.parent === null ? undefined : this.#running.get(context.parent);
    return {
      mode: context.mode,
      value: context.value,
      parent: parent?.region.value ?? 0,
      hint: context.coroutine,
      inOtherThreads: allThreads,
    };
  }

  #join(
    running: Running,
    thread: WatchedThread,
    info: RegionThreadInfo,
    now: number,
    beginning: RegionClock | null = null,
  ): void {
    if (running.threads.has(thread)) return;
    const rows = new RegionRows(running.clock.durationAt(now) / 1000, running.options.maxSamples);
    running.threads.set(thread, { info: { ...info, nativeId: thread.tid }, rows });
    thread.join(running.options.region, running.region, rows, now, beginning);
  }

  #leave(running: Running, at: number): void {
    const longestGap = this.#longestGap;
    this.#running.delete(running.options.region);
    this.#setTime(at);
    for (const thread of this.#threads.all()) thread.leave(running.options.region, at, longestGap);
    running.thread.end(running.region);
    this.#threads.forgetIdle(new Set([...this.#running.values()].flatMap(({ threads }) => [...threads.keys()])));
  }

  #watch(thread: PythonThread): WatchedThread {
    const follower = this.#follower.thread(thread.threadState, this.#walker(thread.threadState));
    return new WatchedThread(this.#process.pid, thread, follower, this.#isStarting);
  }

  #walker(threadState: Address): Walker {
    const { layout } = this.#reader;
    const Walk = layout.minor >= 11 ? DataStackWalker : FrameObjectWalker;
    return new Walk(this.#reader, this.#process.reading.instructions, this.#codes, threadState, this.#callees);
  }

  /** Where all threads are recorded, lets the new ones join. */
  #followThreads(now: number): void {
    const regions: Running[] = [];
    for (const running of this.#running.values()) {
      if (running.options.allThreads && !running.clock.isPaused) regions.push(running);
    }
    if (regions.length === 0) return;
    const newcomers = this.#threads.newcomers(now);
    for (const watched of newcomers) {
      const info = { ident: watched.thread.ident, nativeId: watched.tid, name: '' };
      for (const running of regions) this.#join(running, watched, info, now);
    }
    if (newcomers.length > 0) for (const running of regions) this.#nameThreads(running);
  }

  #nameThreads({ threads }: Running): void {
    const unnamed = [...threads.values()].filter(({ info }) => info.name === '');
    if (unnamed.length === 0) return;
    const names = this.#threads.names(unnamed.map(({ info }) => info.ident));
    for (const [watched, { info, rows }] of threads) {
      const name = names.get(info.ident);
      if (info.name === '' && name !== undefined) threads.set(watched, { rows, info: { ...info, name } });
    }
  }
}

/** One Python process: its interpreters, its threads as they come and go, and a look at all of them at every tick. */
import type { SessionBuilder } from '../../session/builder.ts';
import type { Pid, ProcessIndex, Tid } from '../../session/ids.ts';
import type { ProcessInfo } from '../../session/session.ts';
import { seconds } from '../../session/units.ts';
import { type Address, ProcessMemory } from '../memory/process-memory.ts';
import { cpuSeconds, workingFolder } from '../system/process-facts.ts';
import { IdleLoops } from './async/idle-loops.ts';
import { CCallees } from './code/c-callee.ts';
import { CallSource } from './code/call-source.ts';
import { CodeCache } from './code/code-cache.ts';
import type { Instructions } from './code/instructions.ts';
import { ObjectReader } from './objects/objects.ts';
import { ProgramStart } from './program-start.ts';
import type { Reading } from './reading.ts';
import type { FoundRuntime } from './runtime/find-runtime.ts';
import { Gil } from './runtime/gil.ts';
import { ThreadIds } from './runtime/thread-ids.ts';
import {
  activeThreads,
  listInterpreters,
  listThreads,
  newestThread,
  type PythonThread,
  sysFacts,
  threadNames,
} from './runtime/threads.ts';
import { StackNamer, type Walker } from './stack-namer.ts';
import { type SampleCounts, type SessionClock, type ThreadContext, ThreadSampler } from './thread-sampler.ts';
import { DataStackWalker } from './walk/data-stack-walker.ts';
import { FrameObjectWalker } from './walk/frame-object-walker.ts';

/** Sleeping threads are asked in turn, each at every so many ticks, while the GIL has not changed hands. */
const sleepersInTurn = 4;
/** How often in ms the list of threads is read anew. */
const housekeepingEvery = 50;
/** When a thread has gone, another one may have its place: how soon, in ms, that is looked for at first. */
const firstRecheck = 1;
/** A list read while threads come and go may lack one that is there: it has ended when so many lists in a row lack it. */
const listingsToEnd = 3;
/** How often in ms thread names and `sys.path` are looked up: at first, and at most. */
const firstLookup = 5;
const lastLookup = 1000;
/** What the processes of a recording share. */
export interface RecordingContext {
  readonly builder: SessionBuilder;
  readonly session: SessionClock;
  readonly counts: SampleCounts;
  readonly longestGap: number;
  /** As in `RecorderOptions`. */
  readonly followAwaits: boolean;
}

/** Samples one process image. Times are in ms on the recorder's clock. */
export class ProcessSampler {
  readonly pid: Pid;
  readonly #context: RecordingContext;
  readonly #runtime: FoundRuntime;
  readonly #memory: ProcessMemory;
  readonly #reader: ObjectReader;
  readonly #instructions: Instructions;
  readonly #codes: CodeCache;
  readonly #callees: CCallees;
  readonly #threadIds: ThreadIds;
  readonly #outerId = (inner: number): Tid | undefined => this.#threadIds.outer(inner);
  readonly #program: ProgramStart;
  readonly #threadContext: ThreadContext;
  /** Known from the first sample on: what only passes through is no process of the recording. */
  #process: ProcessIndex | undefined;
  #info: ProcessInfo;
  #interpreters: readonly Address[] = [];
  #gils: Gil[] = [];
  #newest: Address = 0;
  #threads: ThreadSampler[] = [];
  #turn = 0;
  #nextHousekeeping = 0;
  #recheck = firstRecheck;
  #endedThreadsCpu = 0;
  #cpuAtStart = -1;
  #activeThreads: Address = 0;
  #nextLookup = 0;
  #lookupEvery = firstLookup;
  #failures = 0;

  /** @param wasRunning the process ran Python already when it was met (fork, attach) */
  constructor(
    context: RecordingContext,
    info: Pick<ProcessInfo, 'pid' | 'parentPid' | 'command'>,
    runtime: FoundRuntime,
    reading: Reading,
    wasRunning: boolean,
  ) {
    this.pid = info.pid;
    this.#context = context;
    this.#runtime = runtime;
    this.#memory = new ProcessMemory(info.pid);
    this.#reader = new ObjectReader(this.#memory, reading.layout);
    this.#instructions = reading.instructions;
    this.#codes = new CodeCache(this.#reader, reading.instructions);
    const source = new CallSource(`/proc/${info.pid}/root`, workingFolder(info.pid));
    this.#callees = new CCallees(this.#reader, reading.instructions, source);
    this.#threadIds = new ThreadIds(info.pid);
    this.#program = new ProgramStart(wasRunning);
    this.#info = {
      ...info,
      runtime: 'python',
      runtimeVersion: runtime.version.text,
      start: seconds(0),
      duration: seconds(0),
      cpuTime: seconds(0),
      sysPath: [],
      sysPrefixes: [],
    };
    const namer = new StackNamer(context.builder, this.#reader, this.#callees);
    const process = (): ProcessIndex => (this.#process ??= context.builder.addProcess(this.#info));
    const loops = context.followAwaits ? new IdleLoops(this.#reader, this.#instructions, this.#codes) : undefined;
    this.#threadContext = { ...context, pid: info.pid, process, namer, codes: this.#codes, loops };
  }

  /** Whether any sample was taken. */
  get isRecorded(): boolean {
    return this.#process !== undefined;
  }

  /** Looks at every thread. @returns false when the process image is gone */
  tick(now: number): boolean {
    this.#codes.now = now;
    this.#callees.now = now;
    const newest = this.#gils[0]?.readWithNewestThread();
    if (!this.#followThreads(newest, now)) return ++this.#failures < 3;
    this.#failures = 0;
    let mayAllHaveRun = false;
    for (const [index, gil] of this.#gils.entries()) {
      if (index > 0 || newest === undefined) gil.read();
      mayAllHaveRun ||= !gil.isUnswitched;
    }
    this.#turn = (this.#turn + 1) % sleepersInTurn;
    let hasLost = false;
    for (let index = 0; index < this.#threads.length; index++) {
      const thread = this.#threads[index] as ThreadSampler;
      const gil = this.#gilOf(thread);
      const isAskedNow = mayAllHaveRun || index % sleepersInTurn === this.#turn || thread.hasState(gil.lastHolder);
      if (thread.isAsleep && !isAskedNow) continue;
      if (thread.isMain || this.#program.hasStarted) thread.tick(now, gil);
      hasLost ||= thread.isGone;
    }
    this.#planRecheck(hasLost, now);
    return true;
  }

  /** Closes the recording of this process. */
  finish(now: number): void {
    const { builder, session } = this.#context;
    for (const thread of this.#threads) this.#endThread(thread);
    this.#threads = [];
    const start = Number.isFinite(session.start) ? session.start : now;
    const cpuTime = this.#cpuAtStart < 0 ? 0 : (cpuSeconds(this.pid) ?? 0) - this.#cpuAtStart;
    this.#memory.close();
    if (this.#process === undefined) return;
    builder.setProcess(this.#process, {
      ...this.#info,
      duration: seconds(Math.max(0, (now - start) / 1000 - this.#info.start)),
      cpuTime: seconds(Math.max(this.#endedThreadsCpu / 1e9, cpuTime)),
    });
  }

  #gilOf(thread: ThreadSampler): Gil {
    const index = this.#interpreters.indexOf(thread.thread.interpreter);
    return (this.#gils[index] ?? this.#gils[0]) as Gil;
  }

  /**
   * Keeps the list of threads up to date.
   * @param known the newest thread state, if it has been read already
   * @returns false when the runtime cannot be read
   */
  #followThreads(known: Address | undefined, now: number): boolean {
    const main = this.#interpreters[0];
    const newest = known ?? (main === undefined ? 0 : newestThread(this.#reader, main));
    if (main !== undefined && newest === 0 && this.#threads.length === 0 && this.#program.hasStarted) return false;
    const isDue = this.#hasJustStarted || now >= Math.min(this.#nextHousekeeping, this.#nextLookup);
    if (newest !== 0 && newest === this.#newest && !isDue) return true;
    this.#newest = newest;
    const interpreters = listInterpreters(this.#reader, this.#runtime.runtimeAddress);
    if (interpreters.length === 0) return this.#isInitialising();
    this.#setInterpreters(interpreters);
    const listed = listThreads(this.#reader, interpreters, this.#outerId);
    this.#endThreads(listed);
    this.#addThreads(listed, now);
    // A thread that is being started has no id yet, or (3.8–3.11) its creator's: list again at the next tick.
    if (listed.every((one) => one.threadState !== newest)) this.#newest = 0;
    if (isDue) this.#keepHouse(now);
    return true;
  }

  get #hasJustStarted(): boolean {
    return this.#program.hasStarted && this.#cpuAtStart < 0;
  }

  /** Before the runtime is set up there is nothing to read yet; after the image has gone, there is not any more. */
  #isInitialising(): boolean {
    return this.#interpreters.length === 0 && this.#memory.fetch(this.#runtime.runtimeAddress, 8);
  }

  #setInterpreters(interpreters: readonly Address[]): void {
    if (
      interpreters.length === this.#interpreters.length &&
      interpreters.every((at, i) => at === this.#interpreters[i])
    )
      return;
    const { layout } = this.#reader;
    this.#gils = interpreters.map(
      (interpreter, index) =>
        (this.#interpreters[index] === interpreter && this.#gils[index]) ||
        new Gil(this.#memory, layout, this.#runtime.runtimeAddress, interpreter),
    );
    this.#interpreters = interpreters;
  }

  #endThreads(listed: readonly PythonThread[]): void {
    const tidOf = new Map(listed.map(({ threadState, tid }) => [threadState, tid]));
    this.#threads = this.#threads.filter((thread) => {
      const { threadState, tid } = thread.thread;
      thread.missedListings = tidOf.get(threadState) === tid ? 0 : thread.missedListings + 1;
      thread.keepStates((one) => tidOf.get(one) === tid);
      const stays = !thread.isGone && thread.missedListings < listingsToEnd;
      if (!stays) this.#endThread(thread);
      return stays;
    });
  }

  #addThreads(listed: readonly PythonThread[], now: number): void {
    const states = new Set(this.#threads.flatMap((thread) => thread.threadStates));
    const samplers = new Map(this.#threads.map((thread) => [thread.thread.tid, thread]));
    for (const thread of listed) {
      if (states.has(thread.threadState)) continue;
      const walker = this.#walker(thread.threadState);
      const same = samplers.get(thread.tid);
      if (!same) samplers.set(thread.tid, this.#addThread(thread, walker, now));
      else if (same.thread.interpreter !== thread.interpreter) same.addState(thread.threadState, walker);
      else this.#newest = 0;
    }
    if (!this.#program.hasStarted && listed.length > 0 && !this.#threads.some(({ isMain }) => isMain)) {
      this.#program.goOnWithoutMain(now);
    }
  }

  /** Less and less often, where threads are listed that the system does not know. */
  #planRecheck(hasLost: boolean, now: number): void {
    if (hasLost) {
      this.#nextHousekeeping = Math.min(this.#nextHousekeeping, now + this.#recheck);
      this.#recheck = Math.min(this.#recheck * 2, housekeepingEvery);
    } else this.#recheck = firstRecheck;
  }

  #addThread(thread: PythonThread, walker: Walker, now: number): ThreadSampler {
    const isMain = (thread.tid as number) === (this.pid as number);
    const program = isMain ? this.#program : undefined;
    const sampler = new ThreadSampler(this.#threadContext, thread, walker, { isMain, program, now });
    this.#threads.push(sampler);
    this.#lookupEvery = firstLookup;
    this.#nextLookup = now + firstLookup;
    return sampler;
  }

  #endThread(thread: ThreadSampler): void {
    thread.finish();
    this.#threadIds.forget(thread.thread.tid);
    this.#endedThreadsCpu += thread.cpuNanoseconds;
  }

  #walker(threadState: Address): Walker {
    const Walk = this.#reader.layout.minor >= 11 ? DataStackWalker : FrameObjectWalker;
    return new Walk(this.#reader, this.#instructions, this.#codes, threadState, this.#callees);
  }

  /** What is looked up now and then: thread names, `sys.path`, CPU time. Also while Python starts, since the first time takes long. */
  #keepHouse(now: number): void {
    this.#nextHousekeeping = now + housekeepingEvery;
    const [main] = this.#interpreters;
    if (main === undefined) return;
    const hasJustStarted = this.#hasJustStarted;
    if (hasJustStarted) {
      this.#lookupEvery = firstLookup;
      this.#cpuAtStart = cpuSeconds(this.pid) ?? 0;
      this.#info = { ...this.#info, start: seconds(Math.max(0, now - this.#context.session.start) / 1000) };
    }
    if (!hasJustStarted && now < this.#nextLookup) return;
    this.#lookupEvery = Math.min(this.#lookupEvery * 4, lastLookup);
    this.#nextLookup = now + this.#lookupEvery;
    this.#nameThreads(main);
    const { path, prefixes } = sysFacts(this.#reader, main);
    if (path.length > 0) this.#info = { ...this.#info, sysPath: path, sysPrefixes: prefixes };
  }

  #nameThreads(interpreter: Address): void {
    const unnamed = this.#threads.filter((thread) => thread.name === undefined);
    if (unnamed.length === 0) return;
    if (this.#activeThreads === 0) this.#activeThreads = activeThreads(this.#reader, interpreter);
    const idents = unnamed.map(({ thread }) => thread.ident);
    const names = threadNames(this.#reader, this.#activeThreads, idents);
    for (const thread of unnamed) thread.name = names.get(thread.thread.ident);
  }
}

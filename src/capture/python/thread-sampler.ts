/** One thread of a process: looks at it when it may have moved, and keeps account of its time. */
import type { SessionBuilder, ThreadBuilder } from '../../session/builder.ts';
import { noStack, type Pid, type ProcessIndex, type StackIndex } from '../../session/ids.ts';
import { threadState } from '../../session/session.ts';
import { seconds } from '../../session/units.ts';
import { ThreadActivity } from '../system/thread-activity.ts';
import type { IdleLoops } from './async/idle-loops.ts';
import type { CodeCache } from './code/code-cache.ts';
import type { ProgramStart } from './program-start.ts';
import type { Gil } from './runtime/gil.ts';
import type { PythonThread } from './runtime/threads.ts';
import type { StackNamer, Walker } from './stack-namer.ts';

/** Times that a stack is read before the sample is given up. */
const mostReads = 8;

/** A thread's CPU time is read at every so many looks while it is awake. */
const looksPerCount = 8;

/** What all threads of a process share. */
export interface ThreadContext {
  readonly pid: Pid;
  /** Enters the process into the session. */
  readonly process: () => ProcessIndex;
  readonly builder: SessionBuilder;
  readonly namer: StackNamer;
  readonly codes: CodeCache;
  /** Tells who waits while an event loop is idle; undefined: the loop itself is shown. */
  readonly loops: IdleLoops | undefined;
  /** Length of time in ms from which nobody looking is shown as such. */
  readonly longestGap: number;
  readonly session: SessionClock;
  readonly counts: SampleCounts;
}

/** When a recording's time begins: with the first sample of the first program. */
export interface SessionClock {
  /** In ms on the recorder's clock; Infinity before. */
  readonly start: number;
  /** Starts it, if it has not started yet. */
  begin(now: number): void;
}

/** Counted over all threads of a recording. */
export interface SampleCounts {
  samples: number;
  incomplete: number;
  retries: number;
  notSampled: number;
}

/** Samples one thread. Times are in ms on the recorder's clock. */
export class ThreadSampler {
  readonly thread: PythonThread;
  readonly isMain: boolean;
  name: string | undefined;
  /** How many lists of threads in a row lacked this one. */
  missedListings = 0;
  /** Thread states of this thread in other interpreters are walked on top of its own. */
  readonly #walkers: Walker[];
  readonly #states: number[];
  readonly #activity: ThreadActivity;
  readonly #context: ThreadContext;
  readonly #program: ProgramStart | undefined;
  #builder: ThreadBuilder | undefined;
  #stack: StackIndex = noStack;
  #state = 0;
  /** Up to when time is accounted for, and up to when the thread is known not to have moved. */
  #accounted: number;
  #unmoved: number;
  #looksUnmoved = 0;
  #looksAwake = 0;
  #isAsleep = false;
  #cpuAtStart = -1;

  constructor(
    context: ThreadContext,
    thread: PythonThread,
    walker: Walker,
    options: { readonly isMain: boolean; readonly program: ProgramStart | undefined; readonly now: number },
  ) {
    this.#context = context;
    this.thread = thread;
    this.#walkers = [walker];
    this.#states = [thread.threadState];
    this.isMain = options.isMain;
    this.#program = options.program;
    this.#activity = new ThreadActivity(context.pid, thread.tid);
    this.#accounted = options.now;
    this.#unmoved = options.now;
  }

  get isGone(): boolean {
    return this.#activity.isGone;
  }

  /** Asleep when last looked at: then it is enough to ask whether it has been woken. */
  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  /** Nanoseconds of CPU time since the thread began to count. */
  get cpuNanoseconds(): number {
    return this.#cpuAtStart < 0 ? 0 : this.#activity.cpuNanoseconds - this.#cpuAtStart;
  }

  /** A thread state of the same thread in another interpreter. */
  addState(threadState: number, walker: Walker): void {
    this.#states.push(threadState);
    this.#walkers.push(walker);
  }

  /** Its own thread state, and those in other interpreters. */
  get threadStates(): readonly number[] {
    return this.#states;
  }

  /** Forgets those in other interpreters that are gone. */
  keepStates(isThere: (threadState: number) => boolean): void {
    for (let at = this.#states.length - 1; at > 0; at--) {
      if (isThere(this.#states[at] as number)) continue;
      this.#states.splice(at, 1);
      this.#walkers.splice(at, 1);
    }
  }

  hasState(threadState: number): boolean {
    return this.#states.includes(threadState);
  }

  /** Looks at the thread at the moment `now`. */
  tick(now: number, gil: Gil): void {
    const isCounted = this.#isAsleep || this.#cpuAtStart < 0 || ++this.#looksAwake % looksPerCount === 0;
    const mayHaveRun = !isCounted || this.#activity.hasChanged();
    if (this.#activity.isGone) return;
    if (!mayHaveRun && this.#isAsleep) {
      this.#unmoved = now;
      this.#looksUnmoved++;
      return;
    }
    this.#activity.look();
    if (this.#activity.isGone) return;
    this.#settle();
    const stack = this.#sampleAwakeOrAsleep(now);
    if (stack === undefined) return;
    this.#context.session.begin(now);
    if (this.#cpuAtStart < 0) this.#cpuAtStart = this.#activity.cpuNanoseconds;
    this.#stack = stack;
    this.#state = this.#stateNow(gil);
    this.#account(now);
  }

  /** Accounts for the time in which the thread slept on, and closes its files. */
  finish(): void {
    this.#settle();
    this.#activity.close();
    if (this.#builder && this.name !== undefined) this.#builder.info = { ...this.#builder.info, name: this.name };
  }

  /** Charges the time in which the thread did not move to the stack at which it was. */
  #settle(): void {
    const { session } = this.#context;
    const from = Math.max(this.#accounted, session.start);
    if (this.#unmoved > from && this.#stack !== noStack) {
      this.#add(this.#stack, (this.#unmoved - from) / 1000, this.#state, this.#looksUnmoved);
    }
    this.#accounted = Math.max(this.#accounted, this.#unmoved);
    this.#looksUnmoved = 0;
  }

  /**
   * What is found of a sleeping thread counts for as long as it sleeps, and is believed to stand still: if it has run while it
   * was read, that is not so.
   */
  #sampleAwakeOrAsleep(now: number): StackIndex | undefined {
    if (!this.#isAsleep && !this.#activity.isRunning) {
      // From here on it counts whether it runs.
      this.#activity.hasChanged();
      this.#activity.look();
      if (this.#activity.isGone) return undefined;
    }
    this.#isAsleep = !this.#activity.isRunning;
    let stack = this.#sample(now);
    for (let again = 1; again < mostReads && this.#isAsleep && this.#activity.hasRun(); again++) {
      this.#activity.look();
      if (this.#activity.isGone) return undefined;
      this.#isAsleep = !this.#activity.isRunning;
      this.#context.counts.retries++;
      stack = this.#sample(now);
    }
    return stack;
  }

  /** The session's stack; undefined where the thread runs nothing that counts, or could not be read. */
  #sample(now: number): StackIndex | undefined {
    const { counts, namer, loops } = this.#context;
    let stack: StackIndex | undefined;
    for (const [index, walker] of this.#walkers.entries()) {
      if (!this.#walk(walker)) {
        counts.incomplete++;
        this.#isAsleep = false;
        return undefined;
      }
      const waiting = this.#isAsleep ? loops?.waiting(walker) : undefined;
      const frames = waiting ?? walker;
      if (index > 0) stack = namer.stackOf(frames, stack ?? noStack);
      else if (this.#program) stack = this.#program.stackOf(frames, namer, now);
      else if (walker.depth > 0) stack = namer.stackOf(frames);
      if (stack === undefined && this.#program) break;
      if (waiting !== undefined && stack !== undefined) stack = namer.mark('await', stack);
    }
    if (stack === undefined || stack === noStack) {
      this.#stack = noStack;
      this.#accounted = now;
      this.#unmoved = now;
      return undefined;
    }
    return stack;
  }

  /** Where code was met for the first time, another one may have been at its address when the stack was copied. */
  #walk(walker: Walker): boolean {
    const { codes, counts } = this.#context;
    for (let read = 0; read < mostReads; read++) {
      const { learned } = codes;
      if (walker.sample(this.#isAsleep) && codes.learned === learned) {
        counts.samples++;
        counts.retries += read;
        return true;
      }
    }
    counts.samples++;
    return false;
  }

  #stateNow(gil: Gil): number {
    const { isRunning, futex } = this.#activity;
    if (isRunning) return threadState.onCpu | (this.#states.includes(gil.holder) ? threadState.holdsGil : 0);
    if (gil.isWaitedOn(futex)) return threadState.waitsForGil;
    // It may have let go of the GIL to fall asleep since the tick began, and its state stays as long as it sleeps.
    return this.#states.includes(gil.holder) && gil.isHeldNow(this.#states) ? threadState.holdsGil : 0;
  }

  /** Charges the time since the last look to what was found now, unless that is too long ago. */
  #account(now: number): void {
    const { longestGap, namer, counts, session } = this.#context;
    const from = Math.max(this.#accounted, session.start);
    const elapsed = now - from;
    if (elapsed > longestGap) {
      counts.notSampled += elapsed / 1000;
      this.#add(namer.notSampled(namer.outermost(this.#stack)), elapsed / 1000, 0, 1);
    } else if (elapsed >= 0) this.#add(this.#stack, elapsed / 1000, this.#state, 1);
    this.#accounted = now;
    this.#unmoved = now;
  }

  #add(stack: StackIndex, weight: number, state: number, looks: number): void {
    const { builder, process, session } = this.#context;
    this.#builder ??= builder.addThread({
      process: process(),
      tid: this.thread.tid,
      ident: this.thread.ident,
      name: this.name ?? (this.isMain ? 'MainThread' : `Thread ${this.thread.tid}`),
      isMain: this.isMain,
      start: seconds(Math.max(0, this.#accounted - session.start) / 1000),
    });
    this.#builder.add(stack, weight, state, looks);
  }
}

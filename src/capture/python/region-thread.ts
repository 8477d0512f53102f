/** One thread and the regions that it counts for: one look at every tick, whose time every region gets. */
import { noStack, type Pid, type StackIndex, type Tid } from '../../session/ids.ts';
import { threadState } from '../../session/session.ts';
import type { RegionId } from '../region.ts';
import type { RegionClock } from '../region-clock.ts';
import { notSampled, type RegionRows } from '../region-rows.ts';
import { ThreadActivity } from '../system/thread-activity.ts';
import type { Region, RegionStart, RegionThread } from './async/region.ts';
import type { Gil } from './runtime/gil.ts';
import type { PythonThread } from './runtime/threads.ts';

/** Times that a stack is read before the sample is given up. */
const mostReads = 8;

/** Counted while the thread is watched. */
export interface LookCounts {
  samples: number;
  incomplete: number;
  retries: number;
}

/** A region that this thread counts for. Moments are in ms on the recorder's clock. */
interface Member {
  readonly region: Region;
  readonly rows: RegionRows;
  /** Up to when its time is accounted for. */
  accounted: number;
  /** What it did last; undefined: nothing for the region, or not known yet. */
  stack: StackIndex | undefined;
  /** Until the thread has gone on from the call that started the region: time before that does not count. */
  beginning: RegionClock | null;
  /** It was still in that call when it was looked at last. */
  isStarting: boolean;
}

/** A thread of the program in which regions run. */
export class WatchedThread {
  readonly thread: PythonThread;
  readonly counts: LookCounts = { samples: 0, incomplete: 0, retries: 0 };
  readonly #follower: RegionThread;
  readonly #activity: ThreadActivity;
  readonly #members = new Map<RegionId, Member>();
  #regions: readonly Region[] = [];
  #state = 0;
  #isAsleep = false;
  /** A region has come or gone: what was found of the sleeping thread says nothing of it. */
  #mustLook = true;
  /** Whether a stack ends in the code that starts regions. */
  readonly #isStarting: (stack: StackIndex) => boolean;
  /** Up to when a sleeping thread is known not to have moved. */
  #unmoved = 0;
  #looksUnmoved = 0;

  constructor(pid: Pid, thread: PythonThread, follower: RegionThread, isStarting: (stack: StackIndex) => boolean) {
    this.thread = thread;
    this.#follower = follower;
    this.#isStarting = isStarting;
    this.#activity = new ThreadActivity(pid, thread.tid);
  }

  get tid(): Tid {
    return this.thread.tid;
  }

  get isGone(): boolean {
    return this.#activity.isGone;
  }

  /** Whether no region runs here. */
  get isIdle(): boolean {
    return this.#members.size === 0;
  }

  /** Whether the thread has not ended yet. */
  isThere(): boolean {
    this.#activity.look();
    return !this.#activity.isGone;
  }

  /** Begins a region in this thread, which waits for the answer. Undefined where its stack cannot be read. */
  begin(start: RegionStart): Region | undefined {
    this.#mustLook = true;
    for (let read = 0; read < mostReads; read++) {
      const region = this.#follower.begin(start);
      if (region !== undefined) return region;
    }
    return undefined;
  }

  /** Ends a region that was begun here. */
  end(region: Region): void {
    this.#mustLook = true;
    this.#follower.end(region);
  }

  /**
   * From `now` on the region gets this thread's time.
   * @param beginning its clock, where it begins in this thread
   */
  join(id: RegionId, region: Region, rows: RegionRows, now: number, beginning: RegionClock | null = null): void {
    this.#settle();
    this.#members.set(id, { region, rows, accounted: now, stack: undefined, beginning, isStarting: false });
    this.#regions = [...this.#members.values()].map((member) => member.region);
    this.#mustLook = true;
  }

  /** The region has ended at `at`: it gets the time since the last look, too. */
  leave(id: RegionId, at: number, longestGap: number): void {
    this.#settle();
    const member = this.#members.get(id);
    if (member === undefined) return;
    if (member.stack === undefined && member.beginning !== null) this.#lookAtLast(member);
    if (at < member.accounted) member.rows.takeBack((member.accounted - at) / 1000);
    else if (!this.isGone) this.#account(member, member.stack, at, longestGap, member.rows.looks === 0 ? 1 : 0);
    this.#members.delete(id);
    this.#regions = [...this.#members.values()].map(({ region }) => region);
    this.#mustLook = true;
  }

  /** Looks at the thread at the moment `now`. */
  tick(now: number, gil: Gil, longestGap: number): void {
    if (this.#isAsleep && !this.#mustLook && !this.#activity.hasChanged()) {
      this.#unmoved = now;
      this.#looksUnmoved++;
      return;
    }
    this.#activity.look();
    this.#settle();
    if (this.isGone || !this.#look()) return;
    this.#mustLook = false;
    this.#state = this.#stateNow(gil);
    this.#unmoved = now;
    for (const member of this.#members.values()) {
      this.#account(member, this.#follower.stackOf(member.region), now, longestGap, 1);
    }
  }

  close(): void {
    this.#activity.close();
  }

  /** A region so short that its thread was never looked at: it waits in the call that ends it, below which is what it did. */
  #lookAtLast(member: Member): void {
    member.beginning = null;
    this.#activity.look();
    if (this.isGone || !this.#look()) return;
    this.#state = threadState.onCpu;
    member.stack = this.#follower.stackOf(member.region);
  }

  /** Charges the time in which the thread did not move to what it was doing. */
  #settle(): void {
    for (const member of this.#members.values()) {
      const elapsed = this.#unmoved - member.accounted;
      if (elapsed <= 0 || (member.stack === undefined && !member.isStarting)) continue;
      if (member.stack === undefined) member.beginning?.skip(elapsed);
      else member.rows.add(member.stack, elapsed / 1000, this.#state, this.#looksUnmoved);
      member.accounted = this.#unmoved;
    }
    this.#looksUnmoved = 0;
  }

  /**
   * What is found of a sleeping thread counts for as long as it sleeps: if it has run while it was read, it is read again.
   * @returns false where it cannot be read
   */
  #look(): boolean {
    const activity = this.#activity;
    // From here on it counts whether it runs.
    if (!this.#isAsleep && !activity.isRunning) {
      activity.hasChanged();
      activity.look();
    }
    for (let read = 0; read < mostReads && !activity.isGone; read++) {
      this.#isAsleep = !activity.isRunning;
      const isRead = this.#follower.look(this.#regions, this.#isAsleep);
      if (isRead && !(this.#isAsleep && activity.hasRun())) {
        this.counts.samples++;
        return true;
      }
      this.counts.retries++;
      activity.look();
    }
    this.#isAsleep = false;
    this.counts.samples++;
    this.counts.incomplete++;
    return false;
  }

  #stateNow(gil: Gil): number {
    const { isRunning, futex } = this.#activity;
    const state = this.thread.threadState;
    if (isRunning) return threadState.onCpu | (gil.holder === state ? threadState.holdsGil : 0);
    if (gil.isWaitedOn(futex)) return threadState.waitsForGil;
    // It may have let go of the GIL to fall asleep since the tick began, and its state stays as long as it sleeps.
    return gil.holder === state && gil.isHeldNow([state]) ? threadState.holdsGil : 0;
  }

  /** Charges the time since the last look to `stack`, unless that is too long ago. */
  #account(member: Member, stack: StackIndex | undefined, now: number, longestGap: number, looks: number): void {
    const elapsed = now - member.accounted;
    const isKnown = stack !== undefined && stack !== noStack;
    member.isStarting = member.beginning !== null && isKnown && this.#isStarting(stack);
    if (member.isStarting) {
      member.beginning?.skip(Math.max(0, elapsed));
      member.accounted = now;
      return;
    }
    member.beginning = null;
    if (stack !== undefined && elapsed >= 0) {
      member.rows.add(elapsed > longestGap ? notSampled : stack, elapsed / 1000, this.#state, looks);
    }
    member.accounted = now;
    member.stack = stack;
  }
}

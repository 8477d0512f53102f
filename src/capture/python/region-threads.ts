/** Which threads of a process are watched for its regions, and who are they? */
import type { Pid, Tid } from '../../session/ids.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { Address } from '../memory/process-memory.ts';
import type { RegionThreadInfo } from '../region.ts';
import type { ObjectReader } from './objects/objects.ts';
import type { WatchedThread } from './region-thread.ts';
import { Gil } from './runtime/gil.ts';
import { ThreadIds } from './runtime/thread-ids.ts';
import {
  activeThreads,
  listInterpreters,
  listThreads,
  newestThread,
  type PythonThread,
  threadNames,
} from './runtime/threads.ts';

/** How often in ms the list of threads is read anew where all are recorded. */
const housekeepingEvery = 50;

/** Threads in which no region runs that stay known, so that the next region there begins sooner. */
const mostIdleThreads = 32;

/** The watched threads of one process. */
export class RegionThreads {
  readonly #pid: Pid;
  readonly #runtime: Address;
  readonly #reader: ObjectReader;
  readonly #watch: (thread: PythonThread) => WatchedThread;
  readonly #ids: ThreadIds;
  readonly #outerId = (inner: number): Tid | undefined => this.#ids.outer(inner);
  readonly #watched = new Map<Tid, WatchedThread>();
  readonly #gils = new Map<Address, Gil>();
  #newest: Address = 0;
  #nextHousekeeping = 0;

  /**
   * @param runtime address of `_PyRuntime`
   * @param watch begins to watch a thread
   */
  constructor(pid: Pid, runtime: Address, reader: ObjectReader, watch: (thread: PythonThread) => WatchedThread) {
    this.#pid = pid;
    this.#runtime = runtime;
    this.#reader = reader;
    this.#watch = watch;
    this.#ids = new ThreadIds(pid);
  }

  /** Those that are watched, whether regions run in them or not. */
  all(): Iterable<WatchedThread> {
    return this.#watched.values();
  }

  /**
   * The thread that calls itself so, which is running at this moment.
   * @throws TimesinkError `PROCESS_NOT_FOUND` where there is none
   */
  find({ ident, nativeId }: RegionThreadInfo): WatchedThread {
    const { memory, layout } = this.#reader;
    const isIt = (thread: PythonThread): boolean => thread.ident === ident;
    // Libraries of greenlets give each of them an ident of its own.
    const isNative = (thread: PythonThread): boolean => nativeId !== 0 && thread.tid === (nativeId as Tid);
    const watched = [...this.#watched.values()];
    const known = watched.find(({ thread }) => isIt(thread)) ?? watched.find(({ thread }) => isNative(thread));
    if (known !== undefined) {
      const { threadState, ident: itsIdent } = known.thread;
      const isSame = memory.pointer(threadState + layout.thread.threadId) === itsIdent;
      if (isSame && known.isThere()) return known;
      this.#forget(known);
    }
    const listed = this.#list();
    const found = listed.find(isIt) ?? listed.find(isNative);
    if (found === undefined) {
      throw new TimesinkError('PROCESS_NOT_FOUND', `process ${this.#pid} has no Python thread ${ident}`);
    }
    const thread = this.#add(found);
    if (thread.isThere()) return thread;
    this.#forget(thread);
    throw new TimesinkError('PROCESS_NOT_FOUND', `thread ${found.tid} of process ${this.#pid} cannot be watched`);
  }

  /** Whoever wants all threads has not seen those that were listed before. */
  listSoon(): void {
    this.#nextHousekeeping = 0;
  }

  /** All threads of the process, from now on watched, where there may be new ones; else none. */
  newcomers(now: number): readonly WatchedThread[] {
    const main = this.#gils.keys().next().value;
    const newest = main === undefined ? 0 : newestThread(this.#reader, main);
    if (newest !== 0 && newest === this.#newest && now < this.#nextHousekeeping) return [];
    this.#newest = newest;
    this.#nextHousekeeping = now + housekeepingEvery;
    for (const thread of this.#watched.values()) if (thread.isGone) this.#forget(thread);
    const listed = this.#list();
    // A thread that is being started has no id yet, or (3.8–3.11) its creator's: list again at the next tick.
    if (listed.every((one) => one.threadState !== newest)) this.#newest = 0;
    return listed.map((thread) => this.#watched.get(thread.tid) ?? this.#add(thread));
  }

  /** Names of running threads, by ident. */
  names(idents: readonly number[]): ReadonlyMap<number, string> {
    const [main] = listInterpreters(this.#reader, this.#runtime);
    if (main === undefined) return new Map();
    return threadNames(this.#reader, activeThreads(this.#reader, main), idents);
  }

  /** Looks who holds the GIL of each interpreter. */
  readGils(): void {
    for (const gil of this.#gils.values()) gil.read();
  }

  /** As it was when it was looked at last. */
  gilOf({ interpreter }: PythonThread): Gil {
    let gil = this.#gils.get(interpreter);
    if (gil === undefined) {
      const { memory, layout } = this.#reader;
      gil = new Gil(memory, layout, this.#runtime, interpreter);
      gil.read();
      this.#gils.set(interpreter, gil);
    }
    return gil;
  }

  /** Forgets those in which nothing runs, where there are too many. @param needed threads of regions that are paused */
  forgetIdle(needed: ReadonlySet<WatchedThread>): void {
    const idle = [...this.#watched.values()].filter((thread) => thread.isIdle && !needed.has(thread));
    for (const thread of idle.slice(0, Math.max(0, idle.length - mostIdleThreads))) this.#forget(thread);
  }

  close(): void {
    for (const thread of this.#watched.values()) thread.close();
  }

  #list(): readonly PythonThread[] {
    return listThreads(this.#reader, listInterpreters(this.#reader, this.#runtime), this.#outerId);
  }

  #add(thread: PythonThread): WatchedThread {
    const watched = this.#watch(thread);
    this.#watched.set(thread.tid, watched);
    return watched;
  }

  #forget(thread: WatchedThread): void {
    if (this.#watched.get(thread.tid) === thread) this.#watched.delete(thread.tid);
    this.#ids.forget(thread.tid);
    thread.close();
  }
}

/** Which processes did the program start? Found by polling: one small read per tick tells whether there can be new ones. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Pid } from '../../session/ids.ts';
import { imageOf, processStatus } from './process-facts.ts';

/** From so many new ids on, the whole of `/proc` is listed instead of trying each. */
const mostTried = 500;
/** Without `/proc/loadavg`, `/proc` is listed every so many polls. */
const pollsPerListing = 10;
/** An id is given out a moment before its process can be seen: so many polls it is looked for again. */
const pollsToAppear = 5;

/** A process of the tree, when it was found. */
export interface NewProcess {
  readonly pid: Pid;
  readonly parent: Pid;
}

/** Follows the descendants of the processes given to {@link add}. */
export class ProcessTree {
  readonly #members = new Set<Pid>();
  /** What takes in children whose parent has ended: the first process, or another one above ours (PR_SET_CHILD_SUBREAPER). */
  readonly #adopters = new Set<Pid>([1 as Pid]);
  /** Members by the image that they run, the first of each. */
  readonly #images = new Map<string, Pid>();
  /** Ids given out without a process to be seen, and for how many polls they are still looked for. */
  readonly #absent = new Map<Pid, number>();
  readonly #loadavg: number;
  readonly #room = new Uint8Array(128);
  #lastPid: number;
  #polls = 0;

  constructor() {
    this.#loadavg = tryOpen('/proc/loadavg');
    this.#lastPid = this.#newestPid();
  }

  /** Takes a process in that no member has started. */
  add(pid: Pid): void {
    this.#members.add(pid);
    for (let at = parentOf(pid); at !== 0 && !this.#adopters.has(at); at = parentOf(at)) this.#adopters.add(at);
  }

  /**
   * The member runs now what it will run. A copy that `fork` makes of it is found from now on even where its parent, another
   * copy, has ended already: daemons are made that way.
   */
  keepImage(pid: Pid): void {
    const image = imageOf(pid);
    if (image !== undefined && !this.#images.has(image)) this.#images.set(image, pid);
  }

  /** The process has ended; its children stay. */
  remove(pid: Pid): void {
    this.#members.delete(pid);
  }

  /** Descendants that came since the last poll, parents first. Costs 1 µs while no process or thread is started anywhere. */
  poll(): readonly NewProcess[] {
    const newest = this.#newestPid();
    const isQuiet = newest < 0 ? ++this.#polls % pollsPerListing !== 0 : newest === this.#lastPid;
    if (isQuiet && this.#absent.size === 0) return [];
    const found: NewProcess[] = [];
    for (const [pid, polls] of this.#absent) {
      if (this.#examine(pid, found) || polls === 1) this.#absent.delete(pid);
      else this.#absent.set(pid, polls - 1);
    }
    if (isQuiet) return found;
    const candidates = this.#candidates(newest);
    if (candidates === undefined) return found;
    for (const pid of candidates) {
      if (!this.#examine(pid, found)) this.#absent.set(pid, pollsToAppear);
    }
    this.#lastPid = newest;
    return found;
  }

  close(): void {
    if (this.#loadavg >= 0) closeSync(this.#loadavg);
  }

  /** Adds a process to the tree, and to `found`, if it belongs there. @returns whether there is such a process */
  #examine(pid: Pid, found: NewProcess[]): boolean {
    if (this.#members.has(pid)) return true;
    const status = processStatus(pid);
    if (status === undefined) return false;
    // Where all of `/proc` is listed, one that ended long ago is met again and again until its parent asks for it.
    if (status.hasEnded && this.#loadavg < 0) return true;
    const parent = this.#members.has(status.parent) ? status.parent : this.#originalOf(pid, status.parent);
    if (parent === undefined) return true;
    this.#members.add(pid);
    found.push({ pid, parent });
    return true;
  }

  /** The member that an orphan is a copy of. */
  #originalOf(pid: Pid, adopter: Pid): Pid | undefined {
    if (this.#images.size === 0 || !this.#adopters.has(adopter)) return undefined;
    const image = imageOf(pid);
    return image === undefined ? undefined : this.#images.get(image);
  }

  /** What may have come since the last poll, in the order of start; undefined where the system does not say. */
  #candidates(newest: number): readonly Pid[] | undefined {
    const count = newest - this.#lastPid;
    if (newest >= 0 && count > 0 && count <= mostTried) {
      return Array.from({ length: count }, (_, index) => (this.#lastPid + 1 + index) as Pid);
    }
    const listed = listProcesses();
    if (newest < 0 || listed === undefined) return listed;
    return idsSince([...new Set([...listed, newest as Pid])], this.#lastPid, newest);
  }

  /** The id given out last: the fifth field of `/proc/loadavg` (proc_loadavg(5)). −1 where that cannot be read. */
  #newestPid(): number {
    if (this.#loadavg < 0) return -1;
    const length = readSync(this.#loadavg, this.#room, 0, this.#room.length, 0);
    let pid = 0;
    let scale = 1;
    for (let at = length - 2; at >= 0 && this.#room[at] !== 32; at--, scale *= 10) {
      pid += ((this.#room[at] as number) - 48) * scale;
    }
    return pid;
  }
}

/**
 * Those of `pids` that were given out after `last`, up to `newest`, the oldest first. Ids are given out upwards and begin
 * anew after the highest: then those above `last` are older than those up to `newest`.
 */
export function idsSince(pids: readonly Pid[], last: number, newest: number): readonly Pid[] {
  const ascending = [...pids].sort((a, b) => a - b);
  if (newest >= last) return ascending.filter((pid) => pid > last && pid <= newest);
  return [...ascending.filter((pid) => pid > last), ...ascending.filter((pid) => pid <= newest)];
}

/** 0 for what has none here. */
const parentOf = (pid: Pid): Pid => processStatus(pid)?.parent ?? (0 as Pid);

/** Undefined where `/proc` cannot be listed now, such as when too many files are open. */
function listProcesses(): readonly Pid[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => Number(name) as Pid);
  } catch {
    return undefined;
  }
}

function tryOpen(path: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    return -1;
  }
}

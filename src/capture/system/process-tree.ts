/** Which processes did the program start? Found by polling: one small read per tick tells whether there can be new ones. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { Pid } from '../../session/ids.ts';

/** From so many new ids on, the whole of `/proc` is listed instead of trying each. */
const mostTried = 500;
/** Without `/proc/loadavg`, `/proc` is listed every so many polls. */
const pollsPerListing = 10;

/** A process of the tree, when it was found. */
export interface NewProcess {
  readonly pid: Pid;
  readonly parent: Pid;
}

/** Follows the descendants of the processes given to {@link add}. */
export class ProcessTree {
  readonly #members = new Set<Pid>();
  readonly #loadavg: number;
  readonly #room = new Uint8Array(128);
  #lastPid: number;
  #polls = 0;

  constructor() {
    this.#loadavg = tryOpen('/proc/loadavg');
    this.#lastPid = this.#newestPid();
  }

  add(pid: Pid): void {
    this.#members.add(pid);
  }

  /** The process has ended; its children stay. */
  remove(pid: Pid): void {
    this.#members.delete(pid);
  }

  /** Descendants that came since the last poll, parents first. Costs 1 µs while no process or thread is started anywhere. */
  poll(): readonly NewProcess[] {
    const newest = this.#newestPid();
    if (newest === this.#lastPid) {
      if (newest >= 0 || ++this.#polls % pollsPerListing !== 0) return [];
    }
    const candidates = this.#candidates(newest);
    this.#lastPid = newest;
    const found: NewProcess[] = [];
    for (const pid of candidates) {
      if (this.#members.has(pid)) continue;
      const parent = parentOf(pid);
      if (parent === undefined || !this.#members.has(parent)) continue;
      this.#members.add(pid);
      found.push({ pid, parent });
    }
    return found;
  }

  close(): void {
    if (this.#loadavg >= 0) closeSync(this.#loadavg);
  }

  #candidates(newest: number): readonly Pid[] {
    const count = newest - this.#lastPid;
    if (newest >= 0 && count > 0 && count <= mostTried) {
      return Array.from({ length: count }, (_, index) => (this.#lastPid + 1 + index) as Pid);
    }
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => Number(name) as Pid);
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

/** The parent of a process; undefined for a thread, and where there is no such process. */
export function parentOf(pid: Pid): Pid | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    if (Number(/^Tgid:\s*(\d+)/m.exec(status)?.[1]) !== pid) return undefined;
    return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) as Pid;
  } catch {
    return undefined;
  }
}

/** The words of a process's command line; empty where they cannot be read. */
export function commandOf(pid: Pid): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * Whether a process is still the copy that `fork` made of its parent: the same command line, and the stack where the
 * parent's is, which `exec` would have moved (proc_pid_stat(5), startstack).
 */
export function isForkOf(pid: Pid, parent: Pid): boolean {
  const [own, parents] = [commandOf(pid), commandOf(parent)];
  if (own.length === 0 || own.length !== parents.length || own.some((word, at) => word !== parents[at])) return false;
  const stack = stackStart(pid);
  return stack !== undefined && stack === stackStart(parent);
}

/** Where the stack of a process's program begins: it changes with every `exec`. Undefined where there is no such process. */
export function stackStart(pid: Pid): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[25];
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

/** Is a thread running, asleep, or waiting for what: the scheduler's word, from `/proc/PID/task/TID`. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Pid, Tid } from '../../session/ids.ts';

/** Numbers of the `futex` system call: x86-64 and arm64 (Linux include/uapi/asm-generic/unistd.h). */
const futexCall: Readonly<Record<string, number>> = { x64: 202, arm64: 98 };
const letterR = 114;
const space = 32;
const room = new Uint8Array(256);

/** The scheduler's view of one thread. Opens two descriptors, until {@link close}. */
export class ThreadActivity {
  isGone = false;
  /** On a CPU, or ready to be. */
  isRunning = false;
  /** Address that the thread sleeps on in `futex`, else 0. */
  futex = 0;
  /** CPU time so far, in nanoseconds; counted at least at every scheduler tick. */
  cpuNanoseconds = 0;
  readonly #schedstat: number;
  readonly #syscall: number;
  readonly #stat: number;
  #last = new Uint8Array(64);
  #lastLength = -1;
  /** Kernels without scheduler statistics say 0 0 0. */
  #hasSchedstat = true;

  constructor(pid: Pid, tid: Tid) {
    const folder = `/proc/${pid}/task/${tid}`;
    this.#schedstat = open(`${folder}/schedstat`);
    this.#syscall = open(`${folder}/syscall`);
    this.#stat = this.#syscall < 0 ? open(`${folder}/stat`) : -1;
    this.isGone = this.#syscall < 0 && this.#stat < 0;
  }

  /**
   * Whether the scheduler has touched the thread since the last call: the run time and the number of turns stay the same
   * as long as it sleeps, and (between scheduler ticks) as long as it runs. Costs about 1 µs.
   */
  hasChanged(): boolean {
    if (!this.#hasSchedstat) return true;
    const length = read(this.#schedstat);
    if (length <= 0) {
      this.isGone ||= length < 0;
      return true;
    }
    if (length === this.#lastLength && sameBytes(room, this.#last, length)) return false;
    for (let at = 0; at < this.#last.length; at++) this.#last[at] = room[at] as number;
    this.#lastLength = length;
    this.cpuNanoseconds = number(0);
    if (this.cpuNanoseconds === 0 && room[2] === 48 && room[4] === 48) this.#hasSchedstat = false;
    return true;
  }

  /** Whether it has certainly run since {@link hasChanged} was asked last. */
  hasRun(): boolean {
    return this.#hasSchedstat && this.hasChanged();
  }

  /** Finds out {@link isRunning} and {@link futex}. Costs 1 to 2 µs. */
  look(): void {
    this.futex = 0;
    if (this.#syscall >= 0) {
      const length = read(this.#syscall);
      if (length <= 0) {
        this.isGone = true;
        return;
      }
      // "running", or the number of the system call and its arguments (Linux fs/proc/base.c, proc_pid_syscall).
      this.isRunning = room[0] === letterR;
      if (!this.isRunning && number(0) === futexCall[process.arch]) this.futex = hexAfterSpace(length);
      return;
    }
    const length = read(this.#stat);
    this.isGone = length <= 0;
    let at = length - 1;
    while (at > 0 && room[at] !== 41) at--;
    this.isRunning = room[at + 2] === 82;
  }

  close(): void {
    for (const fd of [this.#schedstat, this.#syscall, this.#stat]) if (fd >= 0) closeSync(fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch {
    return -1;
  }
}

/** @returns bytes read into {@link room}, −1 when the thread is gone or the file is refused */
function read(fd: number): number {
  if (fd < 0) return -1;
  try {
    return readSync(fd, room, 0, room.length, 0);
  } catch {
    return -1;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** The decimal number at `at` of {@link room}. */
function number(at: number): number {
  let value = 0;
  for (let digit = (room[at] as number) - 48; digit >= 0 && digit <= 9; digit = (room[++at] as number) - 48) {
    value = value * 10 + digit;
  }
  return value;
}

/** The hexadecimal number behind the first space of {@link room}. */
function hexAfterSpace(length: number): number {
  let at = 0;
  while (at < length && room[at] !== space) at++;
  let value = 0;
  for (at += 3; at < length && room[at] !== space; at++) {
    const byte = room[at] as number;
    value = value * 16 + (byte > 57 ? byte - 87 : byte - 48);
  }
  return value;
}

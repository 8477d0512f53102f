/** What does the kernel say of a process, in `/proc/PID`? */
import { readFileSync, readlinkSync } from 'node:fs';
import type { Pid, Tid } from '../../session/ids.ts';

/** Linux: clock ticks per second in `/proc/PID/stat` (USER_HZ, the same on every architecture that matters). */
const clockTicks = 100;

/** Where a process stands. */
export interface ProcessStatus {
  /** 0 for a thread, and for what has no parent here. */
  readonly parent: Pid;
  /** It has ended, and its parent has not asked for it yet. */
  readonly hasEnded: boolean;
}

/** Undefined where there is no such process or thread. */
export function processStatus(pid: Pid): ProcessStatus | undefined {
  const status = textOf(`/proc/${pid}/status`);
  if (status === undefined) return undefined;
  const isThread = Number(/^Tgid:\s*(\d+)/m.exec(status)?.[1]) !== pid;
  const parent = isThread ? 0 : Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
  return { parent: parent as Pid, hasEnded: /^State:\s*[ZX]/m.test(status) };
}

/**
 * The id of a process or thread in the innermost pid namespace that it is in: what it takes for its id itself
 * (proc_pid_status(5), NSpid). Undefined where there is none such.
 * @param thread one of its threads; default: its first
 */
export function innerId(pid: Pid, thread: Tid = pid as number as Tid): number | undefined {
  const status = textOf(`/proc/${pid}/task/${thread}/status`);
  const id = /^NSpid:.*?(\d+)$/m.exec(status ?? '')?.[1];
  return id === undefined ? undefined : Number(id);
}

/** The words of a process's command line; empty where they cannot be read. */
export function commandOf(pid: Pid): readonly string[] {
  return textOf(`/proc/${pid}/cmdline`, 'utf8')?.split('\0').slice(0, -1) ?? [];
}

/** The file that a process runs, `?` where that may not be looked at; undefined when it has ended. */
export function programOf(pid: Pid): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? '?' : undefined;
  }
}

/** A process's working directory; `''` where it cannot be read. */
export function workingFolder(pid: Pid): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
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
  return statFields(pid)?.[25];
}

/**
 * What tells the image that a process runs from any other: where its stack, heap, arguments and environment lie, which is
 * drawn by lot at every `exec` and copied by `fork` (proc_pid_stat(5), startstack, start_brk, arg_start, env_end). Undefined where
 * there is no such process, or it may not be looked at.
 */
export function imageOf(pid: Pid): string | undefined {
  const fields = statFields(pid);
  const places = [fields?.[25], fields?.[44], fields?.[45], fields?.[48]];
  return places.some((place) => place === undefined || place === '0') ? undefined : places.join(' ');
}

/** User and system time in seconds of all threads of a process, ended ones too; undefined where there is no such process. */
export function cpuSeconds(pid: Pid): number | undefined {
  const fields = statFields(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) / clockTicks;
}

/** The fields of `/proc/PID/stat` from the third on (proc_pid_stat(5)); the name before them may contain anything. */
function statFields(pid: Pid): readonly string[] | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function textOf(file: string, encoding: BufferEncoding = 'latin1'): string | undefined {
  try {
    return readFileSync(file, encoding);
  } catch {
    return undefined;
  }
}

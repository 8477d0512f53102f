/** Why may this process's memory not be read, and what would allow it? */
import { readFileSync } from 'node:fs';
import type { Pid } from '../../session/ids.ts';

/** A refusal in words. */
export interface Denial {
  /** What stands in the way, one sentence without a full stop. */
  readonly why: string;
  /** What to do about it, one sentence. */
  readonly hint: string;
}

/** The privileges that decide: those of one line `Uid:` and `CapEff:` each of `/proc/PID/status`. */
interface Credentials {
  readonly uid: number;
  readonly capabilities: bigint;
}

const sysPtrace = 1n << 19n;

/**
 * Explains a refused look at a process. Sources: ptrace(2) "Ptrace access mode checking", Linux
 * Documentation/admin-guide/LSM/Yama.rst.
 * @param proc where procfs is mounted
 */
export function explainDenial(pid: Pid, proc = '/proc'): Denial {
  const own = credentials(`${proc}/self/status`);
  const target = credentials(`${proc}/${pid}/status`);
  if (own && target && own.uid !== target.uid && own.uid !== 0) {
    return {
      why: `process ${pid} belongs to another user (uid ${target.uid})`,
      hint: 'Run timesink as that user, or as root.',
    };
  }
  const scope = yamaScope(proc);
  if (scope > 0 && own && (own.capabilities & sysPtrace) === 0n) return yamaDenial(pid, scope);
  if (own?.uid === 0) {
    return {
      why: `root may not read process ${pid}: the capability CAP_SYS_PTRACE is missing`,
      hint: 'Start the container with `--cap-add SYS_PTRACE`.',
    };
  }
  return {
    why: `process ${pid} is not dumpable: it runs with privileges of its own, or has asked not to be read`,
    hint: 'Run timesink as root.',
  };
}

/** Whether programs that this process starts can be read by it, as far as Yama is concerned. */
export function mayReadChildren(proc = '/proc'): boolean {
  const scope = yamaScope(proc);
  if (scope < 2) return true;
  const own = credentials(`${proc}/self/status`);
  return scope === 2 && own !== undefined && (own.capabilities & sysPtrace) !== 0n;
}

function yamaDenial(pid: Pid, scope: number): Denial {
  const setting = `kernel.yama.ptrace_scope is ${scope}`;
  if (scope === 1) {
    return {
      why: `process ${pid} is not a child of timesink, and ${setting}`,
      hint: 'Start the program with timesink, run timesink as root, or allow it with `sudo sysctl kernel.yama.ptrace_scope=0`.',
    };
  }
  if (scope === 2) {
    return {
      why: `only root may read other processes: ${setting}`,
      hint: 'Run timesink as root, or allow it with `sudo sysctl kernel.yama.ptrace_scope=1`.',
    };
  }
  return {
    why: `nobody may read other processes: ${setting}`,
    hint: 'The setting lasts until the machine restarts; change it where the system sets it, in /etc/sysctl.d.',
  };
}

function yamaScope(proc: string): number {
  const text = readText(`${proc}/sys/kernel/yama/ptrace_scope`);
  return text === undefined ? 0 : Number.parseInt(text, 10) || 0;
}

function credentials(statusFile: string): Credentials | undefined {
  const status = readText(statusFile) ?? '';
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(status)?.[1];
  const capabilities = /^CapEff:\t([0-9a-f]+)/m.exec(status)?.[1];
  if (uid === undefined || capabilities === undefined) return undefined;
  return { uid: Number(uid), capabilities: BigInt(`0x${capabilities}`) };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

/** Starting programs and reading what they used. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  /** From just before it was started to its end. */
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Seconds after which the command is killed, with all that it started. */
  readonly limit?: number;
  /** Called as soon as the process exists. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs a command to its end. A status other than 0 is for the caller to judge. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [file, ...args] = command;
  if (file === undefined) throw new Error('no command');
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      detached: options.limit !== undefined,
    });
    let timer: NodeJS.Timeout | undefined;
    if (options.limit !== undefined) {
      timer = setTimeout(() => {
        stderr = `it took longer than ${options.limit} s`;
        process.kill(-(child.pid as number), 'SIGKILL');
      }, options.limit * 1000);
    }
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    let seconds = 0;
    child.on('exit', () => {
      seconds = (performance.now() - begin) / 1000;
      clearTimeout(timer);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, seconds, stdout, stderr }));
    options.started?.(child);
  });
}

/** Runs a command that must succeed. @throws with its last words when it does not */
export async function runChecked(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const ended = await run(command, options);
  if (ended.status !== 0) {
    throw new Error(
      `${command.join(' ')} ended with ${ended.status}: ${(ended.stderr || ended.stdout).trim().slice(-600)}`,
    );
  }
  return ended;
}

/**
 * Seconds of CPU time that the living threads of a process have used, to the nanosecond
 * (`/proc/PID/task/TID/schedstat`); undefined once the process is gone.
 */
export function cpuSeconds(pid: number): number | undefined {
  try {
    let nanoseconds = 0;
    for (const tid of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0]);
    }
    return nanoseconds / 1e9;
  } catch {
    return undefined;
  }
}

/** Resolves after `seconds`. */
export const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

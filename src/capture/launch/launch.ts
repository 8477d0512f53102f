/** How is a program started so that nothing of it runs before we are ready? */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Pid } from '../../session/ids.ts';
import { TimesinkError } from '../../util/errors.ts';
import { originalBytes } from './exact-bytes.ts';
import type { Environment } from './interpreter.ts';
import { originalOpenFileLimit } from './open-file-limit.ts';
import { stubFor } from './stub.ts';

/** How a program ended: with an exit code, or by a signal. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals };

/** A program that is started and waits for {@link release}. It goes away by itself when this process ends before that. */
export interface HeldProgram {
  readonly pid: Pid;
  /** Settles when the program has ended, whatever it leaves running. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Lets the program begin. */
  release(): void;
  /** Sends a signal; does nothing once the program has ended. */
  kill(signal: NodeJS.Signals): void;
}

/** What to start, and with what. */
export interface LaunchOptions {
  /** The command and its arguments, as text of this process's own arguments where they come from there. */
  readonly argv: readonly string[];
  readonly environment: Environment;
  /** Descriptors above 2 to hand on under their own number (see `inheritedDescriptors`). */
  readonly descriptors: readonly number[];
}

/**
 * Starts the program held, in this process's group and working directory, on its terminal, input and outputs.
 * @throws TimesinkError `INTERNAL` when the system refuses
 */
export async function startHeld({ argv, environment, descriptors }: LaunchOptions): Promise<HeldProgram> {
  const control = freeDescriptor(descriptors);
  const stub = stubFor(argv, environment, control, originalBytes(), originalOpenFileLimit());
  const stdio: (number | 'inherit' | 'ignore' | 'pipe')[] = ['inherit', 'inherit', 'inherit'];
  for (let descriptor = stdio.length; descriptor <= Math.max(control, ...descriptors); descriptor++) {
    stdio.push(descriptors.includes(descriptor) ? descriptor : 'ignore');
  }
  stdio[control] = 'pipe';

  const child = await spawned(stub.file, stub.args, { env: stub.environment as NodeJS.ProcessEnv, stdio });
  return held(child, child.stdio[control] as Writable);
}

/**
 * Starts the program at once, where there is nothing to wait for and no `/bin/sh` or `/proc` to rely on.
 * @throws TimesinkError `INTERNAL` when the system refuses
 */
export async function startPlain({ argv, environment }: LaunchOptions): Promise<HeldProgram> {
  const [file = '', ...args] = argv;
  return held(await spawned(file, args, { env: environment as NodeJS.ProcessEnv, stdio: 'inherit' }));
}

/** POSIX shells know descriptors of one digit only. */
function freeDescriptor(taken: readonly number[]): number {
  const free = [3, 4, 5, 6, 7, 8, 9].find((descriptor) => !taken.includes(descriptor));
  if (free === undefined)
    throw new TimesinkError('INTERNAL', 'cannot start a process: descriptors 3 to 9 are all in use');
  return free;
}

async function spawned(file: string, args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  try {
    const child = spawn(file, args, options);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } catch (cause) {
    throw new TimesinkError('INTERNAL', `cannot start a process: ${(cause as Error).message}`, { cause });
  }
}

function held(child: ChildProcess, control?: Writable): HeldProgram {
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', signal });
    });
  });
  // The program may be gone before it is released: then there is nobody to tell, and `ended` says so.
  control?.on('error', () => {});
  child.on('error', () => {});
  return {
    pid: child.pid as Pid,
    ended,
    release: () => {
      control?.end('\n');
    },
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** What does the built command line do? Runs `dist/timesink.js` as a real process in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command line. */
export const cliFile: string = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));

export interface RunOptions {
  /** Files to write before the run: path inside the folder, and text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files to read after the run, relative to the folder. */
  readonly collect?: readonly string[];
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The Node.js to run it with; default: the one that runs the tests. */
  readonly node?: string;
  /** What the process finds on stdin; default: nothing. */
  readonly input?: string;
  /** Called once the process has started, such as to send it a signal. */
  readonly started?: (child: ChildProcess) => void;
  /** Milliseconds until it is killed; default one minute. */
  readonly timeout?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Those of `collect` that exist. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Runs `timesink ARGS`. Leaves neither the folder nor any process of its process group behind. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  if (!existsSync(cliFile)) throw new Error(`${cliFile} does not exist: run npm run build first`);
  const folder = await mkdtemp(join(tmpdir(), 'timesink-test-'));
  try {
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const ended = await runProcess([cliFile, ...args], folder, options);
    const files = new Map<string, Buffer>();
    for (const name of options.collect ?? []) {
      if (existsSync(join(folder, name))) files.set(name, await readFile(join(folder, name)));
    }
    return { ...ended, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runProcess(args: readonly string[], cwd: string, options: RunOptions): Promise<Omit<RunResult, 'files'>> {
  const child = spawn(options.node ?? process.execPath, args, {
    cwd,
    // Never the folder of whoever runs the tests.
    env: { ...process.env, XDG_DATA_HOME: join(cwd, '.data'), ...options.env },
    detached: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  child.once('spawn', () => options.started?.(child));
  const timer = setTimeout(() => killGroup(child), options.timeout ?? 60_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // What outlives the command would otherwise keep its pipes, and so this promise, open.
    child.once('exit', () => killGroup(child));
    child.once('close', (code, signal) => {
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code, signal });
    });
  }).finally(() => clearTimeout(timer)) as Promise<Omit<RunResult, 'files'>>;
}

/** The child leads a process group of its own, so its number names exactly what it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left of the group.
  }
}

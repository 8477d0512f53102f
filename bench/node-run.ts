/** What does one run of a program of Node.js cost? The programs time their own work, start and end left out. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSession } from '../src/session/file.ts';
import type { Node, NodeProfiler } from './nodes.ts';
import { sessionName } from './nodes.ts';
import { run, runChecked, sleep } from './run.ts';

/** Of the work of one run, in seconds: CPU time of the whole process, its profiler's threads included, and wall time. */
export interface Costs {
  readonly cpu: number;
  readonly wall: number;
}

/** A run to be made. */
export interface NodeRun {
  readonly node: Node;
  readonly profiler: NodeProfiler;
  /** Made anew for this run. */
  readonly folder: string;
}

/** Seconds that no run takes. */
const limit = 120;

const scriptAt = (name: string): string => fileURLToPath(new URL(`programs/node/${name}.mjs`, import.meta.url));

function prepared({ node, profiler, folder }: NodeRun, script: string, args: readonly string[]): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return profiler.command(node, folder, [scriptAt(script), resultOf(folder), ...args]);
}

const resultOf = (folder: string): string => join(folder, 'result.json');

function readResult<T>(folder: string): T {
  return JSON.parse(readFileSync(resultOf(folder), 'utf8')) as T;
}

/** Runs a program to its end. @returns what it left */
export async function runProgram<T = Costs>(work: NodeRun, script: string, args: readonly string[]): Promise<T> {
  await runChecked(prepared(work, script, args), { cwd: work.folder, limit });
  return readResult<T>(work.folder);
}

/** Has the HTTP server answer so many requests, over ten connections. */
export async function runServer(work: NodeRun, requests: number): Promise<Costs> {
  const portFile = join(work.folder, 'port');
  const command = prepared(work, 'server', [portFile]);
  const server = run(command, { cwd: work.folder, limit });
  let hasEnded = false;
  server.then(
    () => {
      hasEnded = true;
    },
    () => {
      hasEnded = true;
    },
  );
  while (!hasEnded && !existsSync(portFile)) await sleep(0.02);
  if (!hasEnded) {
    await runChecked([process.execPath, scriptAt('client'), readFileSync(portFile, 'utf8'), String(requests)], {
      limit,
    });
  }
  const { status, stderr } = await server;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr.trim().slice(-600)}`);
  return readResult<Costs>(work.folder);
}

/** What timesink found out about awaits in the run before. */
export interface FollowedAwaits {
  /** Whether the report says that awaits were not followed all the time. */
  readonly wereLost: boolean;
  /** Share of the idle time that stands at an await; NaN where the program was never idle. */
  readonly attributed: number;
}

/** @param folder of a run of timesink */
export function followedAwaits(folder: string): FollowedAwaits {
  const session = readSession(readFileSync(join(folder, sessionName)), sessionName);
  const seconds = { await: 0, idle: 0 };
  for (const { stack, weight } of session.threads) {
    stack.forEach((each, row) => {
      const kind = session.frames[session.stacks.frame[each] ?? -1]?.kind;
      if (kind === 'await' || kind === 'idle') seconds[kind] += weight[row] ?? 0;
    });
  }
  return {
    wereLost: session.meta.notes.some((note) => /\bawaits\b/i.test(note)),
    attributed: seconds.await / (seconds.await + seconds.idle),
  };
}

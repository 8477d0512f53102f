/** What is known of this thread when it starts? */
import { readlinkSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as threads from 'node:worker_threads';
import { isMainThread, threadId } from 'node:worker_threads';
import type { ThreadFacts } from '../left-files.ts';
import { nowMicros } from './clock.ts';

/** CPU time of the process so far, in µs. */
export function processCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** @param preload file of the module that was preloaded */
export function threadFacts(preload: string): ThreadFacts {
  return {
    pid: process.pid,
    parentPid: process.ppid,
    tid: isMainThread ? process.pid : ownTid(),
    threadId,
    name: threadName(),
    argv: process.argv,
    execArgv: process.execArgv,
    version: process.versions.node,
    cwd: workingFolder(),
    main: isMainThread ? mainFile() : '',
    clock: { monotonic: nowMicros(), unix: Date.now() },
    begin: nowMicros(),
    cpu: processCpu(),
    preload,
    wasRunning: false,
  };
}

/** Node.js 22.20 and 24.6 know names of threads. */
function threadName(): string {
  if (isMainThread) return 'main';
  const { threadName: given } = threads as { readonly threadName?: string };
  return given === undefined || given === '' || given === 'WorkerThread' ? `worker ${threadId}` : given;
}

/** Linux: `/proc/thread-self` leads to `PID/task/TID`. */
function ownTid(): number {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? 0);
  } catch {
    return 0;
  }
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

/** Node.js makes the first argument absolute before it loads anything, but follows links only later. */
function mainFile(): string {
  const given = process.argv[1];
  // Of standard input it is a dash.
  if (given === undefined || !isAbsolute(given)) return '';
  try {
    return realpathSync(given);
  } catch {
    return given;
  }
}

/**
 * How does a process leave its recording although the one that forked it ends it by a signal? It runs no code of its own any
 * more then, so it is asked before, over the channel between the two.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Node.js keeps messages of such names from programs. */
const question = 'NODE_TIMESINK_END';

/** Signals that end a process. */
const ending: ReadonlySet<unknown> = new Set([
  undefined,
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGKILL',
  2,
  9,
  15,
]);

/** So long, in ms, a process has to hear the question, and to leave what it has. */
const hearing = 250;
const leaving = 2000;

/** In a process that was forked: calls `end` when that is asked for. */
export function endWhenParentAsks(folder: string, end: () => void): void {
  if (process.channel === undefined) return;
  const answered = (answer: string): void => writeFileSync(answerFile(folder, process.pid, answer), '');
  (process as NodeJS.EventEmitter).on('internalMessage', (message: { readonly cmd?: unknown } | undefined) => {
    if (message?.cmd !== question) return;
    try {
      answered('heard');
      end();
      answered('done');
    } catch {
      // The folder has gone.
    }
  });
}

/** In any process: makes `kill()` of those that it forked ask first. What it does else, and when, stays as it is. */
export function askChildrenToEnd(folder: string): void {
  // Programs that start no process need not wait for this module to be loaded.
  setImmediate(() => {
    const { ChildProcess: Child } = require('node:child_process') as typeof import('node:child_process');
    const { kill } = Child.prototype;
    Child.prototype.kill = function (this: ChildProcess, signal?: NodeJS.Signals | number): boolean {
      if (ending.has(signal) && this.connected && this.pid !== undefined) ask(folder, this, this.pid);
      return kill.call(this, signal);
    };
  }).unref();
}

function ask(folder: string, child: ChildProcess, pid: number): void {
  try {
    if (!readdirSync(folder).some((name) => name.startsWith(`${pid}-0-`))) return;
    child.send({ cmd: question }, () => {});
    if (waitForAnswer(folder, pid, 'heard', hearing)) waitForAnswer(folder, pid, 'done', leaving);
  } catch {
    // Then it ends without.
  }
}

function waitForAnswer(folder: string, pid: number, answer: string, milliseconds: number): boolean {
  const file = answerFile(folder, pid, answer);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const deadline = performance.now() + milliseconds; performance.now() < deadline; ) {
    if (existsSync(file)) {
      unlinkSync(file);
      return true;
    }
    Atomics.wait(pause, 0, 0, 1);
  }
  return false;
}

function answerFile(folder: string, pid: number, answer: string): string {
  return join(folder, `${pid}.${answer}`);
}

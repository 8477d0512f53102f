/**
 * How does a worker thread leave its recording although it is ended from outside, by `terminate()` or with its process? It
 * runs no code of its own any more then, so it is asked before.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId, Worker } from 'node:worker_threads';

import { ownWorkers } from './blocked-loop.ts';

/** Under this name every thread has the memory in which they ask and answer: messages take Node 22 some 100 ms at first. */
const sharedName = 'timesink';

/** Questions so far; the thread that is asked, or {@link everyone}; how many heard the question, and how many are done. */
const shared = { questions: 0, asked: 1, heard: 2, done: 3 } as const;
const everyone = -1;

/** So long, in ms, workers have to hear the question: who is busy computes without end, perhaps, and is not waited for. */
const hearing = 100;
/** So long, in ms, those that heard it may take to leave what they have. */
const leaving = 2000;

/** What ES2024 says of it. */
type WaitAsync = (array: Int32Array, index: number, value: number) => { readonly value: string | Promise<string> };

/** The memory that all threads of the process have in common. */
function sharedCounts(): Int32Array {
  if (isMainThread) setEnvironmentData(sharedName, new SharedArrayBuffer(16));
  return new Int32Array(getEnvironmentData(sharedName) as unknown as SharedArrayBuffer);
}

/**
 * In a worker: calls `end` when that is asked for. In any thread: makes `terminate()` of its workers ask first; what it does
 * else, and when, stays as it is.
 * @returns asks all workers of this thread: to be called when it ends
 */
export function askWorkersToEnd(end: () => void): () => void {
  const counts = sharedCounts();
  if (!isMainThread) listen(counts, end);
  const running = new Set<Worker>();
  process.on('worker', (worker) => {
    if (ownWorkers.has(worker)) return;
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
  });
  const { terminate } = Worker.prototype;
  Worker.prototype.terminate = function (this: Worker): Promise<number> {
    if (running.has(this)) ask(counts, this.threadId, 1);
    return terminate.call(this);
  };
  return () => {
    if (running.size > 0) ask(counts, everyone, running.size);
  };
}

function listen(counts: Int32Array, end: () => void): void {
  const { waitAsync } = Atomics as unknown as { waitAsync: WaitAsync };
  const question = Atomics.load(counts, shared.questions);
  void Promise.resolve(waitAsync(counts, shared.questions, question).value).then(() => {
    const asked = Atomics.load(counts, shared.asked);
    if (asked !== everyone && asked !== threadId) return listen(counts, end);
    count(counts, shared.heard);
    end();
    count(counts, shared.done);
  });
}

function count(counts: Int32Array, index: number): void {
  Atomics.add(counts, index, 1);
  Atomics.notify(counts, index);
}

function ask(counts: Int32Array, asked: number, threads: number): void {
  Atomics.store(counts, shared.asked, asked);
  Atomics.store(counts, shared.heard, 0);
  Atomics.store(counts, shared.done, 0);
  count(counts, shared.questions);
  const heard = waitForCount(counts, shared.heard, threads, hearing);
  waitForCount(counts, shared.done, heard, leaving);
}

/** @returns the count that was reached */
function waitForCount(counts: Int32Array, index: number, goal: number, milliseconds: number): number {
  const deadline = performance.now() + milliseconds;
  let reached = Atomics.load(counts, index);
  for (let left = milliseconds; reached < goal && left > 0; left = deadline - performance.now()) {
    Atomics.wait(counts, index, reached, left);
    reached = Atomics.load(counts, index);
  }
  return reached;
}

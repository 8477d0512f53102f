/**
 * How does a worker thread leave its recording although it is ended from outside, by `terminate()` or with its process? It
 * runs no code of its own any more then, so it is asked before.
 */
import { BroadcastChannel, threadId, Worker } from 'node:worker_threads';

const channelName = 'timesink.end';

/** So long, in ms, workers have to hear the question: who is busy computes without end, perhaps, and is not waited for. */
const hearing = 20;
/** So long, in ms, those that heard it may take to leave what they have. */
const leaving = 2000;

/** What workers are asked. */
interface EndRequest {
  /** Undefined: all. */
  readonly threadId: number | undefined;
  /** How many heard it, and how many are done. */
  readonly answers: SharedArrayBuffer;
}

/** In a worker: calls `end` when that is asked for. */
export function endWhenAsked(end: () => void): void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = (event) => {
    const request = (event as { data: EndRequest }).data;
    if (request.threadId !== undefined && request.threadId !== threadId) return;
    const counts = new Int32Array(request.answers);
    for (const [index, work] of [() => {}, end].entries()) {
      work();
      Atomics.add(counts, index, 1);
      Atomics.notify(counts, index);
    }
  };
  channel.unref();
}

/**
 * Makes `terminate()` ask first. What it does else, and when, stays as it is.
 * @returns asks all workers of this thread: to be called when it ends
 */
export function endWorkersInTime(): () => void {
  const running = new Set<Worker>();
  process.on('worker', (worker) => {
    running.add(worker);
    worker.once('exit', () => running.delete(worker));
  });
  const { terminate } = Worker.prototype;
  Worker.prototype.terminate = function (this: Worker): Promise<number> {
    if (running.has(this)) ask(this.threadId, 1);
    return terminate.call(this);
  };
  return () => {
    if (running.size > 0) ask(undefined, running.size);
  };
}

function ask(asked: number | undefined, count: number): void {
  try {
    const counts = new Int32Array(new SharedArrayBuffer(8));
    const channel = new BroadcastChannel(channelName);
    const request: EndRequest = { threadId: asked, answers: counts.buffer };
    channel.postMessage(request);
    const heard = waitForCount(counts, 0, count, hearing);
    waitForCount(counts, 1, heard, leaving);
    channel.close();
  } catch {
    // Then it ends without.
  }
}

/** @returns the count that was reached */
function waitForCount(counts: Int32Array, index: number, goal: number, milliseconds: number): number {
  const deadline = performance.now() + milliseconds;
  let count = Atomics.load(counts, index);
  for (let left = milliseconds; count < goal && left > 0; left = deadline - performance.now()) {
    Atomics.wait(counts, index, count, left);
    count = Atomics.load(counts, index);
  }
  return count;
}

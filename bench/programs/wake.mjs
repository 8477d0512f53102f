// A thread that wakes as often as a recorder and does nothing else: what a wake-up costs on this machine.
//
// usage: wake.mjs MILLISECONDS SECONDS
//
// Prints CPU seconds per wake-up, as the scheduler counts them for the thread (proc_pid_schedstat).
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
} else {
  const [interval, seconds] = process.argv.slice(2).map(Number);
  const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  try {
    writeFileSync(`/proc/${tid}/timerslack_ns`, '1');
    setPriority(tid, -10);
  } catch {
    // Then as any other thread.
  }
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const used = () => Number(readFileSync(`/proc/self/task/${tid}/schedstat`, 'latin1').split(' ')[0]);
  const sleepFor = (milliseconds) => {
    let wakeUps = 0;
    for (const end = performance.now() + milliseconds; performance.now() < end; wakeUps++) {
      Atomics.wait(bell, 0, 0, interval);
    }
    return wakeUps;
  };
  sleepFor(300);
  const before = used();
  const wakeUps = sleepFor(seconds * 1000);
  console.log((used() - before) / wakeUps / 1e9);
}

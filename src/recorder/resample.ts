/** How does a session look with fewer samples? */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { Seconds } from '../session/units.ts';

/**
 * The session with one row of each thread for every `interval` that has passed: with the stack at its end, and all the time
 * since the last one. The rest at the end is dropped (pyinstrument 5.1.3 behaviour, with what it carries over counted
 * once).
 * @param interval in seconds, more than 0
 */
export function resampleSession(session: Session, interval: Seconds): Session {
  const threads = session.threads.map((thread) => resampleThread(thread, interval));
  const main = threads.find((thread) => thread.isMain) ?? threads[0];
  return {
    ...session,
    meta: { ...session.meta, minInterval: interval, maxInterval: interval, sampleCount: main?.sampleCount ?? 0 },
    threads,
  };
}

function resampleThread(thread: ThreadSamples, interval: Seconds): ThreadSamples {
  const rows: number[] = [];
  const weights: number[] = [];
  let passed = 0;
  let emitted = 0;
  thread.weight.forEach((weight, row) => {
    passed += weight;
    if (passed - emitted < interval) return;
    const whole = Math.floor((passed - emitted) / interval) * interval;
    rows.push(row);
    weights.push(whole);
    emitted += whole;
  });
  return {
    ...thread,
    sampleCount: rows.length,
    stack: Int32Array.from(rows, (row) => thread.stack[row] as number),
    weight: Float64Array.from(weights),
    state: Uint8Array.from(rows, (row) => thread.state[row] as number),
  };
}

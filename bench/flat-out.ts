/** How many samples per second can one core take, and what does each cost, without a clock between them? */
import { openWalker } from './walker.ts';

export interface FlatOut {
  readonly samplesPerSecond: number;
  /** CPU seconds of this process (user, system, garbage collection) per sample. */
  readonly cpuPerSample: number;
  /** Share of the samples that could not be read whole. */
  readonly incomplete: number;
}

/** Samples the main thread of a running Python process without a pause. */
export async function flatOut(pid: number, seconds: number): Promise<FlatOut> {
  const walker = await openWalker(pid);
  try {
    runFor(0.3, () => walker.sample());
    let [samples, incomplete] = [0, 0];
    const before = process.cpuUsage();
    const taken = runFor(seconds, () => {
      samples++;
      if (walker.sample() < 0) incomplete++;
    });
    const used = process.cpuUsage(before);
    return {
      samplesPerSecond: samples / taken,
      cpuPerSample: (used.user + used.system) / 1e6 / samples,
      incomplete: incomplete / samples,
    };
  } finally {
    walker.close();
  }
}

/** Calls `act` again and again; the clock is read only now and then. Returns the seconds it took. */
export function runFor(seconds: number, act: () => void): number {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  do {
    for (let i = 0; i < 64; i++) act();
  } while (performance.now() < end);
  return (performance.now() - begin) / 1000;
}

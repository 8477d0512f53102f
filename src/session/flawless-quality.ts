/** How well did a recording go in which nothing went wrong, or that does not say? */
import type { CaptureQuality } from './session.ts';
import { seconds } from './units.ts';

/** Every look was taken, and none went wrong. */
export function flawlessQuality(samples: number): CaptureQuality {
  return {
    ticks: samples,
    missedTicks: 0,
    samples,
    incompleteSamples: 0,
    retries: 0,
    notSampled: seconds(0),
    unseenProcesses: 0,
  };
}

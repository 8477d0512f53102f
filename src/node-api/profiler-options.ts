/** How does a program want to be recorded? */
import type { AsyncMode, RegionOptions } from '../capture/node/region/region.ts';
import { type Seconds, seconds } from '../session/units.ts';
import { TimesinkError } from '../util/errors.ts';
import type { RecordedSession } from './recorded-session.ts';

/** How to record. */
export interface ProfilerOptions {
  /** Seconds between samples, 50 µs or more; default 0.001. Where several recordings run, all get the shortest. */
  readonly interval?: number;
  /**
   * What becomes of the time in which other code runs. `enabled`, the default: it is shown as waiting, `[await]`, at the
   * await that ended it, and as `[event loop busy with other work]` as far as the loop was; `strict`: all of it is
   * `[out-of-context]`; `disabled`: there is no other code, all that the thread does is recorded.
   */
  readonly async?: AsyncMode;
  /** Title of the reports; default: where the recording was started. */
  readonly description?: string;
  /** Gets the recording as soon as there is one, also when the recorded function throws. */
  readonly onEnd?: (session: RecordedSession) => void;
}

/** Options with their defaults. */
export interface SettledOptions {
  readonly interval: Seconds;
  readonly region: RegionOptions;
  readonly description: string | undefined;
  readonly onEnd: ((session: RecordedSession) => void) | undefined;
}

const asyncModes: readonly AsyncMode[] = ['enabled', 'strict', 'disabled'];
const shortestInterval = 50e-6;
const longestInterval = 60;

/**
 * Checks options and fills in defaults.
 * @throws TimesinkError USAGE
 */
export function settle(options: ProfilerOptions): SettledOptions {
  const { interval = 0.001, async: mode = 'enabled', description, onEnd } = options;
  if (!(typeof interval === 'number' && interval >= shortestInterval && interval <= longestInterval)) {
    throw new TimesinkError('USAGE', `the interval ${String(interval)} is not a number from 0.00005 to 60`, {
      hint: 'It is the time between samples in seconds; the default is 0.001.',
    });
  }
  if (!asyncModes.includes(mode)) {
    throw new TimesinkError('USAGE', `async is ${asyncModes.join(', ')}, not ${JSON.stringify(mode)}`);
  }
  return {
    interval: seconds(interval),
    region: { interval: Math.round(interval * 1e6), async: mode },
    description,
    onEnd,
  };
}

/** How much of the whole is a time, and when does it stand out? The one rule behind all colours of times. */

/** From `hot`, most of the time, to `cool`, hardly any. */
export type Heat = 'hot' | 'warm' | 'mild' | 'cool';

/** A time with more than this share of the whole has that heat; otherwise it is `cool`. As pyinstrument 5.1.3's text. */
export const heatLimits: Readonly<Record<Exclude<Heat, 'cool'>, number>> = { hot: 0.6, warm: 0.2, mild: 0.05 };

/** The part of a whole, 0 to 1; of a whole of nothing, all. */
export function shareOf(seconds: number, total: number): number {
  return total === 0 ? 1 : seconds / total;
}

/** @param share of the whole, 0 to 1; exactly a limit is not above it */
export function heatOf(share: number): Heat {
  if (share > heatLimits.hot) return 'hot';
  if (share > heatLimits.warm) return 'warm';
  return share > heatLimits.mild ? 'mild' : 'cool';
}

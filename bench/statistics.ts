/** What can be concluded from a handful of noisy measurements. */

/** Two-sided 95 % quantiles of Student's t for 1, 2, … degrees of freedom. */
const tQuantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;

/** Arithmetic mean; NaN of nothing. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A value with the ends of its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Mean with its 95 % t interval; the interval of a single value is infinite. */
export function meanInterval(values: readonly number[]): Interval {
  const value = mean(values);
  const freedom = values.length - 1;
  if (freedom < 1) return { value, low: -Infinity, high: Infinity };
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / freedom;
  const half = (tQuantiles[freedom - 1] ?? 1.96 + 2.5 / freedom) * Math.sqrt(variance / values.length);
  return { value, low: value - half, high: value + half };
}

/** Geometric mean of ratios that are given as logarithms, with its 95 % interval. */
export function geometricMean(logarithms: readonly number[]): Interval {
  const { value, low, high } = meanInterval(logarithms);
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/** Whether two intervals have a point in common. */
export const overlap = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high;

/**
 * How many standard errors an observed share is from the true one.
 * @param samples number of independent looks behind `observed`
 */
export function deviation(observed: number, truth: number, samples: number): number {
  return Math.abs(observed - truth) / Math.sqrt((truth * (1 - truth)) / samples);
}

/** The smallest value that is at least as large as that `share` of all; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

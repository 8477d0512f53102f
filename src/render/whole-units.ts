/** How do rows in seconds become whole microseconds or nanoseconds whose sums stay right? */

/** Times beyond are cut: 146 years of nanoseconds, so that differences and int64 hold. */
const longest = 2 ** 62;

/** A time, rounded. */
export function wholeUnit(seconds: number, unitsPerSecond: number): number {
  return Math.min(Math.round(seconds * unitsPerSecond), longest);
}

/**
 * What each row lasts in whole units: from its beginning to its end, both rounded. So any neighbouring rows add up to
 * what they add up to in seconds, to within one unit, and all rows to the rounded total.
 */
export function wholeUnits(weights: Float64Array, unitsPerSecond: number): Float64Array {
  const units = new Float64Array(weights.length);
  let seconds = 0;
  let begin = 0;
  for (let row = 0; row < weights.length; row++) {
    seconds += weights[row] as number;
    const end = wholeUnit(seconds, unitsPerSecond);
    units[row] = end - begin;
    begin = end;
  }
  return units;
}

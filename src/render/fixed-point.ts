/** How are numbers written with a given number of decimals? */

/**
 * Fixed-point, correctly rounded, ties to even on the exact binary value, as Python writes `%.Nf`: 0.125 with two decimals
 * is `0.12`, where `toFixed` alone gives 0.13.
 * @param decimals 0 to 20
 */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) >= 1e21) return formatHuge(value, decimals);
  const text = value.toFixed(decimals);
  // A tie is an odd multiple of half a unit, so in binary an odd multiple of 2^-(decimals + 1): multiplying is exact.
  const halves = Math.abs(value) * 2 ** (decimals + 1);
  const lastDigit = Number(text.at(-1));
  if (halves % 2 !== 1 || lastDigit % 2 === 0) return text;
  return text.slice(0, -1) + (lastDigit - 1);
}

/** From here on `toFixed` writes exponents; such numbers are whole. */
function formatHuge(value: number, decimals: number): string {
  const whole = BigInt(value).toString();
  return decimals === 0 ? whole : `${whole}.${'0'.repeat(decimals)}`;
}

/** How many decimals tell apart times that are multiples of the sampling interval: 0 to 9, and 9 for no interval. */
export function decimalsFor(interval: number): number {
  const clamped = Math.min(Math.max(interval, 1e-9), 1);
  return Math.ceil(-Math.log10(clamped)) + 0;
}

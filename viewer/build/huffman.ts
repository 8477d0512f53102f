/** With how many bits is each symbol written, so that all together are as short as can be? */

/** A set of symbols, and how many symbols are in it. */
interface Package {
  readonly weight: number;
  readonly symbols: readonly number[];
}

/**
 * Lengths of the best prefix code in which none is longer than `limit`, by package-merge (Larmore and Hirschberg, 1990); 0 for
 * symbols that do not occur. A symbol that is alone has one bit.
 */
export function codeLengths(counts: readonly number[], limit: number): readonly number[] {
  const leaves: readonly Package[] = counts
    .flatMap((weight, symbol) => (weight > 0 ? [{ weight, symbols: [symbol] }] : []))
    .sort((a, b) => a.weight - b.weight);
  const lengths = counts.map(() => 0);
  let row = leaves;
  for (let level = 1; level < limit; level++) row = [...leaves, ...pairs(row)].sort((a, b) => a.weight - b.weight);
  const taken = leaves.length === 1 ? 1 : 2 * (leaves.length - 1);
  for (const { symbols } of row.slice(0, Math.max(0, taken))) {
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
  }
  return lengths;
}

function pairs(row: readonly Package[]): readonly Package[] {
  return Array.from({ length: Math.floor(row.length / 2) }, (_, pair) => {
    const [one, other] = row.slice(pair * 2) as [Package, Package];
    return { weight: one.weight + other.weight, symbols: [...one.symbols, ...other.symbols] };
  });
}

/** The code of each symbol, as a number whose lowest bit is written first (RFC 1951, 3.2.2). */
export function prefixCodes(lengths: readonly number[]): readonly number[] {
  const codes = lengths.map(() => 0);
  let next = 0;
  for (let length = 1; length <= 15; length++) {
    next *= 2;
    lengths.forEach((own, symbol) => {
      if (own === length) codes[symbol] = reversed(next++, length);
    });
  }
  return codes;
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

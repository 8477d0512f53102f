/** How are two ways to run something compared on a machine that drifts? Only neighbouring runs, and only as ratios. */

/** Runs something once, and says what that cost: above 0, in any unit. */
export type Measure = () => Promise<number>;

/** The same for several costs of one run, in a fixed order. */
export type MeasureAll = () => Promise<readonly number[]>;

/**
 * Two neighbouring pairs, the second in the opposite order, so that a drift of the machine cancels out.
 * @returns for each pair the logarithm of other/plain
 */
export async function pairs(plain: Measure, other: Measure, otherFirst: boolean): Promise<readonly [number, number]> {
  const order = otherFirst ? [other, plain, plain, other] : [plain, other, other, plain];
  const costs: number[] = [];
  for (const each of order) costs.push(await each());
  const [a = 0, b = 0, c = 0, d = 0] = costs;
  return otherFirst ? [Math.log(a / b), Math.log(d / c)] : [Math.log(b / a), Math.log(c / d)];
}

/**
 * Runs `plain` before, between and after all others: half as many runs as pairs need, and a drift cancels out as well.
 * @param isReversed begin with the last of the others
 * @returns for each of the others, and each cost, the logarithm of other/plain: over the geometric mean of its two neighbours
 */
export async function between(
  plain: MeasureAll,
  others: readonly MeasureAll[],
  isReversed: boolean,
): Promise<readonly (readonly number[])[]> {
  const ratios: number[][] = [];
  let before = await plain();
  for (const other of isReversed ? [...others].reverse() : others) {
    const costs = await other();
    const after = await plain();
    ratios.push(
      costs.map((cost, column) => Math.log(cost) - Math.log((before[column] ?? 0) * (after[column] ?? 0)) / 2),
    );
    before = after;
  }
  return isReversed ? ratios.reverse() : ratios;
}

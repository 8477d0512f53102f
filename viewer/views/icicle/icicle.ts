/** What do the timeline and the flame graph draw? Boxes by depth, as columns of numbers, found by binary search. */

/** The boxes of one depth, from left to right without overlap; columns of equal length. */
export interface IcicleLevel {
  /** Rows that each box spans: the first one, and the one after the last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** What each box is: the number of a function, or `−1 − n` for the n-th name of {@link Icicle.names}. */
  readonly of: Int32Array;
}

/** Boxes over a sequence of rows. A box lies within one of the depth above. */
export interface Icicle {
  /** Where each row begins, in seconds, ascending; one more for the end of the last row. */
  readonly edges: Float64Array;
  /** From the outermost frames inwards. */
  readonly levels: readonly IcicleLevel[];
  /** Of boxes that are no functions. */
  readonly names: readonly string[];
  /** Functions whose direct recursion is one box, and how deep it goes at most. */
  readonly recursion: ReadonlyMap<number, number>;
}

/** One box, by position. */
export interface BoxPlace {
  readonly depth: number;
  readonly box: number;
}

/** Nothing to draw. */
export const emptyIcicle: Icicle = { edges: new Float64Array(1), levels: [], names: [], recursion: new Map() };

/** Where an icicle ends, in seconds. */
export function endOf({ edges }: Icicle): number {
  return edges[edges.length - 1] ?? 0;
}

/** Where it begins. */
export function beginOf({ edges }: Icicle): number {
  return edges[0] ?? 0;
}

/** The function of a box, or `−1 − n` for a name; undefined where there is no such box. */
export function boxOf({ levels }: Icicle, { depth, box }: BoxPlace): number | undefined {
  return levels[depth]?.of[box];
}

/** Begin and end of a box in seconds. */
export function spanOf({ edges, levels }: Icicle, { depth, box }: BoxPlace): readonly [number, number] {
  const level = levels[depth];
  return [edges[level?.first[box] ?? 0] ?? 0, edges[level?.last[box] ?? 0] ?? 0];
}

/** The first of the boxes from `from` on that ends after a moment; their number where there is none. */
export function firstEndingAfter(edges: Float64Array, last: Int32Array, moment: number, from = 0): number {
  let [low, high] = [from, last.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[last[middle] as number] as number) > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The box at a moment; −1 where there is none. */
export function boxAt({ edges, levels }: Icicle, depth: number, moment: number): number {
  const level = levels[depth];
  if (level === undefined) return -1;
  const box = firstEndingAfter(edges, level.last, moment);
  return box < level.first.length && (edges[level.first[box] as number] as number) <= moment ? box : -1;
}

/** The first box that ends behind a row. */
export function firstBehindRow(last: Int32Array, row: number): number {
  let [low, high] = [0, last.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((last[middle] as number) > row) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The box around another; null for outermost ones. */
export function callerOf({ levels }: Icicle, { depth, box }: BoxPlace): BoxPlace | null {
  const [level, above] = [levels[depth], levels[depth - 1]];
  if (level === undefined || above === undefined) return null;
  return { depth: depth - 1, box: firstBehindRow(above.last, level.first[box] as number) };
}

/** Positions of the boxes within a box, in the next depth: the first one, and the one after the last. */
export function calleesOf({ levels }: Icicle, { depth, box }: BoxPlace): readonly [number, number] {
  const [level, below] = [levels[depth], levels[depth + 1]];
  if (level === undefined || below === undefined) return [0, 0];
  const from = firstBehindRow(below.last, level.first[box] as number);
  const end = level.last[box] as number;
  let [low, high] = [from, below.first.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((below.first[middle] as number) >= end) high = middle;
    else low = middle + 1;
  }
  return [from, low];
}

/** The widest of the boxes within a box; null where there are none. */
export function widestCallee(icicle: Icicle, place: BoxPlace): BoxPlace | null {
  const [from, to] = calleesOf(icicle, place);
  let [widest, seconds] = [-1, -1];
  for (let box = from; box < to; box++) {
    const [begin, end] = spanOf(icicle, { depth: place.depth + 1, box });
    if (end - begin > seconds) [widest, seconds] = [box, end - begin];
  }
  return widest < 0 ? null : { depth: place.depth + 1, box: widest };
}

/** Seconds of a box: all, and without the boxes within. */
export function timesOf(icicle: Icicle, place: BoxPlace): { readonly total: number; readonly self: number } {
  const [begin, end] = spanOf(icicle, place);
  const [from, to] = calleesOf(icicle, place);
  let within = 0;
  for (let box = from; box < to; box++) {
    const [first, last] = spanOf(icicle, { depth: place.depth + 1, box });
    within += last - first;
  }
  const total = end - begin;
  // What is left over after adding and taking away the same numbers is no time.
  const self = total - within;
  return { total, self: self < total * 1e-9 ? 0 : self };
}

/** Functions from the outermost box to this one; names are left out. */
export function pathOf(icicle: Icicle, place: BoxPlace): readonly number[] {
  const path: number[] = [];
  for (let at: BoxPlace | null = place; at !== null; at = callerOf(icicle, at)) {
    const of = boxOf(icicle, at) ?? -1;
    if (of >= 0) path.push(of);
  }
  return path.reverse();
}

/**
 * The widest box at the end of a path of functions; null where no box has that path.
 * @param path as {@link pathOf} gives it
 */
export function findPath(icicle: Icicle, path: readonly number[]): BoxPlace | null {
  const wanted = path.at(-1);
  if (wanted === undefined) return null;
  const offset = icicle.names.length > 0 ? 1 : 0;
  const depth = path.length - 1 + offset;
  return widest(icicle, depth, wanted, (place) => {
    const own = pathOf(icicle, place);
    return own.length === path.length && own.every((number, index) => number === path[index]);
  });
}

/** The widest box of a function, looking no further than the depth where it is found first; null where there is none. */
export function findFunction(icicle: Icicle, wanted: number): BoxPlace | null {
  for (let depth = 0; depth < icicle.levels.length; depth++) {
    const found = widest(icicle, depth, wanted, () => true);
    if (found !== null) return found;
  }
  return null;
}

function widest(icicle: Icicle, depth: number, wanted: number, isIt: (place: BoxPlace) => boolean): BoxPlace | null {
  const of = icicle.levels[depth]?.of ?? [];
  let [found, seconds] = [null as BoxPlace | null, -1];
  of.forEach((number, box) => {
    if (number !== wanted) return;
    const [begin, end] = spanOf(icicle, { depth, box });
    if (end - begin > seconds && isIt({ depth, box })) [found, seconds] = [{ depth, box }, end - begin];
  });
  return found;
}

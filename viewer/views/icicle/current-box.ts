/** Which box do the keys move from? The one moved to last, as long as it is there and is what the page has selected. */
import type { Selection } from '../../state/state.ts';
import type { Hit } from './hit-test.ts';
import {
  type BoxPlace,
  beginOf,
  boxAt,
  boxOf,
  callerOf,
  endOf,
  findFunction,
  findPath,
  firstBehindRow,
  type Icicle,
  spanOf,
  widestCallee,
} from './icicle.ts';
import { foundLevel } from './scene.ts';
import type { Track } from './track.ts';

/** A box that was moved to. */
export interface KeptBox {
  readonly icicle: Icicle;
  readonly place: BoxPlace;
}

/** The box to show as current; null where nothing is selected. */
export function currentBox(tracks: readonly Track[], kept: KeptBox | null, selection: Selection | null): Hit | null {
  if (kept !== null) {
    const track = tracks.findIndex(({ icicle, isOpen }) => isOpen && icicle === kept.icicle);
    const of = boxOf(kept.icicle, kept.place);
    const isSelected = of !== undefined && (of < 0 ? selection === null : selection?.function === of);
    if (track >= 0 && isSelected) return { track, place: kept.place };
  }
  return selection === null ? null : findSelected(tracks, selection);
}

/** The thread that was meant first. */
function findSelected(tracks: readonly Track[], selection: Selection): Hit | null {
  const open = [...tracks.keys()].filter((position) => tracks[position]?.isOpen === true);
  const isMeant = (position: number): boolean => tracks[position]?.thread === selection.thread;
  const order = [...open.filter(isMeant), ...open.filter((position) => !isMeant(position))];
  for (const find of [findPathOf, findFunctionOf]) {
    for (const track of order) {
      const place = find(tracks[track]?.icicle, selection);
      if (place !== null) return { track, place };
    }
  }
  return null;
}

function findPathOf(icicle: Icicle | undefined, { path }: Selection): BoxPlace | null {
  return icicle === undefined || path === undefined ? null : findPath(icicle, path);
}

function findFunctionOf(icicle: Icicle | undefined, selection: Selection): BoxPlace | null {
  return icicle === undefined ? null : findFunction(icicle, selection.function);
}

/** Ways to move. */
export type Step = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';

/** Where a step leads; null where it leads nowhere. Without a box, to the widest of the outermost ones. */
export function stepFrom(tracks: readonly Track[], current: Hit | null, step: Step): Hit | null {
  if (current === null) return firstBox(tracks);
  const { track, place } = current;
  const icicle = tracks[track]?.icicle;
  if (icicle === undefined) return null;
  if (step === 'up') {
    const caller = callerOf(icicle, place);
    return caller === null ? otherTrack(tracks, current, -1) : { track, place: caller };
  }
  if (step === 'down') {
    const callee = widestCallee(icicle, place);
    return callee === null ? otherTrack(tracks, current, 1) : { track, place: callee };
  }
  const count = icicle.levels[place.depth]?.of.length ?? 0;
  const box = { left: place.box - 1, right: place.box + 1, first: 0, last: count - 1 }[step];
  return box < 0 || box >= count ? null : { track, place: { depth: place.depth, box } };
}

function firstBox(tracks: readonly Track[]): Hit | null {
  for (const [track, { icicle, isOpen }] of tracks.entries()) {
    const of = icicle.levels[0]?.of;
    if (!isOpen || of === undefined) continue;
    let [widest, seconds] = [0, -1];
    for (let box = 0; box < of.length; box++) {
      const [begin, end] = spanOf(icicle, { depth: 0, box });
      if (end - begin > seconds) [widest, seconds] = [box, end - begin];
    }
    return { track, place: { depth: 0, box: widest } };
  }
  return null;
}

/** The outermost box of the next track that has one, at the same moment if there is one. */
function otherTrack(tracks: readonly Track[], { track, place }: Hit, direction: 1 | -1): Hit | null {
  const from = tracks[track]?.icicle;
  const moment = from === undefined ? 0 : spanOf(from, place)[0];
  for (let next = track + direction; next >= 0 && next < tracks.length; next += direction) {
    const other = tracks[next];
    if (other === undefined || !other.isOpen || other.icicle.levels.length === 0) continue;
    return { track: next, place: { depth: 0, box: Math.max(0, boxAt(other.icicle, 0, moment)) } };
  }
  return null;
}

/** The next box that a search found, in the order of tracks, depths and time, and how many there are. */
export interface Match {
  readonly hit: Hit;
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

/** After the last match comes the first one. Null where nothing was found. */
export function nextMatch(
  tracks: readonly Track[],
  found: Uint8Array,
  current: Hit | null,
  direction: 1 | -1,
): Match | null {
  const levels = tracks.flatMap(({ icicle, isOpen }, track) =>
    isOpen ? icicle.levels.map((level, depth) => ({ track, depth, level, matches: foundLevel(level, found) })) : [],
  );
  const count = levels.reduce((sum, { matches }) => sum + matches.of.length, 0);
  if (count === 0) return null;
  let [before, isOnMatch] = [0, false];
  for (const { track, depth, level, matches } of levels) {
    if (current === null) break;
    if (track === current.track && depth === current.place.depth) {
      const row = level.first[current.place.box] ?? 0;
      const at = firstBehindRow(matches.last, row);
      isOnMatch = matches.first[at] === row;
      before += at;
      break;
    }
    before += matches.of.length;
  }
  const step = direction === 1 ? (isOnMatch ? 1 : 0) : -1;
  const number = (before + step + count) % count;
  let left = number;
  for (const { track, depth, level, matches } of levels) {
    if (left >= matches.of.length) {
      left -= matches.of.length;
      continue;
    }
    const box = firstBehindRow(level.last, matches.first[left] as number);
    return { hit: { track, place: { depth, box } }, number: number + 1, count };
  }
  return null;
}

/** The outermost box at a moment and those within it that cover a whole viewport. */
export function boxesAround(icicle: Icicle, begin: number, end: number): readonly BoxPlace[] {
  const around: BoxPlace[] = [];
  if (begin <= beginOf(icicle) && end >= endOf(icicle)) return around;
  const slack = (end - begin) * 1e-6;
  for (let depth = 0; depth < icicle.levels.length; depth++) {
    const place = { depth, box: boxAt(icicle, depth, (begin + end) / 2) };
    if (place.box < 0) break;
    const [from, to] = spanOf(icicle, place);
    if (from > begin + slack || to < end - slack) break;
    around.push(place);
  }
  return around;
}

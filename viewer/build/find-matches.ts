/** What has a text said before? For each place, the repetitions that may begin there. */
import { farthestMatch, longestMatch } from './deflate-symbols.ts';

/** Repetitions by place: those of place `i` are from `first[i]` to `first[i + 1]`, each longer and farther back than the last. */
export interface Matches {
  readonly first: Int32Array;
  readonly length: readonly number[];
  readonly distance: readonly number[];
}

/** Earlier places that are looked at for one: more are hardly ever better. */
const mostTried = 2000;

/** All of them: for every length the nearest place. */
export function findMatches(bytes: Uint8Array): Matches {
  const first = new Int32Array(bytes.length + 1);
  const length: number[] = [];
  const distance: number[] = [];
  const latest = new Map<number, number>();
  const previous = new Int32Array(bytes.length).fill(-1);
  for (let at = 0; at < bytes.length; at++) {
    first[at] = length.length;
    if (at + 3 > bytes.length) continue;
    const key = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    let candidate = latest.get(key) ?? -1;
    previous[at] = candidate;
    latest.set(key, at);
    let longest = 2;
    for (let tried = 0; candidate >= 0 && at - candidate <= farthestMatch && tried < mostTried; tried++) {
      const same = sameBytes(bytes, candidate, at, longest);
      if (same > longest) {
        length.push(same);
        distance.push(at - candidate);
        longest = same;
        if (same === longestMatch) break;
      }
      candidate = previous[candidate] as number;
    }
  }
  first[bytes.length] = length.length;
  return { first, length, distance };
}

/** How many bytes are the same; 0 where it is no more than `least`. */
function sameBytes(bytes: Uint8Array, one: number, other: number, least: number): number {
  if (bytes[one + least] !== bytes[other + least]) return 0;
  const most = Math.min(longestMatch, bytes.length - other);
  let same = 3;
  while (same < most && bytes[one + same] === bytes[other + same]) same++;
  return same;
}

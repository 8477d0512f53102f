/** What is at a place of the drawing? */
import { type BoxPlace, boxAt } from './icicle.ts';
import type { Track } from './track.ts';
import type { Viewport } from './viewport.ts';

/** A box in a track. */
export interface Hit {
  readonly track: number;
  readonly place: BoxPlace;
}

/** Where things are on screen; CSS pixels. */
export interface DrawnArea {
  readonly view: Viewport;
  readonly width: number;
  /** How far the tracks are scrolled. */
  readonly scroll: number;
  /** Height of a box and the gap below it. */
  readonly rowHeight: number;
}

/** The moment at a distance from the left edge. */
export function momentAt({ view, width }: Pick<DrawnArea, 'view' | 'width'>, x: number): number {
  return view.begin + (x / width) * (view.end - view.begin);
}

/** The position of the track at a distance from the top; −1 where there is none. */
export function trackAt(tracks: readonly Track[], y: number): number {
  return tracks.findIndex(({ top, height }) => y >= top && y < top + height);
}

/** The box at a place; null where there is none. A box is found a pixel beside it too, however narrow it is. */
export function hitTest(tracks: readonly Track[], area: DrawnArea, x: number, y: number): Hit | null {
  const below = y + area.scroll;
  const position = trackAt(tracks, below);
  const track = tracks[position];
  if (track === undefined) return null;
  const depth = Math.floor((below - track.top - track.headHeight) / area.rowHeight);
  if (depth < 0) return null;
  for (const beside of [0, 1, -1]) {
    const box = boxAt(track.icicle, depth, momentAt(area, x + beside));
    if (box >= 0) return { track: position, place: { depth, box } };
  }
  return null;
}

/** What lies below what in the drawing? Icicles one below the other, each with a head that names it. */
import type { Icicle, IcicleLevel } from './icicle.ts';

/** An icicle and its place; CSS pixels from the top of all tracks. */
export interface Track {
  /** Position of its thread in the session; −1 where it is of several. */
  readonly thread: number;
  readonly name: string;
  /** Written beside the name. */
  readonly detail: string;
  readonly icicle: Icicle;
  /** The states of its thread over the same rows; null where they are not known. */
  readonly strip: IcicleLevel | null;
  /** Whether its boxes are drawn, not only its head. */
  readonly isOpen: boolean;
  readonly top: number;
  readonly headHeight: number;
  readonly height: number;
}

/** A track without its place. */
export type TrackContent = Omit<Track, 'top' | 'height'>;

/** Room below each track but the last. */
const gap = 6;

/** Puts tracks one below the other. */
export function stackTracks(contents: readonly TrackContent[], rowHeight: number): readonly Track[] {
  let top = 0;
  return contents.map((content) => {
    const height = content.headHeight + (content.isOpen ? content.icicle.levels.length * rowHeight : 0);
    const track = { ...content, top, height };
    top += height + gap;
    return track;
  });
}

/** Height of all tracks together. */
export function heightOf(tracks: readonly Track[]): number {
  const last = tracks.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

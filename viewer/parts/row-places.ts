/** Where in a list does each row stand, though browsers let no element be higher than some millions of pixels? */

/** The part of a list that can be seen, in CSS pixels from its top. */
export interface SeenPart {
  readonly top: number;
  readonly bottom: number;
}

/** Rows that are drawn, and where. */
export interface RowPlaces {
  /** First one, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** How much higher than at `row * rowHeight` they stand, in CSS pixels; 0 where all rows have room. */
  readonly shift: number;
  /** How many pixels of rows go by with one pixel of scrolling; 1 where all rows have room. */
  readonly pace: number;
  /** Height of what can be seen, in CSS pixels. */
  readonly window: number;
}

/** No browser has less room: Firefox ends at 17.8 million, Chromium and Safari at 33.5 million CSS pixels. */
export const mostPixels = 16_000_000;

/** Rows above and below the screen that are there already when one scrolls. */
const spare = 12;

/** The height of a list of so many rows, in CSS pixels. */
export function listHeight(count: number, rowHeight: number): number {
  return Math.min(mostPixels, count * rowHeight);
}

/** Where rows stand when this part of the list is seen. In a list without room for all, scrolling passes them faster. */
export function placeRows(count: number, rowHeight: number, seen: SeenPart): RowPlaces {
  const window = Math.max(0, seen.bottom - seen.top);
  const height = listHeight(count, rowHeight);
  const missing = count * rowHeight - height;
  const pace = missing === 0 ? 1 : 1 + missing / (height - window);
  // Where something stands below the list, it can be scrolled past its end.
  const shift = Math.min(missing, Math.max(0, seen.top) * (pace - 1));
  const from = Math.max(0, Math.floor((seen.top + shift) / rowHeight) - spare);
  const to = Math.max(from, Math.ceil((seen.bottom + shift) / rowHeight) + spare);
  return { from, to, shift, pace, window };
}

/**
 * Distance of a row from the top of the list, in CSS pixels. One that is not on the screen stands where the browser finds it
 * on the screen after it has scrolled there, by as little as it must.
 */
export function topOfRow(row: number, rowHeight: number, { from, to, shift, pace, window }: RowPlaces): number {
  if (row < from) return (row * rowHeight) / pace;
  if (row < to) return row * rowHeight - shift;
  const below = window - rowHeight;
  return (row * rowHeight - below) / pace + below;
}

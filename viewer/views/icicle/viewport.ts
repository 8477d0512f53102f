/** Which part of the time is on screen, and how does it change? */

/** A part of the time, in seconds. */
export interface Viewport {
  readonly begin: number;
  readonly end: number;
}

/** No closer than this: a screen then shows less than any clock can tell apart. */
export const shortestViewport = 2e-6;

/** The viewport within the whole, with its width as far as possible. */
export function clampViewport({ begin, end }: Viewport, whole: Viewport): Viewport {
  const all = whole.end - whole.begin;
  const width = Math.min(all, Math.max(end - begin, Math.min(all, shortestViewport)));
  const from = Math.min(Math.max(begin, whole.begin), whole.end - width);
  return { begin: from, end: from + width };
}

/**
 * Closer (factor below 1) or further away; what is at `moment` stays where it is.
 */
export function zoomAt({ begin, end }: Viewport, moment: number, factor: number, whole: Viewport): Viewport {
  const all = whole.end - whole.begin;
  const width = Math.min(all, Math.max((end - begin) * factor, Math.min(all, shortestViewport)));
  const part = end > begin ? (moment - begin) / (end - begin) : 0.5;
  const from = moment - part * width;
  return clampViewport({ begin: from, end: from + width }, whole);
}

/** To the right by a part of its width; to the left where negative. */
export function panBy({ begin, end }: Viewport, part: number, whole: Viewport): Viewport {
  const step = (end - begin) * part;
  return clampViewport({ begin: begin + step, end: end + step }, whole);
}

/** A viewport that shows a span whole, with a little around it where there is more to see. */
export function fitSpan(begin: number, end: number, whole: Viewport, margin = 0): Viewport {
  const room = (end - begin) * margin;
  return clampViewport({ begin: begin - room, end: end + room }, whole);
}

/** Brings a span onto the screen if it is not there; the width stays unless the span is wider. */
export function reveal(view: Viewport, begin: number, end: number, whole: Viewport): Viewport {
  const width = view.end - view.begin;
  if (begin < view.end && end > view.begin && (end - begin >= width || (begin >= view.begin && end <= view.end))) {
    return view;
  }
  if (end - begin >= width) return fitSpan(begin, end, whole, 0.02);
  const middle = (begin + end) / 2;
  return clampViewport({ begin: middle - width / 2, end: middle + width / 2 }, whole);
}

/** Between two viewports; `part` from 0 to 1, slower towards the end. */
export function between(from: Viewport, to: Viewport, part: number): Viewport {
  const eased = 1 - (1 - part) ** 3;
  return {
    begin: from.begin + (to.begin - from.begin) * eased,
    end: from.end + (to.end - from.end) * eased,
  };
}

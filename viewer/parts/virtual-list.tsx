/** How can a list have a million rows? Only those on the screen are in the document. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { listHeight, placeRows, type RowPlaces, type SeenPart, topOfRow } from './row-places.ts';

/** What a list needs. Rows are of equal height. */
export interface VirtualListProps {
  readonly count: number;
  readonly rowHeight: number;
  /** A row that stays in the document wherever the list is scrolled to: the one with the focus. */
  readonly keptRow: number;
  /** Called for each row on the screen; `top` is its distance from the list's top in CSS pixels. */
  readonly renderRow: (row: number, top: number) => VNode | null;
  /** All rows, as far as a printer should be asked for them. */
  readonly isPrinted: boolean;
}

/** On paper. */
const mostPrinted = 3000;

/** Before anything was seen, and on paper. */
const unshifted = { shift: 0, pace: 1, window: 0 };

/** A part of the page as tall as all rows together. Takes its window from whatever scrolls around it. */
export function VirtualList({ count, rowHeight, keptRow, renderRow, isPrinted }: VirtualListProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [seenPlaces, setPlaces] = useState<RowPlaces>({ from: 0, to: 60, ...unshifted });
  const look = (): void => {
    const seen = place.current === null ? null : visiblePart(place.current);
    if (seen === null) return;
    const next = placeRows(count, rowHeight, seen);
    setPlaces((known) => (isSame(known, next) ? known : next));
  };
  useLayoutEffect(look, [count, rowHeight]);
  useEffect(() => {
    const onChange = (): void => look();
    // Scrolling does not bubble, but can be caught on its way down.
    document.addEventListener('scroll', onChange, { capture: true, passive: true });
    const observer = new ResizeObserver(onChange);
    observer.observe(document.documentElement);
    if (place.current?.parentElement) observer.observe(place.current.parentElement);
    return () => {
      document.removeEventListener('scroll', onChange, { capture: true });
      observer.disconnect();
    };
  }, [count, rowHeight]);
  const places = isPrinted ? { from: 0, to: mostPrinted, ...unshifted } : seenPlaces;
  const rows = rowNumbers(places, count, keptRow);
  return (
    <div ref={place} role="rowgroup" class="rows" style={{ height: `${listHeight(count, rowHeight)}px` }}>
      {rows.map((row) => renderRow(row, topOfRow(row, rowHeight, places)))}
    </div>
  );
}

function isSame(one: RowPlaces, other: RowPlaces): boolean {
  return one.from === other.from && one.to === other.to && one.shift === other.shift;
}

/** What of an element can be seen, in CSS pixels from its top. */
function visiblePart(element: HTMLElement): SeenPart {
  const own = element.getBoundingClientRect();
  let [top, bottom] = [0, document.documentElement.clientHeight];
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    if (around === document.documentElement || getComputedStyle(around).overflowY === 'visible') continue;
    const clip = around.getBoundingClientRect();
    top = Math.max(top, clip.top);
    bottom = Math.min(bottom, clip.bottom);
  }
  return { top: top - own.top, bottom: Math.max(top, bottom) - own.top };
}

function rowNumbers({ from, to }: RowPlaces, count: number, keptRow: number): readonly number[] {
  const first = Math.min(from, Math.max(0, count - 1));
  const rows = Array.from({ length: Math.max(0, Math.min(to, count) - first) }, (_, index) => first + index);
  if (keptRow < 0 || keptRow >= count || rows.includes(keptRow)) return rows;
  return keptRow < first ? [keptRow, ...rows] : [...rows, keptRow];
}

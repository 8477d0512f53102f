/** How can a list have a million rows? Only those on the screen are in the document. */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

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

/** Rows above and below the screen that are there already when one scrolls. */
const spare = 12;

/** On paper. */
const mostPrinted = 3000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A part of the page as tall as all rows together. Takes its window from whatever scrolls around it. */
export function VirtualList({ count, rowHeight, keptRow, renderRow, isPrinted }: VirtualListProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<Range>({ from: 0, to: 60 });
  const look = (): void => {
    const seen = place.current === null ? null : visiblePart(place.current);
    if (seen === null) return;
    const from = Math.max(0, Math.floor(seen.top / rowHeight) - spare);
    const to = Math.max(from, Math.ceil(seen.bottom / rowHeight) + spare);
    setRange((known) => (known.from === from && known.to === to ? known : { from, to }));
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
  }, [rowHeight]);
  const shown = isPrinted ? { from: 0, to: mostPrinted } : range;
  const rows = rowNumbers(shown, count, keptRow);
  return (
    <div ref={place} role="rowgroup" class="rows" style={{ height: `${count * rowHeight}px` }}>
      {rows.map((row) => renderRow(row, row * rowHeight))}
    </div>
  );
}

/** What of an element can be seen, in CSS pixels from its top. */
function visiblePart(element: HTMLElement): { readonly top: number; readonly bottom: number } {
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

function rowNumbers({ from, to }: Range, count: number, keptRow: number): readonly number[] {
  const first = Math.min(from, Math.max(0, count - 1));
  const rows = Array.from({ length: Math.max(0, Math.min(to, count) - first) }, (_, index) => first + index);
  if (keptRow < 0 || keptRow >= count || rows.includes(keptRow)) return rows;
  return keptRow < first ? [keptRow, ...rows] : [...rows, keptRow];
}

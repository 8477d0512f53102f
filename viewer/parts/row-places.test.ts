import { describe, expect, test } from 'vitest';
import { listHeight, mostPixels, placeRows, type SeenPart, topOfRow } from './row-places.ts';

const rowHeight = 24;
const screen = 600;
const seenAt = (top: number): SeenPart => ({ top, bottom: top + screen });

/** Where the browser scrolls to for `scrollIntoView({ block: 'nearest' })`. */
function scrolledTo(rowTop: number, top: number): number {
  if (rowTop < top) return rowTop;
  return rowTop + rowHeight > top + screen ? rowTop + rowHeight - screen : top;
}

test('rows that have room stand one below the other', () => {
  expect(listHeight(1000, rowHeight)).toBe(24_000);
  const places = placeRows(1000, rowHeight, seenAt(2400));
  expect(places).toMatchObject({ from: 88, to: 137, shift: 0, pace: 1 });
  for (const row of [0, 87, 88, 100, 136, 137, 999]) expect(topOfRow(row, rowHeight, places)).toBe(row * rowHeight);
  expect(placeRows(3, rowHeight, { top: -100, bottom: 500 })).toMatchObject({ from: 0, shift: 0 });
  expect(placeRows(0, rowHeight, seenAt(0))).toMatchObject({ from: 0, shift: 0 });
});

describe.each([700_000, 1_400_001, 5_000_000])('%i rows', (count) => {
  const height = listHeight(count, rowHeight);
  const placesAt = (top: number) => placeRows(count, rowHeight, seenAt(top));

  test('the list is as high as browsers allow, and shows its first row first and its last row last', () => {
    expect(height).toBe(mostPixels);
    expect(topOfRow(0, rowHeight, placesAt(0))).toBe(0);
    const end = placesAt(height - screen);
    expect(end.to).toBeGreaterThanOrEqual(count);
    expect(topOfRow(count - 1, rowHeight, end)).toBeCloseTo(height - rowHeight, 3);
    expect(topOfRow(count - 1, rowHeight, placesAt(height - 100))).toBeCloseTo(height - rowHeight, 3);
  });

  test('what is drawn covers the screen without gaps', () => {
    for (const top of [0, 1, 12_345, 8_000_000.5, height - screen]) {
      const places = placesAt(top);
      expect(topOfRow(places.from, rowHeight, places)).toBeLessThanOrEqual(top);
      const last = Math.min(count, places.to) - 1;
      expect(topOfRow(last, rowHeight, places) + rowHeight).toBeGreaterThanOrEqual(top + screen - 0.001);
      expect(topOfRow(last, rowHeight, places) - topOfRow(last - 1, rowHeight, places)).toBeCloseTo(rowHeight, 6);
    }
  });

  test('every row can be scrolled to', () => {
    for (const start of [0, 4_000_000, height - screen]) {
      for (const row of [0, 1, 40, 1000, count >> 1, count - 1000, count - 2, count - 1]) {
        let top = start;
        // The browser scrolls, the list is drawn anew, and the row is looked for again.
        for (let turn = 0; turn < 2; turn++) top = scrolledTo(topOfRow(row, rowHeight, placesAt(top)), top);
        const places = placesAt(top);
        const shown = topOfRow(row, rowHeight, places);
        expect(shown).toBeGreaterThanOrEqual(top - 0.001);
        expect(shown + rowHeight).toBeLessThanOrEqual(top + screen + 0.001);
      }
    }
  });
});

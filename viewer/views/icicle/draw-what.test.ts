import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/session/units.ts';
import { axisTicks } from './axis.ts';
import { busyCurve } from './busy-curve.ts';
import { hitTest } from './hit-test.ts';
import { calleesOf, callerOf, findFunction, findPath, type Icicle, type IcicleLevel, timesOf } from './icicle.ts';
import { contrast, heatColour, moduleColour, neutralColour, palettes } from './palette.ts';
import { foundLevel } from './scene.ts';
import { sliced } from './sliced.ts';
import { stackTracks } from './track.ts';
import { between, clampViewport, fitSpan, panBy, reveal, zoomAt } from './viewport.ts';
import { visitVisible } from './visible-boxes.ts';

function level(...boxes: readonly (readonly [number, number, number])[]): IcicleLevel {
  return {
    first: Int32Array.from(boxes, ([first]) => first),
    last: Int32Array.from(boxes, ([, last]) => last),
    of: Int32Array.from(boxes, ([, , of]) => of),
  };
}

/** main 0–10: a 0–4 with f 1–2, b 6–10 with f 6–10. */
const icicle: Icicle = {
  edges: Float64Array.of(0, 1, 2, 4, 6, 10),
  levels: [level([0, 5, 1]), level([0, 3, 2], [4, 5, 3]), level([1, 2, 4], [4, 5, 4])],
  names: [],
  recursion: new Map(),
};

describe('boxes', () => {
  test('know what is around and within them', () => {
    expect(callerOf(icicle, { depth: 2, box: 1 })).toEqual({ depth: 1, box: 1 });
    expect(callerOf(icicle, { depth: 0, box: 0 })).toBeNull();
    expect(calleesOf(icicle, { depth: 0, box: 0 })).toEqual([0, 2]);
    expect(calleesOf(icicle, { depth: 1, box: 1 })).toEqual([1, 2]);
    expect(timesOf(icicle, { depth: 0, box: 0 })).toEqual({ total: 10, self: 2 });
    expect(timesOf(icicle, { depth: 1, box: 0 })).toEqual({ total: 4, self: 3 });
  });

  test('are found by path, and by function where it is outermost and widest', () => {
    expect(findPath(icicle, [1, 3, 4])).toEqual({ depth: 2, box: 1 });
    expect(findPath(icicle, [1, 4])).toBeNull();
    expect(findFunction(icicle, 4)).toEqual({ depth: 2, box: 1 });
    expect(findFunction(icicle, 9)).toBeNull();
  });
});

test('a place on screen is a box, also a pixel beside a narrow one', () => {
  const tracks = stackTracks(
    [
      { thread: 0, name: '', detail: '', icicle, strip: null, isOpen: true, headHeight: 20 },
      { thread: 1, name: '', detail: '', icicle, strip: null, isOpen: false, headHeight: 20 },
    ],
    10,
  );
  const area = { view: { begin: 0, end: 10 }, width: 100, scroll: 0, rowHeight: 10 };
  expect(hitTest(tracks, area, 65, 35)).toEqual({ track: 0, place: { depth: 1, box: 1 } });
  expect(hitTest(tracks, area, 50, 35)).toBeNull();
  expect(hitTest(tracks, area, 59.5, 35)).toEqual({ track: 0, place: { depth: 1, box: 1 } });
  expect(hitTest(tracks, area, 65, 5)).toBeNull();
  expect(hitTest(tracks, { ...area, scroll: 20 }, 65, 25)).toEqual({ track: 0, place: { depth: 2, box: 1 } });
  expect(tracks[1]).toMatchObject({ top: 56, height: 20 });
});

describe('what is drawn of many boxes', () => {
  const drawn = (edges: Float64Array, one: IcicleLevel, begin: number, end: number, width: number) => {
    const boxes: number[] = [];
    const runs: { left: number; right: number; covered: number; of: number }[] = [];
    visitVisible(edges, one, { begin, end }, width, {
      box: (_of, _left, _right, box) => boxes.push(box),
      run: (of, left, right, covered) => runs.push({ of, left, right, covered }),
    });
    return { boxes, runs };
  };

  test('all that is on screen, from left to right, in a box or a run', () => {
    const lengths = fc.array(fc.oneof(fc.double({ min: 0.001, max: 0.1, noNaN: true }), fc.constantFrom(1, 3)), {
      minLength: 1,
      maxLength: 200,
    });
    const view = fc.tuple(fc.double({ min: 0, max: 0.8, noNaN: true }), fc.double({ min: 0.05, max: 1, noNaN: true }));
    fc.assert(
      fc.property(lengths, view, (parts, [from, part]) => {
        const edges = new Float64Array(parts.length + 1);
        parts.forEach((length, row) => {
          edges[row + 1] = (edges[row] as number) + length;
        });
        const rows = Array.from(parts, (_, row) => [row, row + 1, row] as const);
        const all = edges[parts.length] as number;
        const [begin, end] = [all * from, all * Math.min(1, from + part)];
        const covered = new Uint8Array(100);
        const cover = (left: number, right: number): void => {
          for (let x = Math.max(0, Math.floor(left)); x < Math.min(100, Math.ceil(right)); x++) covered[x] = 1;
        };
        let last = Number.NEGATIVE_INFINITY;
        visitVisible(edges, level(...rows), { begin, end }, 100, {
          box(_of, left, right) {
            expect(left).toBeGreaterThanOrEqual(last - 0.5);
            last = right;
            cover(left, right);
          },
          run(_of, left, right, share) {
            expect(left).toBeGreaterThanOrEqual(last - 0.5);
            expect(share).toBeGreaterThan(0);
            last = right;
            cover(left, right);
          },
        });
        expect(covered.indexOf(0)).toBe(-1);
      }),
    );
  });

  test('a million boxes cost what their pixels cost, and say how much of them is there', () => {
    const count = 1_000_000;
    const edges = Float64Array.from({ length: count + 1 }, (_, row) => row);
    const column = (value: (box: number) => number): Int32Array =>
      Int32Array.from({ length: count / 2 }, (_, box) => value(box));
    const half = { first: column((box) => box * 2), last: column((box) => box * 2 + 1), of: column(() => 7) };
    const { boxes, runs } = drawn(edges, half, 0, count, 1000);
    expect(boxes).toHaveLength(0);
    expect(runs.length).toBeLessThanOrEqual(501);
    for (const { covered, of } of runs) {
      expect(of).toBe(7);
      expect(covered).toBeGreaterThan(0.4);
      expect(covered).toBeLessThan(0.6);
    }
    expect(drawn(edges, half, 499_990, 500_010, 1000).boxes).toHaveLength(10);
  });

  test('what a search found is a level of its own', () => {
    const found = Uint8Array.of(0, 0, 0, 0, 1);
    expect(foundLevel(level([0, 1, 4], [1, 2, 3], [2, 4, 4]), found)).toEqual(level([0, 1, 4], [2, 4, 4]));
  });
});

describe('the viewport', () => {
  const whole = { begin: 0, end: 10 };

  test('zooms at a moment, which stays where it is', () => {
    expect(zoomAt(whole, 2, 0.5, whole)).toEqual({ begin: 1, end: 6 });
    expect(zoomAt({ begin: 1, end: 6 }, 2, 4, whole)).toEqual(whole);
    const closest = zoomAt(whole, 5, 1e-12, whole);
    expect(closest.end - closest.begin).toBeCloseTo(2e-6, 12);
  });

  test('stays within the whole', () => {
    expect(clampViewport({ begin: -5, end: 1 }, whole)).toEqual({ begin: 0, end: 6 });
    expect(panBy({ begin: 1, end: 3 }, 0.5, whole)).toEqual({ begin: 2, end: 4 });
    expect(panBy({ begin: 7, end: 9 }, 2, whole)).toEqual({ begin: 8, end: 10 });
    expect(fitSpan(2, 4, whole, 0.5)).toEqual({ begin: 1, end: 5 });
  });

  test('goes to what is not on screen', () => {
    const view = { begin: 2, end: 4 };
    expect(reveal(view, 2.5, 3, whole)).toBe(view);
    expect(reveal(view, 0, 10, whole)).toBe(view);
    expect(reveal(view, 7, 7.5, whole)).toEqual({ begin: 6.25, end: 8.25 });
    expect(between(view, whole, 0)).toEqual(view);
    expect(between(view, whole, 1)).toEqual(whole);
  });
});

test('an axis has round labels, as many as there is room for', () => {
  const labels = (begin: number, end: number, width: number): string[] =>
    axisTicks({ begin, end }, width, 100).map(({ label }) => label);
  expect(labels(0, 12.31, 1000)).toEqual(['0 s', '2 s', '4 s', '6 s', '8 s', '10 s', '12 s']);
  expect(labels(0, 0.5, 500)).toEqual(['0 ms', '100 ms', '200 ms', '300 ms', '400 ms', '500 ms']);
  expect(labels(3.0001, 3.0009, 300)).toEqual(['3.0005 s']);
  expect(labels(0, 0.0001, 200)).toEqual(['0 µs', '50 µs', '100 µs']);
  expect(labels(0, 0, 200)).toEqual([]);
});

test('labels can be read on all boxes', () => {
  for (const palette of Object.values(palettes)) {
    const colours = [neutralColour(palette)];
    for (let name = 0; name < 200; name++) {
      colours.push(moduleColour(palette, `module${name}`, true), moduleColour(palette, `module${name}`, false));
    }
    for (let share = 0; share <= 1; share += 0.01) colours.push(heatColour(palette, share));
    for (const colour of colours) expect(contrast(colour, palette.label)).toBeGreaterThanOrEqual(4.5);
  }
});

test('the busy curve has the mean number of threads that run', () => {
  const thread = (weights: readonly number[], states: readonly number[]) => ({
    start: seconds(1),
    stack: Int32Array.from(weights, () => 0),
    weight: Float64Array.from(weights),
    state: Uint8Array.from(states),
  });
  const threads = [thread([1, 1, 1], [1, 0, 2]), thread([2.5], [1])];
  expect([...busyCurve(threads, { begin: 0, end: 4 }, 4)]).toEqual([0, 2, 1, 1.5]);
});

test('long work is done in slices that tell how far it is', () => {
  let now = 0;
  function* work(): Generator<number, string> {
    for (let step = 1; step <= 10; step++) {
      now += 10;
      yield step / 10;
    }
    return 'done';
  }
  const told: unknown[] = [];
  const run = sliced(
    work(),
    { onProgress: (part) => told.push(part), onDone: (result) => told.push(result) },
    () => now,
  );
  let slices = 1;
  while (!run()) slices++;
  expect(slices).toBeGreaterThan(2);
  expect(told.at(-1)).toBe('done');
  expect(told.slice(0, -1)).toEqual([...told.slice(0, -1)].sort());
});

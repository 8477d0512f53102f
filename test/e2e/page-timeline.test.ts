/** Does the timeline show what happened when, limit all views to a part of it, and work by mouse, touch and keys alone? */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { cutThread } from '../../src/session/cut-time.ts';
import { seconds } from '../../src/session/units.ts';
import { plainOptions } from '../../viewer/dev/plain-options.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { buildPageTree } from '../../viewer/model/page-tree.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { colours, drawn, nameAt, placeIn, pressAndHear, showDrawing, spoken, turnWheel } from '../support/icicle.ts';
import { pageOf, shownRows, withPage } from '../support/page.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';

const session = sessionFromText({
  threads: [
    {
      samples: `
        1     2     1w    4             8             4w
        main  main  main  main          main          main
        load  load  wait  price@shop.py price@shop.py wait
        read()                          sum()
      `,
    },
    { name: 'worker', samples: '5w 10 5w\nrun run run\nwait work wait' },
  ],
});
const small = pageOf(session, { show_all: true });
const sample = pageOf(sampleSession(), {}, sampleSource);

/** Below the axis and the head of the first lane. */
const firstRow = 24 + 28 + 8;
const secondRow = firstRow + 18;

async function spanOf(page: Page): Promise<readonly [number, number] | null> {
  await drawn(page);
  const hash = await page.evaluate(() => location.hash.slice(1));
  const span = new URLSearchParams(hash).get('span');
  const [from, to] = (span ?? '').split('-').map(Number);
  return from === undefined || to === undefined ? null : [from, to];
}

/** Drags along the minimap, from one part of its width to another. */
async function brush(page: Page, from: number, to: number): Promise<void> {
  const box = await page.locator('.minimap').boundingBox();
  if (box === null) throw new Error('there is no minimap');
  await page.mouse.move(box.x + from * box.width, box.y + 20);
  await page.mouse.down();
  for (let step = 1; step <= 5; step++) {
    await page.mouse.move(box.x + (from + ((to - from) * step) / 5) * box.width, box.y + 20);
  }
  await page.mouse.up();
}

/** Seconds of the call tree of the main thread within a time, as the first row shows them. */
function expectedTotal([from, to]: readonly [number, number]): string {
  const [thread] = session.threads;
  const part = thread === undefined ? undefined : cutThread(thread, { from: seconds(from), to: seconds(to) });
  const tree = part === undefined ? null : buildPageTree(session, part, plainOptions);
  return (tree?.root.time ?? 0).toFixed(3);
}

describeInChromium('the timeline', (browser) => {
  test('calls stand where they happened; tips say their times', async () => {
    await withPage(browser(), small, async ({ page, problems }) => {
      await showDrawing(page, '2');
      const names: (string | undefined)[] = [];
      for (const x of [0.05, 0.17, 0.3, 0.6, 0.9]) names.push(await nameAt(page, x, secondRow));
      expect(names).toEqual(['load', 'wait', 'price', 'price', 'wait']);
      expect(await nameAt(page, 0.5, firstRow)).toBe('main');
      expect(await page.locator('.tip').textContent()).toContain('20.000000 s');
      await nameAt(page, 0.6, secondRow);
      const tip = await page.locator('.tip').textContent();
      expect(tip).toContain('12.000000 s');
      expect(tip).toContain('60.0 % of 20.0 s');
      expect(tip).toContain('shop.py:1');
      expect(problems).toEqual([]);
    });
  });

  test('by keys alone: frames, zoom, a time for all views, and back', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      expect(await pressAndHear(page, 'ArrowDown')).toContain('main, 20.0 s');
      expect(await pressAndHear(page, 'ArrowDown')).toContain('price, 12.0 s, self 4.0 s, 60.0 % of 20.0 s, depth 2');
      expect(await pressAndHear(page, 'ArrowLeft')).toContain('wait, 1.0 s');
      expect(await pressAndHear(page, 'ArrowRight')).toContain('price');
      expect(await page.locator('.selected .name').textContent()).toBe('price');
      await page.keyboard.press('Enter');
      await drawn(page);
      await page.keyboard.press('l');
      const span = await spanOf(page);
      expect(span?.[0]).toBeCloseTo(4, 6);
      expect(span?.[1]).toBeCloseTo(16, 6);
      await page.keyboard.press('1');
      expect((await shownRows(page))[1]).toContain('12.000');
      await page.keyboard.press('Backspace');
      expect(await spanOf(page)).toBeNull();
      expect((await shownRows(page))[1]).toContain('20.000');
    });
  });

  test('brushing the minimap limits every view to that time', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      await brush(page, 0.25, 0.6);
      const span = await spanOf(page);
      if (span === null) throw new Error('no time was chosen');
      expect(span[0]).toBeCloseTo(5, 0);
      expect(span[1]).toBeCloseTo(12, 0);
      await page.keyboard.press('1');
      expect((await shownRows(page))[1]).toContain(expectedTotal(span));
      await showDrawing(page, '3');
      expect(await pressAndHear(page, 'ArrowDown')).toContain(', 7.0 s,');
      await page.keyboard.press('2');
      // The whole span is dragged, then one of its borders.
      await brush(page, 0.4, 0.5);
      const moved = await spanOf(page);
      expect((moved?.[0] ?? 0) - span[0]).toBeCloseTo(2, 0);
      expect((moved?.[1] ?? 0) - (moved?.[0] ?? 0)).toBeCloseTo(span[1] - span[0], 6);
      await brush(page, (moved?.[1] ?? 0) / 20, 0.9);
      expect((await spanOf(page))?.[1]).toBeCloseTo(18, 0);
      expect((await spanOf(page))?.[0]).toBeCloseTo(moved?.[0] ?? 0, 6);
      await page.locator('.minimap').dblclick();
      expect(await spanOf(page)).toBeNull();
    });
  });

  test('Shift and a drag choose a time too, as does a drag along the axis', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      for (const [y, key] of [
        [secondRow, 'Shift'],
        [10, null],
      ] as const) {
        if (key !== null) await page.keyboard.down(key);
        await page.mouse.move(...(await placeIn(page, 0.25, y)));
        await page.mouse.down();
        await page.mouse.move(...(await placeIn(page, 0.4, y)));
        await page.mouse.move(...(await placeIn(page, 0.5, y)));
        await page.mouse.up();
        if (key !== null) await page.keyboard.up(key);
        const span = await spanOf(page);
        expect(span?.[0]).toBeCloseTo(5, 0);
        expect(span?.[1]).toBeCloseTo(10, 0);
        await page.getByRole('button', { name: 'All moments', exact: true }).click();
        expect(await spanOf(page)).toBeNull();
        await drawn(page);
      }
    });
  });

  test('wheel and drag: zoom at the pointer, move, and back to all', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      await page.mouse.move(...(await placeIn(page, 0.02, secondRow)));
      await turnWheel(page, 6, -200);
      expect(await nameAt(page, 0.9, secondRow)).toBe('load');
      const [x, y] = await placeIn(page, 0.9, secondRow);
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 1; step <= 10; step++) await page.mouse.move(x - step * 80, y);
      await page.mouse.up();
      expect(await nameAt(page, 0.95, secondRow)).not.toBe('load');
      await page.getByRole('button', { name: 'Show all' }).click();
      await drawn(page);
      expect(await nameAt(page, 0.9, secondRow)).toBe('wait');
    });
  });

  test('each thread has a lane: a press on its name opens and closes it', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      await page.keyboard.press('t');
      await page.getByLabel('worker').uncheck();
      await page.keyboard.press('Escape');
      const headOfWorker = 24 + 28 + 3 * 18 + 6 + 8;
      const workOf = headOfWorker + 28 + 18;
      expect(await nameAt(page, 0.5, workOf)).toBeUndefined();
      await page.mouse.click(...(await placeIn(page, 0.05, headOfWorker)));
      await expect.poll(() => nameAt(page, 0.5, workOf)).toBe('work');
      await page.mouse.click(...(await placeIn(page, 0.05, headOfWorker)));
      await expect.poll(() => nameAt(page, 0.5, workOf)).toBeUndefined();
    });
  });

  test('the strip tells holding the lock from sleeping, by height as well', async () => {
    await withPage(
      browser(),
      small,
      async ({ page }) => {
        await showDrawing(page, '2');
        const legend = await page.locator('.legend').textContent();
        expect(legend).toBe('idleholds the GIL');
        expect((await colours(page)).size).toBeGreaterThan(6);
      },
      { colorScheme: 'dark' },
    );
  });

  test('transforms keep everything else where it happened', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '2');
      await page.mouse.click(...(await placeIn(page, 0.05, secondRow)));
      await expect.poll(() => page.locator('.selected .name').textContent()).toBe('load');
      await page.keyboard.press('Delete');
      await drawn(page);
      expect(await nameAt(page, 0.05, secondRow)).toBeUndefined();
      expect(await nameAt(page, 0.6, secondRow)).toBe('price');
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing, ${colorScheme}`, async () => {
      for (const viewport of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        await withPage(
          browser(),
          sample,
          async ({ page }) => {
            await showDrawing(page, '2');
            expect(await axeFindings(page)).toEqual([]);
            await pressAndHear(page, 'ArrowDown');
            await brush(page, 0.2, 0.7);
            await page.keyboard.press('/');
            await page.keyboard.type('decimal');
            expect(await axeFindings(page)).toEqual([]);
          },
          { colorScheme, viewport },
        );
      }
    });
  }

  test('no samples, one function, 10,000 levels, 200 threads', async () => {
    await withPage(browser(), pageOf(sessionFromText({ threads: [{ samples: '' }] })), async ({ page }) => {
      await page.keyboard.press('2');
      expect(await page.locator('main').textContent()).toContain('No samples were recorded.');
    });
    await withPage(browser(), pageOf(sessionFromText('1\nf')), async ({ page }) => {
      await showDrawing(page, '2');
      expect(await pressAndHear(page, 'ArrowDown')).toContain('f, 1.0 s, self 1.0 s, 100.0 % of 1.0 s, depth 1');
    });
    await withPage(browser(), pageOf(deepSession(10_000)), async ({ page }) => {
      await page.keyboard.press('o');
      await page.getByLabel('Deep recursion into one row').uncheck();
      await page.keyboard.press('Escape');
      await showDrawing(page, '2');
      await page.locator('.depth-map').waitFor();
      for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowDown');
      await expect.poll(() => spoken(page)).toContain('depth 40');
      for (let step = 0; step < 10; step++) await page.keyboard.press('PageDown');
      expect(await nameAt(page, 0.5, 200)).toBe('f');
    });
    const threads = Array.from({ length: 200 }, (_, number) => ({
      name: number === 0 ? 'MainThread' : `worker-${number}`,
      samples: number % 2 === 0 ? '1 2w\nrun run\nwork poll' : '3w\nrun\npoll',
    }));
    await withPage(browser(), pageOf(sessionFromText({ threads }), { threads: true }), async ({ page, problems }) => {
      await showDrawing(page, '2');
      for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowDown');
      await expect.poll(() => spoken(page)).toMatch(/worker-\d+/);
      expect(problems).toEqual([]);
    });
  });
});

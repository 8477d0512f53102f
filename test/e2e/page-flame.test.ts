/** Does the flame graph show the times of the call tree, and can all of it be done by mouse, touch and keys alone? */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { CallNode } from '../../src/tree/call-node.ts';
import { displayName, totalSelfTime } from '../../src/tree/call-node.ts';
import { plainOptions } from '../../viewer/dev/plain-options.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { percentText, shortTime } from '../../viewer/format.ts';
import { buildInvertedPageTree, buildPageTree } from '../../viewer/model/page-tree.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { colours, drawn, nameAt, placeIn, pressAndHear, showDrawing, spoken, turnWheel } from '../support/icicle.ts';
import { pageOf, withPage } from '../support/page.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';

const session = sessionFromText(`
  1     2     4             8             1
  main  main  main          main          main
  load  load  price@shop.py price@shop.py
  read()      sum()         sum()
                            mul@deci.py
`);
const small = pageOf(session);
const sample = pageOf(sampleSession(), {}, sampleSource);

/** The way down the largest children: what is to be said of each. */
function wayDown(root: CallNode | null, total: number): readonly string[] {
  const said: string[] = [];
  let node = root ?? undefined;
  for (let depth = 1; node !== undefined && node.frame.kind !== 'self'; depth++) {
    const self = totalSelfTime(node);
    const times = `${shortTime(node.time)}, self ${shortTime(self)}, ${percentText(node.time, total)} of ${shortTime(total)}`;
    said.push(`${displayName(node)}, ${times}, depth ${depth}`);
    node = node.children.find(({ frame }) => frame.kind !== 'self');
  }
  return said;
}

async function zoomedTo(page: Page): Promise<readonly string[]> {
  return (await page.locator('.zoom-path li').allTextContents()).slice(1);
}

describeInChromium('the flame graph', (browser) => {
  test('by keys alone, with the times of the call tree', async () => {
    await withPage(browser(), small, async ({ page, problems }) => {
      await showDrawing(page, '3');
      const [thread] = session.threads;
      const tree = thread === undefined ? null : buildPageTree(session, thread, plainOptions);
      const expected = wayDown(tree?.root ?? null, 16);
      expect(expected).toHaveLength(4);
      for (const line of expected) expect(await pressAndHear(page, 'ArrowDown')).toBe(line);
      await pressAndHear(page, 'ArrowUp');
      await pressAndHear(page, 'ArrowUp');
      expect(await pressAndHear(page, 'ArrowRight')).toContain('load, 3.0 s');
      expect(await page.locator('.selected .name').textContent()).toBe('load');
      expect(await pressAndHear(page, 'Home')).toContain('price, 12.0 s');
      expect(problems).toEqual([]);
    });
  });

  test('upside down, the largest own time first', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await page.keyboard.press('i');
      await showDrawing(page, '3');
      const [thread] = session.threads;
      const tree = thread === undefined ? null : buildInvertedPageTree(session, thread, plainOptions);
      const first = tree?.root.children[0];
      const said = await pressAndHear(page, 'ArrowDown');
      expect(said).toContain(`${first === undefined ? '' : displayName(first)}, ${shortTime(first?.time ?? 0)}`);
      expect(await pressAndHear(page, 'ArrowDown')).toContain('sum, 8.0 s');
    });
  });

  test('zooming by Enter, double click, wheel and fingers; the way out', async () => {
    await withPage(
      browser(),
      small,
      async ({ page }) => {
        await showDrawing(page, '3');
        await pressAndHear(page, 'ArrowDown');
        await pressAndHear(page, 'ArrowDown');
        expect(await zoomedTo(page)).toEqual([]);
        await page.keyboard.press('Enter');
        await expect.poll(() => zoomedTo(page)).toEqual(['main', 'price', 'sum']);
        await page.locator('.zoom-path button', { hasText: 'main' }).click();
        await expect.poll(() => zoomedTo(page)).toEqual([]);
        await drawn(page);
        await page.mouse.dblclick(...(await placeIn(page, 0.8, 27)));
        await expect.poll(() => zoomedTo(page)).toEqual(['main', 'load']);
        await page.locator('.stage').focus();
        await page.keyboard.press('0');
        await expect.poll(() => zoomedTo(page)).toEqual([]);
        await drawn(page);
        await page.mouse.move(...(await placeIn(page, 0.8, 27)));
        await turnWheel(page, 20, -200);
        await expect.poll(() => zoomedTo(page)).toEqual(expect.arrayContaining(['main', 'load']));
        await turnWheel(page, 30, 200);
        await expect.poll(() => zoomedTo(page)).toEqual([]);
        for (const key of ['w', 'w', 'w', 'w', 'w', 'd', 'a']) await page.keyboard.press(key);
        await expect.poll(() => zoomedTo(page)).not.toEqual([]);
        await page.keyboard.press('0');
        await pinch(page);
        await expect.poll(() => zoomedTo(page)).not.toEqual([]);
      },
      { hasTouch: true },
    );
  });

  test('a tip says name, times, share and place; a drag moves what is zoomed', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '3');
      expect(await nameAt(page, 0.1, 27)).toBe('price');
      const tip = await page.locator('.tip').textContent();
      expect(tip).toContain('12.000000 s');
      expect(tip).toContain('75.0 % of 16.0 s');
      expect(tip).toContain('shop.py:1');
      await turnWheel(page, 1, -200);
      await drawn(page);
      expect(await nameAt(page, 0.9, 27)).toBe('price');
      const [x, y] = await placeIn(page, 0.9, 27);
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 1; step <= 10; step++) await page.mouse.move(x - step * 80, y);
      await page.mouse.up();
      expect(await nameAt(page, 0.9, 27)).toBe('load');
    });
  });

  test('transforms act on the selected frame', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await showDrawing(page, '3');
      for (let step = 0; step < 2; step++) await pressAndHear(page, 'ArrowDown');
      await page.keyboard.press('f');
      expect(await page.locator('.breadcrumb').textContent()).toContain('Focus price');
      await page.locator('.stage').focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => nameAt(page, 0.5, 8)).toBe('price');
      await page.keyboard.press('Backspace');
      await expect.poll(() => nameAt(page, 0.5, 8)).toBe('main');
    });
  });

  test('a selection made elsewhere is shown, and one made here is seen elsewhere', async () => {
    await withPage(browser(), small, async ({ page }) => {
      await page.locator('.name', { hasText: 'load' }).click();
      await showDrawing(page, '3');
      expect(await pressAndHear(page, 'ArrowDown')).toContain('read, 1.0 s');
      await page.keyboard.press('2');
      await page.locator('.stage').focus();
      expect(await pressAndHear(page, 'ArrowUp')).toContain('load, 3.0 s');
    });
  });

  test('a search shows what it found and dims the rest', async () => {
    await withPage(
      browser(),
      small,
      async ({ page }) => {
        await showDrawing(page, '3');
        const found = '255,236,153';
        expect((await colours(page)).get(found) ?? 0).toBe(0);
        await page.keyboard.press('/');
        await page.keyboard.type('price');
        expect((await colours(page)).get(found) ?? 0).toBeGreaterThan(5_000);
        await page.keyboard.press('Enter');
        await expect.poll(() => spoken(page)).toBe('Match 1 of 1');
        expect(await page.locator('.selected .name').textContent()).toBe('price');
      },
      { colorScheme: 'light' },
    );
  });

  test('colours by module and by own time, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage(
        browser(),
        small,
        async ({ page }) => {
          await showDrawing(page, '3');
          const byModule = await colours(page);
          await page.getByLabel('Self time', { exact: true }).check();
          const bySelf = await colours(page);
          const large = (counts: ReadonlyMap<string, number>): readonly string[] =>
            [...counts].filter(([, count]) => count > 2000).map(([colour]) => colour);
          expect(large(byModule).length).toBeGreaterThan(3);
          expect(large(bySelf).some((colour) => !byModule.has(colour))).toBe(true);
        },
        { colorScheme },
      );
    }
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
            await showDrawing(page, '3');
            expect(await axeFindings(page)).toEqual([]);
            for (let step = 0; step < 3; step++) await pressAndHear(page, 'ArrowDown');
            await page.keyboard.press('Enter');
            await expect.poll(() => zoomedTo(page)).not.toEqual([]);
            await page.keyboard.press('/');
            await page.keyboard.type('decimal');
            expect(await axeFindings(page)).toEqual([]);
          },
          { colorScheme, viewport },
        );
      }
    });
  }

  test('no samples, one function, 10,000 levels', async () => {
    await withPage(browser(), pageOf(sessionFromText({ threads: [{ samples: '' }] })), async ({ page }) => {
      await page.keyboard.press('3');
      expect(await page.locator('main').textContent()).toContain('No samples were recorded.');
    });
    await withPage(browser(), pageOf(sessionFromText('1\nmain')), async ({ page }) => {
      await showDrawing(page, '3');
      expect(await pressAndHear(page, 'ArrowDown')).toBe('main, 1.0 s, self 1.0 s, 100.0 % of 1.0 s, depth 1');
      await page.keyboard.press('ArrowDown');
      expect(await nameAt(page, 0.5, 8)).toBe('main');
    });
    await withPage(browser(), pageOf(deepSession(10_000)), async ({ page, problems }) => {
      await showDrawing(page, '3');
      expect(await pressAndHear(page, 'ArrowDown')).toContain('calls itself up to 10000 deep');
      await page.keyboard.press('o');
      await page.getByLabel('Deep recursion into one row').uncheck();
      await page.keyboard.press('Escape');
      await page.locator('.depth-map').waitFor();
      await page.locator('.stage').focus();
      for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowDown');
      await expect.poll(() => spoken(page)).toContain('depth 61');
      const map = await page.locator('.depth-map').boundingBox();
      if (map === null) throw new Error('there is no map of depths');
      await page.mouse.click(map.x + 5, map.y + map.height - 2);
      expect(await nameAt(page, 0.5, 100)).toBe('f');
      expect(problems).toEqual([]);
    });
  });
});

/** Two fingers that move apart. */
async function pinch(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const [x, y] = await placeIn(page, 0.3, 30);
  const touches = (distance: number): { x: number; y: number }[] => [
    { x: x - distance, y },
    { x: x + distance, y },
  ];
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: touches(20) });
  for (let distance = 30; distance <= 240; distance += 30) {
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: touches(distance) });
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await client.detach();
}

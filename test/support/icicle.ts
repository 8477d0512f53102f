/** How does a test use the timeline and the flame graph, which are drawings? By what they say, and by where things are. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What was last said to those who cannot see the page. */
export async function spoken(page: Page): Promise<string> {
  return (await page.locator('[role=status].unseen').textContent()) ?? '';
}

/** Shows a view by its key and gives its drawing the focus, as Tab would. */
export async function showDrawing(page: Page, key: '2' | '3'): Promise<void> {
  await page.keyboard.press(key);
  await page.locator('.stage').waitFor();
  await page.locator('.stage').focus();
}

/** Presses a key and gives what is said then. */
export async function pressAndHear(page: Page, key: string): Promise<string> {
  const before = await spoken(page);
  await page.keyboard.press(key);
  await expect.poll(() => spoken(page)).not.toBe(before);
  return spoken(page);
}

/** A place of the drawing, in the page's pixels. */
export async function placeIn(page: Page, x: number, y: number): Promise<readonly [number, number]> {
  const box = await page.locator('.stage .boxes').boundingBox();
  if (box === null) throw new Error('there is no drawing');
  return [box.x + x * box.width, box.y + y];
}

/** Points at a place of the drawing. @returns the name in the tip, undefined where there is none */
export async function nameAt(page: Page, x: number, y: number): Promise<string | undefined> {
  await page.mouse.move(...(await placeIn(page, x, y)));
  await drawn(page);
  const tip = page.locator('.tip .name');
  return (await tip.count()) === 0 ? undefined : ((await tip.textContent()) ?? '');
}

/** Waits until everything that was asked for is on screen. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())), 250);
      }),
  );
}

/** How many pixels of the drawing have each colour, `r,g,b`. */
export async function colours(page: Page): Promise<ReadonlyMap<string, number>> {
  await drawn(page);
  const counted = await page.locator('.stage .boxes').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const counts = new Map<string, number>();
    for (let at = 0; at < data.length; at += 4) {
      const key = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts];
  });
  return new Map(counted);
}

/** Turns the wheel, a frame for each turn: of quicker ones the browser leaves some out. */
export async function turnWheel(page: Page, turns: number, distance: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, distance);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20))));
  }
}

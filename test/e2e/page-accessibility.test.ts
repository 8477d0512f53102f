/** Can everybody use the page? What axe-core finds, in both themes; keys; zoom; print. */
import { expect, test } from 'vitest';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { keyTable } from '../../viewer/keys.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { drawn } from '../support/icicle.ts';
import { pageOf, withPage } from '../support/page.ts';

const sample = pageOf(sampleSession(), {}, sampleSource);

describeInChromium('accessibility of the page', (browser) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing, ${colorScheme}`, async () => {
      await withPage(
        browser(),
        sample,
        async ({ page }) => {
          expect(await axeFindings(page)).toEqual([]);
          await page.locator('.name', { hasText: 'Quote.total' }).click();
          await page.keyboard.press('f');
          await page.keyboard.press('/');
          await page.keyboard.type('decimal');
          expect(await axeFindings(page)).toEqual([]);
          await page.keyboard.press('Escape');
          for (const overlay of ['o', 't', '?']) {
            await page.keyboard.press(overlay);
            expect(await axeFindings(page)).toEqual([]);
            await page.keyboard.press('Escape');
          }
        },
        { colorScheme },
      );
    });

    test(`axe-core finds nothing on a phone, ${colorScheme}`, async () => {
      const phone = { colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
      await withPage(
        browser(),
        sample,
        async ({ page }) => {
          await page.locator('.name', { hasText: 'Quote.total' }).click();
          await page.locator('.handle').click();
          expect(await axeFindings(page)).toEqual([]);
        },
        phone,
      );
    });
  }

  test('the sheet of keys holds the focus and gives it back', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.locator('[data-row="2"]').click();
      await page.keyboard.press('?');
      const listed = await page.locator('dialog dd').allTextContents();
      expect(listed).toEqual(keyTable.map(({ help }) => help));
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press('Tab');
        // From a modal dialog Tab goes on to the browser's own buttons: then the page says that nothing has the focus.
        const isOutside = await page.evaluate(() => document.activeElement?.matches('.page :not(dialog, dialog *)'));
        expect(isOutside).toBe(false);
      }
      await page.keyboard.press('Escape');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('2');
    });
  });

  test('Tab goes through everything, and the tree is one stop', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      const stops: string[] = [];
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
          const { activeElement } = document;
          return activeElement === document.body
            ? ''
            : (activeElement?.getAttribute('role') ?? activeElement?.tagName ?? '');
        });
        if (stop === '') break;
        stops.push(stop);
      }
      expect(stops.filter((stop) => stop === 'row')).toHaveLength(1);
      expect(stops.length).toBeLessThan(40);
    });
  });

  test('at 400 % nothing needs scrolling sideways', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(320);
      },
      { viewport: { width: 320, height: 256 } },
    );
  });

  test('on paper all open rows are there', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        const before = await page.locator('[data-row]').count();
        await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
        const all = Number(await page.locator('[role=treegrid]').getAttribute('aria-rowcount')) - 1;
        expect(before).toBeLessThan(all);
        expect(await page.locator('[data-row]').count()).toBe(all);
        const paper = await page.pdf();
        expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
      },
      { viewport: { width: 1280, height: 300 } },
    );
  });

  test('on paper drawings are as wide as the paper, and light', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        for (const key of ['2', '3']) {
          await page.keyboard.press(key);
          const boxes = page.locator('.stage .boxes');
          await boxes.waitFor();
          await drawn(page);
          const look = (event: string): Promise<{ readonly width: number; readonly ground: number }> =>
            boxes.evaluate((element, name) => {
              window.dispatchEvent(new Event(name));
              const { width, height } = element as HTMLCanvasElement;
              const pixel = (element as HTMLCanvasElement).getContext('2d')?.getImageData(width - 1, height - 1, 1, 1);
              return { width, ground: pixel?.data[0] ?? -1 };
            }, event);
          const screen = await look('none');
          expect(await look('beforeprint')).toEqual({ width: 900, ground: 255 });
          await look('afterprint');
          await expect.poll(() => look('none')).toEqual(screen);
        }
      },
      { colorScheme: 'dark' },
    );
  });
});

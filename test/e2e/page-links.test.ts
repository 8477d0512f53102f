/** Does the address of the page say all that is looked at, so that a link or a reload shows the same again? */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pageTemplate } from '../../src/page-template.ts';
import { diffHtmlRenderer } from '../../src/render/diff-html.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { changedSession } from '../support/changed-session.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';

/** What the address says, once it says `name`. */
async function linked(page: Page, name: string): Promise<URLSearchParams> {
  await page.waitForFunction((part) => new URLSearchParams(location.hash.slice(1)).has(part), name);
  return new URLSearchParams(await page.evaluate(() => location.hash.slice(1)));
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForSelector('main');
}

describeInChromium('links', (browser) => {
  const sample = pageOf(sampleSession(), {}, sampleSource);

  test('a call that is selected in the tree, and what is known of it', async () => {
    await withPage(browser(), sample, async ({ page, problems }) => {
      await page.locator('[data-row] .name', { hasText: 'price_all' }).click();
      expect((await linked(page, 'select')).get('select')).toMatch(/^\.[\d.]+@0$/);
      const times = await page.locator('.selected .facts').textContent();
      await reload(page);
      expect(await page.locator('[data-row][aria-selected=true] .name').textContent()).toBe('price_all');
      expect(await page.locator('.selected .facts').textContent()).toBe(times);
      expect(problems).toEqual([]);
    });
  });

  test('the order of functions', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('4');
      await page.getByRole('button', { name: 'Total s' }).click();
      expect((await linked(page, 'sort')).get('sort')).toBe('-total');
      const rows = await page.locator('[data-list=functions] [data-row]').allTextContents();
      await reload(page);
      expect(await page.locator('[data-list=functions] [data-row]').allTextContents()).toEqual(rows);
      expect(await page.locator('[aria-sort=descending]').textContent()).toContain('Total');
    });
  });

  test('a line of source, and whether cold ones are hidden', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      const place = (): Promise<string | null> => page.locator('.dock .place').first().textContent();
      await page.keyboard.press('5');
      await page.keyboard.press('h');
      await page.locator('[data-list=lines] [data-row]', { hasText: 'return sum' }).click();
      await page.keyboard.press('ArrowUp');
      expect(await place()).toBe('pricing.py:46');
      const parts = await linked(page, 'source');
      expect([parts.get('source'), parts.get('lines')]).toEqual(['/srv/shop/pricing.py:46', 'hot']);
      const rows = await page.locator('[data-list=lines] [data-row]').count();
      await reload(page);
      expect(await place()).toBe('pricing.py:46');
      expect(await page.locator('[data-list=lines] [data-row]').count()).toBe(rows);
      // What is selected elsewhere is followed again.
      await page.keyboard.press('1');
      await page.locator('[data-row] .name', { hasText: 'load' }).first().click();
      await page.keyboard.press('5');
      expect(await place()).toBe('store.py:12');
    });
  });

  test('colours of the flame graph', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('3');
      await page.getByRole('radio', { name: 'Self time' }).check();
      expect((await linked(page, 'colours')).get('colours')).toBe('self');
      await reload(page);
      expect(await page.getByRole('radio', { name: 'Self time' }).isChecked()).toBe(true);
    });
  });

  test('how two recordings are compared', async () => {
    const before = { name: 'before', session: sampleSession() };
    const after = { name: 'after', session: changedSession(sampleSession()) };
    const html = diffHtmlRenderer.render(before, after, {}, { pageTemplate });
    await withPage(browser(), html, async ({ page }) => {
      await page.getByRole('radio', { name: 'Share' }).check();
      await page.getByRole('radio', { name: 'Longest first' }).check();
      await page.getByRole('checkbox', { name: 'Hide unchanged' }).uncheck();
      const parts = await linked(page, 'changes');
      expect(['unit', 'order', 'changes'].map((name) => parts.get(name))).toEqual(['share', 'time', 'all']);
      const rows = await page.locator('[data-row]').allTextContents();
      await reload(page);
      expect(await page.locator('[data-row]').allTextContents()).toEqual(rows);
    });
  });

  test('a link of another recording shows what there is', async () => {
    await withPage(browser(), sample, async ({ page, problems }) => {
      const hash = 'view=source&source=%2Fno%2Fsuch.py%3A3&select=99999&sort=age&threads=9&lines=x';
      await page.evaluate((text) => {
        location.hash = text;
      }, hash);
      await page.waitForSelector('.source-panes');
      expect(await page.locator('.dock .place').first().textContent()).toBe('pricing.py:47');
      expect(problems).toEqual([]);
    });
  });
});

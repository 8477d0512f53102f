/** Does the page's call tree show what the text report shows, and can all of it be driven by mouse and by keyboard? */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { textRenderer } from '../../src/render/text.ts';
import { readSession } from '../../src/session/file.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, reportRows, shownRows, withPage } from '../support/page.ts';
import { deepSession } from '../support/session-from-text.ts';

const golden = new URL('../golden/', import.meta.url);
const names = readdirSync(golden).filter((name) => name.endsWith('.pyisession'));

describeInChromium('the call tree in a browser', (browser) => {
  test.each(names)('%s: every line of the text report is a row with the same time', async (name) => {
    const session = readSession(readFileSync(new URL(name, golden)), name);
    const options = { unicode: true, short_mode: true, processor_options: { filter_threshold: 0.001 } };
    const lines = reportRows(String(textRenderer.render(session, options)));
    await withPage(
      browser(),
      pageOf(session),
      async ({ page, problems }) => {
        if (lines.length === 0) {
          expect(await page.locator('main').textContent()).toContain('No samples were recorded.');
        } else {
          await page.locator('[data-row="0"]').click();
          await page.keyboard.press('*');
          const rows = (await shownRows(page)).map((row) => row.replace(/\s+/g, ' ').trim());
          for (const line of lines) expect(rows).toContain(line);
        }
        expect(problems).toEqual([]);
      },
      { viewport: { width: 1280, height: 4000 } },
    );
  });

  const sample = pageOf(sampleSession(), {}, sampleSource);

  test('the first screen says where the time went', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      expect(await page.title()).toBe('12.3 s · report.py · timesink');
      await expect(page.locator('.side .hot-line').first().textContent()).resolves.toContain(
        'return sum(Decimal(x) * rate for x in rows)',
      );
      expect((await shownRows(page)).slice(0, 9)).toMatchInlineSnapshot(`
        [
          "MainThread12.3 s, of which 98 ms waiting",
          "  12.310 <module> report.py:1",
          "    12.187 main report.py:88",
          "      8.371 price_all pricing.py:20",
          "        8.371 Quote.total pricing.py:44",
          "          7.755 Quote.<genexpr> pricing.py:47",
          "            7.755 Decimal.__mul__ _pydecimal.py:1250",
          "              2 frames hidden_pydecimal",
          "              3.816 Decimal.adjusted _pydecimal.py:1940",
        ]
      `);
    });
  });

  test('rows open, close and move by keys alone', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      const current = async (): Promise<string> => (await page.locator('[role=row]:focus .name').textContent()) ?? '';
      const press = async (...keys: string[]): Promise<string> => {
        for (const key of keys) await page.keyboard.press(key);
        return current();
      };
      await page.locator('[role=row][tabindex="0"]').focus();
      expect(await press('ArrowDown', 'ArrowDown')).toBe('main');
      expect(await press('ArrowLeft', 'ArrowDown')).toBe('self');
      expect(await press('ArrowUp', 'ArrowRight', 'ArrowRight')).toBe('price_all');
      expect(await press('e')).toBe('Decimal.__mul__');
      expect(await press('ArrowLeft', 'ArrowLeft')).toBe('Quote.<genexpr>');
      expect(await press('End')).not.toBe('');
      expect(await press('Home')).toBe('MainThread');
      await press('x');
      expect(await shownRows(page)).toHaveLength(2);
      await press('*');
      expect((await shownRows(page)).length).toBeGreaterThan(20);
      await press('Enter');
      expect(await shownRows(page)).toHaveLength(2);
    });
  });

  test('hidden frames are shown by their bar, by mouse and by key', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      const bar = page.locator('.group').first();
      expect(await bar.textContent()).toBe('2 frames hidden_pydecimal');
      await bar.locator('.hidden-frames').click();
      expect(await shownRows(page)).toContainEqual(expect.stringContaining('Decimal._fix'));
      await bar.focus();
      await page.keyboard.press('Enter');
      expect(await shownRows(page)).not.toContainEqual(expect.stringContaining('Decimal._fix'));
    });
  });

  test('transforms, their steps, and the way back', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.locator('.name', { hasText: 'Quote.total' }).click();
      await page.keyboard.press('f');
      expect(await shownRows(page)).toContainEqual(expect.stringMatching(/^8\.371 Quote\.total/));
      await page.locator('.name', { hasText: 'Decimal.__mul__' }).click();
      await page.keyboard.press('m');
      expect(await page.locator('.breadcrumb li').allTextContents()).toEqual([
        'Whole recording',
        'Focus Quote.total',
        'Merge Decimal.__mul__',
      ]);
      const link = page.url();
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      expect(await page.locator('.breadcrumb').count()).toBe(0);
      await page.goBack();
      await page.goto(link);
      await page.reload();
      await page.waitForSelector('main');
      expect(await page.locator('.breadcrumb li').count()).toBe(3);
    });
  });

  test('search: share of the time, marks, and going through the matches', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('/');
      await page.keyboard.type('decimal');
      await expect.poll(() => page.locator('.search .share').textContent()).toBe('31.5 % · 4');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('[aria-selected=true] .name.found').textContent()).toBe('Decimal._fix');
      await page.keyboard.press('Escape');
      expect(await page.locator('.search input').inputValue()).toBe('');
    });
  });

  test('threads, weights, inversion', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press(']');
      expect(await shownRows(page)).toContainEqual(expect.stringMatching(/^12\.310 <module>/));
      await page.keyboard.press(']');
      expect(await shownRows(page)).toContainEqual(expect.stringMatching(/^12\.310 Thread\.run|^12\.310 run/));
      await page.getByRole('radio', { name: 'CPU' }).check();
      expect(await shownRows(page)).toContainEqual(expect.stringMatching(/^5\.540 (Thread\.)?run/));
      await page.keyboard.press('i');
      expect((await shownRows(page))[1]?.trim()).toBe('3.078 decompress <built-in>');
    });
  });

  test('shares beside the tree are of the same whole as those in it', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      const row = page.locator('[data-row]', { hasText: 'price_all' }).first();
      await row.locator('.name').click();
      const share = await row.locator('.number').first().textContent();
      const facts = page.locator('.selected .facts');
      expect(await facts.textContent()).toMatch(
        new RegExp(`Total8\\.370800 s ${share}.*Shares of12\\.3 s in MainThread`),
      );
      await page.keyboard.press('4');
      await page.locator('[data-list=functions] .name', { hasText: 'decompress' }).click();
      expect(await facts.textContent()).toContain('Shares of24.6 s in 2 threads');
      expect(await page.locator('.side .hottest h2').textContent()).toBe('Hottest lines of 24.6 s');
    });
  });

  test('from 1200 pixels on, all tools are in one line, also with a search', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        const height = async (): Promise<number> => (await page.locator('.toolbar').boundingBox())?.height ?? 0;
        expect(await height()).toBeLessThan(50);
        await page.keyboard.press('/');
        await page.keyboard.type('decimal');
        await page.getByRole('button', { name: 'Next match' }).click();
        expect(await height()).toBeLessThan(50);
      },
      { viewport: { width: 1200, height: 800 } },
    );
  });

  test('options change the tree at once and are kept for this report', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('o');
      await page.getByRole('radio', { name: 'Percent of the total' }).check();
      await page.getByRole('radio', { name: 'Nothing' }).check();
      await page.keyboard.press('Escape');
      expect(await shownRows(page)).toContainEqual(expect.stringMatching(/^ +100\.0 <module>/));
      expect(await page.locator('.group').count()).toBe(0);
      await page.reload();
      await page.waitForSelector('main');
      expect(await page.locator('.group').count()).toBe(0);
    });
  });

  test('recursion 10,000 deep', async () => {
    await withPage(browser(), pageOf(deepSession(10_000)), async ({ page, problems }) => {
      expect(await page.locator('.chip').first().textContent()).toBe('recursion, 10000 deep');
      await page.keyboard.press('o');
      await page.getByLabel('Deep recursion into one row').uncheck();
      await page.keyboard.press('Escape');
      await page.locator('[data-row="0"]').click();
      await page.keyboard.press('End');
      expect(await page.locator('[role=row]:focus').textContent()).toContain('level 10000');
      expect(problems).toEqual([]);
    });
  });
});

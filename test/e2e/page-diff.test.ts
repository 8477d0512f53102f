/** Does the page of two recordings show what `timesink diff` prints, and can all of it be driven by mouse and by keyboard? */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pageTemplate } from '../../src/page-template.ts';
import { diffHtmlRenderer } from '../../src/render/diff-html.ts';
import { diffTextRenderer } from '../../src/render/diff-text.ts';
import type { RenderOptions } from '../../src/render/renderer.ts';
import { decodeSession, encodeSession } from '../../src/session/file.ts';
import type { Session } from '../../src/session/session.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { axeFindings } from '../support/axe.ts';
import { changedSession } from '../support/changed-session.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';

/** Files hold times to the nanosecond. */
const asSaved = (recording: Session): Session => decodeSession(encodeSession(recording), 'sample');

const before = { name: 'before.timesink', session: asSaved(sampleSession()) };
const after = { name: 'after.timesink', session: asSaved(changedSession(before.session)) };

function diffPage(options: RenderOptions = {}): string {
  return diffHtmlRenderer.render(before, after, options, { pageTemplate, readSource: sampleSource });
}

/** The lines of the text comparison that have numbers: before, after, change, its mark, name and place. */
function textLines(options: RenderOptions = {}): readonly string[] {
  const text = diffTextRenderer.render(before, after, { unicode: true, ...options });
  return [...text.matchAll(/^ +(-|\d+\.\d+) +(-|\d+\.\d+) +([+-]?\d+\.\d+) +(\S+(?: %)?) +[│├└─ ]*(\S.*)$/gm)].map(
    ([, ...cells]) =>
      cells
        .join(' ')
        .replace(/\s+/g, ' ')
        .replace(/ ?\[recursion, \d+ deep\]/, '')
        .replace('[self]', 'self')
        .replace(/ (self|\[.*?\]) .*$/, ' $1'),
  );
}

/** The same of the rows on the screen. */
async function shownLines(page: Page): Promise<readonly string[]> {
  const rows = await page.locator('.diff-grid .row:not(.heading, .thread, .group)').all();
  return Promise.all(
    rows.map(async (row) => {
      const numbers = await row.locator('> :nth-child(-n + 4)').allTextContents();
      const name = await row.locator('.name').allTextContents();
      const place = await row.locator('.function > .place').allTextContents();
      return [...numbers, ...name, ...place].join(' ').trim();
    }),
  );
}

const tall = { viewport: { width: 1280, height: 3000 } };

describeInChromium('the comparison in a browser', (browser) => {
  test.each([{}, { normalize: true }, { show_all: true }, { processor_options: { filter_threshold: 0.2 } }])(
    'every line of the text comparison is a row with the same numbers, %j',
    async (options) => {
      await withPage(
        browser(),
        diffPage(options),
        async ({ page, problems, requests }) => {
          await page.locator('[data-row="0"]').click();
          await page.keyboard.press('*');
          for (const row of await page.locator('.row.thread').all()) {
            await row.click();
            await page.keyboard.press('*');
          }
          const shown = await shownLines(page);
          const lines = textLines(options);
          expect(lines.length).toBeGreaterThan(5);
          for (const line of lines) expect(shown).toContain(line);
          expect([problems, requests]).toEqual([[], []]);
        },
        tall,
      );
    },
  );

  test('the first screen says what changed, by how much, and whether it is slower', async () => {
    await withPage(browser(), diffPage(), async ({ page }) => {
      expect(await page.title()).toBe('12.3 s → 10.2 s · report.py · timesink');
      expect(await page.locator('.verdict').textContent()).toBe('faster-2.130 s -17 %');
      expect(await page.locator('.diff-head h2').allTextContents()).toEqual([
        'Before before.timesink',
        'After after.timesink',
      ]);
      const rows = await shownLines(page);
      expect(rows.slice(0, 4)).toEqual([
        '12.310 10.180 -2.130 -17 % <module> report.py:1',
        '12.187 10.057 -2.130 -17 % main report.py:91',
        '8.371 4.604 -3.767 -45 % price_all pricing.py:20',
        '8.371 4.604 -3.767 -45 % Quote.total pricing.py:44',
      ]);
      expect(rows).toContain('3.816 - -3.816 gone Decimal.adjusted _pydecimal.py:1940');
      expect(rows).toContain('- 2.099 +2.099 new Decimal.exponent _pydecimal.py:1940');
    });
  });

  test.each([1200, 1280])('the tools of all views stand in one row, %i pixels wide', async (width) => {
    const options = { viewport: { width, height: 800 } };
    await withPage(
      browser(),
      diffPage(),
      async ({ page }) => {
        for (const key of ['1', '6']) {
          await page.keyboard.press(key);
          const tools = await page
            .locator('.toolbar > *')
            .evaluateAll((all) => all.map((tool) => tool.getBoundingClientRect().top));
          expect(Math.max(...tools) - Math.min(...tools)).toBeLessThan(10);
        }
      },
      options,
    );
  });

  test('unit, order and what is hidden, by keys alone', async () => {
    await withPage(browser(), diffPage(), async ({ page }) => {
      const first = async (): Promise<readonly string[]> => (await shownLines(page)).slice(2, 3);
      await page.getByRole('radio', { name: 'Seconds' }).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(first).toEqual(['68.0 45.2 -22.8 -33 % price_all pricing.py:20']);
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('radio', { name: 'Longest first' }).isChecked()).toBe(true);
      const hidden = (await shownLines(page)).length;
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await expect.poll(async () => (await shownLines(page)).length).toBeGreaterThan(hidden);
      expect(await shownLines(page)).toContainEqual(expect.stringContaining('Tree.walk'));
    });
  });

  test('rows open, close and move as in the call tree; search marks and steps', async () => {
    await withPage(browser(), diffPage(), async ({ page }) => {
      const current = async (): Promise<string> => (await page.locator('[role=row]:focus .name').textContent()) ?? '';
      await page.locator('[role=row][tabindex="0"]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('e');
      expect(await current()).toBe('Decimal.__mul__');
      await page.keyboard.press('ArrowLeft');
      expect(await page.locator('[role=row]:focus').getAttribute('aria-expanded')).toBe('false');
      await page.keyboard.press('/');
      await page.keyboard.type('adjusted');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('[aria-selected=true] .name.found').textContent()).toBe('Decimal.adjusted');
    });
  });

  test('the other views show the one after, and on request the one before', async () => {
    await withPage(browser(), diffPage(), async ({ page }) => {
      const total = (): Promise<string | null> =>
        page.locator('[role=treegrid] .row.node .time b').first().textContent();
      await page.keyboard.press('1');
      expect(await total()).toBe('10.180');
      await page.keyboard.press('v');
      await expect.poll(total).toBe('12.310');
      expect(page.url()).toContain('side=before');
      await page.reload();
      expect(await total()).toBe('12.310');
      await page.getByRole('radio', { name: 'After' }).check();
      await expect.poll(total).toBe('10.180');
      await page.keyboard.press('6');
      expect(await page.locator('.verdict b').textContent()).toBe('faster');
    });
  });

  test('a page of one recording is compared with a file, or with another page', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'timesink-other-'));
    try {
      const [file, other, wrong] = ['other.timesink', 'other.html', 'notes.html'].map((name) => join(folder, name));
      if (file === undefined || other === undefined || wrong === undefined) throw new Error('no files');
      writeFileSync(file, encodeSession(before.session));
      writeFileSync(other, pageOf(before.session));
      writeFileSync(wrong, 'buy milk');
      await withPage(browser(), pageOf(after.session), async ({ page, requests, problems }) => {
        expect(await page.getByRole('button', { name: 'Diff' }).count()).toBe(0);
        const choose = async (path: string): Promise<void> => {
          await page.keyboard.press('S');
          await page.locator('#other-recording').setInputFiles(path);
        };
        await choose(wrong);
        await expect
          .poll(() => page.getByRole('alert').textContent())
          .toBe('notes.html cannot be compared. notes.html is neither a .timesink file nor a page of timesink.');
        await page.keyboard.press('Escape');
        for (const path of [file, other]) {
          await choose(path);
          await expect.poll(() => page.locator('.verdict').allTextContents()).toEqual(['faster-2.130 s -17 %']);
          await page.keyboard.press('1');
        }
        expect([requests, problems]).toEqual([[], []]);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a file can be dropped onto the page', async () => {
    const packed = Buffer.from(encodeSession(before.session)).toString('base64');
    await withPage(browser(), pageOf(after.session), async ({ page }) => {
      await page.evaluate((base64) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], 'dropped.timesink'));
        document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
      }, packed);
      await expect
        .poll(() => page.locator('.diff-head h2').first().allTextContents())
        .toEqual(['Before dropped.timesink']);
    });
  });

  const sizes = {
    laptop: { viewport: { width: 1280, height: 800 } },
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  } as const;
  for (const colorScheme of ['light', 'dark'] as const) {
    test.each(Object.keys(sizes) as (keyof typeof sizes)[])(
      `axe-core finds nothing, ${colorScheme}, %s`,
      async (size) => {
        await withPage(
          browser(),
          diffPage(),
          async ({ page }) => {
            expect(await axeFindings(page)).toEqual([]);
            await page.locator('.row.node').nth(3).click();
            await page.keyboard.press('/');
            await page.keyboard.type('decimal');
            expect(await axeFindings(page)).toEqual([]);
            await page.keyboard.press('Escape');
            await page.keyboard.press('Escape');
            await page.locator('[data-command=export]').click();
            expect(await axeFindings(page)).toEqual([]);
            const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            expect(width).toBeLessThanOrEqual(0);
          },
          { colorScheme, ...sizes[size] },
        );
      },
    );
  }
});

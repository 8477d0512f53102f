/** Does the page's table of functions say what the markdown report says, and can all of it be driven by mouse and by keys? */
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { markdownRenderer } from '../../src/render/markdown.ts';
import { encodeSession, readSession } from '../../src/session/file.ts';
import type { Session } from '../../src/session/session.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';

const golden = new URL('../golden/', import.meta.url);
const names = readdirSync(golden).filter((name) => name.endsWith('.pyisession'));

/** The rows of a table that are in the document, in their order: the text of each cell. */
async function shownCells(page: Page, list = 'functions'): Promise<readonly (readonly string[])[]> {
  return page
    .locator(`[data-list="${list}"] [data-row]`)
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.getAttribute('data-row')) - Number(b.getAttribute('data-row')))
        .map((row) =>
          [...row.querySelectorAll('[role=gridcell]')].map((cell) =>
            [...cell.querySelectorAll('bdi')].length > 0
              ? [...cell.querySelectorAll('bdi')].map((part) => part.textContent).join(' ')
              : (cell.textContent ?? ''),
          ),
        ),
    );
}

/** The rows of the markdown report: self, its share, total, its share, name, place. */
function markdownRows(session: Session): readonly string[] {
  const text = String(markdownRenderer.render(session, { functions: 10_000, show_all: true }));
  const rows = text.split('\n').filter((line) => /^\| \d/.test(line));
  return rows.map((row) =>
    row
      .split(/ ?(?<!\\)\| ?/)
      .slice(1, 7)
      .map((cell) => cell.replace(/^`+ ?| ?`+$/g, '').replaceAll('\\|', '|'))
      .join(' / '),
  );
}

const asRow = ([
  self = '',
  selfShare = '',
  total = '',
  share = '',
  ,
  name = '',
  place = '',
]: readonly string[]): string => [self, selfShare, total, share, name, place].join(' / ').replaceAll('\t', ' ');

describeInChromium('the functions view in a browser', (browser) => {
  const tall = { viewport: { width: 1280, height: 6000 } };

  test.each(names)('%s: every function of the markdown report is a row with the same times', async (name) => {
    const session = readSession(readFileSync(new URL(name, golden)), name);
    await withPage(
      browser(),
      pageOf(session),
      async ({ page, problems }) => {
        await page.keyboard.press('4');
        const rows = markdownRows(session);
        if (rows.length === 0) expect(await page.locator('main').textContent()).toContain('No samples were recorded.');
        expect((await shownCells(page)).map(asRow)).toEqual(rows);
        expect(problems).toEqual([]);
      },
      tall,
    );
  });

  const session = readSession(encodeSession(sampleSession()), 'sample');
  const sample = pageOf(session, {}, sampleSource);
  const nameOfCurrent = (page: Page): Promise<string | null> =>
    page.locator('[data-list=functions] [aria-selected=true] .name').textContent();
  const focused = (page: Page): Promise<string | undefined> =>
    page.evaluate(() => document.activeElement?.closest('[data-list]')?.getAttribute('data-list') ?? undefined);

  test('rows are sorted by click and by key, and say so', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        await page.keyboard.press('4');
        const column = async (index: number): Promise<readonly string[]> =>
          (await shownCells(page)).map((cells) => cells[index] ?? '');
        const heading = (name: string) => page.locator('[data-list=functions]').getByRole('columnheader', { name });
        expect(await heading('Self s').getAttribute('aria-sort')).toBe('descending');
        expect((await shownCells(page)).map(asRow)).toEqual(expect.arrayContaining([...markdownRows(session)]));
        await heading('Total s').getByRole('button').click();
        expect(await heading('Total s').getAttribute('aria-sort')).toBe('descending');
        expect(await heading('Self s').getAttribute('aria-sort')).toBe('none');
        const totals = (await column(2)).map(Number);
        expect(totals).toEqual([...totals].sort((a, b) => b - a));
        await heading('Function').getByRole('button').focus();
        await page.keyboard.press('Enter');
        const sorted = await column(5);
        expect(sorted).toEqual([...sorted].sort(new Intl.Collator('en', { numeric: true }).compare));
        await page.keyboard.press('Enter');
        expect(await heading('Function').getAttribute('aria-sort')).toBe('descending');
        expect(await column(5)).toEqual([...sorted].reverse());
      },
      tall,
    );
  });

  test('from function to function by keys alone, and back', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('4');
      for (let stops = 0; stops < 40 && (await focused(page)) !== 'functions'; stops++)
        await page.keyboard.press('Tab');
      while (!(await page.evaluate(() => document.activeElement?.matches('[role=row]'))))
        await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      expect(await nameOfCurrent(page)).toBe('Decimal.adjusted');
      await page.keyboard.press('ArrowLeft');
      expect(await focused(page)).toBe('callers');
      await page.keyboard.press('Enter');
      expect(await nameOfCurrent(page)).toBe('Decimal._fix');
      await page.keyboard.press('Enter');
      expect(await nameOfCurrent(page)).toBe('Decimal.__mul__');
      expect(await shownCells(page, 'callees')).toEqual([
        ['3.816', '49.2 %', 'Decimal._fix _pydecimal.py:1652'],
        ['2.462', '31.7 %', 'Decimal.__new__ _pydecimal.py:470'],
        ['1.477', '19.0 %', 'self'],
      ]);
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toBe('callees');
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      expect(await nameOfCurrent(page)).toBe('Decimal.__mul__');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      expect(await nameOfCurrent(page)).toBe('Decimal.__new__');
      await page.keyboard.press('b');
      await page.keyboard.press('b');
      expect(await nameOfCurrent(page)).toBe('Decimal._fix');
      await page.keyboard.press('b');
      expect(await nameOfCurrent(page)).toBe('Decimal.adjusted');
      expect(await page.getByRole('button', { name: 'Back' }).isDisabled()).toBe(true);
      await page.locator('[data-list=functions] [role=row][tabindex="0"]').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Home');
      await page.keyboard.press('PageDown');
      expect(await focused(page)).toBe('functions');
    });
  });

  test('what is selected is the same everywhere', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.locator('.name', { hasText: 'Quote.total' }).click();
      await page.keyboard.press('4');
      expect(await nameOfCurrent(page)).toBe('Quote.total');
      await page.locator('[data-list=callers] .name', { hasText: 'price_all' }).click();
      expect(await nameOfCurrent(page)).toBe('price_all');
      await expect(page.locator('.side .selected .name').textContent()).resolves.toBe('price_all');
      await page.getByRole('button', { name: 'Source' }).last().click();
      await expect(page.locator('.dock .place').first().textContent()).resolves.toBe('pricing.py:27');
    });
  });

  test('threads, weights, steps, search and the unit of time are those of the page', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        const cellsOf = async (name: string): Promise<readonly string[] | undefined> =>
          (await shownCells(page)).find((cells) => cells.includes(name));
        await page.keyboard.press('4');
        expect(await cellsOf('recv')).toEqual(['6.770', '27.5 %', '6.770', '27.5 %', '1', 'recv', '<built-in>']);
        await page.getByRole('radio', { name: 'CPU' }).check();
        expect(await cellsOf('recv')).toBeUndefined();
        await page.getByRole('radio', { name: 'Wall' }).check();
        await page.keyboard.press(']');
        expect(await cellsOf('recv')).toBeUndefined();
        await page.keyboard.press(']');
        expect(await cellsOf('recv')).toBeDefined();
        await page.locator('[data-list=functions] .name', { hasText: 'unpack' }).click();
        await page.keyboard.press('f');
        expect(await shownCells(page)).toEqual([
          ['3.078', '55.6 %', '3.078', '55.6 %', '1', 'decompress', '<built-in>'],
          ['2.462', '44.4 %', '5.540', '100.0 %', '', 'unpack', 'loader.py:14'],
        ]);
        await page.keyboard.press('/');
        await page.keyboard.type('loader');
        expect(await page.locator('.table-tools').textContent()).toBe('1 of 2 functions match “loader”');
        expect(await page.locator('[data-list=functions] .name.found').allTextContents()).toEqual(['unpack']);
        await page.keyboard.press('Escape');
        await page.keyboard.press('o');
        await page.getByRole('radio', { name: 'Percent of the total' }).check();
        await page.keyboard.press('Escape');
        expect(await shownCells(page)).toContainEqual(['44.4', '100.0', '', 'unpack', 'loader.py:14']);
      },
      tall,
    );
  });

  test('an empty profile, one function, and 20,000 of them', async () => {
    await withPage(browser(), pageOf(sessionFromText('')), async ({ page }) => {
      await page.keyboard.press('4');
      expect(await page.locator('main').textContent()).toBe('No samples were recorded.');
    });
    await withPage(browser(), pageOf(deepSession(1)), async ({ page, problems }) => {
      await page.keyboard.press('4');
      expect((await shownCells(page)).map(asRow)).toEqual(['1.000 / 100.0 % / 1.000 / 100.0 % / f / main.py:1']);
      expect(await page.locator('.call-list').allTextContents()).toEqual([
        '▲ Called fromNothing that was seen: stacks begin here.',
        '▼ CallsNothing that was seen: all its time is its own.',
      ]);
      expect(problems).toEqual([]);
    });
    await withPage(browser(), pageOf(manyFunctions(20_000)), async ({ page, problems }) => {
      await page.keyboard.press('4');
      expect(await page.locator('[data-list=functions]').getAttribute('aria-rowcount')).toBe('20001');
      expect(await page.locator('[data-list=functions] [data-row]').count()).toBeLessThan(100);
      await page.locator('[data-list=functions] [data-row="0"]').click();
      await page.keyboard.press('End');
      expect(await page.locator(':focus .name').textContent()).toBe('f0');
      expect(problems).toEqual([]);
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing, ${colorScheme}`, async () => {
      const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
      for (const device of [{}, phone]) {
        await withPage(
          browser(),
          sample,
          async ({ page }) => {
            await page.keyboard.press('4');
            expect(await axeFindings(page)).toEqual([]);
            await page.locator('[data-list=functions] .name', { hasText: 'Quote.total' }).click();
            await page.locator('.search input').fill('quote');
            expect(await axeFindings(page)).toEqual([]);
          },
          { colorScheme, ...device },
        );
      }
    });
  }
});

/** Of one second each and of a little more than the one before. */
function manyFunctions(count: number): Session {
  const session = sessionFromText('1\nf:1');
  const [frame] = session.frames;
  const [thread] = session.threads;
  if (frame === undefined || thread === undefined) throw new Error('nothing there');
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    ...session,
    frames: numbers.map((number) => ({ ...frame, functionName: `f${number}` })),
    stacks: {
      parent: Int32Array.from(numbers, () => -1),
      frame: Int32Array.from(numbers),
      line: Int32Array.from(numbers, () => 1),
    },
    threads: [
      {
        ...thread,
        stack: Int32Array.from(numbers),
        weight: Float64Array.from(numbers, (number) => 1 + number / 1000),
        state: Uint8Array.from(numbers, () => 3),
        sampleCount: count,
      },
    ],
  };
}

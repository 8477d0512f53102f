/** Does the page show source text with the right times beside it, and can all of it be driven by mouse and by keys? */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { formatFixed } from '../../src/render/fixed-point.ts';
import { textRenderer } from '../../src/render/text.ts';
import { encodeSession, readSession } from '../../src/session/file.ts';
import { buildLineTable } from '../../src/tree/line-table.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';
import { deepSession, sessionFromText } from '../support/session-from-text.ts';

/** The rows that are in the document, in their order: line, total, self, text. */
async function shownLines(page: Page, list = 'lines'): Promise<readonly (readonly string[])[]> {
  return page
    .locator(`[data-list="${list}"] [data-row]`)
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => Number(a.getAttribute('data-row')) - Number(b.getAttribute('data-row')))
        .map((row) => [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent ?? '')),
    );
}

const place = (page: Page): Promise<string | null> => page.locator('.dock .place').first().textContent();

const currentLine = async (page: Page): Promise<string | null> =>
  page.locator('[data-list=lines] [aria-selected=true] .number').first().textContent();

describeInChromium('the source view in a browser', (browser) => {
  const tall = { viewport: { width: 1280, height: 3000 } };
  const session = readSession(encodeSession(sampleSession()), 'sample');
  const sample = pageOf(session, {}, sampleSource);

  test('it begins with the hottest line of the text report, with the time that is there', async () => {
    const text = String(textRenderer.render(session, { unicode: true }, { readSource: sampleSource }));
    expect(text).toMatch(/ 8\.4 s +34 % +pricing\.py:47 +return sum/);
    await withPage(browser(), sample, async ({ page, problems }) => {
      await page.keyboard.press('5');
      expect(await place(page)).toBe('pricing.py:47');
      expect((await shownLines(page)).find(([line]) => line === '47')).toEqual([
        ...['47', '8.371', '0.616'],
        '        return sum(Decimal(x) * rate for x in rows)',
      ]);
      expect((await shownLines(page)).find(([line]) => line === '42')).toEqual([
        '42',
        '',
        '',
        '    # The heart of it.',
      ]);
      expect(await shownLines(page, 'line-callees')).toEqual([
        ['7.755', '92.6 %', 'Quote.<genexpr>pricing.py:47'],
        ['7.755', '92.6 %', 'Decimal.__mul___pydecimal.py:1250'],
      ]);
      expect(problems).toEqual([]);
    });
  });

  test.each(['basic', 'threads', 'edge', 'deep', 'interval_3ms'])(
    '%s: without text every line with time is there, as in the table of lines',
    async (name) => {
      const golden = readFileSync(new URL(`../golden/${name}.pyisession`, import.meta.url));
      const recorded = readSession(golden, name);
      const { files } = buildLineTable(recorded, recorded.threads);
      await withPage(
        browser(),
        pageOf(recorded),
        async ({ page }) => {
          await page.keyboard.press('5');
          await page.keyboard.press('g');
          const count = await page.locator('.file').count();
          expect(count).toBe(files.size);
          for (let index = 0; index < Math.min(count, 8); index++) {
            if (index > 0) await page.keyboard.press('g');
            const title = (await page.locator('.file').nth(index).getAttribute('title')) ?? '';
            await page.locator('.file').nth(index).click();
            const file = files.get(title.split('\n')[0] ?? '');
            const decimals = 3;
            const times = (seconds: number): string => (seconds > 0 ? formatFixed(seconds, decimals) : '');
            expect((await shownLines(page)).map((cells) => cells.slice(0, 3))).toEqual(
              file?.lines.map(({ line, total, self }) => [`${line}`, times(total), times(self)]),
            );
          }
          expect(await page.locator('.remark').textContent()).not.toBe('');
        },
        tall,
      );
    },
  );

  test('lines, calls and the way back, by keys alone', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('5');
      const isOnRow = (): Promise<boolean | undefined> =>
        page.evaluate(() => document.activeElement?.matches('[data-list=lines] [role=row]'));
      while (!(await isOnRow())) await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowUp');
      expect(await currentLine(page)).toBe('46');
      expect(await page.locator('.call-list').first().textContent()).toContain('No time was spent in this line.');
      await page.keyboard.press('k');
      expect(await currentLine(page)).toBe('27');
      await page.keyboard.press('j');
      expect(await currentLine(page)).toBe('47');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      expect(await place(page)).toBe('pricing.py:27');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      expect(await place(page)).toBe('report.py:94');
      expect(await page.locator('.remark').textContent()).toBe('This file could not be read where the page was made.');
      expect((await shownLines(page)).map(([line, , , text]) => `${line} ${text}`)).toContain('94 main');
      await page.keyboard.press('b');
      await page.keyboard.press('b');
      expect(await place(page)).toBe('pricing.py:47');
      await page.keyboard.press('Home');
      expect(await currentLine(page)).toBe('1');
      await page.keyboard.press('End');
      expect(await currentLine(page)).toBe('47');
      await page.keyboard.press('h');
      expect(await page.locator('.gap').allTextContents()).toEqual([
        '⋯ 23 lines without time',
        '⋯ 13 lines without time',
      ]);
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      expect(await page.locator('.gap').count()).toBe(1);
      await page.keyboard.press('h');
      expect(await page.locator('.gap').count()).toBe(0);
    });
  });

  test('files are picked by typing, in the order of their time', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('5');
      await page.keyboard.press('g');
      expect((await page.locator('.file bdi').allTextContents()).slice(0, 3)).toEqual([
        'loader.py',
        'pricing.py',
        'store.py',
      ]);
      await page.keyboard.type('store');
      await page.keyboard.press('Enter');
      expect(await place(page)).toBe('store.py:12');
      expect(await page.locator('.popover').count()).toBe(0);
    });
  });

  test('the way from the call tree, the hottest lines and the functions, and to them', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.locator('.name', { hasText: 'price_all' }).click();
      await page.keyboard.press('5');
      expect(await place(page)).toBe('pricing.py:27');
      await page.locator('.hot-line', { hasText: 'store.py:12' }).click();
      expect(await place(page)).toBe('store.py:12');
      expect(await page.locator('.side .selected .name').textContent()).toBe('load');
      await page.keyboard.press('4');
      await expect(page.locator('[data-list=functions] [aria-selected=true] .name').textContent()).resolves.toBe(
        'load',
      );
      await page.locator('.dock [data-command=show-source]').click();
      expect(await place(page)).toBe('store.py:12');
      await page.locator('.dock [data-command=show-functions]').click();
      await page.locator('[data-list=callees] .name').first().click();
      expect(await page.locator('.dock .name').first().textContent()).toBe('Session.execute');
    });
  });

  test('a built-in function has no lines: it is shown in the table of functions', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('5');
      await page.keyboard.press('g');
      await page.keyboard.type('loader');
      await page.keyboard.press('Enter');
      expect(await place(page)).toBe('loader.py:8');
      await page.locator('[data-list=line-callees] .name', { hasText: 'recv' }).click();
      expect(await page.locator('[data-list=functions] [aria-selected=true] .name').textContent()).toBe('recv');
    });
  });

  test('what is searched for is marked in the text, and Enter goes through it', async () => {
    await withPage(browser(), sample, async ({ page }) => {
      await page.keyboard.press('5');
      await page.keyboard.press('/');
      await page.keyboard.type('QUOTE');
      expect(new Set(await page.locator('[data-list=lines] mark').allTextContents())).toEqual(
        new Set(['Quote', 'quote']),
      );
      await page.keyboard.press('Enter');
      expect(await currentLine(page)).toBe('7');
      await page.keyboard.press('Enter');
      expect(await currentLine(page)).toBe('14');
      await page.keyboard.press('Shift+Enter');
      expect(await currentLine(page)).toBe('7');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
    });
  });

  test('says what was left out and why, and that a file has changed', async () => {
    const small = sessionFromText('1      8\nmain:2 store@big.py:9');
    const remarkOf = async (html: string, keys: readonly string[] = []): Promise<string> => {
      let text = '';
      await withPage(browser(), html, async ({ page }) => {
        await page.keyboard.press('5');
        for (const key of keys) await page.keyboard.press(key);
        text = (await page.locator(keys.length === 1 ? '.popover > .detail' : '.remark').textContent()) ?? '';
      });
      return text;
    };
    const large = (file: string): string => 'x = 1\n'.repeat(file.endsWith('big.py') ? 100_000 : 1);
    expect(await remarkOf(pageOf(small, {}, large))).toBe(
      'The text of this file was left out: a page carries 500 kB of source at most.',
    );
    expect(await remarkOf(pageOf(small, {}, large), ['g'])).toBe(
      'Without text: 1 file for which there was no room (a page carries 500 kB at most).',
    );
    expect(await remarkOf(pageOf(small, { source: false }, large))).toContain('made without source text');
    expect(await remarkOf(pageOf(small, {}, () => 'x = 1\n'))).toBe(
      'The file has changed since it was recorded: 1 line with time is past its end.',
    );
    const cold = pageOf(sessionFromText('9      0.001\nmain:2 rare@rare.py:1'), {}, large);
    expect(await remarkOf(cold, ['g', 'r', 'a', 'r', 'e', 'Enter'])).toBe(
      'The text of this file was left out: hardly any time was spent in it.',
    );
  });

  test('100,000 lines: only those on the screen are there, and a press beside them goes to hot ones', async () => {
    const file = 'a = 1\n'.repeat(80_000);
    const long = sessionFromText('1      2          4\nmain:2 main:40000  main:79999');
    await withPage(
      browser(),
      pageOf(long, {}, () => file),
      async ({ page, problems }) => {
        await page.keyboard.press('5');
        expect(await page.locator('[data-list=lines]').getAttribute('aria-rowcount')).toBe('80001');
        expect(await page.locator('[data-list=lines] [data-row]').count()).toBeLessThan(120);
        expect(await currentLine(page)).toBe('79999');
        await expect(page.locator('[data-list=lines] [aria-selected=true]').isVisible()).resolves.toBe(true);
        expect(await page.locator('.heat-strip i').count()).toBe(3);
        const strip = await page.locator('.heat-strip').boundingBox();
        if (strip === null) throw new Error('no strip');
        await page.mouse.click(strip.x + 5, strip.y + strip.height / 2);
        expect(await currentLine(page)).toBe('40000');
        await page.keyboard.press('h');
        expect(await page.locator('[data-list=lines]').getAttribute('aria-rowcount')).toBe(`${5 + 1 + 7 + 1 + 5 + 1}`);
        expect(problems).toEqual([]);
      },
    );
  });

  test('hostile text stays text, and long lines are cut', async () => {
    const hostile = [
      '</script><script>window.hacked = 1</script>',
      '<img src=x onerror="window.hacked = 2">',
      'access = "\u202e\u2066admin"',
      '\ud800 \u0000 \u001b[2J <!-- ]]>',
      `${'x'.repeat(100_000)}`,
      '\tindented\ttwice',
    ].join('\n');
    const name = '</script><img src=x onerror="window.hacked=3">\u202e';
    const session = sessionFromText('1      2      4      8      16     32\nmain:1 main:2 main:3 main:4 main:5 main:6');
    const frames = session.frames.map((frame) => ({ ...frame, functionName: name, file: `/app/${name}.py` }));
    await withPage(
      browser(),
      pageOf({ ...session, frames }, {}, () => hostile),
      async ({ page, problems }) => {
        for (const key of ['4', '5', 'g', 'Escape']) await page.keyboard.press(key);
        const lines = (await shownLines(page)).map(([, , , text]) => text ?? '');
        expect(lines[0]).toBe('</script><script>window.hacked = 1</script>');
        expect(lines[1]).toBe('<img src=x onerror="window.hacked = 2">');
        expect(lines[2]).toBe('access = "\\u202e\\u2066admin"');
        expect(lines[3]).toContain('\\x1b[2J <!-- ]]>');
        expect(lines[4]).toHaveLength(1001);
        expect(lines[5]).toBe('\tindented\ttwice');
        expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
        expect(await page.locator('#app img, #app script').count()).toBe(0);
        expect(problems).toEqual([]);
      },
    );
  });

  test('an empty profile, one function, no file, and nothing left', async () => {
    const textOf = async (html: string, ...keys: string[]): Promise<string> => {
      let text = '';
      await withPage(browser(), html, async ({ page, problems }) => {
        await page.keyboard.press('5');
        for (const key of keys) await page.keyboard.press(key);
        text = (await page.locator('main').textContent()) ?? '';
        expect(problems).toEqual([]);
      });
      return text;
    };
    expect(await textOf(pageOf(sessionFromText('')))).toBe('No samples were recorded.');
    expect(await textOf(pageOf(deepSession(1)))).toContain('main.py');
    expect(await textOf(pageOf(sessionFromText('1\nsleep()')))).toBe(
      'None of the time that is shown was spent in a file.',
    );
    expect(await textOf(pageOf(sessionFromText('1\nmain:3')), 'j', 'Delete')).not.toBe('');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing, ${colorScheme}`, async () => {
      const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
      for (const device of [{}, phone]) {
        await withPage(
          browser(),
          sample,
          async ({ page }) => {
            await page.keyboard.press('5');
            expect(await axeFindings(page)).toEqual([]);
            await page.keyboard.press('h');
            await page.keyboard.press('g');
            expect(await axeFindings(page)).toEqual([]);
            await page.keyboard.type('_pydecimal');
            await page.keyboard.press('Enter');
            await page.locator('.search input').fill('decimal');
            expect(await axeFindings(page)).toEqual([]);
          },
          { colorScheme, ...device },
        );
      }
    });
  }

  test('at 400 % nothing needs scrolling sideways but long lines', async () => {
    await withPage(
      browser(),
      sample,
      async ({ page }) => {
        for (const key of ['4', '5']) {
          await page.keyboard.press(key);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
        }
      },
      { viewport: { width: 320, height: 256 } },
    );
  });
});

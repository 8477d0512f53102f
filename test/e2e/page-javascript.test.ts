/** Does the page show a recording of Node.js right: what waits, what collects garbage, what is native? */
import { expect, test } from 'vitest';
import { textRenderer } from '../../src/render/text.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { drawn, nameAt, showDrawing } from '../support/icicle.ts';
import { javascriptSession } from '../support/javascript-session.ts';
import { pageOf, reportRows, shownRows, withPage } from '../support/page.ts';

describeInChromium('the page of a Node.js program', (browser) => {
  const session = javascriptSession();
  const html = pageOf(session);

  test('the tree is that of the text report', async () => {
    const text = String(textRenderer.render(session, { processor_options: { filter_threshold: 0.001 } }));
    const frames = reportRows(text).filter((row) => /^\d+\.\d{3} /.test(row));
    await withPage(browser(), html, async ({ page, problems }) => {
      await page.keyboard.press('*');
      expect((await shownRows(page)).map((row) => row.trim())).toEqual(expect.arrayContaining(frames));
      expect(await page.locator('.header').textContent()).toContain('Node.js24.1.0');
      expect(await page.locator('.toolbar').textContent()).not.toContain('GIL');
      expect(problems).toEqual([]);
    });
  });

  test('the timeline tells running, waiting and collecting garbage apart', async () => {
    await withPage(browser(), html, async ({ page }) => {
      await showDrawing(page, '2');
      await drawn(page);
      expect(await page.locator('.legend li').allTextContents()).toEqual(['idle', 'on a CPU', 'collects garbage']);
      expect(await nameAt(page, 0.85, 24 + 28 + 8)).toBe('(idle)');
      expect(await axeFindings(page)).toEqual([]);
    });
  });

  test('functions: time that is no code of the program has no place', async () => {
    await withPage(browser(), html, async ({ page }) => {
      await page.keyboard.press('4');
      const rows = await page
        .locator('[data-list=functions] [data-row]')
        .evaluateAll((all) =>
          all.map((row) => [row.querySelector('.name')?.textContent, row.querySelector('.place')?.textContent]),
        );
      expect(rows).toContainEqual(['Server.handle', 'server.ts:12']);
      expect(rows).toContainEqual(['(garbage collector)', '']);
    });
  });
});

/** Are reports taken from the page the same as the command line's, of what is shown? */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { pageTemplate } from '../../src/page-template.ts';
import { diffHtmlRenderer } from '../../src/render/diff-html.ts';
import { findDiffRenderer } from '../../src/render/diff-registry.ts';
import { findRenderer } from '../../src/render/registry.ts';
import type { RenderOptions } from '../../src/render/renderer.ts';
import { decodeSession, encodeSession, readSession } from '../../src/session/file.ts';
import { selectSession } from '../../src/session/select.ts';
import type { Session } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';
import { sampleSession, sampleSource } from '../../viewer/dev/sample-session.ts';
import { changedSession } from '../support/changed-session.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';

/** Files hold times to the nanosecond. */
const asSaved = (recording: Session): Session => decodeSession(encodeSession(recording), 'sample');

const session = asSaved(sampleSession());
const page1 = pageOf(session, {}, sampleSource);

/** Opens the menu with its key, goes to the button with Tab, presses it; gives the file's name and bytes. */
async function save(page: Page, name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await page.keyboard.press('S');
  const saved = page.locator('.exports p').nth(1).getByRole('button', { name, exact: true });
  for (let stops = 0; stops < 12; stops++) {
    if (await saved.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  await page.keyboard.press('Escape');
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

const rendered = (format: string, recording = session, options: RenderOptions = {}): string =>
  String(findRenderer(format).render(recording, options, { readSource: sampleSource }));

describeInChromium('exports of the page', (browser) => {
  test.each([
    ['Text', 'text', 'report.txt', { unicode: true }],
    ['Markdown', 'markdown', 'report.md', {}],
    ['JSON', 'json', 'report.json', {}],
    ['speedscope', 'speedscope', 'report.speedscope.json', {}],
  ])('%s is the report of the command line', async (button, format, fileName, options) => {
    await withPage(browser(), page1, async ({ page, problems, requests }) => {
      const { name, bytes } = await save(page, button);
      expect(name).toBe(fileName);
      expect(bytes.toString()).toBe(rendered(format, session, options));
      expect(problems).toEqual([]);
      expect(requests.filter((address) => !address.startsWith('blob:'))).toEqual([]);
    });
  });

  test('the recording', async () => {
    await withPage(browser(), page1, async ({ page }) => {
      const { name, bytes } = await save(page, 'Recording');
      expect(name).toBe('report.timesink');
      expect(readSession(bytes, name)).toEqual(session);
    });
  });

  test('a picture of the flame graph', async () => {
    await withPage(browser(), page1, async ({ page }) => {
      const { name, bytes } = await save(page, 'Flame graph (SVG)');
      expect(name).toBe('report.svg');
      expect(bytes.toString()).toMatch(/^<svg [\s\S]*>Quote\.total<[\s\S]*<\/svg>\n$/);
    });
  });

  test('threads and time that are shown', async () => {
    await withPage(browser(), page1, async ({ page }) => {
      await page.evaluate(() => {
        location.hash = 'threads=1&span=2-5.5';
      });
      await expect.poll(() => page.locator('.breadcrumb').count()).toBe(1);
      const { bytes } = await save(page, 'Text');
      const span = { from: seconds(2), to: seconds(5.5) };
      const selected = selectSession(session, { threads: ['loader'], processes: [], span });
      expect(bytes.toString()).toBe(rendered('text', selected, { unicode: true, threads: true }));
    });
  });

  test('options and steps of the page', async () => {
    await withPage(browser(), page1, async ({ page }) => {
      await page.keyboard.press('o');
      await page.getByRole('radio', { name: 'Nothing' }).check();
      await page.getByRole('radio', { name: 'Percent of the total' }).check();
      await page.keyboard.press('Escape');
      const options = { unicode: true, show_all: true, time: 'percent_of_total' };
      expect((await save(page, 'Text')).bytes.toString()).toBe(rendered('text', session, options));
      await page.locator('.name', { hasText: 'Quote.total' }).click();
      await page.keyboard.press('f');
      const focused = (await save(page, 'Text')).bytes.toString();
      expect(focused).toContain('Note: 1 step of the page changed what is shown.');
      expect(focused).toMatch(/^\S+ Quote\.total {2}pricing\.py:44$/m);
    });
  });

  test('the comparison', async () => {
    const before = { name: 'before.timesink', session };
    const after = { name: 'after.timesink', session: asSaved(changedSession(session)) };
    const html = diffHtmlRenderer.render(before, after, {}, { pageTemplate });
    await withPage(browser(), html, async ({ page }) => {
      const formats = [
        ['Text', 'text', 'report-diff.txt', { unicode: true }],
        ['Markdown', 'markdown', 'report-diff.md', {}],
        ['JSON', 'json', 'report-diff.json', {}],
      ] as const;
      for (const [button, format, fileName, options] of formats) {
        const { name, bytes } = await save(page, button);
        expect(name).toBe(fileName);
        expect(bytes.toString()).toBe(findDiffRenderer(format).render(before, after, options));
      }
      await page.getByRole('radio', { name: 'Share' }).check();
      await page.getByLabel('Hide unchanged').uncheck();
      const chosen = { unicode: true, normalize: true, processor_options: { filter_threshold: 0 } };
      const { bytes } = await save(page, 'Text');
      expect(bytes.toString()).toBe(findDiffRenderer('text').render(before, after, chosen));
    });
  });

  test('copies to the clipboard, and says so', async () => {
    await withPage(browser(), page1, async ({ page }) => {
      await page.evaluate(() => {
        document.addEventListener('copy', () => {
          const area = document.activeElement;
          document.body.dataset['copied'] = area instanceof HTMLTextAreaElement ? area.value : '';
        });
      });
      await page.keyboard.press('S');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('[role=status]').textContent()).toBe('Copied as Text');
      expect(await page.evaluate(() => document.body.dataset['copied'])).toBe(
        rendered('text', session, { unicode: true }),
      );
    });
  });
});

/** Does the page say where the time went in real programs, by the text report's numbers, in every view? */
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { textRenderer } from '../../src/render/text.ts';
import type { SessionBuilder } from '../../src/session/builder.ts';
import { readSession } from '../../src/session/file.ts';
import type { FrameIndex, StackIndex } from '../../src/session/ids.ts';
import type { Session } from '../../src/session/session.ts';
import { mainThreadOf } from '../support/arbitrary-session.ts';
import { axeFindings } from '../support/axe.ts';
import { describeInChromium } from '../support/chromium.ts';
import { longSession } from '../support/long-session.ts';
import { pageOf, reportRows, shownRows, withPage } from '../support/page.ts';
import { testWithPackage, testWithPython } from '../support/pythons.ts';
import { programText } from '../support/record.ts';
import { runCli } from '../support/run-cli.ts';
import { frameInfo } from '../support/sessions.ts';

/** The page of a run, as the command line writes it. */
async function record(python: string, program: string, args: readonly string[] = ['main.py']): Promise<string> {
  const run = await runCli(['-o', 'page.html', ...args], {
    files: { [args.at(-1) ?? '']: programText(program) },
    env: { TIMESINK_PYTHON: python, PYTHONDONTWRITEBYTECODE: '1' },
    collect: ['page.html'],
  });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return String(run.files.get('page.html'));
}

/** The recording that a page carries. */
function sessionIn(html: string): Session {
  const base64 = /id="timesink-session"[^>]*>([^<]+)</.exec(html)?.[1] ?? '';
  return readSession(Buffer.from(base64, 'base64'), 'page.html');
}

interface Expected {
  /** Which function took the time. */
  readonly slow: string;
  readonly colorScheme: 'light' | 'dark';
}

async function checkPage(browser: Browser, html: string, { slow, colorScheme }: Expected): Promise<void> {
  await withPage(
    browser,
    html,
    async ({ page, requests, problems }) => {
      await expectOnScreen(page, slow);
      await expectTimesOfText(page, sessionIn(html));
      for (const tab of await tabs(page)) {
        await show(page, tab);
        expect(await axeFindings(page), tab).toEqual([]);
      }
      expect([requests, problems]).toEqual([[], []]);
    },
    { colorScheme },
  );
}

/** Whether it can be read without scrolling. */
async function expectOnScreen(page: Page, name: string): Promise<void> {
  const boxes = await page
    .locator('[data-row] .name, .hot-line')
    .filter({ hasText: name })
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().bottom));
  expect(boxes.filter((bottom) => bottom <= 800)).not.toEqual([]);
}

async function expectTimesOfText(page: Page, session: Session): Promise<void> {
  const options = { unicode: true, processor_options: { filter_threshold: 0.001 } };
  const reported = new Set(reportRows(String(textRenderer.render(session, options))));
  const frames = (await shownRows(page)).map((row) => row.replace(/\s+/g, ' ').trim()).filter((row) => /^\d/.test(row));
  const rows = frames.filter((row) => !/frames? hidden/.test(row));
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.filter((row) => !reported.has(row))).toEqual([]);
}

/** Names of the views, in the order of their keys. */
async function tabs(page: Page): Promise<readonly string[]> {
  const names = await page.locator('.tabs button').allTextContents();
  expect(names.length).toBeGreaterThanOrEqual(5);
  return names;
}

/** Goes to a view by its key, and waits until it shows something. */
async function show(page: Page, tab: string): Promise<void> {
  const key = (await tabs(page)).indexOf(tab) + 1;
  await page.keyboard.press(String(key));
  await page.locator(`main[aria-label="${tab}"]`).waitFor({ timeout: 20_000 });
  await page.locator('main :is([role=row], .stage)').first().waitFor({ timeout: 20_000 });
}

describeInChromium('pages of real programs', (browser) => {
  testWithPackage('django', 'requests to Django', async (python) => {
    const html = await record(python, 'page-django.py');
    await checkPage(browser(), html, { slow: 'exchange_rate', colorScheme: 'light' });
  });

  testWithPackage('pytest', 'pytest', async (python) => {
    const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_total.py'];
    const run = await record(python, 'page-pytest.py', args);
    await checkPage(browser(), run, { slow: 'total', colorScheme: 'dark' });
  });

  testWithPython('tasks of asyncio', async ({ path }) => {
    const html = await record(path, 'page-asyncio.py');
    await checkPage(browser(), html, { slow: 'parse', colorScheme: 'dark' });
  });

  testWithPython('eight threads', async ({ path }) => {
    const html = await record(path, 'page-threads.py');
    expect(sessionIn(html).threads).toHaveLength(8);
    await checkPage(browser(), html, { slow: 'compute', colorScheme: 'light' });
  });

  testWithPython('recursion, 10,000 deep', async ({ path }) => {
    const html = await record(path, 'page-deep.py');
    await checkPage(browser(), html, { slow: 'spin', colorScheme: 'light' });
  });
});

const rows = 1_000_000;

/** Calls up to 50 deep, 2,000 distinct stacks. */
function manyStacks(builder: SessionBuilder): readonly StackIndex[] {
  const frames = Array.from({ length: 200 }, (_, index) => builder.frame(frameInfo(`function_${index}`)));
  return Array.from({ length: 2000 }, (_, number) => {
    const called = (level: number): number => (level === 0 ? 0 : 1 + ((number * 31 + level * 17) % 199));
    const levels = Array.from({ length: 5 + (number % 45) }, (_, level) => level);
    return builder.stack(levels.map((level) => [frames[called(level)] as FrameIndex, level + 1]));
  });
}

describeInChromium('a million samples', (browser) => {
  test('open, and every view answers', async () => {
    const session = longSession(rows, 0.001, manyStacks);
    expect(mainThreadOf(session).stack).toHaveLength(rows);
    await withPage(browser(), pageOf(session), async ({ page, problems }) => {
      expect((await shownRows(page))[0]).toMatch(/^1000\.0\d* function_0 /);
      for (const tab of await tabs(page)) await show(page, tab);
      expect(problems).toEqual([]);
    });
  }, 120_000);
});

/** How long does a page take in a browser: until it can be used, and to answer a search? */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts Chromium; undefined where there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = places.find((place) => existsSync(place));
  // Its sandbox does not start for root.
  return executablePath === undefined ? undefined : await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** What was found out about a page. */
export interface PageTimes {
  /** Seconds from the beginning of its loading until rows are on the screen and the browser is idle again. */
  readonly interactive: number;
  /** Seconds from each key typed into the search to the frame that answers it; empty where there is no search. */
  readonly searches: readonly number[];
}

interface Measured {
  interactive?: number;
  searches?: number[];
}

/** Runs before any script of the page: waits for rows, then for a moment in which nothing else is to be done. */
const watch = (selector: string): string => `{
  const look = () => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
    else setTimeout(() => { window.interactive = performance.now(); });
  };
  requestAnimationFrame(look);
}`;

/** From the key to the end of the frame that shows what it does. */
const watchSearches = `
  window.searches = [];
  addEventListener('input', ({ timeStamp }) => {
    requestAnimationFrame(() => setTimeout(() => window.searches.push((performance.now() - timeStamp) / 1000)));
  }, { capture: true });
`;

/**
 * Opens a file in a new window and waits for it.
 * @param rows selector of what must be on the screen
 * @param text typed into the search, key by key
 */
export async function timePage(
  browser: Browser,
  path: string,
  { rows, text = '' }: { readonly rows: string; readonly text?: string },
): Promise<PageTimes> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch(rows));
    await page.goto(pathToFileURL(path).href, { timeout: 180_000 });
    await page.waitForFunction(() => (window as Measured).interactive !== undefined, undefined, { timeout: 180_000 });
    const interactive = await page.evaluate(() => (window as Measured).interactive ?? Number.NaN);
    return { interactive: interactive / 1000, searches: text === '' ? [] : await typeSearch(page, text) };
  } finally {
    await context.close();
  }
}

async function typeSearch(page: Page, text: string): Promise<readonly number[]> {
  await page.evaluate(watchSearches);
  await page.keyboard.press('/');
  for (const key of text) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
  }
  return page.evaluate(() => (window as Measured).searches ?? []);
}

/** How does the page look? Takes the pictures of docs/page.md, from the page of the sample recording. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { pageTemplate } from '../src/page-template.ts';
import { findDiffRenderer } from '../src/render/diff-registry.ts';
import { htmlRenderer } from '../src/render/html.ts';
import { changedSession } from '../test/support/changed-session.ts';
import { sampleSession, sampleSource } from '../viewer/dev/sample-session.ts';

const pictures = fileURLToPath(new URL('../docs/pictures/', import.meta.url));

/** More than this is too much for a document that is cloned with the sources. Bytes. */
const largestPicture = 60_000;

type Theme = 'light' | 'dark';

interface Picture {
  readonly name: string;
  readonly themes: readonly Theme[];
  readonly isDiff?: boolean;
  /** Instead of the usual size, in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly prepare: (page: Page) => Promise<void>;
}

const usualSize = { width: 1280, height: 640 };

/** Selects a function in the call tree, and presses keys. */
const showSelected =
  (name: string, ...keys: readonly string[]): Picture['prepare'] =>
  async (page) => {
    await page.locator('[data-row] .name', { hasText: name }).first().click();
    for (const key of keys) await page.keyboard.press(key);
  };

const list: readonly Picture[] = [
  { name: 'tree', themes: ['light', 'dark'], prepare: showSelected('price_all', '1') },
  { name: 'timeline', themes: ['light'], prepare: showSelected('price_all', '2') },
  { name: 'flame', themes: ['dark'], prepare: showSelected('Quote.total', '3') },
  { name: 'functions', themes: ['light'], prepare: showSelected('Decimal.__mul__', '4') },
  { name: 'source', themes: ['dark'], prepare: showSelected('Quote.total', '5', 'h') },
  { name: 'diff', themes: ['light'], isDiff: true, prepare: (page) => page.keyboard.press('6') },
  { name: 'phone', themes: ['dark'], size: { width: 390, height: 700 }, prepare: async () => {} },
];

/** Page of the sample, or of the sample and what became of it. */
function pageFor({ isDiff }: Picture): string {
  const context = { readSource: sampleSource, pageTemplate };
  const before = { name: 'monday.timesink', session: sampleSession() };
  const after = { name: 'tuesday.timesink', session: changedSession(sampleSession()) };
  return isDiff === true
    ? findDiffRenderer('html').render(before, after, {}, context)
    : String(htmlRenderer.render(sampleSession(), {}, context));
}

async function take(browser: Browser, picture: Picture, colorScheme: Theme): Promise<void> {
  const { name, size = usualSize, prepare } = picture;
  const file = join(tmpdir(), `timesink-picture-${process.pid}.html`);
  writeFileSync(file, pageFor(picture));
  const context = await browser.newContext({
    ...{ viewport: size, colorScheme, reducedMotion: 'reduce' },
    ...{ locale: 'en-GB', timezoneId: 'UTC' },
  });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('main');
  await prepare(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  const session = await context.newCDPSession(page);
  for (let quality = 90; ; quality -= 10) {
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length > largestPicture && quality > 10) continue;
    writeFileSync(join(pictures, `${name}-${colorScheme}.webp`), bytes);
    console.log(`${name}, ${colorScheme}: ${bytes.length} bytes at quality ${quality}`);
    break;
  }
  await context.close();
}

/** All pictures, in the place of those that are there. Says on the terminal how large each one is. */
export async function takePictures(): Promise<void> {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
  try {
    for (const picture of list) for (const theme of picture.themes) await take(browser, picture, theme);
  } finally {
    await browser.close();
  }
}

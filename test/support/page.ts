/** How does a test open a report in a browser? As a file, with every request noted and every error failing the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { pageTemplate } from '../../src/page-template.ts';
import { htmlRenderer } from '../../src/render/html.ts';
import type { RenderOptions, SourceReader } from '../../src/render/renderer.ts';
import type { Session } from '../../src/session/session.ts';

/** The page of a session, as `-r html` writes it. */
export function pageOf(
  session: Session,
  options: RenderOptions = {},
  readSource: SourceReader = () => undefined,
): string {
  return String(htmlRenderer.render(session, options, { readSource, pageTemplate }));
}

/** A page in a browser. */
export interface OpenPage {
  readonly page: Page;
  /** Addresses that were asked for, besides the file itself. */
  readonly requests: readonly string[];
  /** What the console and uncaught errors said. */
  readonly problems: readonly string[];
}

/** Opens `html` as a file, calls `use` once it shows something, and closes it again. */
export async function withPage(
  browser: Browser,
  html: string,
  use: (open: OpenPage) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-page-'));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const [requests, problems]: [string[], string[]] = [[], []];
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const address = pathToFileURL(file).href;
    const page = await context.newPage();
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) requests.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(address);
    if (options.javaScriptEnabled !== false) await page.waitForSelector('main');
    await use({ page, requests, problems });
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows of the call tree that are in the document: time, name and place, each as it is shown. */
export async function shownRows(page: Page): Promise<readonly string[]> {
  const rows = await page.locator('[role=treegrid] [data-row]').evaluateAll((elements) =>
    elements
      .map((row) => {
        const text = (selector: string): string => row.querySelector(selector)?.textContent ?? '';
        const level = '  '.repeat(Number(row.getAttribute('aria-level')) - 1);
        const wide = text('.wide');
        return {
          index: Number(row.getAttribute('data-row')),
          line: level + (wide || [text('.time'), text('.name'), text('.place')].join(' ').trim()),
        };
      })
      .sort((a, b) => a.index - b.index)
      .map(({ line }) => line),
  );
  return rows;
}

/**
 * `1.000 main app.py:1` for each frame of a text report, as {@link shownRows} gives it without its indentation. What stands
 * for time has no place of its own in the page.
 */
export function reportRows(text: string): readonly string[] {
  return [...text.matchAll(/^(?:\. +)?[│├└─ ]*(\d+(?:\.\d+)? .*)$/gm)].map(([, line = '']) =>
    line
      .replace(/\s+/g, ' ')
      .replace(/ ?\[recursion, \d+ deep\]/, '')
      .replace('[self]', 'self')
      .replace(/^(\S+ (?:self|\[(?!built-in call\]).*?\])) .*$/, '$1')
      .trim(),
  );
}

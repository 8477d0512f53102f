/** Which browser can the tests drive? */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { declareMissing } from './provided.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Declares tests that share one browser; `body` gets a function that gives it, once tests run. */
export function describeInChromium(name: string, body: (browser: () => Browser) => void): void {
  const executablePath = places.find((place) => existsSync(place));
  if (executablePath === undefined) {
    declareMissing(name, 'Chromium');
    return;
  }
  describe(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      // The sandbox of Chromium does not start for root.
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    afterAll(() => browser?.close());
    body(() => {
      if (browser === undefined) throw new Error('Chromium did not start');
      return browser;
    });
  });
}

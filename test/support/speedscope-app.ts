/** What does speedscope, the application, show of a file? */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type StackSeconds, StackSums } from './stack-seconds.ts';

const { resolve } = createRequire(import.meta.url);
const application = join(dirname(resolve('speedscope/package.json')), 'dist/release/index.html');

const unitSeconds: Readonly<Record<string, number>> = {
  nanoseconds: 1e-9,
  microseconds: 1e-6,
  milliseconds: 1e-3,
  seconds: 1,
  // Our own folded stacks count microseconds, which they cannot say.
  none: 1e-6,
};

/** One profile that speedscope found in a file. */
export interface ShownProfile {
  readonly name: string;
  readonly seconds: StackSeconds;
  readonly frames: readonly { readonly name: string; readonly file?: string; readonly line?: number }[];
}

/** Of speedscope's own file format: what it writes when a profile is saved. */
interface SavedFile {
  readonly shared: { readonly frames: ShownProfile['frames'] };
  readonly profiles: readonly {
    readonly name: string;
    readonly unit: string;
    readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[];
  }[];
}

/** The application in a page of its own. */
export class SpeedscopeApp {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async start(browser: Browser): Promise<SpeedscopeApp> {
    const page = await browser.newPage();
    // What it cannot read it says in a dialog.
    page.on('dialog', (dialog) => void dialog.dismiss());
    // With this, it waits for files, as from its own command line.
    await page.goto(`${pathToFileURL(application).href}#localProfilePath=/dev/null`);
    return new SpeedscopeApp(page);
  }

  /** Opens a file, and saves what it shows of it as a user does. */
  async open(name: string, data: string | Uint8Array): Promise<readonly ShownProfile[]> {
    const words = [name, Buffer.from(data).toString('base64')].map((word) => JSON.stringify(word));
    await this.#page.evaluate(`document.title = ''; speedscope.loadFileFromBase64(${words.join(', ')})`);
    await this.#page.waitForFunction(`document.title !== ''`, undefined, { timeout: 20_000 });
    const saved = this.#page.waitForEvent('download', { timeout: 20_000 });
    await this.#page.keyboard.press('Control+s');
    return profilesOf(JSON.parse(await readFile(await (await saved).path(), 'utf8')) as SavedFile);
  }
}

function profilesOf({ shared: { frames }, profiles }: SavedFile): readonly ShownProfile[] {
  return profiles.map(({ name, unit, events }) => {
    const second = unitSeconds[unit];
    if (second === undefined) throw new Error(`the unit is ${unit}`);
    const sums = new StackSums();
    const open: string[] = [];
    let now = 0;
    for (const { type, frame, at } of events) {
      sums.add(open, (at - now) * second);
      now = at;
      if (type === 'O') open.push(frames[frame]?.name ?? '');
      else open.pop();
    }
    return { name, seconds: sums.seconds, frames };
  });
}

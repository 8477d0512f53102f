/** Does the page of a real recording, as the command line writes it, show what was recorded? */
import { expect } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { shownRows, withPage } from '../support/page.ts';
import { testWithPython } from '../support/pythons.ts';
import { runCli } from '../support/run-cli.ts';

const threads = `
import threading, time

def work():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        sum(i * i for i in range(1000))

def wait():
    time.sleep(1)

def main():
    waiting = threading.Thread(target=wait, name="waiting")
    waiting.start()
    work()
    waiting.join()

main()
`;

describeInChromium('the page of a recording', (browser) => {
  testWithPython('threads, what counts as time, and the source', async (python) => {
    const run = await runCli(['-o', 'page.html', 'main.py'], {
      files: { 'main.py': threads },
      env: { TIMESINK_PYTHON: python.path },
      collect: ['page.html'],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    await withPage(browser(), String(run.files.get('page.html')), async ({ page, requests, problems }) => {
      const names = (await shownRows(page)).map((row) => row.trim().split(' ')[1]);
      expect(names.slice(0, 3)).toEqual(['<module>', 'main', 'work']);
      const duration = Number((await shownRows(page))[0]?.trim().split(' ')[0]);
      expect(duration).toBeGreaterThan(0.9);
      expect(await page.locator('.hot-line').first().textContent()).toContain('main.py:');
      expect(await page.locator('.hot-line code').first().textContent()).toMatch(/sum\(i \* i|while time\.monotonic/);
      await page.keyboard.press('t');
      await page.getByRole('checkbox', { name: 'waiting' }).check();
      await page.keyboard.press('Escape');
      expect((await shownRows(page)).map((row) => row.trim())).toContainEqual(
        expect.stringMatching(/wait main\.py:9$/),
      );
      await page.getByRole('radio', { name: 'CPU' }).check();
      // Falling asleep and waking up takes a CPU for a moment.
      const slept = (await shownRows(page)).filter((row) => row.includes('sleep'));
      expect(slept.filter((row) => Number.parseFloat(row.trim()) > 0.1)).toEqual([]);
      expect([requests, problems]).toEqual([[], []]);
    });
  });
});

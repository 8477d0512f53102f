/** Does the page of a real recording, as the command line writes it, show what was recorded? */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { shownRows, withPage } from '../support/page.ts';
import { type Python, testWithPython } from '../support/pythons.ts';
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

/** A package in an environment, as `pip` is one; it works with another. */
const tool: Readonly<Record<string, string>> = {
  'site/tool/__main__.py': 'from tool.cli import main\nmain()\n',
  'site/tool/__init__.py': '',
  'site/tool/cli.py': `
import time
from dependency import load

def main():
    collect()

def collect():
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        load()
`,
  'site/dependency.py': 'def load():\n    sum(number * number for number in range(1000))\n',
  'bin/tool': '#!ENV/bin/python\nimport sys\nfrom tool.cli import main\nsys.exit(main())\n',
};

function makeEnvironment(python: Python, folder: string): string {
  execFileSync(python.path, ['-m', 'venv', '--without-pip', folder]);
  const site = join('lib', `python3.${python.minor}`, 'site-packages');
  for (const [name, text] of Object.entries(tool)) {
    const file = join(folder, name.replace(/^site/, site));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replace('ENV', folder), { mode: 0o755 });
  }
  return folder;
}

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

  testWithPython('a program that is all of it an installed package', async (python) => {
    const folder = makeEnvironment(python, mkdtempSync(join(tmpdir(), 'timesink-environment-')));
    try {
      const env = {
        TIMESINK_PYTHON: join(folder, 'bin/python'),
        PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      };
      const { stdout } = await runCli(['-m', 'tool', 'list'], { env });
      expect(stdout).toMatch(/─ [\d.]+ collect {2}tool\/cli\.py:8$/m);
      expect(stdout).toMatch(/^ +[\d.]+ m?s +\d+ % {2}tool\/cli\.py:11 +load\(\)$/m);
      const { files } = await runCli(['-o', 'page.html', '--from-path', 'tool'], { env, collect: ['page.html'] });
      await withPage(browser(), String(files.get('page.html')), async ({ page }) => {
        const names = (await shownRows(page)).map((row) => row.trim().split(' ')[1]);
        expect(names.slice(0, 3)).toEqual(['<module>', 'main', 'collect']);
        expect(await page.locator('.hot-line').first().textContent()).toContain('tool/cli.py:11');
        expect(await page.locator('.hot-line code').first().textContent()).toContain('load()');
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

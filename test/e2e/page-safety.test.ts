/** Is a page safe to open, whoever was profiled? Nothing leaves it, nothing in it runs but its own script, names stay text. */
import { expect, test } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { sampleSession } from '../../viewer/dev/sample-session.ts';
import { describeInChromium } from '../support/chromium.ts';
import { pageOf, withPage } from '../support/page.ts';
import { sessionFromText } from '../support/session-from-text.ts';

const hostile = [
  '</script><script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 2">',
  '</noscript><script>window.hacked = 3</script>',
  '</title><script>window.hacked = 4</script>',
  "$& $` $' $1 @@session@@ @@title@@",
  '<!-- --> ]]> &lt;b&gt; &#60;',
  'a\u202eb\u2066c',
  'x'.repeat(10_000),
  '\ud800 \u0000 \u001b[2J',
];

/** Hostile names of functions, files, classes, threads, the program and its remarks. */
function hostileSession(): Session {
  const session = sessionFromText({
    threads: [{ samples: '1 1 1\nmain main main' }, { samples: '1\nmain', name: 'other' }],
  });
  const frame = session.frames[0];
  if (frame === undefined) throw new Error('no frame');
  return {
    ...session,
    meta: { ...session.meta, description: hostile.join(' / '), notes: hostile },
    frames: hostile.map((text) => ({ ...frame, functionName: text, file: `/app/${text}.py`, className: text })),
    stacks: {
      parent: Int32Array.from(hostile, (_, index) => index - 1),
      frame: Int32Array.from(hostile, (_, index) => index),
      line: Int32Array.from(hostile, () => 1),
    },
    processes: session.processes.map((process) => ({ ...process, command: hostile, runtimeVersion: hostile[1] ?? '' })),
    threads: session.threads.map((thread) => ({
      ...thread,
      name: hostile[0] ?? '',
      stack: thread.stack.map(() => hostile.length - 1),
    })),
  };
}

describeInChromium('safety of the page', (browser) => {
  const html = pageOf(hostileSession(), { threads: true }, () => hostile.join('\n'));

  test('hostile names stay text', async () => {
    await withPage(browser(), html, async ({ page, requests, problems }) => {
      await page.keyboard.press('t');
      const text = (await page.locator('#app').textContent()) ?? '';
      for (const name of hostile.slice(0, 6)) expect(text).toContain(name);
      expect(text).toContain('a\\u202eb\\u2066c');
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
      expect(await page.locator('#app img, #app script').count()).toBe(0);
      expect([requests, problems]).toEqual([[], []]);
    });
  });

  test('without scripts there is the text report', async () => {
    await withPage(
      browser(),
      html,
      async ({ page }) => {
        const text = (await page.locator('noscript').textContent()) ?? '';
        for (const name of hostile.slice(0, 6)) expect(text).toContain(name);
        expect(await page.locator('img').count()).toBe(0);
      },
      { javaScriptEnabled: false },
    );
  });

  test('no request leaves it, whatever is pressed', async () => {
    await withPage(browser(), pageOf(sampleSession()), async ({ page, requests, problems }) => {
      await page.locator('[data-row="3"]').click();
      for (const key of [
        '2',
        '3',
        '4',
        '5',
        '6',
        '1',
        'e',
        '*',
        'f',
        'i',
        'i',
        'Backspace',
        'y',
        'o',
        'Escape',
        '?',
        'Escape',
      ]) {
        await page.keyboard.press(key);
      }
      expect([requests, problems]).toEqual([[], []]);
    });
  });

  test('the policy lets no other script run and nothing be loaded or sent', async () => {
    await withPage(browser(), pageOf(sampleSession()), async ({ page, requests }) => {
      const outcome = await page.evaluate(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.hacked = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<b id="b" onclick="window.hacked = 2">b</b>');
        document.getElementById('b')?.click();
        const sent = await fetch('https://example.org/').then(
          () => 'sent',
          () => 'stopped',
        );
        return { hacked: 'hacked' in window, sent };
      });
      expect(outcome).toEqual({ hacked: false, sent: 'stopped' });
      expect(requests).toEqual([]);
    });
  });

  test('works in a frame of another document, as notebooks have it, and in one without an origin', async () => {
    for (const sandbox of ['', ' sandbox="allow-scripts"']) {
      const quoted = pageOf(sampleSession()).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      await withPage(
        browser(),
        `<main>notebook</main><iframe${sandbox} width=1000 height=600 srcdoc="${quoted}"></iframe>`,
        async ({ page, problems }) => {
          const frame = page.frameLocator('iframe');
          await frame.locator('.name', { hasText: 'Quote.total' }).click();
          await page.keyboard.press('f');
          expect(await frame.locator('.breadcrumb li').count()).toBe(2);
          await page.keyboard.press('y');
          expect(problems).toEqual([]);
        },
      );
    }
  });
});

/** What does axe-core have against a page as it is now? */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** One line for each rule that is broken. Its script is let in past the page's policy by the browser itself. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Runtime.evaluate', { expression: axe.source });
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'axe.run().then(({ violations }) => JSON.stringify(violations))',
      awaitPromise: true,
    });
    const violations = JSON.parse(String(result.value)) as axe.Result[];
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  } finally {
    await session.detach();
  }
}

/** What axe, Deque's checker of the Web Content Accessibility Guidelines, finds on a page. */
import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * A line for each finding: rule, weight, what to do, and the first place. Of every weight: what is
 * tolerated has to be named by whoever asks. https://www.deque.com/axe/core-documentation/
 */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = { runOnly: { type: 'tag', values: tags } };
  const script = `globalThis.axe.run(document, ${JSON.stringify(options)})`;
  const results = await page.evaluate<AxeResults>(script);
  return results.violations.map(({ id, impact, help, nodes }) => {
    const place = nodes[0]?.target.join(' ') ?? 'nowhere';
    return `${id} (${impact}): ${help}, ${nodes.length} times, first at ${place}`;
  });
}

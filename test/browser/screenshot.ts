/** The pictures that the documents show, taken where the suite runs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'images');

/** Only with UPDATE_SCREENSHOTS=1: what is committed is what somebody looked at. */
export async function pictured(seen: Page | Locator, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return;
  mkdirSync(folder, { recursive: true });
  await seen.screenshot({ path: join(folder, `${name}.png`) });
}

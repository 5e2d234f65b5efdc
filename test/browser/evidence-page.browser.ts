/**
 * The page of evidence as an auditor sees it: opened from a file, light and dark, wide and narrow,
 * by keyboard, on paper; nothing is fetched, nothing runs, hostile names are text.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inventoryTold } from '../../domain/evidence-report.ts';
import { instant } from '../../domain/instant.ts';
import { dayGiven } from '../../sandbox/hostile/written-examples.ts';
import { answerOfConfig, pageOf } from '../evidence-pages.ts';
import { hostileName, journalOf, reportOf, rewritten } from '../evidence-reports.ts';
import { accessibilityProblems } from './accessibility.ts';
import { openBrowser, openPage } from './chromium.ts';
import { pictured } from './screenshot.ts';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-page-'));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const users = [...['svc-billing-export', 'svc-mobile-push', 'svc-legacy-sync', 'svc-archive']];
const first = reportOf('2026-11-02', users.map(journalOf));
const told = inventoryTold(dayGiven);
const second = reportOf('2026-11-09', users.map(journalOf), first, told);
const incidents = [
  { at: instant('2026-09-14T22:10:00Z'), kind: 'key', minutes: 95 },
  { at: instant('2026-10-21T07:40:00Z'), kind: 'key', minutes: 40 },
];
const answers = [
  answerOfConfig('02', 41, 9),
  answerOfConfig('09', 46, 4),
  answerOfConfig('16', 49, 1),
];
const whole = pageOf([first, second], incidents, answers);

async function shown(text: string, options: BrowserContextOptions = {}) {
  const file = join(folder, 'page.html');
  writeFileSync(file, text);
  const url = pathToFileURL(file).href;
  const opened = await openPage(browser, (each) => each === url, options);
  await opened.page.goto(url);
  return opened;
}

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test('it shows every chart, and a kept checker finds nothing that keeps people out', async () => {
    const { page, wrong } = await shown(whole, {
      colorScheme,
      viewport: { width: 1280, height: 1000 },
    });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('svg').count()).toBe(6);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('cell', { name: 'tag keyturn:team says payments, platform' }).waitFor();
    await pictured(page, `evidence-${colorScheme}`);
    if (colorScheme === 'light')
      await pictured(
        page.getByRole('region', { name: 'Inventory', exact: true }),
        'evidence-inventory',
      );
    expect(wrong).toEqual([]);
  });
});

test.each([320, 390, 768, 1280, 2560])(
  'at %i pixels nothing hangs over the side',
  async (width) => {
    const { page, wrong } = await shown(whole, { viewport: { width, height: 800 } });
    const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(over)).toBe(0);
    expect(wrong).toEqual([]);
  },
);

test('by keyboard one comes to a chapter and opens a rotation', async () => {
  const { page, wrong } = await shown(whole);
  await page.keyboard.press('Tab');
  const chapter = await page.locator('nav a').first().getAttribute('href');
  expect(await page.locator(':focus').getAttribute('href')).toBe(chapter);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.hash === chapter);
  const rotation = page.locator('details[id^=rotation-]').first();
  await rotation.locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.locator(`#${await rotation.getAttribute('id')}[open]`).waitFor();
  expect(wrong).toEqual([]);
});

test('on paper it is whole', async () => {
  const { page, wrong } = await shown(whole);
  const paper = await page.pdf({ format: 'A4' });
  expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  expect(wrong).toEqual([]);
});

test('the checks find what is planted', async () => {
  const planted = whole
    .replace('<main>', '<main><a href="#reports"></a>')
    .replace('style-src', 'script-src');
  const { page, wrong } = await shown(planted);
  expect((await accessibilityProblems(page)).join()).toContain('link-name (serious)');
  expect(wrong.join()).toContain('console: ');
});

test('hostile names stay text', async () => {
  const inJson = JSON.stringify(hostileName).slice(1, -1);
  const entries = ['svc-archive', 'svc-billing-export'].map((name) =>
    rewritten(journalOf(name), (text) => text.replaceAll(name, inJson)),
  );
  const hostile = { ...reportOf('2026-11-02', entries), stage: hostileName };
  const { page, wrong } = await shown(pageOf([hostile]));
  expect(await page.locator('script, img, iframe, object').count()).toBe(0);
  expect(await page.getByText('<script>alert(1)</script>').count()).toBeGreaterThan(1);
  expect(wrong).toEqual([]);
});

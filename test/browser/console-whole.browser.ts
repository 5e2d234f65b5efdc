/**
 * The console in a real Chromium when what is behind it changes: the server is started anew, an
 * event was made to break the page; and what one hears and reaches without a mouse.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPlayground } from '../../sandbox/console/playground.ts';
import { type ConsoleServer, serveConsole } from '../../sandbox/console/server.ts';
import { accessibilityProblems } from './accessibility.ts';
import { openBrowser, openPage } from './chromium.ts';

let browser: Browser;
let served: ConsoleServer;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  served = await serveConsole(await openPlayground(), 0);
  return () => served.close();
});

async function shown(place = '', width = 1280) {
  const mayLoad = (url: string) => url.startsWith(served.url) || url.startsWith('data:');
  const opened = await openPage(browser, mayLoad, { viewport: { width, height: 900 } });
  await opened.page.goto(`${served.url}${place}`);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  return opened;
}

async function anHour(page: Page): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.locator('.controls').getByRole('button', { name: '+1 h' }).click();
  await answered;
}

test('a server that is started anew is found again, and can be used at once', async () => {
  const { page } = await shown();
  await anHour(page);
  await page.locator('.chip', { hasText: 'proposed' }).waitFor();
  const port = Number(new URL(served.url).port);
  await served.close();
  await page.locator('.flag', { hasText: 'console not reached' }).waitFor();
  served = await serveConsole(await openPlayground(), port);
  await page.locator('.clock time[datetime="2026-11-02T08:00:00.000Z"]').waitFor();
  await page.locator('.rows .name', { hasText: 'svc-billing-export' }).waitFor();
  await anHour(page);
  await page.getByRole('status').filter({ hasText: 'It is 2026-11-02 09:00 UTC.' }).waitFor();
});

test('hostile text stays text, and breaks no view', async () => {
  const { page, wrong } = await shown('#trouble');
  const text = page.getByLabel('As EventBridge would deliver it, in JSON');
  const hostile = '<img src=x onerror=alert(1)><script>alert(1)</script>';
  const events = [{ 'detail-type': { toString: 1, valueOf: 1 } }, { 'detail-type': hostile }];
  for (const event of events) {
    await text.fill(JSON.stringify(event));
    await page.getByRole('button', { name: 'Deliver it' }).click();
    await page.locator('.came', { hasText: 'rejected' }).waitFor();
  }
  await page.getByLabel('Why Keyturn is stopped').fill(hostile);
  await page.getByRole('button', { name: 'Stop Keyturn' }).click();
  await page.locator('.flag', { hasText: '<script>alert(1)' }).waitFor();
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.locator('summary', { hasText: hostile }).click();
  await page.locator('pre', { hasText: 'onerror' }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.locator('summary', { hasText: 'no detail-type' }).waitFor();
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(wrong).toEqual([]);
});

test('by keyboard one arrives where one goes, and the page says where that is', async () => {
  const { page, wrong } = await shown();
  await anHour(page);
  await page.locator('.rows').getByRole('link', { name: 'svc-billing-export' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('main:focus').waitFor();
  expect(await page.title()).toBe('Rotation · Keyturn console');
  const tab = page.getByRole('navigation').getByRole('link', { name: 'Trouble' });
  await tab.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Trouble' }).waitFor();
  expect(await tab.evaluate((link) => link.matches(':focus'))).toBe(true);
  expect(wrong).toEqual([]);
});

test('a link into a world that is gone says so, without an error', async () => {
  const { page, wrong } = await shown('#rotation/00000000-0000-5000-8000-000000000000');
  await page.getByText('There is no such rotation in this world').waitFor();
  await anHour(page);
  expect(wrong).toEqual([]);
});

test('who used a key, and an entry as it is kept, on a telephone too', async () => {
  const { page, wrong } = await shown('', 360);
  await anHour(page);
  await page.locator('.rows').getByRole('link', { name: 'svc-billing-export' }).click();
  const uses = page.getByRole('region', { name: 'Uses of the keys' });
  await uses.getByRole('row', { name: /203\.0\.113\.17 aws-sdk-js\/3/ }).waitFor();
  const latest = await uses.locator('tbody td').last().boundingBox();
  expect(latest?.height).toBeLessThan(60);
  const kept = page.locator('.journal details.hash').last();
  await kept.locator('summary').click();
  await kept.getByText('"previousHash"').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate<number>(over)).toBe(0);
  expect(wrong).toEqual([]);
});

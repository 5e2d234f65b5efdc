/**
 * The console in a real Chromium, as somebody who has never seen it would use it: from an empty
 * page to a finished rotation by clicking, with everything that can come between.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPlayground } from '../../sandbox/console/playground.ts';
import { type ConsoleServer, serveConsole } from '../../sandbox/console/server.ts';
import { accessibilityProblems } from './accessibility.ts';
import { openBrowser, openPage } from './chromium.ts';
import { pictured } from './screenshot.ts';

let browser: Browser;
let served: ConsoleServer;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  const playground = await openPlayground();
  served = await serveConsole(playground, 0);
  return () => served.close();
});

const wide = { viewport: { width: 1280, height: 900 } } as const;

/** Icons of the page stand in it. */
const mayLoad = (url: string) => url.startsWith(served.url) || url.startsWith('data:');

async function shown(options: BrowserContextOptions = wide, place = '') {
  const opened = await openPage(browser, mayLoad, options);
  await opened.page.goto(`${served.url}${place}`);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  return opened;
}

/** Clicks, and waits until what came of it has been told. */
async function click(page: Page, name: string | RegExp, scope = 'body'): Promise<void> {
  await page.locator(scope).getByRole('button', { name }).first().click();
}

/** Lets time pass, and waits until it has. */
async function pass(page: Page, button: '+1 h' | '+24 h', times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    await page.locator('.controls').getByRole('button', { name: 'Play' }).waitFor();
    const answered = page.waitForResponse(
      (answer) => answer.request().postData()?.includes('advance') === true,
    );
    await click(page, button, '.controls');
    await answered;
  }
}

const personas = {
  ada: /^Ada Approver/,
  olivia: /^Olivia Owens/,
  omar: /^Omar Haddad/,
  mallory: /^Mallory/,
} as const;

async function become(page: Page, who: keyof typeof personas): Promise<void> {
  const choice = page.locator('.persona select');
  const labels = await choice.locator('option').allTextContents();
  await choice.selectOption({ label: labels.find((each) => personas[who].test(each)) ?? who });
}

async function open(page: Page, userName: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Fleet' }).click();
  await page.locator('.rows').getByRole('link', { name: userName }).click();
  await page.getByRole('heading', { level: 2, name: new RegExp(userName) }).waitFor();
}

const stage = (page: Page, name: string) =>
  page.locator('.rotation > .title .stage', { hasText: name }).waitFor();

const news = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).first().waitFor();

test('from an empty page to a finished rotation, with a snooze and a reload', async () => {
  const { page, wrong } = await shown();
  await page.getByText('No message yet').waitFor();
  await pass(page, '+1 h');
  await open(page, 'svc-billing-export');
  await stage(page, 'proposed');

  await become(page, 'olivia');
  await click(page, 'Custom…', '.slack');
  const form = page.getByRole('dialog', { name: /Snooze/ });
  const moment = form.locator('input[type="datetime-local"]');
  await moment.fill('2026-12-31T00:00');
  await form.getByRole('button', { name: 'Snooze' }).click();
  await form.getByRole('alert').waitFor();
  await moment.fill('2026-11-10T12:00');
  await form.getByRole('button', { name: 'Snooze' }).click();
  await news(page, 'Keyturn has taken the form');
  await page.locator('.journal').getByText('snoozed it until 2026-11-10 12:00 UTC').waitFor();

  await become(page, 'ada');
  await click(page, 'Approve', '.slack');
  await news(page, /Ada Approver presses .*Approve: HTTP 200/);
  // The snooze holds: the key is issued as many hours later as it asked for.
  await pass(page, '+24 h', 2);
  await stage(page, 'overlapping');
  await page.locator('.controls').getByRole('button', { name: 'Play' }).waitFor();
  await pictured(page, 'console-rotation');

  await page.reload();
  await stage(page, 'overlapping');
  await page.locator('.journal').getByText('Hash chain verified').waitFor();
  expect(await page.locator('.steps .step.good').count()).toBeGreaterThan(3);

  await pass(page, '+24 h', 4);
  await stage(page, 'done');
  await page.locator('.finding .stage', { hasText: 'RESOLVED' }).first().waitFor();
  await page.getByText('Deleted', { exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test('a stranger’s click is forbidden, and only they read why', async () => {
  const { page, wrong } = await shown();
  await pass(page, '+1 h');
  await open(page, 'svc-billing-export');
  await become(page, 'mallory');
  await click(page, 'Approve', '.slack');
  const whispered = page.getByRole('region', { name: /Only Mallory/ });
  await whispered.getByText('Your press (approve) changed nothing').waitFor();
  await page.locator('.journal').getByText('pressed approve, which was refused').waitFor();
  await stage(page, 'proposed');
  await become(page, 'ada');
  await whispered.waitFor({ state: 'detached' });
  expect(wrong).toEqual([]);
});

test('the old key is off, and is rolled back by a button that asks first', async () => {
  const { page, wrong } = await shown();
  await pass(page, '+1 h');
  await open(page, 'svc-billing-export');
  await become(page, 'ada');
  await click(page, 'Approve', '.slack');
  await pass(page, '+24 h', 3);
  await stage(page, 'soaking');
  await become(page, 'olivia');
  await click(page, /Roll back/, '.slack');
  const question = page.getByRole('dialog');
  await question.waitFor();
  await question.getByRole('button').last().click();
  await news(page, /Olivia Owens presses .*Roll back/);
  await pass(page, '+1 h');
  await stage(page, 'held');
  await page.locator('.reason', { hasText: 'olled back' }).waitFor();
  const beside = page.getByRole('region', { name: 'PagerDuty and SNS' });
  await beside.locator('.stage', { hasText: 'triggered' }).waitFor();
  await beside.getByRole('button', { name: 'Acknowledge as Sam' }).click();
  await beside.locator('.stage', { hasText: 'acknowledged' }).waitFor();
  const about = await beside.getByRole('link', { name: 'Rotation' }).last().getAttribute('href');
  expect(about).toMatch(/^#rotation\/[0-9a-f-]{36}$/);
  expect(wrong).toEqual([]);
});

test('Slack is down and comes back; a custodian dies and its key is mended', async () => {
  const { page, wrong } = await shown();
  await page.getByRole('link', { name: 'Trouble' }).click();
  await page.getByLabel(/slack down/).check();
  await pass(page, '+1 h');
  await page.getByText(/slack down struck \d+ times/).waitFor();
  await page.getByText('No message yet').waitFor();
  await page.getByLabel(/slack down/).uncheck();
  await page.getByLabel(/crash after create/).check();
  await pass(page, '+1 h');
  await open(page, 'svc-billing-export');
  await become(page, 'ada');
  await click(page, 'Approve', '.slack');
  await pass(page, '+1 h');
  await page.locator('.run .stage', { hasText: 'Failed' }).first().waitFor();
  await pass(page, '+24 h');
  await stage(page, 'overlapping');
  expect(await page.locator('.rotation .who').count()).toBeGreaterThan(1);
  await page.locator('.journal').getByText('Hash chain verified').waitFor();
  expect(wrong).toEqual([]);
});

test('a bad event is refused with what is wrong in it; the stop switch stops', async () => {
  const { page, wrong } = await shown();
  await pass(page, '+1 h');
  await page.getByRole('link', { name: 'Trouble' }).click();
  const text = page.getByLabel('As EventBridge would deliver it, in JSON');
  const deliver = page.getByRole('button', { name: 'Deliver it' });
  await text.fill('{');
  await deliver.click();
  await page.locator('.came', { hasText: 'This is no JSON' }).waitFor();
  await page.getByLabel('Begin with one that arrived').selectOption({ index: 1 });
  await text.fill((await text.inputValue()).replaceAll('111122223333', 'nobody'));
  await deliver.click();
  await page.locator('.came', { hasText: 'rejected' }).waitFor();
  expect(await page.locator('.came li').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Stop Keyturn' }).click();
  await page.locator('.flag', { hasText: 'stopped' }).waitFor();
  await pictured(page, 'console-trouble');
  expect(wrong).toEqual([]);
});

test('5,000 users of a seed: only those in sight are drawn, and a filter finds one', async () => {
  const { page, wrong } = await shown();
  await page.getByRole('link', { name: 'Trouble' }).click();
  await page.getByLabel('Users, at most 5,000').fill('5000');
  await page.getByRole('button', { name: 'Begin' }).click();
  await news(page, '5,000 users of seed 7');
  await page.getByRole('link', { name: 'Fleet', exact: true }).click();
  await page.getByText('5,000 shown').waitFor();
  expect(await page.locator('.rows tbody tr').count()).toBeLessThan(60);
  await page.locator('.rows').evaluate((room) => room.scrollTo(0, room.scrollHeight));
  await page.locator('.rows tr[aria-rowindex="5001"]').waitFor();
  const userHeading = page.getByRole('columnheader', { name: 'User' });
  await userHeading.getByRole('button').click();
  await page.locator('.rows th[aria-sort="ascending"]', { hasText: 'User' }).waitFor();
  const lastUser = await page.locator('.rows tr[aria-rowindex="5001"] .name').textContent();
  await userHeading.getByRole('button').press('Enter');
  await page.locator('.rows th[aria-sort="descending"]').waitFor();
  await page.locator('.rows').evaluate((room) => room.scrollTo(0, 0));
  await page.locator('.rows tr[aria-rowindex="2"] .name', { hasText: lastUser ?? '' }).waitFor();
  await page.getByRole('searchbox').fill('-4321');
  await page.getByText('1 shown').waitFor();
  expect(wrong).toEqual([]);
});

const looks = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const;

describe.each(looks)('in %s colours at %i pixels', (colorScheme, width) => {
  test('every view is whole, and a kept checker finds nothing that keeps people out', async () => {
    const height = width === 390 ? 844 : 900;
    const { page, wrong } = await shown({ colorScheme, viewport: { width, height } });
    await pass(page, '+1 h', 2);
    const rotation = await page.locator('.rows a').first().getAttribute('href');
    const places = ['#slack', '#fleet', rotation ?? '', '#runbooks', '#outside', '#trouble'];
    for (const place of places) {
      const view = place.slice(1).split('/')[0] ?? '';
      await page.goto(`${served.url}${place}`);
      await page.locator(`.at-${view}`).waitFor();
      if (view === 'rotation') await page.locator('.journal').waitFor();
      await page.locator('main h2:visible, .slack h2:visible').first().waitFor();
      expect(await accessibilityProblems(page), view).toEqual([]);
      // Neither to the side nor downwards: what is long scrolls by itself.
      for (const [all, seen] of [
        ['scrollWidth', 'clientWidth'],
        ['scrollHeight', 'clientHeight'],
      ] as const) {
        const over = `document.documentElement.${all} - document.documentElement.${seen}`;
        expect(await page.evaluate<number>(over), view).toBe(0);
      }
      if (view === 'fleet') await pictured(page, `console-${colorScheme}-${width}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('by keyboard one comes to a rotation and approves it', async () => {
  const { page, wrong } = await shown();
  await pass(page, '+1 h');
  await page.locator('.rows').getByRole('link', { name: 'svc-billing-export' }).focus();
  await page.keyboard.press('Enter');
  await stage(page, 'proposed');
  await page.locator('.slack').getByRole('button', { name: 'Approve' }).first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.journal').getByText('approved it').waitFor();
  expect(wrong).toEqual([]);
});

test('a person deletes a key by hand, and the rotation of it ends', async () => {
  const { page, wrong } = await shown();
  await pass(page, '+1 h');
  await become(page, 'olivia');
  await click(page, 'What to do with svc-warehouse');
  const menu = page.getByRole('dialog', { name: 'What to do with svc-warehouse' });
  await menu.getByRole('button', { name: /^Delete …/ }).click();
  await news(page, 'Olivia Owens has made the key of svc-warehouse Deleted by hand.');
  await become(page, 'ada');
  await open(page, 'svc-warehouse');
  await click(page, 'Approve', '.slack');
  await pass(page, '+24 h', 2);
  await stage(page, 'done');
  await page.locator('.reason', { hasText: 'gone' }).waitFor();
  expect(wrong).toEqual([]);
});

test('time plays at the chosen pace, stands still, and goes step by step', async () => {
  const { page, wrong } = await shown();
  const clock = () => page.locator('.clock time').getAttribute('datetime');
  await page.getByLabel('Virtual time in a second').selectOption({ label: '1 h / s' });
  await click(page, 'Play');
  await page.locator('.chip', { hasText: 'proposed' }).waitFor();
  await click(page, 'Pause');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  const stood = await clock();
  expect(stood).not.toBe('2026-11-02T08:00:00.000Z');
  await click(page, 'Step');
  await news(page, 'One step.');
  await page.locator(`.clock time:not([datetime="${stood}"])`).waitFor();
  expect(wrong).toEqual([]);
});

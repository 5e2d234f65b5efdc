/**
 * What the weekly function writes beside the report: it tells of the last inventory, asks Config,
 * and draws a page; all of it is verified together, and every planted edit is found.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { evidencePages } from '../../adapters/evidence-pages.ts';
import { evidenceCommand } from '../../commands/evidence.ts';
import { instant, plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { deployEvidence, type Evidence } from '../../sandbox/evidence.ts';
import { pageProblems } from '../page-problems.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-weekly-'));
afterAll(() => rmSync(folder, { recursive: true }));

const week = '2026-W45';
const monday = instant('2026-11-09T06:00:00Z');
let given: GivenWorld;
let evidence: Evidence;

/** An inventory on Thursday, and one on Monday, an hour before the report of the week before. */
beforeEach(async () => {
  given = await givenWorld();
  evidence = deployEvidence(given.world);
  const { world } = given;
  await world.runUntil(instant('2026-11-05T05:00:00Z'));
  await evidence.inventory({});
  const createdAt = plus(world.clock.now(), { days: -30 });
  world.cloud.addUser({ account: world.place.account, userName: 'svc-new', createdAt });
  world.cloud.addKey(world.place.account, 'svc-new', { createdAt });
  await world.runUntil(plus(monday, { hours: -1 }));
  await evidence.inventory({});
  await world.runUntil(monday);
});

const body = (key: string) => evidence.objects().get(key)?.body ?? '';
const json = (key: string) => JSON.parse(body(key));

function verified(edit: (key: string, text: string) => string = (_, text) => text) {
  const files = [...evidence.objects()]
    .filter(([key]) => !key.endsWith('.html'))
    .map(([key, { body: text }]) => {
      const file = join(folder, key.replaceAll('/', '_'));
      writeFileSync(file, edit(key, text));
      return file;
    });
  const { status, out } = evidenceCommand(['verify', ...files]);
  return { status, wrong: out.map((line) => JSON.parse(line)).filter(({ ok }) => !ok) };
}

describe('the weekly evidence', () => {
  test('tells of the last inventory of its week, and of no later one', async () => {
    expect(await evidence.evidenceReport({})).toMatchObject({
      ...{ report: week, inventory: '2026-11-05' },
      extras: { page: 'written', compliance: 'asked' },
    });
    const { inventory } = json(`reports/${week}.json`);
    expect(inventory).toMatchObject({
      ...{ date: '2026-11-05', accounts: 1, notKept: 0 },
      digest: json('inventory/v1/days/2026-11-05.json').digest,
      sums: { users: 1 },
      ownership: { missing: 0, listed: [] },
    });
  });

  test('keeps what Config says, and asks once', async () => {
    await evidence.evidenceReport({});
    const [{ account, ...counts }] = json(`compliance/${week}.json`).accounts;
    expect(account).toBe(given.world.place.account);
    expect(counts).toMatchObject({ users: 2, notEvaluated: 0 });
    expect(body(`compliance/${week}.csv`)).toContain(`"${account}","2"`);
    const asked = () =>
      given.world.cloud.history.filter(({ service }) => service === 'config').length;
    const once = asked();
    expect(once).toBe(2);
    await given.world.runUntil(plus(monday, { hours: 2 }));
    expect(await evidence.evidenceReport({})).toMatchObject({
      extras: { compliance: 'kept before' },
    });
    expect(asked()).toBe(once);
  });

  test('asks nobody about a week that is long over', async () => {
    await given.world.runUntil(plus(monday, { days: 9 }));
    const asked = { from: '2026-11-02T00:00:00Z', to: '2026-11-09T00:00:00Z' };
    expect(await evidence.evidenceReport(asked)).toMatchObject({
      extras: { compliance: 'not asked', page: 'written' },
    });
  });

  test('draws a page with the inventory and the weeks of Config, without scripts', async () => {
    await evidence.evidenceReport({});
    await given.world.runUntil(plus(monday, { days: 7 }));
    await evidence.evidenceReport({});
    const page = body('reports/2026-W46.html');
    expect(pageProblems(page)).toEqual([]);
    expect(page).toContain('2026-11-09</td>');
    expect(page).toContain('it has no tag keyturn:owner');
    // Both answers of Config are in the figures of its chart.
    expect(page.match(/2026-11-(?:09|16) 06:00/g)?.length ?? 0).toBeGreaterThan(1);
    expect(page).not.toContain('<script');
  });

  test('is written without Config and without a page, where they are not to be had', async () => {
    given.world.cloud.setInterceptor(async ({ service }, proceed) => {
      if (service !== 'config') return proceed();
      throw awsError('AccessDeniedException', 'Config is not for you', 400);
    });
    const reported = await evidence.evidenceReport({});
    expect(reported).toMatchObject({ extras: { compliance: 'failed', page: 'written' } });
    expect(evidence.log.some(({ level }) => level === 'error')).toBe(true);
    expect(
      evidencePages(10).pageOf(json(`reports/${week}.json`), [Buffer.alloc(11)], []),
    ).toBeNull();
  });
});

describe('verified together', () => {
  test('all of it is whole', async () => {
    await evidence.evidenceReport({});
    expect(verified()).toEqual({ status: 0, wrong: [] });
  });

  test.each([
    ['how many are stale', `reports/${week}.json`, /"stale":\d/, '"stale":9'],
    ['of which day', `reports/${week}.json`, '"date":"2026-11-05"', '"date":"2026-11-06"'],
    ['what Config says', `compliance/${week}.json`, /"compliant": \d/, '"compliant": 7'],
    ['a cell of what Config says', `compliance/${week}.csv`, '"2"', '"3"'],
    ['a cell of the report', `reports/${week}.csv`, 'svc-billing', 'svc-bill'],
    ['a day', 'inventory/v1/days/2026-11-05.json', '"users": 1', '"users": 2'],
  ])('an edit of %s is found', async (_, where, from, to) => {
    await evidence.evidenceReport({});
    const { status, wrong } = verified((key, text) => {
      if (key !== where) return text;
      expect(text).toMatch(from);
      return text.replace(from, to);
    });
    expect(status).toBe(1);
    expect(wrong.map(({ file }) => file)).toContain(join(folder, where.replaceAll('/', '_')));
  });

  test('a day that was written anew is found by the report that told of it', async () => {
    await evidence.evidenceReport({});
    const key = 'inventory/v1/days/2026-11-05.json';
    const other = body('inventory/v1/days/2026-11-09.json').replaceAll('2026-11-09', '2026-11-05');
    const { wrong } = verified((each, text) => (each === key ? other : text));
    const problems = wrong.flatMap(({ problems: found }) => found);
    expect(problems).toContain('it tells of another inventory of 2026-11-05 than the one given');
  });
});

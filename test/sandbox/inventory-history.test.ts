/** What a daily inventory keeps in the bucket, per account and per day; that it can be proven. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { evidenceCommand } from '../../commands/evidence.ts';
import { instant, plus } from '../../domain/instant.ts';
import { deployEvidence } from '../../sandbox/evidence.ts';
import { createWorld } from '../../sandbox/world.ts';

const [hub, other] = ['111122223333', '444455556666'] as const;
const start = instant('2026-11-23T05:00:00Z');
const place = { partition: 'aws', account: hub, region: 'us-east-1' } as const;

interface User {
  readonly account?: string;
  readonly days?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

async function given(users: Readonly<Record<string, User>>, accounts: readonly string[] = [hub]) {
  const world = await createWorld({ start, place, accounts, mode: 'approve', seed: 'history' });
  for (const [name, { account = hub, days = 200, tags = {} }] of Object.entries(users)) {
    const userName = name.replace(/@.*/, '');
    const createdAt = plus(start, { days: -days });
    world.cloud.addUser({ account, userName, createdAt, tags });
    world.cloud.addKey(account, userName, { createdAt });
  }
  const { inventory, objects } = deployEvidence(world);
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-history-'));
  return {
    world,
    take: () => inventory({}),
    keys: () => [...objects().keys()].toSorted(),
    json: (key: string) => JSON.parse(objects().get(key)?.body ?? 'null'),
    rows: (key: string): readonly Record<string, string>[] =>
      parse(objects().get(key)?.body ?? '', { bom: true, columns: true }),
    /** As files of a folder, edited; what verifying them says. */
    verified: (edit: (key: string, body: string) => string = (_, body) => body) => {
      const files = [...objects()].map(([key, { body }]) => {
        const file = join(folder, key.replaceAll('/', '_'));
        writeFileSync(file, edit(key, body));
        return file;
      });
      const { status, out } = evidenceCommand(['verify', ...files]);
      return { status, lines: out.map((line) => JSON.parse(line)) };
    },
  };
}

const day = '2026-11-23';
const folderOf = (format: string, account: string) =>
  `inventory/v1/${format}/date=${day}/account=${account}/inventory.${format}`;
const owned = { 'keyturn:owner': 'U0OLIVIA', 'keyturn:team': 'payments' };

describe('of each account', () => {
  test('every user with an Active key is kept, as JSON and CSV, in a folder a day', async () => {
    const { take, keys, json, rows, world } = await given(
      {
        'svc-old': { tags: owned },
        'svc-soon': { days: 85 },
        'svc-b': { account: other, days: 3 },
      },
      [hub, other],
    );
    world.cloud.addUser({ account: hub, userName: 'no-keys', createdAt: start });
    expect(await take()).toMatchObject({ opened: 1, notKept: 0 });
    expect(keys()).toEqual([
      folderOf('csv', hub),
      folderOf('csv', other),
      `inventory/v1/days/${day}-owners.csv`,
      `inventory/v1/days/${day}.json`,
      `inventory/v1/figures/date=${day}/figures.csv`,
      `inventory/v1/figures/date=${day}/figures.json`,
      folderOf('json', hub),
      folderOf('json', other),
    ]);
    const kept = json(folderOf('json', hub));
    const [{ keyId = '' } = {}] = world.cloud.truth(hub).keys;
    expect(kept).toMatchObject({
      ...{ kind: 'inventory', account: hub, date: day, problems: [] },
      sums: { users: 3, usersWithKeys: 2, activeKeys: 2, stale: 1, nearing: 1, ownerMissing: 1 },
      users: [
        {
          userName: 'svc-old',
          ...{ ownership: 'known', owner: 'U0OLIVIA', team: 'payments', staleKeyIds: [keyId] },
          keys: [{ slot: 1, ageDays: 200, state: 'stale', unused: true }],
        },
        { userName: 'svc-soon', ownership: 'missing', staleKeyIds: null, keys: [{ ageDays: 85 }] },
      ],
    });
    expect(rows(folderOf('csv', hub))).toMatchObject([
      { userName: 'svc-old', state: 'stale', ageDays: '200', staleKeyIds: keyId, unused: 'yes' },
      { userName: 'svc-soon', state: 'nearing', ownership: 'missing', staleKeyIds: '' },
    ]);
  });

  test('a cell that could be taken for a formula is kept from being one', async () => {
    const evil = { 'keyturn:owner': '=HYPERLINK("x")', 'keyturn:team': '\t+1' };
    const { take, rows } = await given({ '@cmd': {}, '-svc': { tags: evil } });
    await take();
    const row = rows(folderOf('csv', hub)).find(({ owner }) => owner !== '');
    expect(row).toMatchObject({ userName: "'-svc", owner: `'=HYPERLINK("x")`, team: "'\t+1" });
    const [listed] = rows(`inventory/v1/days/${day}-owners.csv`).filter(
      ({ value }) => value !== '',
    );
    expect(listed?.value).toBe(`'=HYPERLINK("x")`);
  });

  test('taken twice on a day it is a further version of the same', async () => {
    const { take, keys, json, world } = await given({ 'svc-old': {} });
    await take();
    const before = keys();
    world.cloud.addUser({ account: hub, userName: 'svc-new', createdAt: start });
    await take();
    expect(keys()).toEqual(before);
    const versions = world.cloud.objectVersions.filter(({ key }) => key === folderOf('json', hub));
    expect(versions).toHaveLength(2);
    expect(json(folderOf('json', hub)).sums.stale).toBe(1);
  });
});

describe('of all accounts', () => {
  test('users without an owner, or of whom accounts say different things, are listed', async () => {
    const { take, json, rows } = await given(
      {
        'svc-a': { tags: owned },
        'svc-a@other': { account: other, tags: { ...owned, 'keyturn:team': 'billing' } },
        'svc-b': { tags: owned },
        'svc-b@other': { account: other, tags: { 'keyturn:owner': 'U0OLIVIA' } },
        'svc-c': { tags: { 'keyturn:owner': 'U0NOBODY' } },
        'svc-d': { account: other },
      },
      [hub, other],
    );
    await take();
    const { ownership, accounts } = json(`inventory/v1/days/${day}.json`);
    expect(ownership).toEqual({
      ...{ missing: 1, nobodyKnown: 1, contradicting: 1 },
      listed: [
        {
          ...{ problem: 'contradicts', userName: 'svc-a', tag: 'team' },
          says: [
            { account: hub, value: 'payments' },
            { account: other, value: 'billing' },
          ],
        },
        { problem: 'nobody known', account: hub, userName: 'svc-c', owner: 'U0NOBODY' },
        { problem: 'missing', account: other, userName: 'svc-d', owner: null },
      ],
    });
    expect(accounts).toMatchObject([{ account: hub }, { account: other }]);
    expect(rows(`inventory/v1/days/${day}-owners.csv`)).toHaveLength(4);
  });

  test('an account whose tags cannot be read is kept, and says so', async () => {
    const { take, json, world } = await given({ 'svc-old': {} });
    world.cloud.setInterceptor(async ({ operation }, proceed) => {
      if (operation === 'GetAccountAuthorizationDetails') throw new Error('down');
      return proceed();
    });
    expect(await take()).toMatchObject({ opened: 1, notKept: 0 });
    const kept = json(folderOf('json', hub));
    expect(kept.users).toMatchObject([{ ownership: 'not read', owner: null }]);
    expect(kept.problems).toHaveLength(1);
    expect(json(`inventory/v1/days/${day}.json`).ownership.missing).toBe(0);
  });

  test('a bucket that takes nothing keeps no key from its rotation', async () => {
    const { take, world, keys } = await given({ 'svc-old': {} });
    world.cloud.setInterceptor(async ({ service }, proceed) => {
      if (service === 's3') throw new Error('down');
      return proceed();
    });
    expect(await take()).toMatchObject({ opened: 1, notKept: 3 });
    expect(keys()).toEqual([]);
  });
});

describe('verify', () => {
  test('finds every file whole', async () => {
    const { take, verified } = await given({ 'svc-old': { tags: owned }, 'svc-b': {} });
    await take();
    const { status, lines } = verified();
    expect(lines.flatMap(({ problems }) => problems)).toEqual([]);
    expect([status, lines.length]).toEqual([0, 6]);
  });

  test.each([
    ['an age', folderOf('json', hub), '"ageDays":200', '"ageDays":20'],
    ['a state', folderOf('json', hub), '"state":"stale"', '"state":"fresh"'],
    ['an owner', folderOf('json', hub), '"owner":"U0OLIVIA"', '"owner":"U0OMAR"'],
    [
      'a figure',
      `inventory/v1/figures/date=${day}/figures.json`,
      '"nearing":0,"stale":2',
      '"nearing":0,"stale":1',
    ],
    ['a cell', folderOf('csv', hub), '"200"', '"20"'],
    ['a sum of the day', `inventory/v1/days/${day}.json`, '"missing": 1', '"missing": 0'],
    ['a line of owners', `inventory/v1/days/${day}-owners.csv`, 'svc-b', 'svc-a'],
    ['a date', folderOf('json', hub), `"date":"${day}"`, '"date":"2026-11-22"'],
  ])('finds %s that was edited', async (_, where, from, to) => {
    const { take, verified } = await given({ 'svc-old': { tags: owned }, 'svc-b': {} });
    await take();
    const { status, lines } = verified((key, body) => {
      if (key !== where) return body;
      expect(body).toContain(from);
      return body.replace(from, to);
    });
    expect(status).toBe(1);
    const [found] = lines.filter(({ ok }) => !ok).map(({ file }) => file);
    expect(lines.filter(({ file }) => file.endsWith(where.replaceAll('/', '_')))).toMatchObject([
      { ok: false },
    ]);
    expect(found).toBeDefined();
  });

  test('finds an account that belongs to another day than the one it is given with', async () => {
    const { take, verified, world } = await given({ 'svc-old': {} });
    await take();
    const first = world.cloud.objectVersions.find(({ key }) => key === folderOf('json', hub));
    await world.runUntil(plus(start, { hours: 1 }));
    await take();
    const { lines } = verified((key, body) =>
      key === folderOf('json', hub) ? (first?.body ?? '') : body,
    );
    expect(lines.flatMap(({ problems }) => problems)).toContain(
      `the inventory of account ${hub} given with it is another than its`,
    );
  });
});

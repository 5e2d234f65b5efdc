/**
 * Users who are easily mixed up or hard to write: the same name in two accounts, the longest path,
 * every sign that IAM allows. Each is rotated to the end, with a claim, a secret, runs and messages
 * of its own.
 */
import { describe, expect, it } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import { type IamUser, shortKey, userLabel } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import { applicationRole, type Habit, pastUses, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { currentKeyId } from './promises.ts';

const accounts = ['111122223333', '444455556666'] as const;
const start: Instant = instant('2026-11-02T08:00:00Z');
/** 512 characters, the most that IAM allows, with the signs that are no letters. */
const longestPath = `/${'!"$%&\'()*+,-.;:<=>?@[\\]^_`{|}~#/'.repeat(16).slice(0, 510)}/`;
const allSigns = 'Az09+=,.@_-';
const longestName = 'n'.repeat(64);

const habit: Habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
};

interface Staff {
  readonly user: IamUser;
  readonly keyId: string;
}

/** Users with a stale key in each account, after ten days in which nothing went wrong. */
async function rotated(userName: string, path: string) {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account: accounts[0], region: 'us-east-1' },
    accounts,
    mode: 'auto',
    seed: 'lookalikes',
  });
  const staff: Staff[] = accounts.map((account) => {
    const createdAt = plus(start, { days: -400 });
    world.cloud.createRole(account, applicationRole);
    const tags = { [ownerTag]: 'U0OLIVIA' };
    const user = world.cloud.addUser({ account, userName, path, createdAt, tags });
    const key = world.cloud.addKey(account, userName, { createdAt });
    pastUses(world, key.keyId, [habit], 14);
    startConsumer(world, user, key, habit);
    reportStaleUser(world, user, ['security hub', 'config']);
    return { user, keyId: key.keyId };
  });
  await world.runUntil(plus(start, { days: 10 }));
  return { world, staff };
}

async function rotationsOf(world: World, { account, userId }: IamUser): Promise<Rotation[]> {
  const ids = await world.store.ofUser(account, userId);
  const rotations = await Promise.all(ids.map((id) => world.store.load(id)));
  return rotations.filter((rotation) => rotation !== undefined);
}

describe.each([
  ['one name in two accounts', 'svc-billing', '/'],
  ['the longest path', 'svc-billing', longestPath],
  ['every sign', allSigns, '/a/b/'],
  ['the longest name', longestName, '/'],
])('%s', (_what, userName, path) => {
  it('is rotated in each account, apart from the other', async () => {
    const { world, staff } = await rotated(userName, path);
    expect(world.undelivered).toEqual([]);
    const secrets = new Set<string>();
    for (const { user, keyId } of staff) {
      const [rotation, ...more] = await rotationsOf(world, user);
      expect(more).toEqual([]);
      expect(rotation?.stage, userLabel(user)).toMatchObject({ name: 'done', outcome: 'rotated' });
      expect(rotation?.key).toMatchObject({ keyId, user: { account: user.account, path } });
      const claim = await world.store.claimOn('aws', user.account, keyId);
      expect(claim?.rotationId).toBe(rotation?.id);
      const truth = world.cloud.truth(user.account);
      const left = truth.keys.filter(({ deletedAt }) => deletedAt === null);
      expect(left).toMatchObject([{ userId: user.userId, status: 'Active' }]);
      expect(left[0]?.keyId).not.toBe(keyId);
      expect(currentKeyId(world, user)).toBe(left[0]?.keyId);
      const [secret] = truth.secrets.filter(({ name }) => name === secretNameOf(user));
      expect(secret?.arn).toContain(`:${user.account}:`);
      secrets.add(secret?.arn ?? 'none');
    }
    expect(secrets.size).toBe(staff.length);
  });
});

it('the longest path is one that IAM allows', () => {
  expect(longestPath).toMatch(/^\/[!-~]{510}\/$/);
});

describe('messages and runs of one name in two accounts', () => {
  it('speak each of one account', async () => {
    const { world, staff } = await rotated('svc-billing', '/');
    const messages = world.slack.messages().filter(({ threadTs }) => threadTs === null);
    expect(messages).toHaveLength(staff.length);
    for (const { user, keyId } of staff) {
      const own = messages.filter((message) => JSON.stringify(message).includes(shortKey(keyId)));
      expect(own).toHaveLength(1);
      const shown = JSON.stringify(own);
      expect(shown).toContain(user.account);
      for (const other of accounts.filter((each) => each !== user.account)) {
        expect(shown).not.toContain(other);
      }
      const runs = world.runner.list({ ...world.place, account: user.account });
      expect(runs.map(({ DocumentName }) => DocumentName).toSorted()).toEqual([
        'Keyturn-DeactivateKey',
        'Keyturn-DeleteKey',
        'Keyturn-IssueReplacementKey',
      ]);
    }
  });
});

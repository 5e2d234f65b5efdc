/** Each check of what must always hold can fail: here is what makes it fail. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../../domain/instant.ts';
import type { Invariant } from '../../../sandbox/simulation/invariants/invariant.ts';
import {
  journalTellsAll,
  oneRotationPerKey,
} from '../../../sandbox/simulation/invariants/journal.ts';
import { everythingEnds, nothingIsLost } from '../../../sandbox/simulation/invariants/liveness.ts';
import {
  canary,
  leakIn,
  nothingLeaks,
} from '../../../sandbox/simulation/invariants/nothing-leaks.ts';
import {
  smtpPassword,
  smtpPasswordsOf,
} from '../../../sandbox/simulation/invariants/smtp-passwords.ts';
import { account, daily, quietPlan, stagedWorld, userName } from './staged-world.ts';

const never = { ...daily, changesOverAfterHours: null };
const off = (keyId: string) => ({ UserName: userName, AccessKeyId: keyId, Status: 'Inactive' });
const key = (keyId: string) => ({ UserName: userName, AccessKeyId: keyId });

test('nothing is broken where nothing goes wrong, and the key is rotated', async () => {
  const given = await stagedWorld();
  await given.pass(24 * 12);
  await given.watch.ended();
  expect(given.watch.broken).toEqual([]);
  expect(given.rotation().rotation.stage).toMatchObject({ name: 'done', outcome: 'rotated' });
});

describe('keys', () => {
  test('S1: the old key goes off before there is another', async () => {
    const given = await stagedWorld();
    await given.pass(0.06);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.broken()).toContain('S1');
  });

  test('S1: the key that consumers read goes off', async () => {
    const given = await stagedWorld();
    await given.pass(24);
    const [, newKey] = given.world.cloud.truth(account).keys;
    await given.asKeyturn('UpdateAccessKey', off(newKey?.keyId ?? ''));
    expect(given.problems('S1').join()).toContain('which Keyturn made Inactive');
    expect(given.broken()).toContain('S4');
  });

  test('S1: no violation if an outsider switches it off', async () => {
    const given = await stagedWorld();
    await given.pass(24);
    const [, newKey] = given.world.cloud.truth(account).keys;
    await given.asOutsider('UpdateAccessKey', off(newKey?.keyId ?? ''));
    given.watch.changed();
    expect(given.broken()).toEqual([]);
  });

  test('S2: a key goes off that was used some hours ago', async () => {
    const given = await stagedWorld(quietPlan([never, { ...daily, userAgent: 'Boto3/1.40' }]));
    await given.pass(24 * 4);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S2')[0]).toContain('was used at');
  });

  test('S2: a key goes off although nobody took up the new one', async () => {
    const plan = quietPlan([]);
    const policy = { ...plan.policy, unused: 'replace' } as const;
    const given = await stagedWorld({ ...plan, policy });
    await given.pass(24 * 4);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S2')).toEqual([expect.stringContaining('nobody had used')]);
  });

  test('S3: a key is deleted that somebody else had switched on again', async () => {
    const given = await stagedWorld(quietPlan([never]));
    await given.pass(24);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    await given.asOutsider('UpdateAccessKey', { ...off(given.oldKey.keyId), Status: 'Active' });
    await given.pass(12);
    await given.asKeyturn('DeleteAccessKey', key(given.oldKey.keyId));
    expect(given.problems('S3')).toEqual([
      expect.stringContaining('while it was on again'),
      expect.stringContaining('somebody else had switched it on'),
      expect.stringContaining('although it was used'),
    ]);
    expect(given.problems('S9').join()).toContain('h of soak');
  });

  test('S4: a key that somebody else made is deleted', async () => {
    const given = await stagedWorld();
    const { keyId } = given.world.cloud.addKey(account, userName, {
      createdAt: given.world.clock.now(),
    });
    await given.asKeyturn('DeleteAccessKey', key(keyId));
    expect(given.broken()).toEqual(expect.arrayContaining(['S4', 'S3', 'S1']));
  });

  test('S4: a third key is made', async () => {
    const given = await stagedWorld();
    for (const days of [-1, -2]) {
      const createdAt = plus(given.world.clock.now(), { days });
      given.world.cloud.addKey(account, userName, { createdAt });
    }
    given.watch.changed();
    expect(given.problems('S4')).toEqual([]);
    const [user] = given.world.cloud.truth(account).users;
    user?.keys.pop();
    await given
      .asKeyturn('CreateAccessKey', { UserName: userName }, 'keyturn-key-maker')
      .catch(() => undefined);
    expect(given.problems('S4')).toEqual([]);
  });

  test('S9: a key goes off before its deadline', async () => {
    const given = await stagedWorld();
    await given.pass(30);
    await given.asKeyturn('UpdateAccessKey', off(given.oldKey.keyId));
    expect(given.problems('S9').join()).toMatch(/told was .* UTC.* h after the new key came/);
  });

  test('S13: the key of a user whom nobody reported', async () => {
    const plan = quietPlan();
    const [user] = plan.users;
    const bystander = { ...user, userName: 'svc-bystander', reportedOnDay: null };
    const users = [...plan.users, bystander as (typeof plan.users)[number]];
    const given = await stagedWorld({ ...plan, users });
    const keys = given.world.cloud.truth(account).keys;
    const { keyId = '' } = keys.find((each) => each.userName === 'svc-bystander') ?? {};
    const input = { ...off(keyId), UserName: 'svc-bystander' };
    await given.asKeyturn('UpdateAccessKey', input);
    expect(given.broken()).toEqual(expect.arrayContaining(['S10', 'S13', 'S4']));
  });
});

test('S5: consumers get a key that was never tried', async () => {
  const given = await stagedWorld();
  await given.pass(24);
  const secret = given.secret();
  const [, newKey] = given.world.cloud.truth(account).keys;
  given.ledger.uses.delete(newKey?.keyId ?? '');
  const [first, second] = [...secret.versions.keys()];
  const move = (from: string | undefined, to: string | undefined) => ({
    SecretId: secret.arn,
    VersionStage: 'AWSCURRENT',
    RemoveFromVersionId: from,
    MoveToVersionId: to,
  });
  await given.asOutsider('UpdateSecretVersionStage', move(second, first));
  await given.asKeyturn('UpdateSecretVersionStage', move(first, second), 'keyturn-custodian');
  expect(given.problems('S5')[0]).toContain('after 0 successful tries');
});

describe('S6', () => {
  const forms = [
    canary,
    encodeURIComponent(canary),
    JSON.stringify(canary),
    JSON.stringify(canary).replaceAll('/', '\\/'),
    ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${canary}zzz`).toString('base64')),
    Buffer.from(canary).toString('hex'),
  ];
  test.each(forms)('finds a secret value as %s', (form) => {
    expect(leakIn({ deep: [form] })).toBeDefined();
  });

  test('looks into the log', async () => {
    const given = await stagedWorld();
    given.world.hub.tick.log.info('oops', { value: `${canary}and more` });
    expect(await nothingLeaks.atEnd?.(given.ledger)).toEqual([
      expect.stringContaining('the log, as it is'),
    ]);
  });
});

describe('S6, of SMTP passwords', () => {
  // Worked out once with Python's hmac, by the steps that AWS publishes.
  test('are made as SES documents it', () => {
    expect(smtpPassword('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'us-east-1')).toBe(
      'BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9',
    );
  });

  test('are found in the log', async () => {
    const given = await stagedWorld();
    await given.pass(24);
    expect(await nothingLeaks.atEnd?.(given.ledger)).toEqual([]);
    const [password] = smtpPasswordsOf(given.ledger);
    given.world.hub.tick.log.info('oops', { value: password });
    expect(await nothingLeaks.atEnd?.(given.ledger)).toEqual([
      'an SMTP password of SES stands in the log',
    ]);
  });
});

describe('records', () => {
  const finished = async () => {
    const given = await stagedWorld();
    await given.pass(24 * 12);
    return given;
  };
  const problemsAtEnd = async (
    invariant: Invariant,
    change: Awaited<ReturnType<typeof finished>>,
  ) => (await invariant.atEnd?.(change.ledger)) ?? [];

  test('S7: a second rotation for the same key', async () => {
    const given = await stagedWorld();
    await given.pass(24);
    const [, known] = [...given.ledger.rotations.entries()][0] ?? [];
    if (known === undefined) throw new Error('there is no rotation yet');
    given.ledger.rotations.set('another', known);
    const [committed] = known.entries;
    if (committed === undefined) throw new Error('nothing was committed');
    expect(oneRotationPerKey.onCommit?.(committed, given.ledger)).toHaveLength(1);
  });

  test('S12: an effect that was never settled', async () => {
    const given = await finished();
    const [first] = given.ledger.settled.keys();
    given.ledger.settled.delete(first ?? '');
    expect(await problemsAtEnd(journalTellsAll, given)).toEqual([
      expect.stringContaining('never settled'),
    ]);
  });

  test('S12: an entry that says something else than it did', async () => {
    const given = await finished();
    const { entries } = given.rotation();
    const [first] = entries;
    if (first === undefined) throw new Error('there is no entry');
    entries[0] = { ...first, entry: { ...first.entry, to: 'done' } };
    expect((await problemsAtEnd(journalTellsAll, given)).join()).toContain('changed afterwards');
  });

  test('L1: a rotation that neither ended nor is on hold', async () => {
    const given = await stagedWorld();
    await given.pass(24);
    expect(await problemsAtEnd(everythingEnds, given)).toEqual([
      expect.stringContaining('overlapping at'),
    ]);
  });

  test('L1: a hold of which nobody was told', async () => {
    const given = await stagedWorld(quietPlan([never]));
    await given.pass(24 * 5);
    expect(given.rotation().rotation.stage.name).toBe('held');
    expect(await problemsAtEnd(everythingEnds, given)).toEqual([]);
    for (const { ts, threadTs } of given.world.slack.messages()) {
      if (threadTs !== null) given.world.slack.remove(ts);
    }
    expect((await problemsAtEnd(everythingEnds, given)).join()).toContain('Slack does not say so');
  });

  test('L2: an order to tell people that was given up', async () => {
    const given = await finished();
    const at = given.world.clock.now();
    for (const id of given.ledger.settled.keys()) {
      given.ledger.settled.set(id, { status: 'given up', at, problem: 'enough' });
    }
    expect((await problemsAtEnd(nothingIsLost, given)).join()).toContain('was given up');
  });
});

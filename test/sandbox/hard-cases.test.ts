/**
 * What a sceptic would try before handing real users over: users with two keys, changes of mind,
 * of policy and of tags in the midst of a rotation, two drivers, Regions and clocks that fail.
 * `given-user.ts` checks after everything that happens that every program's key works.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { names, sandboxBook } from '../../sandbox/settings.ts';
import {
  account,
  expectHeld,
  expectReplaced,
  type GivenUser,
  givenUser,
  region,
  start,
  userName,
} from './given-user.ts';
import { interleaved } from './interleaved.ts';
import { startProgram, usual } from './programs.ts';
import { currentKeyIdOf } from './promises.ts';
import { skewWitness } from './skew-witness.ts';

const usedAndSpare = [
  { ageDays: 300, program: {} },
  { ageDays: 500, usedDaysAgo: 200 },
] as const;

/** Whether the rotation of the first key waits for that of the second. */
async function untilSpareIs(given: GivenUser, stage: 'proposed' | 'soaking'): Promise<string> {
  const [, spare = ''] = given.keyIds;
  await given.until(stage, spare);
  await given.pass({ hours: 2 });
  expect(await given.rotation(spare)).toMatchObject({ kind: 'retire', stage: { name: stage } });
  expect(await given.stage()).toMatchObject({ plan: { waitsFor: { keyId: spare } } });
  return spare;
}

/** Reports the user again, as the daily re-evaluation does. */
async function reportedAgain(given: GivenUser): Promise<void> {
  reportStaleUser(given.world, given.user, ['security hub', 'config']);
  await given.pass({ minutes: 5 });
}

describe('a spare key that is to be retired', () => {
  test('is used after all during its notice: it stays, and people are asked', async () => {
    const given = await givenUser({ keys: usedAndSpare });
    const spare = await untilSpareIs(given, 'proposed');
    const [, secret] = given.settled;
    if (secret === undefined) throw new Error('no spare');
    const habits = { ...usual, changesOverAfterHours: null, userAgent: 'quarterly-report/1' };
    given.programs.push(startProgram(given.world, given.user, secret, habits));
    await expectHeld(given, 'still in use', spare);
    await expectHeld(given, 'no room');
    expect(await given.thread(spare)).toContain('quarterly-report/1');
    await given.pass({ days: 30 });
    expect(given.left()).toEqual(given.keyIds.map((id) => `${id} Active`));
    expect(given.made()).toEqual([]);
  });

  test('is needed while it soaks: one press gives it back, and it is never deleted', async () => {
    const given = await givenUser({ keys: usedAndSpare });
    const spare = await untilSpareIs(given, 'soaking');
    await given.press('olivia', 'Roll back', spare);
    await given.until('held', spare);
    expect(given.changes(spare)).toEqual(['Active', 'Inactive', 'Active']);
    await expectHeld(given, 'no room');
    await given.pass({ days: 30 });
    expect(given.left()).toEqual(given.keyIds.map((id) => `${id} Active`));
    await given.press('sam', 'Resume', spare);
    await given.until('done', spare);
    await given.press('olivia', 'Resume');
    await expectReplaced(given);
  });

  test('and its user is deleted: nothing more is done, nor to a namesake', async () => {
    const given = await givenUser({ keys: usedAndSpare });
    const spare = await untilSpareIs(given, 'soaking');
    given.programs[0]?.stop();
    given.world.cloud.removeUser(account, userName);
    const createdAt = given.world.clock.now();
    given.world.cloud.addUser({ account, userName, createdAt });
    const other = given.world.cloud.addKey(account, userName, { createdAt });
    await given.until('done', spare);
    await given.until('done');
    for (const keyId of given.keyIds) {
      expect(await given.stage(keyId)).toMatchObject({ outcome: 'already gone' });
    }
    const { keys } = given.world.cloud.truth(account);
    expect(keys.find(({ keyId }) => keyId === other.keyId)?.changes).toHaveLength(1);
    expect(given.made()).toEqual([]);
  });

  test('is refused by its approver: the used key stays too, and its people hear why', async () => {
    const given = await givenUser({ keys: usedAndSpare, mode: 'approve' });
    const [used = '', spare = ''] = given.keyIds;
    await given.until('proposed', spare);
    await given.press('ada', 'Approve', used);
    await given.press('sam', 'Abandon', spare);
    await expectHeld(given, 'no room', used);
    expect(await given.thread(used)).toContain('its rotation ended abandoned');
    expect(given.left()).toEqual(given.keyIds.map((id) => `${id} Active`));
    await given.outsider('iam', 'DeleteAccessKey', { UserName: userName, AccessKeyId: spare });
    await given.press('olivia', 'Resume', used);
    await expectReplaced(given);
  });

  test('and the one that waits is abandoned: the spare goes, no key is made', async () => {
    const given = await givenUser({ keys: usedAndSpare });
    const spare = await untilSpareIs(given, 'soaking');
    await given.press('sam', 'Abandon');
    await given.until('done', spare);
    await given.pass({ days: 10 });
    expect(await given.stage(spare)).toMatchObject({ outcome: 'retired' });
    expect(given.left()).toEqual([`${given.keyIds[0]} Active`]);
    expect(given.made()).toEqual([]);
    await reportedAgain(given);
    expect(await given.rotation()).toMatchObject({ generation: 2 });
    await expectReplaced(given);
  });
});

describe('programs and people', () => {
  test('a program that reads the secret when it starts, once a week', async () => {
    const program = { changesOverAfterHours: null, restartsEveryDays: 7 };
    const given = await givenUser({ keys: [{ ageDays: 400, program }] });
    await expectHeld(given, 'still in use');
    await given.pass({ days: 5 });
    expect(given.programs[0]?.keyId()).toBe(given.current());
    expect(given.changes()).toEqual(['Active']);
    await given.press('olivia', 'Resume');
    await expectReplaced(given);
  });

  test('tags that would loosen the policy change nothing, also in the midst of it', async () => {
    const loose = {
      [ownerTag]: 'U0MALLORY',
      'keyturn:mode': 'observe',
      'keyturn:grace-hours': '1',
      'keyturn:exempt': 'true',
      'Keyturn:Mode': 'observe',
    };
    const given = await givenUser({ tags: loose });
    await given.until('overlapping');
    expect((await given.rotation()).owner).toEqual({ known: false });
    given.world.cloud.setTags(account, userName, { ...loose, 'keyturn:soak-hours': '0' });
    const since = given.world.clock.now();
    await given.until('deactivating');
    expect(given.world.clock.now() >= plus(since, { hours: 48 })).toBe(true);
    await expectReplaced(given);
    const notes = JSON.stringify(
      given.world.log.filter(({ message }) => message.includes('notes')),
    );
    for (const tag of Object.keys(loose).slice(1)) expect(notes).toContain(tag);
  });

  test('nobody is known to own the user: the channel hears it, an admin can act', async () => {
    const given = await givenUser({ keys: [{ ageDays: 400, usedDaysAgo: 30 }], tags: {} });
    await expectHeld(given, 'not picked up');
    expect((await given.rotation()).owner).toEqual({ known: false });
    await given.press('sam', 'Not in use');
    await given.press('sam', 'Resume');
    await expectReplaced(given);
  });
});

describe('policy that changes', () => {
  const exemption = {
    index: 0,
    account,
    whom: { by: 'name', userName },
    reason: 'Frozen for the audit.',
    by: 'Sam Oncall',
    from: plus(start, { days: -1 }),
    until: plus(start, { days: 10 }),
  } as const;

  test('an exemption that ends: until then nothing, then the next finding is heeded', async () => {
    const book = { ...sandboxBook('auto'), exemptions: [exemption] };
    const given = await givenUser({ book });
    await given.pass({ days: 9 });
    await reportedAgain(given);
    expect(await given.isClaimed(given.keyIds[0] ?? '')).toBe(false);
    await given.pass({ days: 1 });
    await reportedAgain(given);
    await expectReplaced(given);
  });

  test('from auto to observe after the claim: that rotation keeps its policy', async () => {
    const defaults: { mode: 'auto' | 'observe' } = { mode: 'auto' };
    const book: PolicyBook = { ...sandboxBook('auto'), defaults };
    const given = await givenUser({ book });
    await given.untilSo(() => given.isClaimed(given.keyIds[0] ?? ''));
    expect(given.made()).toEqual([]);
    defaults.mode = 'observe';
    await expectReplaced(given);
    const [made] = given.made();
    expect((await given.rotation()).policy.mode).toBe('auto');
    expect(made?.keyId).toBe(given.current());
  });

  test('the stop switch in the second before the act, then by hand and back', async () => {
    const given = await givenUser();
    await given.until('overlapping');
    const call = { service: 'ssm', operation: 'StartAutomationExecution' };
    const struck = given.faults.during(call, () => {
      void given.world.stop('incident 42');
    });
    // The news of the run's end arrives once the switch is heeded.
    given.world.setCourier((_event, onwards) => {
      given.world.clock.at(plus(given.world.clock.now(), { minutes: 2 }), onwards);
    });
    await given.until('deactivating');
    await given.pass({ hours: 6 });
    expect(struck.struck()).toBe(1);
    expect((await given.stage()).name).toBe('deactivating');
    expect(given.changes()).toEqual(['Active', 'Inactive']);
    await expect(given.press('olivia', 'Pause')).rejects.toThrow();
    const input = { UserName: userName, AccessKeyId: given.keyIds[0], Status: 'Active' };
    await given.outsider('iam', 'UpdateAccessKey', input);
    await given.pass({ days: 3 });
    expect(given.changes()).toEqual(['Active', 'Inactive', 'Active']);
    await given.world.go();
    await expectHeld(given, 'reactivated');
    await given.press('olivia', 'Resume');
    await expectReplaced(given);
  });
});

describe('two at once', () => {
  test('Secrets Manager and the runbook rotate the same user: one key, one rotation', async () => {
    const given = await givenUser({ unreported: true });
    await given.outsider('secretsmanager', 'CreateSecret', {
      Name: `keyturn/${userName}`,
      SecretString: JSON.stringify({ placeholder: true, userName }),
      Tags: Object.entries({
        [secretTags.userId]: given.user.userId,
        [secretTags.userName]: userName,
        [secretTags.driver]: 'secrets-manager',
      }).map(([Key, Value]) => ({ Key, Value })),
    });
    reportStaleUser(given.world, given.user, ['security hub', 'config']);
    await given.until('issuing');
    await given.outsider('secretsmanager', 'RotateSecret', {
      SecretId: `keyturn/${userName}`,
      RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:${names.custodian}`,
      RotationRules: { AutomaticallyAfterDays: 300 },
    });
    await expectReplaced(given);
    expect(given.made().filter(({ deletedAt }) => deletedAt === null)).toHaveLength(1);
    expect(await given.world.store.ofUser(account, given.user.userId)).toHaveLength(1);
  });

  test('findings of one user from two Regions at the same instant: one rotation', async () => {
    const turns = interleaved((parties) => parties.length - 1);
    const given = await givenUser({ interposed: turns.interposed, unreported: true });
    given.world.cloud.setInterceptor(turns.interceptor);
    const findings: unknown[] = [];
    given.world.setCourier((event) => {
      if (Object(event).source !== 'aws.secretsmanager') findings.push(event);
    });
    reportStaleUser(given.world, given.user, ['security hub', 'config']);
    await given.pass({ minutes: 5 });
    given.world.setCourier(undefined);
    const elsewhere = (event: unknown): unknown =>
      JSON.parse(JSON.stringify(event).replaceAll(region, 'eu-west-1'));
    expect(findings).toHaveLength(2);
    await Promise.all(
      findings.flatMap((event) => [event, elsewhere(event)]).map(given.world.deliver),
    );
    expect(await given.world.store.ofUser(account, given.user.userId)).toHaveLength(1);
    expect((await given.rotation()).findings).toHaveLength(4);
    expect((await given.rotation()).region).toBe(region);
    given.world.cloud.setInterceptor(undefined);
    await expectReplaced(given);
  });
});

describe('what fails far away', () => {
  test.each(['issuing', 'overlapping'] as const)(
    'a copy’s Region is down for a day while %s: no reader is ahead of the others',
    async (stage) => {
      const other = 'us-east-2';
      const copies = [{ kind: 'secrets-manager', region: other }] as const;
      const given = await givenUser({ policy: { copies } });
      await given.until(stage);
      if (stage === 'overlapping') await given.pass({ hours: 47 });
      const down = [
        'DescribeSecret',
        'GetSecretValue',
        'PutSecretValue',
        'CreateSecret',
        'UpdateSecretVersionStage',
      ].map((operation) =>
        given.faults.fail({ service: 'secretsmanager', operation, region: other }, 'unavailable'),
      );
      await expectHeld(given, stage === 'issuing' ? 'issue failed' : 'evidence incomplete');
      await given.pass({ hours: 20 });
      expect(given.changes()).toEqual(['Active']);
      expect(currentKeyIdOf(given.world, given.user, other)).toBe(given.current());
      expect(down.some((fault) => fault.struck() > 0)).toBe(true);
      for (const fault of down) fault.mend();
      await given.press('olivia', 'Resume');
      await expectReplaced(given);
      expect(currentKeyIdOf(given.world, given.user, other)).toBe(given.current());
    },
  );

  test.each([-2, 45])('the witness’s clock is off by %i s: nothing changes', async (seconds) => {
    const given = await givenUser();
    skewWitness(given.world, seconds);
    await expectReplaced(given);
    const off = given.world.cloud.truth(account).keys[0]?.changes[1]?.at ?? '';
    expect(off >= plus(start, { hours: 48 })).toBe(true);
    expect(given.pages()).toEqual([]);
  });

  test.each([
    [-45, 'runbook refused'],
    [-1200, 'evidence incomplete'],
    [1200, 'evidence incomplete'],
  ])('it is off by %i s: nothing is built on that, and people hear of it', async (off, code) => {
    const given = await givenUser();
    skewWitness(given.world, off);
    await expectHeld(given, code);
    await given.pass({ days: 30 });
    expect(given.changes()).toEqual(['Active']);
    skewWitness(given.world, 0);
    await given.press('olivia', 'Resume');
    await expectReplaced(given);
  });
});

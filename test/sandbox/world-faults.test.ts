/**
 * One rotation, end to end, with something going wrong: it always ends well, which is judged by the
 * account's truth. `given-world.ts` checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { chainProblems } from '../../domain/journal.ts';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { currentKeyId } from './promises.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';

/** Rotated, nobody broken, everybody told. */
async function expectRotated(given: GivenWorld): Promise<void> {
  await given.until('done', { days: 30 });
  await given.pass({ hours: 1 });
  const { stage, id } = await given.rotation();
  expect(stage).toMatchObject({ outcome: 'rotated', remaining: [] });
  expect(given.oldKeyChanges()?.slice(-2)).toEqual(['Inactive', 'Gone']);
  const left = given.keys().filter(({ deletedAt }) => deletedAt === null);
  expect(left.map(({ keyId }) => keyId)).toEqual([currentKeyId(given.world, given.user)]);
  expect(given.workflow()).toBe('RESOLVED');
  expect(given.consumers.flatMap(({ failures }) => failures)).toEqual([]);
  await expectAllTold(given);
  const journal = await given.world.store.journal(id);
  expect(chainProblems(journal, cryptoIds.digest)).toEqual([]);
}

/** Nothing ordered is left undone, and nothing was given up. */
async function expectAllTold(given: GivenWorld): Promise<void> {
  const { store, clock, log, undelivered } = given.world;
  expect(await store.nextWake()).toSatisfy(
    (next) => next === undefined || next > clock.now(),
    'nothing waits',
  );
  expect(log.filter(({ message }) => message === 'effect given up')).toEqual([]);
  expect(log.filter(({ message }) => message === 'tick failed')).toEqual([]);
  expect(undelivered).toEqual([]);
}

/** On hold, the old key works, and somebody was woken. */
async function expectHeldActive(given: GivenWorld, code: string): Promise<void> {
  await given.until('held');
  await given.pass({ hours: 1 });
  const { stage } = await given.rotation();
  expect(stage).toMatchObject({ name: 'held', oldKey: 'Active', reason: { code } });
  expect(given.oldKeyChanges()).toEqual(['Active']);
  expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
  expect(given.incidents()[0]?.dedupKey).toMatch(/\/held$/);
  expect(given.message().text).toContain('On hold');
  expect(given.workflow()).toBe('NOTIFIED');
  await expectAllTold(given);
}

test('undisturbed, it takes three days', async () => {
  const given = await givenWorld();
  await expectRotated(given);
  expect(given.runs('IssueReplacementKey')).toHaveLength(1);
  expect(given.runs('DeactivateKey')).toHaveLength(1);
  expect(given.runs('DeleteKey')).toHaveLength(1);
  expect(given.incidents()).toEqual([]);
});

describe('somebody to be told is down for three days', () => {
  test('Slack: nothing goes on that people had to know of, and afterwards they hear all of it', async () => {
    const given = await givenWorld();
    given.world.slack.fail({ kind: 'error', error: 'service_unavailable' });
    await given.pass({ hours: 72 });
    expect(given.world.slack.messages()).toEqual([]);
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
    given.world.slack.fail(null);
    await given.pass({ hours: 14 });
    const [news] = [given.thread().join('\n')];
    for (const part of ['New: ', 'Issuing a new key', 'New key …', 'On hold']) {
      expect(news).toContain(part);
    }
    await given.press('olivia', 'Resume');
    await expectRotated(given);
    expect(given.incidents()).toMatchObject([{ status: 'resolved' }]);
    const heads = given.world.slack.messages().filter(({ threadTs }) => threadTs === null);
    expect(heads).toHaveLength(1);
  });

  test('PagerDuty, SNS and Security Hub: the key is rotated all the same', async () => {
    const given = await givenWorld();
    const { world, faults } = given;
    world.pagerDuty.fail({ kind: 'status', status: 503 });
    const sns = faults.fail({ service: 'sns', operation: 'Publish' }, 'unavailable');
    const hub = faults.fail(
      { service: 'securityhub', operation: 'BatchUpdateFindings' },
      'throttled',
    );
    await given.until('done', { hours: 80 });
    expect(world.cloud.published).toEqual([]);
    expect(given.workflow()).toBe('NEW');
    for (const fault of [sns, hub]) {
      expect(fault.struck()).toBeGreaterThan(3);
      fault.mend();
    }
    world.pagerDuty.fail(null);
    await given.pass({ hours: 7 });
    await expectRotated(given);
    const facts = world.cloud.published.map(({ message }) => JSON.parse(message).news);
    expect(facts.length).toBe((await given.world.store.journal((await given.rotation()).id)).flatMap((e) => e.effects).filter(({ effect }) => effect.type === 'announce').length);
  });

  test('PagerDuty, while it is held: it rings once, when it is back', async () => {
    const given = await givenWorld({ apps: [{ changesOverAfterHours: null }] });
    given.world.pagerDuty.fail({ kind: 'unreachable' });
    await given.until('held');
    await given.pass({ hours: 72 });
    given.world.pagerDuty.fail(null);
    await given.pass({ hours: 7 });
    expect(given.incidents()).toMatchObject([{ status: 'triggered', triggers: 1 }]);
  });

  test('and a page that was cleared meanwhile rings nobody', async () => {
    const given = await givenWorld({ apps: [{ changesOverAfterHours: 50 }] });
    given.world.pagerDuty.fail({ kind: 'status', status: 500 });
    await given.until('held');
    await given.pass({ hours: 12 });
    await given.press('olivia', 'Resume');
    await given.pass({ hours: 24 });
    given.world.pagerDuty.fail(null);
    await expectRotated(given);
    await given.pass({ hours: 7 });
    expect(given.incidents()).toEqual([]);
  });
});

describe('what SSM says gets lost', () => {
  test('the reply to StartAutomationExecution: each run is started once', async () => {
    const given = await givenWorld();
    const start = { service: 'ssm', operation: 'StartAutomationExecution' };
    for (const stage of ['issuing', 'overlapping', 'deactivating', 'soaking', 'deleting'] as const) {
      if (stage !== 'overlapping' && stage !== 'soaking') {
        given.faults.fail(start, 'reply lost', 1);
      }
      await given.until(stage);
    }
    await expectRotated(given);
    const all = ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey'];
    expect(all.map((document) => given.runs(document).length)).toEqual([1, 1, 1]);
    expect(given.newKeys()).toHaveLength(1);
  });

  test('every status event: the runs are asked about', async () => {
    const given = await givenWorld();
    given.world.setCourier((event, deliver) =>
      (event as { source: string }).source === 'aws.ssm' ? undefined : deliver(),
    );
    await expectRotated(given);
    const started = given.world.deliveries.some(({ event }) => (event as { source: string }).source === 'aws.ssm');
    expect(started).toBe(false);
    expect(given.runs('IssueReplacementKey')).toHaveLength(1);
  });

  test('nothing, but every event comes three times and in no order', async () => {
    const given = await givenWorld();
    const { clock } = given.world;
    let count = 0;
    given.world.setCourier((_, deliver) => {
      for (let copy = 0; copy < 3; copy++) {
        count += 1;
        const minutes = (count * 7) % 19;
        clock.at(plus(clock.now(), { minutes }), deliver);
      }
    });
    await expectRotated(given);
    expect(count).toBeGreaterThan(30);
    expect(given.newKeys()).toHaveLength(1);
    expect(given.runs('DeactivateKey')).toHaveLength(1);
  });
});

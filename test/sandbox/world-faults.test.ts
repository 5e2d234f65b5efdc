/**
 * One rotation, end to end, while something around it fails. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { expectHeldActive, expectRotated } from './endings.ts';
import { givenWorld } from './given-world.ts';

test('undisturbed, it takes three days', async () => {
  const given = await givenWorld();
  await expectRotated(given);
  expect(given.runs('IssueReplacementKey')).toHaveLength(1);
  expect(given.runs('DeactivateKey')).toHaveLength(1);
  expect(given.runs('DeleteKey')).toHaveLength(1);
  expect(given.incidents()).toEqual([]);
});

/** The incidents about being on hold. */
const heldIn = (given: Awaited<ReturnType<typeof givenWorld>>) =>
  given.incidents().filter(({ dedupKey }) => !dedupKey.includes('/deadline/'));

describe('somebody to be told is down for three days', () => {
  test('Slack: nothing goes on that people had to know of, and they hear all of it', async () => {
    const given = await givenWorld();
    given.world.slack.fail({ kind: 'error', error: 'service_unavailable' });
    await given.pass({ hours: 72 });
    expect(given.world.slack.messages()).toEqual([]);
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(heldIn(given)).toMatchObject([{ status: 'triggered' }]);
    // Whom Slack does not reach, somebody on call is asked to tell.
    expect(given.incidents().map(({ dedupKey }) => dedupKey)).toContainEqual(
      expect.stringContaining('/deadline/begun/'),
    );
    given.world.slack.fail(null);
    await given.pass({ hours: 14 });
    const [news] = [given.thread().join('\n')];
    for (const part of ['New: ', 'Issuing a new key', 'New key …', 'On hold']) {
      expect(news).toContain(part);
    }
    await given.press('olivia', 'Resume');
    await expectRotated(given);
    expect(heldIn(given)).toMatchObject([{ status: 'resolved' }]);
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
    expect(facts.length).toBe(
      (await given.world.store.journal((await given.rotation()).id))
        .flatMap((e) => e.effects)
        .filter(({ effect }) => effect.type === 'announce').length,
    );
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
    for (const stage of [
      'issuing',
      'overlapping',
      'deactivating',
      'soaking',
      'deleting',
    ] as const) {
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

  test('that reply and every status event: each run is started once all the same', async () => {
    const given = await givenWorld();
    given.world.setCourier((event, deliver) =>
      (event as { source: string }).source === 'aws.ssm' ? undefined : deliver(),
    );
    const start = { service: 'ssm', operation: 'StartAutomationExecution' };
    const faults = [];
    for (const stage of ['issuing', 'deactivating', 'deleting'] as const) {
      faults.push(given.faults.fail(start, 'reply lost', 1));
      await given.until(stage);
    }
    await expectRotated(given);
    expect(faults.map((fault) => fault.struck())).toEqual([1, 1, 1]);
    const all = ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey'];
    expect(all.map((document) => given.runs(document).length)).toEqual([1, 1, 1]);
  });

  test('every status event: the runs are asked about', async () => {
    const given = await givenWorld();
    given.world.setCourier((event, deliver) =>
      (event as { source: string }).source === 'aws.ssm' ? undefined : deliver(),
    );
    await expectRotated(given);
    const started = given.world.deliveries.some(
      ({ event }) => (event as { source: string }).source === 'aws.ssm',
    );
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

describe('the hub itself dies', () => {
  test('after every effect, before it has noted it: nothing changes twice', async () => {
    const given = await givenWorld();
    const { store } = given.world;
    const { settle } = store;
    const died = new Set<string>();
    store.settle = async (id, how) => {
      if (died.has(id)) return settle(id, how);
      died.add(id);
      throw new Transient('the function ran out of time');
    };
    await expectRotated(given);
    expect(died.size).toBeGreaterThan(25);
    const all = ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey'];
    expect(all.map((document) => given.runs(document).length)).toEqual([1, 1, 1]);
    expect(given.newKeys()).toHaveLength(1);
    const factIds = given.world.cloud.published.map(({ message }) => JSON.parse(message).factId);
    expect(factIds).toHaveLength(2 * new Set(factIds).size);
    const heads = given.world.slack.messages().filter(({ threadTs }) => threadTs === null);
    expect(heads).toHaveLength(1);
  });

  test('at every commit, before it is made: it decides again', async () => {
    const given = await givenWorld();
    const { store } = given.world;
    const { commit } = store;
    let count = 0;
    store.commit = async (change) => {
      count += 1;
      if (count % 2 === 1) throw new Transient('the table did not answer');
      return commit(change);
    };
    await expectRotated(given);
    expect(count).toBeGreaterThan(25);
    expect(given.runs('DeactivateKey')).toHaveLength(1);
  });

  test('at every commit, after it was made: it finds it made', async () => {
    const given = await givenWorld();
    const { store } = given.world;
    const { commit } = store;
    store.commit = async (change) => {
      await commit(change);
      throw new Transient('the table’s answer was lost');
    };
    await expectRotated(given);
    expect(given.runs('DeactivateKey')).toHaveLength(1);
    expect(given.newKeys()).toHaveLength(1);
  });
});

test('IAM is down for hours as the finding arrives: it is delivered again', async () => {
  const given = await givenWorld();
  const iam = ['GetUser', 'ListUsers', 'ListAccessKeys'].map((operation) =>
    given.faults.fail({ service: 'iam', operation }, 'unavailable'),
  );
  await given.pass({ hours: 20 });
  expect(await given.world.store.ofUser(given.user.account, given.user.userId)).toEqual([]);
  for (const fault of iam) fault.mend();
  await expectRotated(given);
});

test('somebody deletes the message in Slack: it is posted anew, and its buttons work', async () => {
  const given = await givenWorld({ apps: [] });
  await given.until('overlapping');
  await given.pass({ minutes: 5 });
  const { ts } = given.message();
  given.world.slack.remove(ts);
  await expectHeldActive(given, 'not picked up');
  expect(given.message().ts).not.toBe(ts);
  await given.press('olivia', 'Not in use');
  await given.press('olivia', 'Resume');
  await expectRotated(given);
});

test('SSM tells nothing of a run, not even when asked: held, and somebody told', async () => {
  const given = await givenWorld();
  await given.until('deactivating');
  given.world.setCourier((event, deliver) =>
    (event as { source: string }).source === 'aws.ssm' ? undefined : deliver(),
  );
  const read = { service: 'ssm', operation: 'GetAutomationExecution' };
  const fault = given.faults.fail(read, 'unavailable');
  await given.until('held', { days: 2 });
  await given.pass({ minutes: 10 });
  expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
  expect(given.buttons()).toContain('Roll back');
  fault.mend();
  await given.press('olivia', 'Roll back');
  await given.pass({ hours: 1 });
  expect(given.oldKey()).toBe('Active');
});

test('an account that cannot be read for days: held, and somebody told, nothing made', async () => {
  const given = await givenWorld({ mode: 'approve' });
  await given.until('proposed');
  await given.pass({ minutes: 5 });
  const fault = given.faults.fail({ service: 'iam', operation: 'ListAccessKeys' }, 'denied');
  await given.press('ada', 'Approve');
  await given.until('held', { days: 3 });
  await given.pass({ minutes: 10 });
  expect(given.newKeys()).toEqual([]);
  expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
  fault.mend();
  await given.press('olivia', 'Resume');
  await expectRotated(given);
});

/** L1: nothing gets stuck without somebody being told. */
import { expect, test } from 'vitest';
import { givenWorld } from '../sandbox/given-world.ts';

test.fails('a user whose policies cannot be read is told to somebody', async () => {
  const given = await givenWorld();
  given.faults.fail({ service: 'iam', operation: 'ListAttachedUserPolicies' }, 'denied');
  await given.pass({ days: 2 });
  const { world } = given;
  const told = [
    ...world.slack.messages(),
    ...world.pagerDuty.incidents(),
    ...world.undelivered,
    ...(await world.store.ofUser(given.user.account, given.user.userId)),
  ];
  expect(told).not.toEqual([]);
});

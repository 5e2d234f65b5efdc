/** A second key went stale while the finding was open: it was resolved with the first. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';
const start = instant('2026-11-02T08:00:00Z');

test('given a key that went stale meanwhile, then it gets a rotation', async () => {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'two keys',
  });
  const createdAt = plus(start, { days: -400 });
  const user = world.cloud.addUser({ account, userName: 'svc-two', createdAt });
  const first = world.cloud.addKey(account, user.userName, {
    createdAt: plus(start, { days: -120 }),
  });
  const second = world.cloud.addKey(account, user.userName, {
    createdAt: plus(start, { days: -87 }),
  });
  reportStaleUser(world, user, ['security hub']);
  await world.runUntil(plus(start, { days: 6 }));
  expect(await world.store.ofUser(account, user.userId)).toHaveLength(1);

  await world.cloud.call({
    service: 'iam',
    operation: 'DeleteAccessKey',
    input: { UserName: user.userName, AccessKeyId: first.keyId },
    region: 'us-east-1',
    credentials: world.cloud.roleCredentials(account, 'operator', 'somebody'),
  });
  await world.runUntil(plus(start, { days: 12 }));

  const ids = await world.store.ofUser(account, user.userId);
  const rotations = await Promise.all(ids.map((id) => world.store.load(id)));
  expect(
    rotations.map((rotation) => [rotation?.key.keyId, rotation?.stage.name]).toSorted(),
  ).toEqual(
    [
      [first.keyId, 'done'],
      [second.keyId, 'proposed'],
    ].toSorted(),
  );
  const finding = world.cloud.findings
    .list(account, 'us-east-1')
    .find(({ Id }) => Id === findingId(world, user));
  expect(finding?.Workflow).toMatchObject({ Status: 'NOTIFIED' });
});

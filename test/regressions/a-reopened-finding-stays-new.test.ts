/** A finding opened again, which its claim knew: it stayed NEW in Security Hub for days. */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';
const region = 'us-east-1';
const start = instant('2026-11-02T08:00:00Z');

/** A user whose stale key all three have reported, an hour ago. */
async function reportedWorld() {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region },
    accounts: [account],
    mode: 'approve',
    seed: 'reopened',
  });
  const createdAt = plus(start, { days: -400 });
  const user = world.cloud.addUser({ account, userName: 'svc-again', createdAt });
  world.cloud.addKey(account, user.userName, { createdAt });
  reportStaleUser(world, user, ['security hub', 'security hub v2', 'config']);
  await world.runUntil(plus(start, { hours: 1 }));
  const v1 = () => {
    const id = findingId(world, user);
    const finding = world.cloud.findings.list(account, region).find(({ Id }) => Id === id);
    if (finding === undefined) throw new Error('Security Hub has lost the finding');
    return finding;
  };
  const v2 = () => {
    const [finding] = world.cloud.findingsV2.list(account, region);
    if (finding === undefined) throw new Error('Security Hub V2 has lost the finding');
    return finding;
  };
  const heard = () => world.deliveries.map(({ received }) => received.outcome);
  return { world, user, v1, v2, heard };
}

describe('a finding of one user', () => {
  test('given by three, then one rotation, recorded in both hubs, and then quiet', async () => {
    const { world, user, v1, v2, heard } = await reportedWorld();
    expect(await world.store.ofUser(account, user.userId)).toHaveLength(1);
    expect(v1().Workflow).toEqual({ Status: 'NOTIFIED' });
    expect(v2()).toMatchObject({ status_id: 2, comment: expect.stringContaining('Keyturn') });
    const before = heard().length;
    await world.runUntil(plus(start, { hours: 20 }));
    expect(heard()).toHaveLength(before);
  });

  test('given again by Security Hub, then it is NOTIFIED again, once', async () => {
    const { world, v1, heard } = await reportedWorld();
    const UpdatedAt = world.clock.now();
    const before = heard().length;
    world.cloud.findings.add(account, region, { ...v1(), UpdatedAt, Workflow: { Status: 'NEW' } });
    world.cloud.findings.announce(account, region, v1().Id);
    world.cloud.findings.announce(account, region, v1().Id, 600);
    await world.runUntil(plus(start, { hours: 20 }));
    expect(v1().Workflow).toEqual({ Status: 'NOTIFIED' });
    // The two deliveries, and the echoes of the one update that they led to, in both hubs.
    expect(heard().slice(before)).toEqual(['joined', 'ignored', 'ignored', 'joined']);
  });

  test('given again by Security Hub V2, then it is In Progress again, once', async () => {
    const { world, v2, heard } = await reportedWorld();
    const before = heard().length;
    world.cloud.findingsV2.add(account, region, {
      ...v2(),
      finding_info: { ...v2().finding_info, modified_time_dt: world.clock.now() },
      status: 'New',
      status_id: 1,
    });
    world.cloud.findingsV2.announce(account, region, v2().metadata.uid);
    await world.runUntil(plus(start, { hours: 20 }));
    expect(v2()).toMatchObject({ status_id: 2 });
    expect(heard().slice(before)).toEqual(['joined', 'ignored', 'ignored']);
  });
});

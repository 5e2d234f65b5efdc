/**
 * A job that works on objects alone every 20 days, with a key that somebody else has changed over
 * from: nothing but IAM's last-used ever shows it, and of that only the latest use. Its rhythm is
 * known from the credential reports that the daily inventory has read since.
 */
import { describe, expect, test } from 'vitest';
import { messageOf, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { applicationRole, type Credentials, readSecret } from '../../sandbox/consumer.ts';
import { people } from '../../sandbox/settings.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';
const place = { partition: 'aws', account, region: 'us-east-1' } as const;
const start = instant('2026-11-02T05:00:00Z');
const everyDays = 20;

async function givenSlowJob(notes: (store: RotationStore) => Partial<RotationStore> = () => ({})) {
  const accounts = [account];
  const world = await createWorld({ start, place, accounts, mode: 'auto', seed: 'cadence' });
  Object.assign(world.store, notes(world.store));
  world.cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -55 });
  const tags = { [ownerTag]: people.olivia.slackUserId };
  const user = world.cloud.addUser({ account, userName: 'svc-export', createdAt, tags });
  const { keyId, secret } = world.cloud.addKey(account, user.userName, { createdAt });
  const failures: string[] = [];
  const job = { service: 's3', region: place.region, userAgent: 'backup/1', sourceIp: '192.0.2.9' };
  const call = (credentials: Credentials, operation: string, input: object) =>
    world.cloud.call({ ...job, operation, input: { ...input }, credentials });
  const run = async (): Promise<void> => {
    world.clock.at(plus(world.clock.now(), { days: everyDays }), run);
    try {
      const own = { accessKeyId: keyId, secretAccessKey: secret };
      await call(own, 'GetObject', { Bucket: 'exports', Key: 'latest.csv' });
    } catch (error) {
      failures.push(`${world.clock.now()}: ${messageOf(error)}`);
    }
  };
  world.clock.at(plus(start, { hours: 3 }), run);
  const holder = async () => {
    const held = await world.store.claimOn('aws', account, keyId);
    return held && world.store.load(held.rotationId);
  };
  let isPickedUp = false;
  return {
    failures,
    holder,
    /** An inventory a day; whoever tries the new key, once there is one, does so once. */
    pass: async (days: number): Promise<void> => {
      for (let day = 0; day < days; day++) {
        const taken = await world.handlers.onInventory({});
        if ('outcome' in taken) throw new Error(taken.problem);
        if (!isPickedUp && (await holder())?.stage.name === 'overlapping') {
          await call(await readSecret(world, user), 'ListBuckets', {});
          isPickedUp = true;
        }
        await world.runUntil(plus(world.clock.now(), { days: 1 }));
      }
    },
    key: () => world.cloud.truth(account).keys.find((each) => each.keyId === keyId),
    isPickedUp: () => isPickedUp,
  };
}

const neverNoted = () => ({ noteHistory: async () => {} });

describe('a job that runs every 20 days and leaves no trace but last-used', () => {
  test('keeps its key: it is held, and says how long it would have to be quiet', async () => {
    const given = await givenSlowJob();
    await given.pass(75);
    expect(given.isPickedUp()).toBe(true);
    expect(given.failures).toEqual([]);
    expect(given.key()).toMatchObject({ status: 'Active', deletedAt: null });
    expect((await given.holder())?.stage).toMatchObject({
      ...{ name: 'held', reason: { code: expect.stringMatching(/overlap too long|still in use/) } },
    });
  });

  test('would lose it without the reports: this is what they are kept for', async () => {
    const given = await givenSlowJob(neverNoted);
    await given.pass(75);
    expect(given.isPickedUp()).toBe(true);
    expect(given.failures).not.toEqual([]);
  });

  test('keeps it while what reports showed cannot be read', async () => {
    const historyOf = async () => {
      throw new Transient('the table is down');
    };
    const given = await givenSlowJob(() => ({ historyOf }));
    await given.pass(45);
    expect(given.failures).toEqual([]);
    const { stage } = (await given.holder()) ?? {};
    expect(stage).toMatchObject({ name: 'held', reason: { code: 'evidence incomplete' } });
    expect(JSON.stringify(stage)).toContain('what reports showed of it: the table is down');
  });
});

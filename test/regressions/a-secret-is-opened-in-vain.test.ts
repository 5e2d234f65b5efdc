/** A user who has two keys already got a new, empty secret before the second key was refused. */
import { expect, test } from 'vitest';
import { Permanent } from '../../domain/errors.ts';
import { account, custodyWorld, daysAgo, errorOf } from '../app/custody-world.ts';

test.each(['Active', 'Inactive'] as const)(
  'given a second key that is %s and no secret, then nothing is made',
  async (status) => {
    const world = custodyWorld();
    const second = world.cloud.addKey(account, 'svc-billing', { createdAt: daysAgo(3), status });
    const error = errorOf(await world.run('createSecret'));
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain(second.keyId);
    expect(world.secret()).toBeUndefined();
    expect(world.keys()).toHaveLength(2);
  },
);

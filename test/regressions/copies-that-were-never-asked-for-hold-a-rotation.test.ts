/**
 * A native rotation was held for ever as changed outside: policy named copies, which the custodian
 * had not written, for it knows the tags of the secret alone.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { given, rotate, rotationsOf, start } from '../sandbox/given-native.ts';

test('copies that policy names and the tags do not: no outside edit', async () => {
  const { world, user } = await given('auto');
  for (const part of [world.hub.finding, world.hub.tick]) {
    const { policyFor } = part;
    Object.assign(part, {
      policyFor: async (of: typeof user) => {
        const resolved = await policyFor(of);
        const copies = [{ kind: 'secrets-manager', region: 'eu-west-1' }];
        return { ...resolved, policy: { ...resolved.policy, copies } };
      },
    });
  }
  await rotate(world);
  await world.runUntil(plus(start, { days: 3 }));
  const [rotation] = await rotationsOf(world, user);
  expect(rotation?.policy.copies).toEqual([]);
  expect(rotation?.stage.name).toBe('soaking');
});

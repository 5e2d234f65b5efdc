/** An outsider who sees that an attempt failed makes a key by hand, which is not Keyturn’s. */
import { expect, test } from 'vitest';
import type { CloudCall } from '../../../sandbox/account/plugin.ts';
import { diceOf } from '../../../sandbox/simulation/dice.ts';
import { helpingByHand } from '../../../sandbox/simulation/meddlers.ts';
import { staleReadsOf } from '../../../sandbox/simulation/stale-reads.ts';
import { account, quietPlan, stagedWorld } from './staged-world.ts';

async function afterA(step: string, outsiderActs: number) {
  // Nobody answers, so that Keyturn makes no key meanwhile.
  const given = await stagedWorld({ ...quietPlan(), mode: 'approve' });
  await given.pass(3);
  const { world, ledger, strikes } = given;
  const helped = helpingByHand({
    ...{ world, strikes, stale: staleReadsOf(world), tell: () => {}, changed: () => {} },
    ledger: { ...ledger, plan: { ...ledger.plan, outsiderActs } },
    dice: { ...diceOf('by hand'), chance: () => true, between: (_, most) => most },
  });
  const before = world.cloud.truth(account).keys.length;
  const asked = { Step: step, RotationId: given.rotation().rotation.id };
  const Payload = new TextEncoder().encode(JSON.stringify(asked));
  const input = { FunctionName: 'keyturn-custodian', Payload };
  helped({ service: 'lambda', operation: 'Invoke', input } as unknown as CloudCall);
  await given.pass(0.6);
  expect(world.cloud.truth(account).keys).toHaveLength(before);
  await given.pass(0.1);
  return world.cloud.truth(account).keys.slice(before);
}

test('a key is made by hand some minutes after an undo', async () => {
  const [made] = await afterA('undo', 1);
  expect(made?.changes[0]?.by).toContain('/operator/');
});

test.each([
  ['a step that is no undo', 'testSecret', 1],
  ['an undo in a world without outsiders', 'undo', 0],
])('nothing is made after %s', async (_what, step, outsiderActs) => {
  expect(await afterA(step, outsiderActs)).toEqual([]);
});

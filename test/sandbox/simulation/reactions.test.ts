/** Outsiders who react: a key made by hand after an undo, a key switched on again. */
import { expect, test } from 'vitest';
import type { CloudCall } from '../../../sandbox/account/plugin.ts';
import { diceOf } from '../../../sandbox/simulation/dice.ts';
import { reactions } from '../../../sandbox/simulation/reactions.ts';
import { staleReadsOf } from '../../../sandbox/simulation/stale-reads.ts';
import { account, quietPlan, stagedWorld, userName } from './staged-world.ts';

/** A staged world, and what is told of every answer; whoever may react does, as late as can be. */
async function watching(outsiderActs: number) {
  // Nobody answers, so that Keyturn makes no key meanwhile.
  const given = await stagedWorld({ ...quietPlan(), mode: 'approve' });
  await given.pass(3);
  const { world, ledger, strikes } = given;
  const react = reactions({
    ...{ world, strikes, stale: staleReadsOf(world), tell: () => {}, changed: () => {} },
    ledger: { ...ledger, plan: { ...ledger.plan, outsiderActs } },
    dice: { ...diceOf('reactions'), chance: () => true, between: (_, most) => most },
  });
  return { given, react };
}

async function afterA(step: string, outsiderActs: number) {
  const { given, react } = await watching(outsiderActs);
  const { world } = given;
  const before = world.cloud.truth(account).keys.length;
  const asked = { Step: step, RotationId: given.rotation().rotation.id };
  const Payload = new TextEncoder().encode(JSON.stringify(asked));
  const input = { FunctionName: 'keyturn-custodian', Payload };
  react({ service: 'lambda', operation: 'Invoke', input } as unknown as CloudCall);
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

test('a key that went off is switched on again by an outsider', async () => {
  const { given, react } = await watching(1);
  const { keyId } = given.oldKey;
  const input = { UserName: userName, AccessKeyId: keyId, Status: 'Inactive' };
  await given.asKeyturn('UpdateAccessKey', input);
  react({ service: 'iam', operation: 'UpdateAccessKey', input } as unknown as CloudCall);
  await given.pass(61);
  const [key] = given.world.cloud.truth(account).keys;
  expect(key?.changes.at(-1)).toMatchObject({ to: 'Active' });
  expect(key?.changes.at(-1)?.by).toContain('/operator/');
});

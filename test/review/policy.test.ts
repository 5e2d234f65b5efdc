/** Settings that are newer than a claim, and settings that nearly say what was meant. */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { exemptionOf } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { approvedProposal, policyWith, story, user } from '../builders.ts';

const spareId = 'AKIAEXAMPLESPAREKEY0';

test.fails("a spare is claimed under today's policy: observe is never a claim", async () => {
  const given = await givenShell();
  const createdAt = plus(story.opened, { days: -200 });
  given.world.cloud.addKey(user.account, user.userName, { keyId: spareId, createdAt });
  // Opened under mode auto; since then the operator has set observe.
  await given.put(approvedProposal({ due: story.opened }), [], {
    policy: policyWith({ mode: 'auto' }),
  });
  const { policyFor } = given.shell;
  const observes: typeof policyFor = async (of) => {
    const resolved = await policyFor(of);
    return { ...resolved, policy: { ...resolved.policy, mode: 'observe' } };
  };
  await tick({ ...given.shell, policyFor: observes });
  expect(await given.shell.store.claimOn(user.partition, user.account, spareId)).toBeUndefined();
});

test.fails("a spare is claimed under today's policy: approve asks somebody", async () => {
  const given = await givenShell();
  const createdAt = plus(story.opened, { days: -200 });
  given.world.cloud.addKey(user.account, user.userName, { keyId: spareId, createdAt });
  await given.put(approvedProposal({ due: story.opened }), [], {
    policy: policyWith({ mode: 'auto' }),
  });
  await tick(given.shell);
  const claim = await given.shell.store.claimOn(user.partition, user.account, spareId);
  const spare = await given.shell.store.load(claim?.rotationId ?? '');
  expect(spare?.stage).toMatchObject({ approval: { given: false } });
});

test.fails('an exemption by name holds in any case: IAM knows no two such users', () => {
  const exemption = {
    index: 0,
    account: user.account,
    whom: { by: 'name', userName: 'SVC-Billing' },
    reason: 'Payroll.',
    by: 'Sam',
    from: story.opened,
    until: plus(story.opened, { days: 9 }),
  } as const;
  expect(exemptionOf([exemption], user, story.approved)).toBeDefined();
});

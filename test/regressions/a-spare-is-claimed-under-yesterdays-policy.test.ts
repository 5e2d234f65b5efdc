/**
 * A rotation waits for room under the policy that was in force when it was opened; the second key
 * is claimed now. It was claimed under the old one: without being asked where that said `auto`, and
 * although the operator had set `observe` since.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { approvedProposal, policyWith, story, user } from '../builders.ts';

const spareId = 'AKIAEXAMPLESPAREKEY0';

test("a spare is claimed under today's policy: observe is never a claim", async () => {
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
  expect(await given.stageOf()).toMatchObject({
    name: 'held',
    reason: { text: expect.stringContaining('the policy only observes the user by now') },
  });
});

test("a spare is claimed under today's policy: approve asks somebody", async () => {
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

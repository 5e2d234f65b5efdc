/**
 * The channel of a policy could not be posted in, so that the rotation's message went to the
 * default one. What its owner was told alone named the policy's channel all the same: no button
 * was there.
 */
import { expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import type { Effect } from '../../domain/effect.ts';
import { noNotices } from '../../domain/notices.ts';
import { slackSetup } from '../../sandbox/settings.ts';
import { givenShell } from '../app/given-shell.ts';
import { overlapping, policyWith, story } from '../builders.ts';

const until = story.deactivateAt;
const tell: Effect = { type: 'tell owner', occasion: 'begun', until, to: 'U0123OWNER' };
const running = { since: story.issued, until, halfTime: false, soon: false };
const changes = {
  notices: { ...noNotices, running },
  policy: policyWith({ channel: 'C0PAYMENTS' }),
};

async function toldWith(refused: boolean): Promise<string> {
  const given = await givenShell(story.issued);
  const { slack } = given.world;
  if (refused) slack.fail({ kind: 'error', error: 'is_archived', channel: 'C0PAYMENTS' });
  await given.put(overlapping(), [{ type: 'update message', news: null }], changes);
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [tell]);
  await performOutstanding(given.shell);
  const [direct] = slack.directs();
  return JSON.stringify(direct?.blocks);
}

test('the channel is named in which the message is', async () => {
  const told = await toldWith(true);
  expect(told).toContain(`message in <#${slackSetup.channel.id}>`);
  expect(told).not.toContain('C0PAYMENTS');
});

test("the policy's where it is there", async () => {
  expect(await toldWith(false)).toContain('message in <#C0PAYMENTS>');
});

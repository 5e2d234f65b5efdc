/**
 * Whoever acted in Slack had the page acknowledged. PagerDuty told of that as of anything else, and
 * the thread said that PagerDuty itself had acknowledged it.
 */
import { beforeEach, expect, test } from 'vitest';
import { signedByAll, webhookOf } from '../../sandbox/on-call.ts';
import { webhookSecret } from '../../sandbox/settings.ts';
import { type GivenUser, givenUser } from '../sandbox/given-user.ts';

let given: GivenUser;

/** On hold, with a page that nobody has answered: nobody approved in time. */
beforeEach(async () => {
  given = await givenUser({ keys: [{ ageDays: 120, program: {} }], mode: 'approve' });
  await given.pass({ days: 8 });
});

async function told(type: string, eventId = 'ONE'): Promise<number> {
  const { id } = await given.rotation();
  const at = given.world.clock.now();
  const answer = { what: 'acknowledged', dedupKey: `rot/${id}/held`, at, eventId } as const;
  const body = structuredClone(webhookOf(answer)) as { event: { agent: object | null } };
  body.event.agent = { id: 'PXMQRWJ', type, summary: 'Events API V2' };
  const event = signedByAll(JSON.stringify(body), webhookSecret.signingSecrets);
  const result = await given.world.handlers.onPagerDutyEvent(event);
  await given.pass({ minutes: 1 });
  return 'statusCode' in result ? result.statusCode : 0;
}

async function answers(): Promise<number> {
  const journal = await given.world.store.journal((await given.rotation()).id);
  return journal.filter(({ event }) => event.type === 'incident answered').length;
}

test.each(['inbound_integration_reference', 'events_api_v2_inbound_integration_reference'])(
  '%s: taken, and neither shown nor journalled',
  async (type) => {
    expect(await told(type)).toBe(200);
    expect(await given.thread()).not.toContain('in PagerDuty');
    expect(await answers()).toBe(0);
  },
);

test('a rule of PagerDuty’s is told, and a person who comes after Keyturn', async () => {
  await told('inbound_integration_reference');
  await told('service_reference', 'TWO');
  expect(await given.thread()).toContain('Acknowledged in PagerDuty by PagerDuty itself');
  await told('user_reference', 'TWO-LATER');
  expect(await given.thread()).toContain('by Events API V2');
});

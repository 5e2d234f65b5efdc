/** The secret of PagerDuty's webhook: read when needed; without it nothing is genuine. */
import { expect, test } from 'vitest';
import { webhookSecrets } from '../../adapters/webhook-secrets.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { story } from '../builders.ts';
import { cannedAws, throttled } from './canned-aws.ts';

function holding(answer: () => unknown) {
  const aws = cannedAws({ GetSecretValue: answer });
  const clock = virtualClock(story.opened);
  return { aws, clock, secrets: webhookSecrets(aws.connection, 'keyturn-webhook', clock) };
}

const text = (value: unknown) => ({ SecretString: JSON.stringify(value) });

test('it is read once in five minutes', async () => {
  let signingSecrets = ['one'];
  const { aws, clock, secrets } = holding(() => text({ signingSecrets }));
  expect(await secrets.read()).toEqual(['one']);
  signingSecrets = ['two', 'one'];
  expect(await secrets.read()).toEqual(['one']);
  await clock.sleep(300_000);
  expect(await secrets.read()).toEqual(['two', 'one']);
  expect(aws.calls).toHaveLength(2);
});

test('where there is none, there are no secrets', async () => {
  const { secrets } = holding(() => {
    throw awsError('ResourceNotFoundException', 'cannot find it', 400);
  });
  expect(await secrets.read()).toEqual([]);
});

test('what cannot be read now is tried again', async () => {
  const { secrets } = holding(() => {
    throw throttled();
  });
  await expect(secrets.read()).rejects.toBeInstanceOf(Transient);
});

test.each([
  ['a list', '["sentinel"]'],
  ['no JSON', 'sentinel'],
  ['no secret', '{"signingSecrets":[]}'],
  ['three', '{"signingSecrets":["sentinel","b","c"]}'],
  ['one with a gap', '{"signingSecrets":["sentinel two"]}'],
])('%s is not usable, and is not quoted', async (_, SecretString) => {
  const { secrets } = holding(() => ({ SecretString }));
  const problem = await secrets.read().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Permanent);
  expect(String(problem)).toMatch(/keyturn-webhook is not usable: it has to hold/);
  expect(String(problem)).not.toContain('sentinel');
});

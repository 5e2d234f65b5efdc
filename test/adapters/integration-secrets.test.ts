/** The integration secret: read when needed, kept for minutes, never quoted. */
import { describe, expect, test } from 'vitest';
import { integrationSecrets } from '../../adapters/integration-secrets.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { story } from '../builders.ts';
import { cannedAws, throttled } from './canned-aws.ts';

const contents = {
  slackBotToken: ['xoxb', 'sentinel'].join('-'),
  slackSigningSecrets: ['sentinel-new', 'sentinel-old'],
  pagerDutyRoutingKey: 'sentinel'.repeat(4),
};

function holding(answer: () => unknown) {
  const aws = cannedAws({ GetSecretValue: answer });
  const clock = virtualClock(story.opened);
  return { aws, clock, secrets: integrationSecrets(aws.connection, 'keyturn/integrations', clock) };
}

const text = (value: unknown) => () => ({ SecretString: JSON.stringify(value) });

test('all secrets come from one reading', async () => {
  const { aws, secrets } = holding(text(contents));
  expect(await Promise.all([secrets.botToken(), secrets.routingKey()])).toEqual([
    contents.slackBotToken,
    contents.pagerDutyRoutingKey,
  ]);
  expect(await secrets.signingSecrets()).toEqual(['sentinel-new', 'sentinel-old']);
  expect(aws.calls).toHaveLength(1);
});

test('they are read again after five minutes', async () => {
  let signing = ['old'];
  const { clock, secrets } = holding(() => text({ ...contents, slackSigningSecrets: signing })());
  expect(await secrets.signingSecrets()).toEqual(['old']);
  signing = ['new', 'old'];
  await clock.sleep(299_000);
  expect(await secrets.signingSecrets()).toEqual(['old']);
  await clock.sleep(1_000);
  expect(await secrets.signingSecrets()).toEqual(['new', 'old']);
});

describe('failures', () => {
  test('are not kept', async () => {
    let isDown = true;
    const { secrets } = holding(() => {
      if (isDown) throw throttled();
      return text(contents)();
    });
    await expect(secrets.botToken()).rejects.toBeInstanceOf(Transient);
    isDown = false;
    expect(await secrets.botToken()).toBe(contents.slackBotToken);
  });

  test.each([
    ['no JSON', '{"slackBotToken": "sentinel', 'the JSON as a whole'],
    ['a list', '["sentinel"]', 'slackBotToken, slackSigningSecrets, pagerDutyRoutingKey'],
    ['nothing', undefined, 'the JSON as a whole'],
    [
      'bad values',
      JSON.stringify({
        slackBotToken: 'sentinel',
        slackSigningSecrets: [''],
        pagerDutyRoutingKey: 'sentinel',
      }),
      'slackBotToken, slackSigningSecrets.0, pagerDutyRoutingKey',
    ],
    [
      'no signing secret',
      JSON.stringify({ ...contents, slackSigningSecrets: [] }),
      'slackSigningSecrets',
    ],
    [
      'no routing key, so that pages would be lost',
      JSON.stringify({ ...contents, pagerDutyRoutingKey: undefined }),
      'pagerDutyRoutingKey',
    ],
  ])('%s: named by field, never quoted', async (_, SecretString, fields) => {
    const { secrets } = holding(() => ({ SecretString }));
    const thrown: unknown = await secrets.botToken().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Permanent);
    expect(thrown).toMatchObject({ message: expect.stringContaining(`usable: ${fields} missing`) });
    expect(thrown).toMatchObject({
      message: expect.stringMatching(/"pagerDutyRoutingKey": "…"\}; each is needed/),
    });
    const { message, stack, cause } = thrown as Permanent;
    expect(`${message}${stack}${String(cause)}`).not.toContain('sentinel');
  });
});

/** The integration secret: read when needed, kept for minutes, never quoted. */
import { describe, expect, test } from 'vitest';
import { integrationSecrets } from '../../adapters/integration-secrets.ts';
import { allIn } from '../../domain/connections.ts';
import { Bug, Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
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
  return {
    aws,
    clock,
    secrets: integrationSecrets(aws.connection, allIn('keyturn/integrations'), clock),
  };
}

const text = (value: unknown) => () => ({ SecretString: JSON.stringify(value) });

test('all secrets come from one reading', async () => {
  const { aws, secrets } = holding(text(contents));
  expect(await Promise.all([secrets.botToken(), secrets.routingKey()])).toEqual([
    contents.slackBotToken,
    { key: contents.pagerDutyRoutingKey, isKnown: true },
  ]);
  expect(await secrets.signingSecrets()).toEqual(['sentinel-new', 'sentinel-old']);
  expect(aws.calls).toHaveLength(1);
});

test('a routing key is found by its name; an unknown one gets the default key', async () => {
  const payments = 'payments'.repeat(4);
  const { secrets } = holding(text({ ...contents, pagerDutyRoutingKeys: { payments } }));
  expect(await secrets.routingKey('payments')).toEqual({ key: payments, isKnown: true });
  for (const name of ['other', 'constructor', '__proto__']) {
    const unknown = { key: contents.pagerDutyRoutingKey, isKnown: false };
    expect(await secrets.routingKey(name)).toEqual(unknown);
  }
  expect(await secrets.routingKeyNames()).toEqual(['payments']);
});

test('what was refused is read anew at once, but not again and again', async () => {
  let token = contents.slackBotToken;
  const { aws, clock, secrets } = holding(() => text({ ...contents, slackBotToken: token })());
  await secrets.botToken();
  token = ['xoxb', 'another'].join('-');
  await clock.sleep(60_000);
  expect(await secrets.botToken()).toBe(contents.slackBotToken);
  expect(await secrets.again.botToken()).toBe(token);
  expect(await secrets.again.botToken()).toBe(token);
  expect(aws.calls).toHaveLength(2);
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

test('whoever was refused gets what it holds by now', async () => {
  let token = contents.slackBotToken;
  const { clock, secrets } = holding(() => text({ ...contents, slackBotToken: token })());
  expect(await secrets.botToken()).toBe(contents.slackBotToken);
  token = `${contents.slackBotToken}-exchanged`;
  await clock.sleep(60_000);
  expect(await secrets.botToken()).toBe(contents.slackBotToken);
  expect(await secrets.again.botToken()).toBe(token);
  const key = contents.pagerDutyRoutingKey;
  expect(await secrets.again.routingKey()).toEqual({ key, isKnown: true });
  expect(await secrets.again.signingSecrets()).toEqual(contents.slackSigningSecrets);
});

describe('a secret for each', () => {
  const names = {
    slackToken: 'keyturn-dev-slack-token',
    slackSigning: '/keyturn-dev/slack-signing',
    pagerDuty: 'keyturn-dev-pagerduty-keys',
  } as const;
  const { slackBotToken, slackSigningSecrets, pagerDutyRoutingKey } = contents;

  function apart(token: object = { slackBotToken }) {
    const Value = JSON.stringify({ slackSigningSecrets });
    const held: Readonly<Record<string, object>> = {
      [names.slackToken]: token,
      [names.pagerDuty]: { pagerDutyRoutingKey },
    };
    const aws = cannedAws({
      GetSecretValue: (input: object) => text(held[String(Reflect.get(input, 'SecretId'))])(),
      GetParameter: () => ({ Parameter: { Type: 'SecureString', Value } }),
    });
    return { aws, clock: virtualClock(story.opened) };
  }

  test('is read when it is asked for, and no other', async () => {
    const { aws, clock } = apart();
    const secrets = integrationSecrets(aws.connection, names, clock);
    expect(await secrets.routingKey()).toEqual({ key: pagerDutyRoutingKey, isKnown: true });
    expect(aws.calls.map(({ input }) => input)).toEqual([{ SecretId: names.pagerDuty }]);
    expect(await secrets.botToken()).toBe(slackBotToken);
    expect(await secrets.signingSecrets()).toEqual(slackSigningSecrets);
    expect(aws.calls.map(({ operation }) => operation)).toEqual([
      'GetSecretValue',
      'GetSecretValue',
      'GetParameter',
    ]);
  });

  test('has to hold its own part alone, and says what lacks', async () => {
    const { aws, clock } = apart({ slackSigningSecrets });
    const secrets = integrationSecrets(aws.connection, names, clock);
    const refused = secrets.botToken();
    await expect(refused).rejects.toBeInstanceOf(Permanent);
    await expect(refused).rejects.toThrow('It has to hold {"slackBotToken": "xoxb-…"}');
    await expect(refused).rejects.not.toThrow('sentinel');
    expect(await secrets.routingKey()).toMatchObject({ isKnown: true });
  });

  test('for which no name was given is nobody’s to ask for', async () => {
    const { aws, clock } = apart();
    const secrets = integrationSecrets(aws.connection, { slackToken: names.slackToken }, clock);
    await expect(secrets.signingSecrets()).rejects.toBeInstanceOf(Bug);
    expect(aws.calls).toEqual([]);
  });
});

describe('in Parameter Store', () => {
  const parameter = (answer: () => unknown, name: string) => {
    const aws = cannedAws({ GetParameter: answer });
    return {
      aws,
      secrets: integrationSecrets(aws.connection, allIn(name), virtualClock(story.opened)),
    };
  };
  const secure = () => ({ Parameter: { Type: 'SecureString', Value: JSON.stringify(contents) } });

  test.each([
    '/keyturn-dev/connections',
    'arn:aws:ssm:eu-west-1:111122223333:parameter/keyturn-dev/connections',
  ])('it is read as a SecureString: %s', async (name) => {
    const { aws, secrets } = parameter(secure, name);
    expect(await secrets.botToken()).toBe(contents.slackBotToken);
    expect(aws.calls.map(({ input }) => input)).toEqual([{ Name: name, WithDecryption: true }]);
  });

  test('one that anybody may read who lists parameters is refused, and not quoted', async () => {
    const clear = () => ({ Parameter: { ...secure().Parameter, Type: 'String' } });
    const { secrets } = parameter(clear, '/keyturn-dev/connections');
    const thrown: unknown = await secrets.botToken().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Permanent);
    expect(String(thrown)).toContain('it is no SecureString');
    expect(String(thrown)).not.toContain('sentinel');
  });

  test('one that is not there, or cannot be read now, is told apart', async () => {
    const { secrets } = parameter(() => {
      throw awsError('ParameterNotFound', 'no', 400);
    }, '/keyturn-dev/connections');
    await expect(secrets.botToken()).rejects.toBeInstanceOf(Permanent);
    const { secrets: busy } = parameter(() => {
      throw throttled();
    }, '/keyturn-dev/connections');
    await expect(busy.botToken()).rejects.toBeInstanceOf(Transient);
  });

  test('a name that only looks like a path is a secret’s', async () => {
    const aws = cannedAws({ GetSecretValue: text(contents) });
    for (const name of [
      'keyturn/connections',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn-dev-connections-AbCdEf',
    ]) {
      const secrets = integrationSecrets(aws.connection, allIn(name), virtualClock(story.opened));
      expect(await secrets.botToken()).toBe(contents.slackBotToken);
    }
  });
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

/** The system put together: each setting reaches the adapter that needs it, or nothing starts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { composeHub, findingFromEnvironment, tickFromEnvironment } from '../../app/compose.ts';
import { custodyFromEnvironment, witnessFromEnvironment } from '../../app/compose-beside-keys.ts';
import { slackActionFromEnvironment } from '../../app/compose-slack.ts';
import { Permanent } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { Mode } from '../../domain/policy.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { hubSettings, sandboxBook } from '../../sandbox/settings.ts';
import { createWorld } from '../../sandbox/world.ts';
import { story, use } from '../builders.ts';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

const world = (mode: Mode) =>
  createWorld({ start: story.opened, place, accounts: [place.account], mode, seed: 'compose' });

describe('the hub', () => {
  test('speaks to Slack, SNS, the bus and Security Hub as it was told', async () => {
    const given = await world('auto');
    const { clock, cloud } = given;
    const createdAt = plus(clock.now(), { days: -200 });
    const user = cloud.addUser({ account: place.account, userName: 'svc-billing', createdAt });
    const { keyId } = cloud.addKey(place.account, 'svc-billing', { createdAt });
    const { region, sourceIp, userAgent } = use(createdAt);
    const used = { region, sourceIp, userAgent, service: 's3', eventName: 'ListBuckets' };
    cloud.recordPastUse(keyId, { ...used, at: plus(clock.now(), { days: -1 }) });
    reportStaleUser(given, user, ['security hub']);
    await given.runUntil(plus(clock.now(), { hours: 1 }));
    expect(given.slack.messages()[0]?.channel).toBe('C0ACCESSKEYS');
    expect(cloud.published[0]?.topicArn).toBe('arn:aws:sns:eu-west-1:111122223333:keyturn');
    expect(cloud.busEvents[0]?.busArn).toBe(
      'arn:aws:events:eu-west-1:111122223333:event-bus/keyturn',
    );
    expect(cloud.lostBusEvents).toEqual([]);
    const [finding] = cloud.findings.list(place.account, place.region);
    expect(finding?.Workflow).toEqual({ Status: 'NOTIFIED' });
    const [run] = given.runner.list(place);
    expect(run).toMatchObject({
      DocumentName: 'Keyturn-IssueReplacementKey',
      Parameters: { CustodianFunction: ['keyturn-custodian'] },
    });
  });

  test('in mode observe notes the key for the daily summary, and claims nothing', async () => {
    const given = await world('observe');
    const { clock, cloud } = given;
    const createdAt = plus(clock.now(), { days: -200 });
    const user = cloud.addUser({ account: place.account, userName: 'svc-billing', createdAt });
    const { keyId } = cloud.addKey(place.account, 'svc-billing', { createdAt });
    reportStaleUser(given, user, ['config']);
    await given.runUntil(plus(clock.now(), { hours: 1 }));
    expect(given.slack.messages()).toEqual([]);
    const noted = await given.store.observedUntold(10);
    expect(noted).toMatchObject([{ keyId, userName: 'svc-billing' }]);
    expect(await given.store.ofUser(place.account, user.userId)).toEqual([]);
    expect(given.runner.list(place)).toEqual([]);
  });

  test('names the runbook role of the account in which a run is to be', async () => {
    const given = await world('approve');
    const topicArn = 'arn:aws:sns:eu-west-1:111122223333:keyturn';
    const made = { topicArn, rejectedQueueUrl: 'x', accounts: [] };
    const { tick } = composeHub(hubSettings(place, sandboxBook('approve'), made), {
      store: memoryStore(),
      clock: given.clock,
      log: { info: () => undefined, error: () => undefined },
      home: { region: place.region },
    });
    const where = { partition: 'aws-cn', account: '444455556666', region: 'cn-north-1' } as const;
    expect(tick.runbookRole(where, 'delete-key')).toBe(
      'arn:aws-cn:iam::444455556666:role/keyturn-runbook-delete-key',
    );
    expect(tick.capacity).toBe(90);
  });
});

describe('a function that is not configured does not start', () => {
  const starts = {
    tick: tickFromEnvironment,
    events: findingFromEnvironment,
    'presses and forms': slackActionFromEnvironment,
    custodian: custodyFromEnvironment,
    witness: witnessFromEnvironment,
  };

  test.each(Object.entries(starts))('%s: every missing setting in one message', (_, start) => {
    expect(() => start({})).toThrow(Permanent);
    expect(() => start({})).toThrow(
      /^the function is not configured: AWS_REGION is not set; KEYTURN_ACCOUNT is not set; /,
    );
  });
});

test('custodian and witness start from what they are told', () => {
  const env = {
    AWS_REGION: 'eu-west-1',
    KEYTURN_ACCOUNT: place.account,
    KEYTURN_PARTITION: 'aws',
    KEYTURN_KEY_MAKER_ROLE: 'arn:aws:iam::111122223333:role/keyturn-dev-key-maker',
    KEYTURN_STOP_PARAMETER: '/keyturn/dev/stop',
  };
  const custody = custodyFromEnvironment(env);
  expect(custody.home).toEqual(place);
  expect(custody.maker.sessionArn('token')).toBe(
    'arn:aws:sts::111122223333:assumed-role/keyturn-dev-key-maker/token',
  );
  expect(witnessFromEnvironment(env).home).toEqual(place);
});

const hubEnvironment = {
  AWS_REGION: 'eu-west-1',
  KEYTURN_ACCOUNT: place.account,
  KEYTURN_PARTITION: 'aws',
  KEYTURN_STAGE: 'dev',
  KEYTURN_TABLE: 'keyturn-dev',
  KEYTURN_POLICY_FILE: 'infra/policy/dev.yml',
  KEYTURN_DOCUMENT_PREFIX: 'Keyturn-dev',
  KEYTURN_RUNBOOK_ROLE: 'arn:aws:iam::111122223333:role/keyturn-dev-runbook',
  KEYTURN_KEY_MAKER_ROLE: 'arn:aws:iam::111122223333:role/keyturn-dev-key-maker',
  KEYTURN_CUSTODIAN: 'keyturn-dev-custodian',
  KEYTURN_WITNESS: 'keyturn-dev-witness',
  KEYTURN_TOPIC: 'arn:aws:sns:eu-west-1:111122223333:keyturn-dev',
  KEYTURN_BUS: 'keyturn-dev',
  KEYTURN_REJECTED_QUEUE: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rejected',
  KEYTURN_SLACK_TOKEN_IN: 'keyturn-dev-connections',
  KEYTURN_SLACK_SIGNING_IN: 'keyturn-dev-connections',
  KEYTURN_PAGERDUTY_KEYS_IN: 'keyturn-dev-connections',
  KEYTURN_CUSTOM_ACTION: 'keyturndev',
  KEYTURN_STOP_PARAMETER: '/keyturn/dev/stop',
  KEYTURN_RUNBOOK_ROLE_PREFIX: 'keyturn-dev-runbook',
  KEYTURN_DOOR_PREFIX: 'keyturn-dev',
  KEYTURN_EXTERNAL_ID: 'keyturn-dev',
  KEYTURN_SLACK_TEAM: 'T0SANDBOX',
  KEYTURN_SLACK_CHANNEL: 'C0ACCESSKEYS',
};

/** What the SDK sends over the network, and nothing but an empty answer. */
async function requestsOf(act: () => Promise<unknown>): Promise<readonly unknown[]> {
  const requests: unknown[] = [];
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    requests.push({ target, ...JSON.parse(await text(request)) });
    response.end('{}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'of-nobody');
  try {
    await act();
  } finally {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  }
  return requests;
}

test('a deployed hub reads its rotations in the table that it is told', async () => {
  const { store } = tickFromEnvironment(hubEnvironment);
  const requests = await requestsOf(async () => {
    expect(await store.load('a')).toBeUndefined();
  });
  expect(requests).toEqual([
    {
      target: 'DynamoDB_20120810.GetItem',
      TableName: 'keyturn-dev',
      Key: { pk: { S: 'rotation#a' }, sk: { S: 'state' } },
      ConsistentRead: true,
    },
  ]);
});

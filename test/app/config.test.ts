/** What functions are told at deployment: read whole, or refused with every problem at once. */
import { describe, expect, test } from 'vitest';
import {
  defaultCapacity,
  type Environment,
  readCustodianSettings,
  readHubSettings,
  readWitnessPlace,
} from '../../app/config.ts';
import type { Parsed } from '../../domain/parsed.ts';
import { defaultPolicy } from '../../domain/policy.ts';

const people = [{ slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver', 'admin'] }];

const place: Environment = {
  AWS_REGION: 'eu-west-1',
  KEYTURN_ACCOUNT: '111122223333',
  KEYTURN_PARTITION: 'aws',
};

const hub: Environment = {
  ...place,
  KEYTURN_STAGE: 'dev',
  KEYTURN_MODE: 'auto',
  KEYTURN_DOCUMENT_PREFIX: 'Keyturn-dev',
  KEYTURN_RUNBOOK_ROLE: 'arn:aws:iam::111122223333:role/automation/keyturn-dev-runbook',
  KEYTURN_CUSTODIAN: 'keyturn-dev-custodian',
  KEYTURN_WITNESS: 'keyturn-dev-witness',
  KEYTURN_TOPIC: 'arn:aws:sns:eu-west-1:111122223333:keyturn-dev',
  KEYTURN_BUS: 'keyturn-dev',
  KEYTURN_REJECTED_QUEUE: 'https://sqs.eu-west-1.amazonaws.com/111122223333/keyturn-dev-rejected',
  KEYTURN_CONNECTIONS: 'keyturn-dev-connections',
  KEYTURN_CUSTOM_ACTION: 'keyturndev',
  KEYTURN_STOP_PARAMETER: '/keyturn/dev/stop',
  KEYTURN_SLACK_TEAM: 'T0SANDBOX',
  KEYTURN_SLACK_CHANNEL: 'C0ACCESSKEYS',
  KEYTURN_PEOPLE: JSON.stringify(people),
};

const custodian: Environment = {
  ...place,
  KEYTURN_KEY_MAKER_ROLE: 'arn:aws:iam::111122223333:role/keyturn-dev-key-maker',
};

const problemsIn = (settings: Parsed<unknown>): readonly string[] =>
  settings.ok ? [] : settings.problems;

const readers = {
  hub: { read: readHubSettings, env: hub },
  custodian: { read: readCustodianSettings, env: custodian },
  witness: { read: readWitnessPlace, env: place },
} as const;

describe('whole settings', () => {
  test('of the hub', () => {
    const settings = readHubSettings({ ...hub, PATH: '/usr/bin' });
    expect(settings).toEqual({
      ok: true,
      value: {
        stage: 'dev',
        place: { partition: 'aws', account: '111122223333', region: 'eu-west-1' },
        policy: { ...defaultPolicy, mode: 'auto' },
        documentPrefix: 'Keyturn-dev',
        runbookRoleName: 'keyturn-dev-runbook',
        custodianFunction: 'keyturn-dev-custodian',
        stopParameter: '/keyturn/dev/stop',
        witnessFunction: 'keyturn-dev-witness',
        topicArn: hub.KEYTURN_TOPIC,
        busName: 'keyturn-dev',
        rejectedQueueUrl: hub.KEYTURN_REJECTED_QUEUE,
        connectionsSecret: 'keyturn-dev-connections',
        customAction: 'keyturndev',
        slack: { teamId: 'T0SANDBOX', channel: 'C0ACCESSKEYS' },
        people,
        capacity: defaultCapacity,
      },
    });
  });

  test('of the custodian and the witness, in any partition', () => {
    const china = { ...place, AWS_REGION: 'cn-north-1', KEYTURN_PARTITION: 'aws-cn' };
    const here = { partition: 'aws-cn', account: '111122223333', region: 'cn-north-1' };
    expect(readWitnessPlace(china)).toEqual({ ok: true, value: here });
    const keyMakerRoleArn = 'arn:aws-cn:iam::111122223333:role/keyturn-dev-key-maker';
    expect(readCustodianSettings({ ...china, KEYTURN_KEY_MAKER_ROLE: keyMakerRoleArn })).toEqual({
      ok: true,
      value: { place: here, keyMakerRoleArn },
    });
  });

  test('leave room beside the hundred runs of SSM', () => {
    expect(defaultCapacity).toBe(90);
  });
});

describe.each(Object.entries(readers))('missing settings of the %s', (_, { read, env }) => {
  test('all of them are named in one go', () => {
    const problems = problemsIn(read({}));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(Object.keys(env));
    const said = new Set(problems.map((problem) => problem.replace(/^\S+ /, '')));
    expect([...said].every((text) => text === 'is not set')).toBe(true);
  });

  test('each alone is missed', () => {
    for (const name of Object.keys(env)) {
      expect(problemsIn(read({ ...env, [name]: undefined }))).toHaveLength(1);
      const { [name]: __, ...rest } = env;
      expect(problemsIn(read(rest))).toEqual([`${name} is not set`]);
      expect(problemsIn(read({ ...env, [name]: '' }))).toEqual([
        expect.stringMatching(new RegExp(`^${name} (?:is empty|is not an|must be)`)),
      ]);
    }
  });
});

describe('wrong settings', () => {
  test.each<[string, string, string]>([
    ['KEYTURN_ACCOUNT', '1111', 'is not an account id of 12 digits'],
    ['KEYTURN_PARTITION', 'aws-moon', 'is not an AWS partition'],
    ['KEYTURN_MODE', 'yolo', 'must be observe, approve or auto'],
    ['KEYTURN_RUNBOOK_ROLE', 'keyturn-runbook', 'is not an ARN'],
    ['KEYTURN_RUNBOOK_ROLE', 'arn:aws:iam::111122223333:user/x', 'is not the ARN of a role'],
    ['KEYTURN_TOPIC', 'keyturn', 'is not an ARN'],
    ['KEYTURN_REJECTED_QUEUE', 'keyturn-rejected', 'is not a URL'],
    ['KEYTURN_PEOPLE', 'Ada', 'is not JSON'],
    ['KEYTURN_PEOPLE', '{}', 'is not a list of people'],
  ])('%s: %s', (name, value, problem) => {
    expect(problemsIn(readHubSettings({ ...hub, [name]: value }))).toEqual([`${name} ${problem}`]);
  });

  test.each<[object, string]>([
    [{ slackUserId: 'ada' }, 'slackUserId is not a Slack user id'],
    [{ slackUserId: undefined }, 'slackUserId is missing'],
    [{ name: '' }, 'name is empty'],
    [{ roles: 'admin' }, 'roles is no list of roles'],
    [{ roles: ['king'] }, 'roles.0 must be owner, approver or admin'],
  ])('a person with %j', (changes, problem) => {
    const KEYTURN_PEOPLE = JSON.stringify([
      ...people,
      { ...people[0], slackUserId: 'U0B', ...changes },
    ]);
    expect(problemsIn(readHubSettings({ ...hub, KEYTURN_PEOPLE }))).toEqual([
      `KEYTURN_PEOPLE.1.${problem}`,
    ]);
  });

  test('a person named twice', () => {
    const KEYTURN_PEOPLE = JSON.stringify([...people, { ...people[0], roles: [] }]);
    expect(problemsIn(readHubSettings({ ...hub, KEYTURN_PEOPLE }))).toEqual([
      'KEYTURN_PEOPLE names a Slack user twice: which roles count is not clear',
    ]);
  });

  test('several at once are all named', () => {
    const env = { ...hub, KEYTURN_MODE: 'yolo', KEYTURN_BUS: '', KEYTURN_PEOPLE: undefined };
    expect(problemsIn(readHubSettings(env))).toEqual([
      'KEYTURN_MODE must be observe, approve or auto',
      'KEYTURN_BUS is empty',
      'KEYTURN_PEOPLE is not set',
    ]);
  });
});

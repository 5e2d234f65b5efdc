/** What functions are told at deployment: read whole, or refused with every problem at once. */
import { describe, expect, test } from 'vitest';
import {
  defaultAccountCapacity,
  defaultCapacity,
  type Environment,
  readCustodianSettings,
  readHubSettings,
  readWitnessSettings,
} from '../../app/config.ts';
import { allIn } from '../../domain/connections.ts';
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { emptyBook, type PolicyBook } from '../../domain/policy-book.ts';

const book: PolicyBook = { ...emptyBook, defaults: { mode: 'auto' } };

/** Stands for the file that the settings name. */
const readHub = (env: Environment) =>
  readHubSettings(env, (fileName) =>
    fileName === 'infra/policy/dev.yml' ? parsed(book) : refused(`${fileName}:1:1: is wrong`),
  );

const place: Environment = {
  AWS_REGION: 'eu-west-1',
  KEYTURN_ACCOUNT: '111122223333',
  KEYTURN_PARTITION: 'aws',
};

const hub: Environment = {
  ...place,
  KEYTURN_STAGE: 'dev',
  KEYTURN_TABLE: 'keyturn-dev',
  KEYTURN_POLICY_FILE: 'infra/policy/dev.yml',
  KEYTURN_DOCUMENT_PREFIX: 'Keyturn-dev',
  KEYTURN_RUNBOOK_ROLE_PREFIX: 'keyturn-dev-runbook',
  KEYTURN_DOOR_PREFIX: 'keyturn-dev',
  KEYTURN_EXTERNAL_ID: 'keyturn-dev',
  KEYTURN_KEY_MAKER_ROLE: 'arn:aws:iam::111122223333:role/automation/keyturn-dev-key-maker',
  KEYTURN_CUSTODIAN: 'keyturn-dev-custodian',
  KEYTURN_WITNESS: 'keyturn-dev-witness',
  KEYTURN_TOPIC: 'arn:aws:sns:eu-west-1:111122223333:keyturn-dev',
  KEYTURN_BUS: 'keyturn-dev',
  KEYTURN_REJECTED_QUEUE: 'https://sqs.eu-west-1.amazonaws.com/111122223333/keyturn-dev-rejected',
  KEYTURN_SLACK_TOKEN_IN: 'keyturn-dev-connections',
  KEYTURN_SLACK_SIGNING_IN: 'keyturn-dev-connections',
  KEYTURN_PAGERDUTY_KEYS_IN: 'keyturn-dev-connections',
  KEYTURN_CUSTOM_ACTION: 'keyturndev',
  KEYTURN_STOP_PARAMETER: '/keyturn/dev/stop',
  KEYTURN_SLACK_TEAM: 'T0SANDBOX',
  KEYTURN_SLACK_CHANNEL: 'C0ACCESSKEYS',
};

const custodian: Environment = {
  ...place,
  KEYTURN_KEY_MAKER_ROLE: 'arn:aws:iam::111122223333:role/keyturn-dev-key-maker',
  KEYTURN_STOP_PARAMETER: '/keyturn/dev/stop',
};

const problemsIn = (settings: Parsed<unknown>): readonly string[] =>
  settings.ok ? [] : settings.problems;

const readers = {
  hub: { read: readHub, env: hub },
  custodian: { read: readCustodianSettings, env: custodian },
  witness: { read: readWitnessSettings, env: place },
} as const;

describe('whole settings', () => {
  test('of the hub', () => {
    const settings = readHub({ ...hub, PATH: '/usr/bin' });
    expect(settings).toEqual({
      ok: true,
      value: {
        stage: 'dev',
        place: { partition: 'aws', account: '111122223333', region: 'eu-west-1' },
        tableName: 'keyturn-dev',
        book,
        drills: 'none',
        documentPrefix: 'Keyturn-dev',
        runbookRolePrefix: 'keyturn-dev-runbook',
        doors: { prefix: 'keyturn-dev', externalId: 'keyturn-dev', findingsPlace: null },
        members: [],
        notMembers: [],
        keyMakerRoleName: 'keyturn-dev-key-maker',
        custodianFunction: 'keyturn-dev-custodian',
        stopParameter: '/keyturn/dev/stop',
        witnessFunction: 'keyturn-dev-witness',
        topicArn: hub.KEYTURN_TOPIC,
        busName: 'keyturn-dev',
        rejectedQueueUrl: hub.KEYTURN_REJECTED_QUEUE,
        connections: allIn('keyturn-dev-connections'),
        customAction: 'keyturndev',
        slack: { teamId: 'T0SANDBOX', channel: 'C0ACCESSKEYS' },
        capacity: defaultCapacity,
        accountCapacity: defaultAccountCapacity,
      },
    });
  });

  test('of the hub of an organisation', () => {
    const settings = readHub({
      ...hub,
      KEYTURN_MEMBERS: 'ou-ab12-11111111, 444455556666',
      KEYTURN_NOT_MEMBERS: '123456789012',
      KEYTURN_FINDINGS_ACCOUNT: '444455556666',
    });
    expect(settings).toMatchObject({
      ok: true,
      value: {
        members: ['ou-ab12-11111111', '444455556666'],
        notMembers: ['123456789012'],
        // Of the hub's own Region, unless another one is named.
        doors: { findingsPlace: { account: '444455556666', region: 'eu-west-1' } },
      },
    });
  });

  test('of the custodian and the witness, in any partition', () => {
    const china = { ...place, AWS_REGION: 'cn-north-1', KEYTURN_PARTITION: 'aws-cn' };
    const here = { partition: 'aws-cn', account: '111122223333', region: 'cn-north-1' };
    const witness = { place: here, trailQuery: undefined, drills: 'none' };
    expect(readWitnessSettings(china)).toEqual({ ok: true, value: witness });
    const held = { ok: true, value: { ...witness, drills: 'held' } };
    expect(readWitnessSettings({ ...china, KEYTURN_DRILLS: 'held' })).toEqual(held);
    expect(problemsIn(readWitnessSettings({ ...china, KEYTURN_DRILLS: 'yes' }))).toEqual([
      'KEYTURN_DRILLS is neither held nor none',
    ]);
    const keyMakerRoleArn = 'arn:aws-cn:iam::111122223333:role/keyturn-dev-key-maker';
    const told = { ...custodian, ...china, KEYTURN_KEY_MAKER_ROLE: keyMakerRoleArn };
    const stopParameter = '/keyturn/dev/stop';
    const value = {
      gitHubTokenIn: null,
      place: here,
      keyMakerRoleArn,
      stopParameter,
      nativePrivilege: 'refuse',
    };
    expect(readCustodianSettings(told)).toEqual({ ok: true, value });
    const allowing = { ...told, KEYTURN_NATIVE_PRIVILEGED: 'rotate' };
    expect(readCustodianSettings(allowing)).toEqual({
      ok: true,
      value: { ...value, nativePrivilege: 'rotate' },
    });
    expect(
      problemsIn(readCustodianSettings({ ...told, KEYTURN_NATIVE_PRIVILEGED: 'yes' })),
    ).toEqual(['KEYTURN_NATIVE_PRIVILEGED is not one of refuse, rotate']);
  });

  test('leave room beside the hundred runs of SSM', () => {
    expect(defaultCapacity).toBe(90);
    expect(defaultAccountCapacity).toBeLessThan(defaultCapacity);
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
    ['KEYTURN_KEY_MAKER_ROLE', 'keyturn-key-maker', 'is not an ARN'],
    ['KEYTURN_KEY_MAKER_ROLE', 'arn:aws:iam::111122223333:user/x', 'is not the ARN of a role'],
    ['KEYTURN_EXTERNAL_ID', 'with a space', 'is not an external id'],
    ['KEYTURN_MEMBERS', 'production', 'is not a list of account, unit and root ids'],
    ['KEYTURN_NOT_MEMBERS', '1111', 'is not a list of account, unit and root ids'],
    ['KEYTURN_FINDINGS_ACCOUNT', '1111', 'is not an account id of 12 digits'],
    ['KEYTURN_TABLE', 'a table', 'is not the name of a table'],
    ['KEYTURN_TOPIC', 'keyturn', 'is not an ARN'],
    ['KEYTURN_REJECTED_QUEUE', 'keyturn-rejected', 'is not a URL'],
  ])('%s: %s', (name, value, problem) => {
    expect(problemsIn(readHub({ ...hub, [name]: value }))).toEqual([`${name} ${problem}`]);
  });

  test('a policy file with problems: they are all told, with those of the environment', () => {
    const readBook = () => refused('policy.yml:1:1: one', 'policy.yml:2:1: two');
    expect(problemsIn(readHubSettings({ ...hub, KEYTURN_BUS: '' }, readBook))).toEqual([
      'KEYTURN_BUS is empty',
      'policy.yml:1:1: one',
      'policy.yml:2:1: two',
    ]);
  });

  test('several at once are all named', () => {
    const wrong = { KEYTURN_PARTITION: 'aws-moon', KEYTURN_BUS: '', KEYTURN_STAGE: undefined };
    expect(problemsIn(readHub({ ...hub, ...wrong }))).toEqual([
      'KEYTURN_PARTITION is not an AWS partition',
      'KEYTURN_STAGE is not set',
      'KEYTURN_BUS is empty',
    ]);
  });
});

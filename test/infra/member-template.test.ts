/** The template for member accounts: the same rights as the hub's, whole, and nothing more. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MemberTemplate, memberTemplate } from '../../commands/member-stack.ts';
import { writeMemberTemplate } from '../../commands/member-template.ts';
import { type PackagedStack, packageStack, type Resource } from './packaged-stack.ts';
import { grantsOf } from './policies.ts';
import { circle, referencesIn } from './references.ts';

let hub: PackagedStack;
let member: MemberTemplate;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-member-test-'));
  hub = await packageStack('prod');
  member = memberTemplate(hub.resources, 'prod', { custodian: 'c.zip', witness: 'w.zip' });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const ofType = (type: string): readonly Resource[] =>
  Object.values(member.Resources).filter(({ Type }) => Type === type);

const ids = (type: string) =>
  Object.entries(member.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id)
    .toSorted();

describe('it holds', () => {
  test('what stands beside the keys, and nothing of what decides', () => {
    expect(ids('AWS::Lambda::Function')).toEqual([
      'CustodianLambdaFunction',
      'WitnessLambdaFunction',
    ]);
    expect(ids('AWS::IAM::Role')).toEqual([
      'CustodianRole',
      'DeactivateKeyRole',
      'DeleteKeyRole',
      'FindingsRole',
      'ForwarderRole',
      'IssueReplacementKeyRole',
      'KeyMakerRole',
      'LauncherRole',
      'ReaderRole',
      'RestoreKeyRole',
      'WitnessRole',
    ]);
    expect(ids('AWS::SSM::Parameter')).toEqual(['StopSwitch']);
    expect(ids('AWS::Logs::LogGroup')).toEqual(['CustodianLogGroup', 'WitnessLogGroup']);
    const types = new Set(Object.values(member.Resources).map(({ Type }) => Type));
    for (const type of ['AWS::DynamoDB::Table', 'AWS::SNS::Topic', 'AWS::Scheduler::Schedule']) {
      expect(types).not.toContain(type);
    }
  });

  test('the very rights that the hub’s own account has', () => {
    const rights = (resources: Readonly<Record<string, Resource>>, holder: string) =>
      grantsOf(resources).filter((grant) => grant.holder === holder);
    const holders = [...ids('AWS::IAM::Role'), 'Boundary'].filter((id) => id !== 'ForwarderRole');
    for (const holder of holders) {
      const own = rights(member.Resources, holder);
      expect(own.length, holder).toBeGreaterThan(0);
      expect(own, holder).toEqual(rights(hub.resources, holder));
    }
  });

  test('the very runbooks, settings of functions and denials', () => {
    for (const id of [...ids('AWS::SSM::Document'), 'StopSwitch', 'NativeRotation']) {
      expect(member.Resources[id]?.Properties, id).toEqual(hub.resources[id]?.Properties);
    }
    for (const id of ids('AWS::Lambda::Function')) {
      const { Code: _, ...own } = member.Resources[id]?.Properties ?? {};
      const { Code: __, ...hubs } = hub.resources[id]?.Properties ?? {};
      expect(own, id).toEqual(hubs);
    }
    const { PolicyDocument } = member.Resources.Boundary?.Properties ?? {};
    expect(PolicyDocument).toEqual(hub.resources.Boundary?.Properties.PolicyDocument);
  });

  test('all that it refers to, without a circle', () => {
    const named = new Set(referencesIn([member.Resources, member.Conditions]));
    const held = new Set([...Object.keys(member.Resources), ...Object.keys(member.Parameters)]);
    expect([...named].filter((id) => !held.has(id))).toEqual([]);
    expect(named.size).toBeGreaterThan(15);
    expect(circle(member.Resources)).toEqual([]);
    const conditions = Object.values(member.Resources).flatMap(({ Condition }) => Condition ?? []);
    for (const each of conditions) expect(member.Conditions).toHaveProperty(each);
  });

  test('nothing that refers to what stands in the home Region only, from any other', () => {
    for (const [id, { Condition, Properties }] of Object.entries(member.Resources)) {
      if (Condition !== undefined) continue;
      for (const other of referencesIn(Properties)) {
        expect(member.Resources[other]?.Condition, `${id} → ${other}`).toBeUndefined();
      }
    }
  });
});

describe('its doors', () => {
  test.each(['ReaderRole', 'LauncherRole', 'FindingsRole'])(
    '%s: only the hub’s own functions',
    (id) => {
      const { Statement } = member.Resources[id]?.Properties.AssumeRolePolicyDocument ?? {};
      expect(Statement).toHaveLength(1);
      const [{ Principal, Condition }] = Statement;
      expect(Principal).toEqual({
        AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccount}:root` },
      });
      expect(Condition.StringEquals).toEqual({ 'sts:ExternalId': { Ref: 'ExternalId' } });
      const functions = Condition.ArnEquals['aws:PrincipalArn'].map(
        (each: { 'Fn::Sub': string }) => each['Fn::Sub'],
      );
      const tick = `arn:\${AWS::Partition}:iam::\${HubAccount}:role/keyturn-prod-on-tick`;
      expect(functions).toContain(tick);
      if (id !== 'ReaderRole') expect(functions).toEqual([tick]);
      const names = Object.values(hub.resources).map(({ Properties }) => Properties.RoleName);
      for (const each of functions) expect(names).toContain(each.split('role/')[1]);
    },
  );

  test('expect the external id that the hub says', () => {
    const told = hub.resources.OnTickLambdaFunction?.Properties.Environment.Variables;
    expect(member.Parameters.ExternalId?.Default).toBe(told.KEYTURN_EXTERNAL_ID);
    expect(told.KEYTURN_DOOR_PREFIX).toBe('keyturn-prod');
  });
});

describe('its forwarder', () => {
  test('listens in every Region for what the hub listens for in its own account', () => {
    const rules = ofType('AWS::Events::Rule');
    const patterns = (resources: readonly Resource[]) =>
      new Set(resources.map(({ Properties }) => JSON.stringify(Properties.EventPattern)));
    const heard = Object.values(hub.resources).filter(
      ({ Type, Properties }) => Type === 'AWS::Events::Rule' && !Properties.EventBusName,
    );
    expect(patterns(rules)).toEqual(patterns(heard));
    const sources = rules.map(({ Properties }) => Properties.EventPattern.source[0]);
    expect(new Set(sources)).toEqual(
      new Set(['aws.config', 'aws.securityhub', 'aws.ssm', 'aws.secretsmanager', 'aws.macie']),
    );
    for (const id of ids('AWS::Events::Rule')) {
      expect(member.Resources[id]?.Condition, id).toBeUndefined();
    }
  });

  test('brings it to the hub’s bus for a day, and keeps what cannot be brought', () => {
    const arn = `arn:\${AWS::Partition}:events:\${HubRegion}:\${HubAccount}`;
    for (const { Properties } of ofType('AWS::Events::Rule')) {
      expect(Properties.Targets).toEqual([
        {
          Id: 'hub',
          Arn: {
            'Fn::Sub': [arn, 'event-bus/keyturn-prod-inbound'].join(':'),
          },
          RoleArn: { 'Fn::GetAtt': ['ForwarderRole', 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Unforwarded', 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ]);
    }
    const [queue] = ofType('AWS::SQS::Queue');
    expect(queue?.Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
  });

  test('and its boundary are of one Region, so that Regions come in any order', () => {
    const { ManagedPolicyName } = member.Resources.Boundary?.Properties ?? {};
    expect(ManagedPolicyName).toEqual({
      'Fn::If': [
        'InHomeRegion',
        'keyturn-prod-boundary',
        { 'Fn::Sub': `keyturn-prod-boundary-\${AWS::Region}` },
      ],
    });
    const everywhere = ['ForwarderRole', 'Boundary', 'Unforwarded', 'UnforwardedPolicy'];
    for (const id of everywhere) expect(member.Resources[id]?.Condition, id).toBeUndefined();
    expect(member.Resources.CustodianRole?.Condition).toBe('InHomeRegion');
    for (const { Properties } of ofType('AWS::IAM::Role')) {
      expect(Properties.PermissionsBoundary).toEqual({ Ref: 'Boundary' });
    }
  });
});

describe('the command', () => {
  const packaged = async (resources: unknown) => {
    const dir = await mkdtemp(join(folder, 'packaged-'));
    const file = join(dir, 'cloudformation-template-update-stack.json');
    await writeFile(file, JSON.stringify({ Resources: resources }));
    await writeFile(join(dir, 'custodian.zip'), 'one code');
    await writeFile(join(dir, 'witness.zip'), 'another code');
    return dir;
  };

  test('writes a template that CloudFormation takes from a bucket, and its code', async () => {
    const out = join(folder, 'member.json');
    const code = join(folder, 'code');
    const from = await packaged(hub.resources);
    const args = ['--stage', 'prod', '--package', from, '--out', out, '--code', code];
    const { status, errors } = writeMemberTemplate(args);
    expect(status).toBe(0);
    const text = await readFile(out, 'utf8');
    expect(text.length).toBeGreaterThan(51_200);
    expect(text.length).toBeLessThan(1_000_000);
    expect(errors[0]).toMatch(/over 51,200 it has to be put into a bucket/);
    const { Parameters } = JSON.parse(text);
    const names = [Parameters.CustodianCode.Default, Parameters.WitnessCode.Default];
    expect(names).toEqual([
      expect.stringMatching(/^prod\/custodian-[0-9a-f]{16}\.zip$/),
      expect.stringMatching(/^prod\/witness-[0-9a-f]{16}\.zip$/),
    ]);
    expect((await readdir(join(code, 'prod'))).map((name) => `prod/${name}`)).toEqual(names);
    expect(await readFile(join(code, names[0]), 'utf8')).toBe('one code');
  });

  test('says what is missing, and how it is used', async () => {
    const { CustodianRole: _, ...incomplete } = hub.resources;
    const from = await packaged(incomplete);
    expect(writeMemberTemplate(['--stage', 'prod', '--package', from])).toEqual({
      status: 1,
      out: [],
      errors: ['the packaged stack holds no CustodianRole'],
    });
  });

  test.each([
    [[], '--stage names a stage'],
    [['--stage', 'prod', '--wrong'], '--wrong'],
    [['--stage', 'nope'], 'stage nope is none of dev, staging, prod'],
    [['--stage', 'prod', '--package', '/nonexistent'], '--package /nonexistent holds nothing'],
    [['--stage', 'prod', '--out', '/nonexistent/x/y'], 'there is no folder /nonexistent/x'],
    [['--stage', 'prod', '--package', '.', '--param', 'a=b'], 'not both'],
  ])('%j is wrong usage, and it says why', (args, problem) => {
    const { status, errors } = writeMemberTemplate(args);
    expect(status).toBe(2);
    expect(errors[0]).toContain(problem);
  });

  test('takes no package of another stage', async () => {
    const { status, errors } = writeMemberTemplate([
      ...['--stage', 'staging', '--package', await packaged(hub.resources)],
    ]);
    expect(status).toBe(2);
    expect(errors[0]).toContain('holds stage prod, and --stage says staging');
  });

  test('passes parameters on, and says in the packager’s words what is wrong with them', () => {
    const args = ['--stage', 'prod', '--param', 'userPaths=ci', '--param', 'tyop=1'];
    const { status, errors } = writeMemberTemplate(args);
    expect(status).toBe(1);
    expect(errors.join('\n')).toContain('there is no parameter tyop');
    expect(errors.join('\n')).toContain('userPaths is not a comma-joined list of IAM paths');
  }, 60_000);

  test('fences in every account as the hub is, with the same parameters', () => {
    const out = join(folder, 'fenced.json');
    const fence = ['--param', 'userPaths=/apps/', '--param', 'neverPaths=/admins/'];
    expect(writeMemberTemplate(['--stage', 'prod', ...fence, '--out', out]).status).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain(':user/apps/*');
    expect(text).toContain(':user/admins/*');
    expect(text).not.toContain(':user/keyturn-nobody/*');
  }, 60_000);
});

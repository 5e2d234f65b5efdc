/** Privileged users whom the detection called unprivileged; what held before stands below. */
import { describe, expect, test } from 'vitest';
import { profileFrom } from '../../domain/profile.ts';
import { user } from '../builders.ts';

const allows = (action: string, resource = '*') =>
  profileFrom({
    user,
    groups: [],
    policies: [
      {
        what: 'policy p',
        name: 'p',
        arn: undefined,
        document: {
          statements: [
            {
              effect: 'Allow',
              actions: { are: 'listed', patterns: [action] },
              resources: { are: 'listed', patterns: [resource] },
            },
          ],
        },
      },
    ],
  }).privileged.is;

const variable = (name: string) => `\u0024{${name}}`;

describe('a role by a policy variable is any role: whoever may tag the user names it', () => {
  test.each([
    `arn:aws:iam::111122223333:role/${variable('aws:PrincipalTag/role')}`,
    `arn:aws:iam::111122223333:role/team-a/${variable('aws:PrincipalTag/role')}`,
  ])('%s', (resource) => {
    expect(allows('sts:AssumeRole', resource)).toBe(true);
  });
});

test('iam:AddClientIDToOpenIDConnectProvider lets another audience in', () => {
  expect(allows('iam:AddClientIDToOpenIDConnectProvider')).toBe(true);
});

describe('keys of everybody, where Keyturn keeps them', () => {
  test.each([
    ['secretsmanager:GetSecretValue', '*'],
    ['secretsmanager:*', 'arn:aws:secretsmanager:*:*:secret:keyturn/*'],
    ['ssm:GetParameter*', '*'],
  ])('%s on %s', (action, resource) => {
    expect(allows(action, resource)).toBe(true);
  });
});

describe('roles that are administrators’ by another usual name', () => {
  test.each([
    'arn:aws:iam::111122223333:role/cdk-*',
    'arn:aws:iam::*:role/cdk-hnb659fds-deploy-role-111122223333-us-east-1',
    'arn:aws:iam::111122223333:role/root',
    'arn:aws:iam::111122223333:role/superuser',
    'arn:aws:iam::111122223333:role/PowerUser',
    'arn:aws:iam::111122223333:role/break-glass',
    'arn:aws:iam::111122223333:role/AWSCloudFormationStackSetExecutionRole',
  ])('%s', (resource) => {
    expect(allows('sts:AssumeRole', resource)).toBe(true);
  });
});

describe('what held', () => {
  test.each([
    ['i?m:*', '*'],
    ['?am:PutUserPolicy', '*'],
    ['IAM:putuserpolicy', '*'],
    ['*:*', '*'],
    ['*:PutUserPolicy', '*'],
    ['iam*', '*'],
    ['iam:CreateAccessKey', 'arn:aws:iam::111122223333:u*'],
    ['iam:CreateAccessKey', `arn:aws:iam::111122223333:user/${variable('aws:username')}*`],
    ['iam:CreateAccessKey', `arn:aws:iam::111122223333:user/${variable('*')}x`],
    ['iam:PassRole', 'arn:aws:iam:*:*'],
    ['iam:PassRole', 'arn:*'],
    ['iam:PassRole', 'arn:aws:*:*:*:role/x'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/?dmin'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/a*'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/*dmin'],
  ])('%s on %s', (action, resource) => {
    expect(allows(action, resource)).toBe(true);
  });
});

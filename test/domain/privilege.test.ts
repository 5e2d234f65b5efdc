/** Who is privileged, by the policies that apply; and by which words it is found. */
import { describe, expect, it } from 'vitest';
import type { Patterns, Statement } from '../../domain/policy-document.ts';
import { fits, overlap } from '../../domain/policy-document.ts';
import { privilegedByArn } from '../../domain/privilege.ts';
import { type AppliedPolicy, profileFrom } from '../../domain/profile.ts';
import { user } from '../builders.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is IAM's own placeholder
const self = '${aws:username}';
const listed = (...patterns: string[]): Patterns => ({ are: 'listed', patterns });
const allBut = (...patterns: string[]): Patterns => ({ are: 'all but', patterns });
const allow = (actions: Patterns, resources = listed('*')): Statement => ({
  effect: 'Allow',
  actions,
  resources,
});
const policyOf = (...statements: Statement[]): AppliedPolicy => ({
  what: 'policy p',
  name: 'p',
  arn: undefined,
  document: { statements },
});
const privileged = (...policies: AppliedPolicy[]) =>
  profileFrom({ user, groups: [], policies }).privileged;
const allows = (actions: Patterns, resources?: Patterns) =>
  privileged(policyOf(allow(actions, resources))).is;

describe('a pattern', () => {
  it.each([
    ['*', 'iam:CreateUser', true],
    ['iam:*', 'iam:CreateUser', true],
    ['IAM:createuser', 'iam:CreateUser', true],
    ['i*:Cr?ate*', 'iam:CreateUser', true],
    ['iam:Create*Key', 'iam:CreateAccessKey', true],
    ['iam:*a*e*', 'iam:CreateUser', true],
    ['iam:Create', 'iam:CreateUser', false],
    ['iam:CreateUser?', 'iam:CreateUser', false],
    ['iam:CreateUser*', 'iam:CreateUser', true],
    ['am:CreateUser', 'iam:CreateUser', false],
    ['', 'iam:CreateUser', false],
    ['iam:C.*', 'iam:CreateUser', false],
  ])('%s fits %s: %s', (pattern, text, answer) => {
    expect(fits(pattern, text)).toBe(answer);
  });

  it('of very many stars takes no time', () => {
    expect(fits(`${'*a'.repeat(500)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('whoever may do this is privileged', () => {
  it.each([
    '*',
    '*:*',
    'iam:*',
    'IAM:*',
    'i*:*',
    'iam:Create*',
    'iam:*Policy',
    'iam:CreateAccessKey',
    'iam:CREATEACCESSKEY',
    'iam:AttachUserPolicy',
    'iam:PutUserPolicy',
    'iam:CreatePolicyVersion',
    'iam:SetDefaultPolicyVersion',
    'iam:UpdateAssumeRolePolicy',
    'iam:AddUserToGroup',
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:PassRole',
    'sts:*',
    'sts:AssumeRole',
    'sts:AssumeRoot',
    'organizations:*',
    'sso:*',
  ])('%s', (action) => {
    expect(allows(listed('s3:GetObject', action))).toBe(true);
  });

  it('everything but S3', () => {
    expect(allows(allBut('s3:*'))).toBe(true);
  });

  it('everything but IAM and Organizations, since roles may still be assumed', () => {
    expect(allows(allBut('iam:*', 'organizations:*', 'account:*'))).toBe(true);
  });

  it('also in a second statement of a second policy, and it is said which', () => {
    const second = policyOf(allow(listed('s3:*')), allow(listed('iam:Put*')));
    expect(privileged(policyOf(allow(listed('s3:*'))), { ...second, what: 'policy q' })).toEqual({
      is: true,
      because: 'policy q allows iam:PutGroupPolicy',
    });
  });

  it('also where something else denies it: a Deny makes nobody unprivileged', () => {
    const deny: Statement = { effect: 'Deny', actions: listed('*'), resources: listed('*') };
    expect(privileged(policyOf(deny, allow(listed('iam:*'))), policyOf(deny)).is).toBe(true);
  });
});

describe('whoever may do this is not', () => {
  it.each([
    's3:*',
    'ec2:*',
    'iam:Get*',
    'iam:List*',
    'iam:ChangePassword',
    'iam:CreateServiceLinkedRole',
    'sts:GetCallerIdentity',
    'organizations:Describe*',
    'lambda:UpdateFunctionCode',
  ])('%s', (action) => {
    expect(allows(listed(action))).toBe(false);
  });

  it('nothing at all', () => {
    expect(privileged()).toEqual({ is: false });
  });

  it('what is only denied', () => {
    const deny: Statement = { effect: 'Deny', actions: listed('iam:*'), resources: listed('*') };
    expect(privileged(policyOf(deny)).is).toBe(false);
  });

  it('everything but what raises', () => {
    const raises = ['iam:*', 'sts:*', 'organizations:*', 'sso*:*', 'identitystore:*'];
    const reads = ['secretsmanager:*', 'ssm:GetParameter*'];
    expect(allows(allBut(...raises, ...reads))).toBe(false);
    expect(allows(allBut(...raises, 'ssm:*'))).toBe(true);
    expect(allows(allBut(...raises, 'secretsmanager:*'))).toBe(true);
  });
});

describe('credentials', () => {
  it.each([
    [`arn:aws:iam::*:user/${self}`, false],
    [`arn:aws-us-gov:iam::111122223333:user/${self}`, false],
    [`arn:aws:iam::*:user/*/${self}`, false],
    ['arn:aws:iam::111122223333:user/services/svc-billing', false],
    ['arn:aws:iam::111122223333:user/*', true],
    [`arn:aws:iam::111122223333:user/*${self}`, true],
    ['arn:aws:iam::111122223333:user/services/other', true],
    ['arn:aws:iam::*:*', true],
    ['*', true],
  ])('of %s: privileged is %s', (resource, answer) => {
    expect(allows(listed('iam:*AccessKey*'), listed('arn:aws:s3:::a', resource))).toBe(answer);
  });

  it("of everybody but one's own", () => {
    expect(allows(listed('iam:CreateAccessKey'), allBut('arn:aws:iam::*:user/x'))).toBe(true);
  });

  it("policies of one's own are no credentials: they raise", () => {
    expect(allows(listed('iam:PutUserPolicy'), listed(`arn:aws:iam::*:user/${self}`))).toBe(true);
  });
});

describe('roles', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/deploy', false],
    ['arn:aws:iam::111122223333:role/app/deploy-*', false],
    ['arn:aws:iam::111122223333:role/app/*', false],
    [`arn:aws:iam::111122223333:role/app-${self}`, true],
    ['arn:aws:iam::111122223333:role/c*', true],
    ['arn:aws:iam::111122223333:role/team/cdk-*', true],
    ['arn:aws:iam::111122223333:role/abcdk-deploy', false],
    ['arn:aws:iam::111122223333:role/AcmeSuperUser', true],
    ['arn:aws:iam::111122223333:role/acme-power-user-x', true],
    ['arn:aws:iam::111122223333:role/BreakGlass', true],
    ['arn:*:iam::*:role/deploy', false],
    ['arn:aws:lambda:*:111122223333:function:*', false],
    ['arn:aws:iam::111122223333:user/*', false],
    ['arn:aws:iam::111122223333:role/*', true],
    ['arn:aws:iam::111122223333:role/?eploy', true],
    ['arn:aws:iam::111122223333:*', true],
    ['arn:aws:iam::111122223333:role*', true],
    ['arn:aws:*', true],
    ['arn:aws:i*:::role/x', true],
    ['arn:aws:iam::111122223333:role/AcmeAdminRole', true],
    ['arn:aws:iam::111122223333:role/A*', true],
    ['arn:aws:iam::*:role/OrganizationAccountAccessRole', true],
    ['arn:aws:iam::*:role/OrganizationAccount*', true],
    ['arn:aws:iam::*:role/AWSControlTowerExecution', true],
    ['*', true],
  ])('%s assumed or passed: privileged is %s', (resource, answer) => {
    const resources = listed('arn:aws:s3:::a/*', resource);
    expect(allows(listed('sts:AssumeRole'), resources)).toBe(answer);
    expect(allows(listed('s3:*', 'iam:PassRole'), resources)).toBe(answer);
  });

  it('all but one', () => {
    expect(allows(listed('iam:PassRole'), allBut('arn:aws:iam::1:role/x'))).toBe(true);
  });
});

describe("keys of everybody, in Keyturn's keeping", () => {
  const secret = (end: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${end}`;
  const parameter = (end: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter${end}`;
  const own = user.userName;
  const tag = '\u0024{aws:PrincipalTag/x}';
  it.each([
    [secret('*'), true],
    [secret('key*'), true],
    [secret('keyturn/other-??????'), true],
    [secret('keyturn/other-AbCdEf'), true],
    [secret(`keyturn/${tag}-??????`), true],
    [secret(tag), true],
    [secret(`keyturn/${own}*`), true],
    [secret(`keyturn/${own}-*`), true],
    [secret(`keyturn/${own}`), true],
    [secret(`keyturn/x${own}-??????`), true],
    [secret(`keyturn/${own}-??????`), false],
    [secret(`keyturn/${own}-AbCdEf`), false],
    [secret(`keyturn/${self}-??????`), false],
    [secret('prod/*'), false],
    [secret('keyturnover/*'), false],
    [parameter('/keyturn/*'), true],
    ['arn:aws:s3:::*', false],
  ])('secrets %s: privileged is %s', (resource, answer) => {
    for (const action of ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGet*']) {
      const resources = listed('arn:aws:s3:::a', resource);
      const isSecret = resource.includes(':secretsmanager:');
      expect(allows(listed(action), resources)).toBe(answer && isSecret);
    }
  });

  it.each([
    [parameter('/*'), true],
    [parameter('*'), true],
    [parameter('/keyturn/users/*'), true],
    [parameter('/keyturn/users/other'), true],
    [parameter(`/keyturn/pending/${own}/*`), true],
    [parameter(`/keyturn/users/${own}*`), true],
    [parameter(`/keyturn/users/${own}`), false],
    [parameter(`/keyturn/users/${self}`), false],
    [parameter('/app/*'), false],
    ['arn:aws:ssm:*:*:document/*', false],
    ['arn:*:ssm:*', true],
  ])('parameters %s: privileged is %s', (resource, answer) => {
    const reads = ['GetParameter', 'GetParameters', 'GetParameterHistory', 'GetParametersByPath'];
    for (const action of reads) {
      expect(allows(listed(`ssm:${action}`), listed(resource))).toBe(answer);
    }
    expect(allows(listed('ssm:DescribeParameters', 'ssm:PutParameter'), listed(resource))).toBe(
      false,
    );
  });

  it('all but others: who knows', () => {
    expect(allows(listed('ssm:GetParameter'), allBut(parameter('/app/*')))).toBe(true);
  });
});

describe('two patterns', () => {
  it.each([
    ['*', '', true],
    ['', '', true],
    ['', '?', false],
    ['a', 'A', true],
    ['a*', '*b', true],
    ['a*c', 'ab*', true],
    ['a*c', 'b*', false],
    ['a?c', 'ab*d', false],
    ['a?', '?b', true],
    ['??', '*', true],
    ['??', 'a', false],
    ['a*b*c', 'a**c', true],
    ['*x*', 'abc', false],
    ['*b*', 'abc', true],
    ['abc', 'ab', false],
    ['a*', 'a', true],
  ])('%s and %s have a text in common: %s', (one, other, answer) => {
    expect(overlap(one, other)).toBe(answer);
    expect(overlap(other, one)).toBe(answer);
  });

  it('agree with a pattern and a text', () => {
    for (const pattern of ['*', 'a?b*', '*ab', 'a*b*a', '?', 'ab']) {
      for (const text of ['', 'a', 'ab', 'aab', 'abba', 'aabab']) {
        expect([pattern, text, overlap(pattern, text)]).toEqual([
          pattern,
          text,
          fits(pattern, text),
        ]);
      }
    }
  });
});

describe('a policy of AWS', () => {
  it.each([
    ['arn:aws:iam::aws:policy/AdministratorAccess', true],
    ['arn:aws-cn:iam::aws:policy/IAMFullAccess', true],
    ['arn:aws-us-gov:iam::aws:policy/PowerUserAccess', true],
    ['arn:aws-iso-b:iam::aws:policy/AdministratorAccess', true],
    ['arn:aws-eusc:iam::aws:policy/AdministratorAccess', true],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', false],
    ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess', false],
    ['arn:aws:iam::111122223333:policy/AdministratorAccess', false],
    ['arn:aws:iam::111122223333:policy/aws:policy/AdministratorAccess', false],
  ])('%s decides by its name: %s', (arn, answer) => {
    expect(privilegedByArn(arn)).toBe(answer);
    const unread = { what: arn, name: 'x', arn, document: undefined };
    expect(privileged(unread)).toEqual(
      answer ? { is: true, because: `${arn} applies` } : { is: false },
    );
  });
});

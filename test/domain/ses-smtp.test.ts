/** Who may be sending mail by SMTP. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../domain/policy-document.ts';
import { type AppliedPolicy, type Membership, profileFrom } from '../../domain/profile.ts';
import { user } from '../builders.ts';

const sending: Statement = {
  effect: 'Allow',
  actions: { are: 'listed', patterns: ['ses:SendRawEmail'] },
  resources: { are: 'listed', patterns: ['*'] },
};
const policy = (
  patterns: readonly string[],
  changes: Partial<AppliedPolicy> = {},
): AppliedPolicy => ({
  what: 'policy p',
  name: 'p',
  arn: undefined,
  document: { statements: [{ ...sending, actions: { are: 'listed', patterns } }] },
  ...changes,
});
const sesSmtp = (changes: Partial<Membership>) =>
  profileFrom({ user, groups: [], policies: [], ...changes }).sesSmtp;
const called = (userName: string) => sesSmtp({ user: { ...user, userName } }).is;

describe('what the SES console makes', () => {
  it.each([
    ['ses-smtp-user.20241103-101500', true],
    ['SES-SMTP-user.x', true],
    ['ses-smtp-user', true],
    ['acme-ses-smtp-user.20240715-205419', true],
    ['ses-mailer', false],
    ['smtp-user', false],
  ])('a user named %s: %s', (name, answer) => {
    expect(called(name)).toBe(answer);
  });

  it('is a group of its own', () => {
    const groups = ['staff', 'AWSSESSendingGroupDoNotRename'];
    expect(sesSmtp({ groups })).toEqual({
      is: true,
      because: 'the user is in the group AWSSESSendingGroupDoNotRename of the SES console',
    });
    expect(sesSmtp({ groups: ['staff'] })).toEqual({ is: false });
  });

  it('is a policy of its own, whatever else the user may do', () => {
    const made = policy(['ses:SendRawEmail'], { name: 'AmazonSesSendingAccess', what: 'policy m' });
    expect(sesSmtp({ policies: [policy(['s3:*']), made] })).toEqual({
      is: true,
      because: 'policy m is the one that the SES console makes',
    });
  });
});

describe('by what the user may do', () => {
  it.each<[readonly string[], boolean]>([
    [['ses:SendRawEmail'], true],
    [['SES:sendrawemail'], true],
    [['ses:Send*'], true],
    [['ses:*'], true],
    [['ses:SendRawEmail', 's3:GetObject', 'cloudwatch:ListMetrics'], true],
    [['ses:SendRawEmail', 'iam:ChangePassword'], true],
    [['ses:SendRawEmail', 'logs:*', 'cloudwatch:PutMetricData'], true],
    [['ses:SendRawEmail', 'logs:PutLogEvents', 'xray:PutTraceSegments'], true],
    [['ses:SendRawEmail', 'logs:*', 's3:PutObject'], false],
    [['ses:SendRawEmail', 'cloud*:*'], false],
    [['logs:*', 'cloudwatch:PutMetricData'], false],
    [['ses:SendEmail'], false],
    [['ses:SendRawEmail', 's3:PutObject'], false],
    [['ses:SendRawEmail', 's3:*'], false],
    [['*'], false],
    [['s3:GetObject'], false],
  ])('%j: %s', (actions, answer) => {
    expect(sesSmtp({ policies: [policy(actions)] }).is).toBe(answer);
  });

  it('over all policies together', () => {
    const mail = policy(['ses:SendRawEmail']);
    expect(sesSmtp({ policies: [policy(['s3:GetObject']), mail] }).is).toBe(true);
    expect(sesSmtp({ policies: [mail, policy(['dynamodb:PutItem'])] }).is).toBe(false);
    expect(sesSmtp({ policies: [mail, policy([], { document: undefined })] }).is).toBe(false);
  });

  it('not by what is denied, nor by everything but something', () => {
    const of = (changes: Partial<Statement>): AppliedPolicy =>
      policy([], { document: { statements: [{ ...sending, ...changes }] } });
    expect(sesSmtp({ policies: [of({})] }).is).toBe(true);
    expect(sesSmtp({ policies: [of({ effect: 'Deny' })] }).is).toBe(false);
    const actions = { are: 'all but', patterns: ['s3:GetObject'] } as const;
    expect(sesSmtp({ policies: [of({ actions })] }).is).toBe(false);
  });
});

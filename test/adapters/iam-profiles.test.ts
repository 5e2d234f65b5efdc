/** Profiles read from IAM: everything that applies, every page, and never a guess. */
import { describe, expect, it } from 'vitest';
import { iamProfiles } from '../../adapters/iam-profiles.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Place } from '../../domain/ports.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { user as example, now } from '../app/witnessed.ts';
import { type Answers, cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const user = { ...example, path: '/apps/', tags: {} };
const { account, userName, userId, partition, path } = user;
const documentOf = (...actions: string[]) =>
  encodeURIComponent(
    JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }),
  );
const harmless = documentOf('s3:GetObject');
const arnOf = (owner: string, name: string) => `arn:aws:iam::${owner}:policy/${name}`;
const attached = (...arns: string[]) => ({
  AttachedPolicies: arns.map((PolicyArn) => ({ PolicyArn })),
  IsTruncated: false,
});
const nothing = { IsTruncated: false };

/** A user with an inline policy, in no group, unless said otherwise. */
const healthy: Answers = {
  GetUser: () => ({
    User: {
      UserName: userName,
      UserId: userId,
      Path: path,
      Arn: `arn:${partition}:iam::${account}:user${path}${userName}`,
    },
  }),
  ListGroupsForUser: () => ({ ...nothing, Groups: [] }),
  ListAttachedUserPolicies: () => attached(),
  ListUserPolicies: () => ({ ...nothing, PolicyNames: ['own'] }),
  GetUserPolicy: () => ({ PolicyDocument: harmless }),
  ListAttachedGroupPolicies: () => attached(),
  ListGroupPolicies: () => ({ ...nothing, PolicyNames: [] }),
  GetPolicy: () => ({ Policy: { DefaultVersionId: 'v7' } }),
  GetPolicyVersion: () => ({ PolicyVersion: { Document: harmless } }),
};

function profiles(answers: Answers = {}) {
  const aws = cannedAws({ ...healthy, ...answers });
  const places: Place[] = [];
  const connectionFor = (place: Place) => {
    places.push(place);
    return aws.connection;
  };
  const read = iamProfiles(connectionFor, 'us-east-1', virtualClock(now));
  const calls = () => aws.calls.map(({ operation }) => operation);
  return { ...read, aws, calls, places };
}

/** Answers in two pages, the second of which holds what matters. */
const inPages = (first: object, second: object) => (input: { Marker?: string }) =>
  input.Marker === undefined
    ? { ...first, IsTruncated: true, Marker: 'more' }
    : { ...second, IsTruncated: false };

const oneGroup: Answers = {
  ListGroupsForUser: () => ({ ...nothing, Groups: [{ GroupName: 'staff' }] }),
};
const inGroup = (answers: Answers) => ({ ...oneGroup, ...answers });
const raising = documentOf('iam:PutUserPolicy');
const managed: Answers = {
  ListAttachedUserPolicies: () => attached(arnOf(account, 'p')),
};

describe('a user', () => {
  it('whose policies raise nobody is neither privileged nor a sender of mail', async () => {
    const { profileOf, places } = profiles(inGroup(managed));
    expect(await profileOf(user)).toEqual({ privileged: { is: false }, sesSmtp: { is: false } });
    expect(places).toContainEqual({ partition, account, region: 'us-east-1' });
  });

  it.each<[string, Answers, string]>([
    [
      'an inline policy',
      { GetUserPolicy: () => ({ PolicyDocument: raising }) },
      `inline policy own of user ${account}/${userName} allows iam:PutUserPolicy`,
    ],
    [
      'the second page of inline policies',
      {
        ListUserPolicies: inPages({ PolicyNames: ['own'] }, { PolicyNames: ['late'] }),
        GetUserPolicy: ({ PolicyName }) => ({
          PolicyDocument: PolicyName === 'late' ? raising : harmless,
        }),
      },
      `inline policy late of user ${account}/${userName} allows iam:PutUserPolicy`,
    ],
    [
      'the default version of a managed policy',
      {
        ...managed,
        GetPolicyVersion: ({ VersionId }) => ({
          PolicyVersion: { Document: VersionId === 'v7' ? raising : harmless },
        }),
      },
      `policy ${arnOf(account, 'p')} of user ${account}/${userName} allows iam:PutUserPolicy`,
    ],
    [
      'the second page of attached policies',
      {
        ListAttachedUserPolicies: inPages(
          attached(arnOf(account, 'p')),
          attached(arnOf('aws', 'AdministratorAccess')),
        ),
      },
      `policy ${arnOf('aws', 'AdministratorAccess')} of user ${account}/${userName} applies`,
    ],
    [
      'an inline policy of a group on the second page',
      {
        ListGroupsForUser: inPages({ Groups: [] }, { Groups: [{ GroupName: 'admins' }] }),
        ListGroupPolicies: inPages({ PolicyNames: [] }, { PolicyNames: ['all'] }),
        GetGroupPolicy: () => ({ PolicyDocument: documentOf('*') }),
      },
      `inline policy all of group ${account}/admins allows iam:AttachGroupPolicy`,
    ],
    [
      'the second page of what is attached to a group',
      inGroup({
        ListAttachedGroupPolicies: inPages(
          attached(),
          attached(arnOf('aws', 'job-function/PowerUserAccess')),
        ),
      }),
      `policy ${arnOf('aws', 'job-function/PowerUserAccess')} of group ${account}/staff applies`,
    ],
  ])('is privileged by %s', async (_what, answers, because) => {
    const { privileged } = await profiles(answers).profileOf(user);
    expect(privileged).toEqual({ is: true, because });
  });

  it('sends mail by the group that the SES console makes', async () => {
    const Groups = [{ GroupName: 'AWSSESSendingGroupDoNotRename' }];
    const { sesSmtp } = await profiles({
      ListGroupsForUser: () => ({ ...nothing, Groups }),
    }).profileOf(user);
    expect(sesSmtp.is).toBe(true);
  });
});

describe('a policy of AWS', () => {
  it('is not read if its name decides', async () => {
    const arn = arnOf('aws', 'AdministratorAccess');
    const read = profiles({ ListAttachedUserPolicies: () => attached(arn) });
    await read.profileOf(user);
    expect(read.calls()).not.toContain('GetPolicy');
  });

  it('is read once otherwise, however many users have it', async () => {
    const arn = arnOf('aws', 'AmazonS3ReadOnlyAccess');
    const read = profiles({ ListAttachedUserPolicies: () => attached(arn) });
    await read.profileOf(user);
    await read.profileOf(user);
    expect(read.calls().filter((call) => call === 'GetPolicyVersion')).toHaveLength(1);
  });

  it('is not taken for one of an account: that one is read each time', async () => {
    const read = profiles(managed);
    await read.profileOf(user);
    await read.profileOf(user);
    expect(read.calls().filter((call) => call === 'GetPolicyVersion')).toHaveLength(2);
  });
});

describe('what cannot be read is never unprivileged', () => {
  const bad = '%7B%22Statement%22';
  it.each<[string, Answers, typeof Permanent | typeof Transient, string]>([
    ['a user who is gone', { GetUser: () => Promise.reject(noSuchEntity()) }, Permanent, 'is gone'],
    [
      'a user made again',
      {
        GetUser: () => ({
          User: {
            UserName: userName,
            UserId: 'AIDAJQABLZS4A3EXAMPLE',
            Path: path,
            Arn: `arn:${partition}:iam::${account}:user${path}${userName}`,
          },
        }),
      },
      Permanent,
      'is gone',
    ],
    [
      'a user who goes meanwhile',
      { ListUserPolicies: () => Promise.reject(noSuchEntity()) },
      Transient,
      'inline policies of user',
    ],
    [
      'a policy that goes meanwhile',
      { GetUserPolicy: () => Promise.reject(noSuchEntity()) },
      Transient,
      'inline policy own',
    ],
    [
      'a throttle that does not end',
      { ListGroupsForUser: () => Promise.reject(throttled()) },
      Transient,
      'the groups of user',
    ],
    [
      'a document that is no JSON',
      { GetUserPolicy: () => ({ PolicyDocument: bad }) },
      Permanent,
      'inline policy own',
    ],
    [
      'a managed document that is no JSON',
      { ...managed, GetPolicyVersion: () => ({ PolicyVersion: { Document: bad } }) },
      Permanent,
      arnOf(account, 'p'),
    ],
    ['an answer without a document', { GetUserPolicy: () => ({}) }, Permanent, 'inline policy own'],
    [
      'a policy without a version',
      { ...managed, GetPolicy: () => ({ Policy: {} }) },
      Permanent,
      'without a default version',
    ],
    [
      'a list cut short',
      { ListUserPolicies: () => ({ PolicyNames: [], IsTruncated: true }) },
      Permanent,
      'cut the list',
    ],
    [
      'a list without names',
      { ListAttachedUserPolicies: () => ({ AttachedPolicies: [{}], IsTruncated: false }) },
      Permanent,
      'without a name',
    ],
  ])('%s', async (_what, answers, kind, words) => {
    const reading = profiles(answers).profileOf(user);
    await expect(reading).rejects.toThrow(kind);
    await expect(reading).rejects.toThrow(words);
  });

  it('one throttle is waited for', async () => {
    let tries = 0;
    const { profileOf } = profiles({
      ListGroupsForUser: () => {
        tries++;
        return tries === 1 ? Promise.reject(throttled()) : { ...nothing, Groups: [] };
      },
    });
    expect((await profileOf(user)).privileged.is).toBe(false);
  });

  it('an empty name is never asked for', async () => {
    const read = profiles();
    await expect(read.profileOf({ ...user, userName: '' })).rejects.toThrow(Permanent);
    expect(read.calls()).toEqual([]);
  });
});

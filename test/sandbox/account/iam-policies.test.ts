/** Policies and groups as the sandbox models them: pages, encoding, what is not there. */
import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { iamProfiles } from '../../../adapters/iam-profiles.ts';
import { Permanent } from '../../../domain/errors.ts';
import { account, type Given, given, otherAccount, refusal, region, start } from './given.ts';

const UserName = 'svc-billing';
const iamOf = (world: Given) => connect(IAMClient, world.operator);
const allow = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: ["arn:aws:s3:::it's/*"] }],
});
const awsArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

describe('lists', () => {
  test('come in pages that miss nothing', async () => {
    const world = given();
    const iam = iamOf(world);
    for (const name of ['c', 'a', 'b']) {
      world.cloud.putUserPolicy(account, UserName, name, allow('s3:GetObject'));
    }
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const asked = { UserName, MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) };
      const page = await iam.send(new ListUserPoliciesCommand(asked));
      names.push(...(page.PolicyNames ?? []));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  test('tell what is attached to a user and to its groups alone', async () => {
    const world = given();
    const { cloud } = world;
    const arn = cloud.addPolicy(account, 'read', allow('s3:GetObject'), '/team/');
    cloud.attachPolicy(account, UserName, arn);
    cloud.addGroup(account, 'staff', {
      attached: [awsArn('PowerUserAccess')],
      inline: { mail: allow('ses:SendEmail') },
    });
    cloud.addGroup(account, 'others');
    cloud.addToGroup(account, UserName, 'staff');
    const iam = iamOf(world);
    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName }));
    expect(Groups?.map(({ GroupName, Arn }) => [GroupName, Arn])).toEqual([
      ['staff', `arn:aws:iam::${account}:group/staff`],
    ]);
    const own = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    expect(arn).toBe(`arn:aws:iam::${account}:policy/team/read`);
    expect(own.AttachedPolicies).toEqual([{ PolicyName: 'read', PolicyArn: arn }]);
    const GroupName = 'staff';
    const ofGroup = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
    expect(ofGroup.AttachedPolicies).toEqual([
      { PolicyName: 'PowerUserAccess', PolicyArn: awsArn('PowerUserAccess') },
    ]);
    const inline = await iam.send(new ListGroupPoliciesCommand({ GroupName }));
    expect(inline.PolicyNames).toEqual(['mail']);
  });
});

describe('documents', () => {
  test('are percent-encoded, in the version asked for', async () => {
    const world = given();
    const { cloud } = world;
    const arn = cloud.addPolicy(account, 'p', allow('s3:GetObject'));
    expect(cloud.addPolicyVersion(arn, allow('s3:*'))).toBe('v2');
    expect(cloud.addPolicyVersion(arn, allow('*'), false)).toBe('v3');
    const iam = iamOf(world);
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
    expect(Policy).toMatchObject({ Arn: arn, PolicyName: 'p', DefaultVersionId: 'v2' });
    const version = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v3' }),
    );
    const { Document = '', IsDefaultVersion } = version.PolicyVersion ?? {};
    expect(Document).toMatch(/^[\w.~%-]+$/);
    expect(JSON.parse(decodeURIComponent(Document))).toEqual(allow('*'));
    expect(IsDefaultVersion).toBe(false);
  });

  test('of inline policies too', async () => {
    const world = given();
    world.cloud.putUserPolicy(account, UserName, 'own', '{not JSON}');
    world.cloud.addGroup(account, 'g', { inline: { all: allow('*') } });
    const iam = iamOf(world);
    const own = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'own' }));
    expect(own.PolicyDocument).toBe('%7Bnot%20JSON%7D');
    const all = await iam.send(new GetGroupPolicyCommand({ GroupName: 'G', PolicyName: 'all' }));
    expect(all).toMatchObject({ GroupName: 'g', PolicyName: 'all' });
    expect(JSON.parse(decodeURIComponent(all.PolicyDocument ?? ''))).toEqual(allow('*'));
  });
});

describe('what is not there', () => {
  test.each([
    new ListGroupsForUserCommand({ UserName: 'nobody' }),
    new ListUserPoliciesCommand({ UserName: 'nobody' }),
    new ListAttachedUserPoliciesCommand({ UserName: 'nobody' }),
    new GetUserPolicyCommand({ UserName, PolicyName: 'none' }),
    new ListGroupPoliciesCommand({ GroupName: 'none' }),
    new ListAttachedGroupPoliciesCommand({ GroupName: 'none' }),
    new GetGroupPolicyCommand({ GroupName: 'none', PolicyName: 'none' }),
    new GetPolicyCommand({ PolicyArn: awsArn('NoSuchPolicy') }),
    new GetPolicyVersionCommand({ PolicyArn: awsArn('IAMFullAccess'), VersionId: 'v9' }),
  ])('is NoSuchEntity: %#', async (command) => {
    const iam = iamOf(given());
    // biome-ignore lint/suspicious/noExplicitAny: commands of several kinds, one after the other
    expect(await refusal(iam.send(command as any))).toBe('NoSuchEntityException 404');
  });

  test('nor is a policy of another account, or a group there', async () => {
    const world = given();
    const PolicyArn = world.cloud.addPolicy(otherAccount, 'p', allow('*'));
    world.cloud.addGroup(otherAccount, 'g');
    const iam = iamOf(world);
    for (const asked of [
      iam.send(new GetPolicyCommand({ PolicyArn })),
      iam.send(new ListGroupPoliciesCommand({ GroupName: 'g' })),
    ]) {
      expect(await refusal(asked)).toBe('NoSuchEntityException 404');
    }
  });

  test('a name left out is refused: IAM does not take it for the caller here', async () => {
    const iam = iamOf(given());
    const asked = iam.send(new ListUserPoliciesCommand({ UserName: '' }));
    expect(await refusal(asked)).toBe('ValidationError 400');
  });

  test('a user made again has no policies and is in no group', async () => {
    const world = given();
    const { cloud } = world;
    cloud.putUserPolicy(account, UserName, 'own', allow('*'));
    cloud.addGroup(account, 'g');
    cloud.addToGroup(account, UserName, 'g');
    cloud.removeUser(account, UserName);
    cloud.addUser({ account, userName: UserName, createdAt: start });
    const iam = iamOf(world);
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName }));
    expect([PolicyNames, Groups]).toEqual([[], []]);
  });

  test('a field that is not modelled fails by name', async () => {
    const iam = iamOf(given());
    const asked = iam.send(new ListAttachedUserPoliciesCommand({ UserName, PathPrefix: '/x/' }));
    await expect(asked).rejects.toThrow('iam:ListAttachedUserPolicies with PathPrefix');
  });
});

describe('a profile read from the sandbox', () => {
  const profileOf = async (world: Given, userName = UserName) => {
    const profiles = iamProfiles(() => world.operator, region, world.clock);
    const [user] = world.cloud.truth(account).users.filter((each) => each.userName === userName);
    if (user === undefined) throw new Error(`there is no ${userName}`);
    return profiles.profileOf(user);
  };

  test.each<[string, (world: Given) => void, boolean, boolean]>([
    ['nobody in particular', () => undefined, false, false],
    [
      'an administrator by a group',
      ({ cloud }) => {
        cloud.addGroup(account, 'admins', { attached: [awsArn('AdministratorAccess')] });
        cloud.addToGroup(account, UserName, 'admins');
      },
      true,
      false,
    ],
    [
      'a copy of PowerUserAccess',
      ({ cloud }) =>
        cloud.putUserPolicy(account, UserName, 'power', {
          Statement: { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' },
        }),
      true,
      false,
    ],
    [
      'a reader of S3',
      ({ cloud }) => cloud.attachPolicy(account, UserName, awsArn('AmazonS3ReadOnlyAccess')),
      false,
      false,
    ],
    [
      'a sender of mail as the console made them before 2024',
      ({ cloud }) => {
        const document = allow('ses:SendRawEmail');
        cloud.putUserPolicy(account, UserName, 'AmazonSesSendingAccess', document);
      },
      false,
      true,
    ],
  ])('%s', async (_who, set, privileged, sesSmtp) => {
    const world = given();
    set(world);
    const profile = await profileOf(world);
    expect([profile.privileged.is, profile.sesSmtp.is]).toEqual([privileged, sesSmtp]);
  });

  test('with a document that nobody can read, there is none', async () => {
    const world = given();
    world.cloud.putUserPolicy(account, UserName, 'broken', '{"Statement":');
    await expect(profileOf(world)).rejects.toThrow(Permanent);
    await expect(profileOf(world)).rejects.toThrow('inline policy broken');
  });
});

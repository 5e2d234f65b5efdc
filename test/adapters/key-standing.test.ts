/** How keys and secret stand, read without ever asking for a secret value. */
import { describe, expect, it } from 'vitest';
import { keyStanding } from '../../adapters/key-standing.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { examination, newKeyId, oldKeyId, secretArn, user, versionId } from '../app/witnessed.ts';
import { type Answers, cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const CreateDate = new Date('2026-01-01T00:00:00Z');
const key = (AccessKeyId: string, Status: string) => ({ AccessKeyId, Status, CreateDate });
const healthy: Answers = {
  GetUser: () => ({ User: { UserName: user.userName, UserId: user.userId } }),
  ListAccessKeys: ({ Marker }) =>
    Marker === undefined
      ? { AccessKeyMetadata: [key(oldKeyId, 'Inactive')], IsTruncated: true, Marker: 'more' }
      : { AccessKeyMetadata: [key(newKeyId, 'Active')], IsTruncated: false },
  DescribeSecret: () => ({
    ARN: secretArn,
    VersionIdsToStages: { other: ['AWSPREVIOUS'], [versionId]: ['AWSCURRENT'] },
  }),
};
const nobody: Answers = {
  GetUser: () => Promise.reject(noSuchEntity()),
  ListUsers: () => ({ Users: [], IsTruncated: false }),
};
const standing = (answers: Answers = {}) =>
  keyStanding(cannedAws({ ...healthy, ...answers }).connection).standing(examination);

describe('standing of a user below the path of drills', () => {
  const below = (Path: string): Answers => ({
    GetUser: () => ({ User: { UserName: user.userName, UserId: user.userId, Path } }),
  });
  const seen = (drills: 'held' | 'none', Path: string) =>
    keyStanding(cannedAws({ ...healthy, ...below(Path) }).connection, drills).standing(examination);

  it('says so where drills are held, and nowhere else', async () => {
    expect(await seen('held', '/keyturn-drill/')).toMatchObject({ isDummy: true });
    expect(await seen('none', '/keyturn-drill/')).not.toHaveProperty('isDummy');
    expect(await seen('held', '/keyturn-drillers/')).not.toHaveProperty('isDummy');
    expect(await seen('held', '/')).not.toHaveProperty('isDummy');
  });
});

describe('standing', () => {
  it('is read from user, every page of keys, and the labels of the secret', async () => {
    expect(await standing()).toEqual({
      userGone: false,
      userId: user.userId,
      oldKey: 'Inactive',
      oldKeyCreatedAt: '2026-01-01T00:00:00.000Z',
      newKey: 'Active',
      currentVersionId: versionId,
      copiesBehind: [],
      keptIn: [],
    });
  });

  it('never asks for a secret value', async () => {
    const aws = cannedAws(healthy);
    await keyStanding(aws.connection).standing(examination);
    expect(aws.calls.map(({ operation }) => operation).sort()).toEqual([
      'DescribeSecret',
      'GetUser',
      'ListAccessKeys',
      'ListAccessKeys',
    ]);
  });

  it('is read from the description of a parameter, never its value', async () => {
    const issued = {
      ...examination.issued,
      secretArn: 'arn:aws:ssm:eu-west-1:111122223333:parameter/keyturn/users/svc-billing',
    };
    const shows = async (Description: string | undefined, Version = 3) => {
      const name = '/keyturn/users/svc-billing';
      const { DescribeSecret: _, ...others } = healthy;
      const aws = cannedAws({
        ...others,
        DescribeParameters: ({ NextToken, ParameterFilters }) => {
          expect(ParameterFilters).toEqual([{ Key: 'Name', Option: 'Equals', Values: [name] }]);
          if (NextToken === undefined) return { Parameters: [], NextToken: 'more' };
          return Description === undefined
            ? { Parameters: [] }
            : { Parameters: [{ Name: name, Version, Description }] };
        },
      });
      const { currentVersionId } = await keyStanding(aws.connection).standing({
        ...examination,
        issued,
      });
      return currentVersionId;
    };
    const mark = `Keyturn: version ${versionId} (number 3)`;
    expect(await shows(mark)).toBe(versionId);
    expect(await shows(mark, 4)).toBe('number-4');
    expect(await shows('by hand')).toBe('number-3');
    expect(await shows(undefined)).toBeNull();
  });

  it('names the copies that are behind, and a copy that cannot be seen is an error', async () => {
    const asked = { ...examination, copies: ['us-east-2', 'ap-south-1', 'sa-east-1'] };
    const versions: Readonly<Record<string, unknown>> = {
      'eu-west-1': { [versionId]: ['AWSCURRENT'] },
      'us-east-2': { [versionId]: ['AWSCURRENT', 'AWSPENDING'] },
      'ap-south-1': { [versionId]: ['AWSPENDING'], other: ['AWSCURRENT'] },
    };
    const DescribeSecret: Answers['DescribeSecret'] = (_input, region) =>
      versions[region] === undefined
        ? Promise.reject(awsError('ResourceNotFoundException', 'no such secret'))
        : { VersionIdsToStages: versions[region] };
    const told = keyStanding(cannedAws({ ...healthy, DescribeSecret }).connection);
    expect(await told.standing(asked)).toMatchObject({
      currentVersionId: versionId,
      copiesBehind: ['ap-south-1', 'sa-east-1'],
    });
    const failing: Answers['DescribeSecret'] = (input, region) =>
      region === 'us-east-2' ? Promise.reject(throttled()) : DescribeSecret(input, region);
    const aws = cannedAws({ ...healthy, DescribeSecret: failing });
    await expect(keyStanding(aws.connection).standing(asked)).rejects.toThrow(Transient);
  });

  it('reads which key a repository was given from the tags of the secret', async () => {
    const copies = ['github-actions:acme/web', 'github-actions:acme/api', 'github-actions:acme/x'];
    const asked = { ...examination, copies };
    const tags = [
      `written ${newKeyId} github-actions:acme/web`,
      `writing ${newKeyId} github-actions:acme/api`,
      `written ${oldKeyId} github-actions:acme/x`,
    ].map((Value, n) => ({ Key: `keyturn:place:${n}`, Value }));
    const DescribeSecret: Answers['DescribeSecret'] = (input, region) => ({
      ...Object(healthy.DescribeSecret?.(input, region)),
      Tags: tags,
    });
    const told = keyStanding(cannedAws({ ...healthy, DescribeSecret }).connection);
    expect(await told.standing(asked)).toMatchObject({ copiesBehind: copies.slice(1) });
    const untold = keyStanding(cannedAws(healthy).connection);
    expect(await untold.standing(asked)).toMatchObject({ copiesBehind: copies });
  });

  it('reads the tags of a parameter where that is the vault', async () => {
    const secretArn = 'arn:aws:ssm:eu-west-1:111122223333:parameter/keyturn/users/svc-billing';
    const copies = ['github-actions:acme/web'];
    const issued = { ...examination.issued, secretArn };
    const { DescribeSecret: _, ...others } = healthy;
    const told = (keyId: string) =>
      keyStanding(
        cannedAws({
          ...others,
          DescribeParameters: () => ({ Parameters: [] }),
          ListTagsForResource: ({ ResourceType, ResourceId }) => {
            expect([ResourceType, ResourceId]).toEqual(['Parameter', '/keyturn/users/svc-billing']);
            return { TagList: [{ Key: 'keyturn:place:1', Value: `written ${keyId} ${copies}` }] };
          },
        }).connection,
      ).standing({ ...examination, issued, copies });
    expect(await told(newKeyId)).toMatchObject({ copiesBehind: [] });
    expect(await told(oldKeyId)).toMatchObject({ copiesBehind: copies });
  });

  it('reads in its Region which version a further parameter shows', async () => {
    const copies = ['parameter-store:us-east-2', 'parameter-store:ap-south-1'];
    const Name = '/keyturn/users/svc-billing';
    const DescribeParameters: Answers['DescribeParameters'] = (_input, region) => {
      const shown = region === 'us-east-2' ? versionId : 'another';
      const Description = `Keyturn: version ${shown} (number 3)`;
      return { Parameters: [{ Name, Version: 3, Description }] };
    };
    const told = keyStanding(cannedAws({ ...healthy, DescribeParameters }).connection);
    expect(await told.standing({ ...examination, copies })).toMatchObject({
      copiesBehind: ['parameter-store:ap-south-1'],
    });
  });

  it('says that the user is gone', async () => {
    const gone = await standing(nobody);
    expect(gone).toMatchObject({ userGone: true, userId: null, oldKey: 'Gone', newKey: 'Gone' });
  });

  it.each([
    ['gone', () => Promise.reject(awsError('ResourceNotFoundException', 'no such secret'))],
    [
      'scheduled for deletion',
      () => ({ ...Object(healthy.DescribeSecret?.({}, '')), DeletedDate: CreateDate }),
    ],
    ['without a current version', () => ({ VersionIdsToStages: {} })],
  ])('has no current version when the secret is %s', async (_what, DescribeSecret) => {
    expect(await standing({ DescribeSecret })).toMatchObject({ currentVersionId: null });
  });

  it.each([
    ['a throttle', { ListAccessKeys: () => Promise.reject(throttled()) }, Transient],
    [
      'a key status it does not know',
      { ListAccessKeys: () => ({ AccessKeyMetadata: [key(oldKeyId, 'Expired')] }) },
      Permanent,
    ],
    ['a list cut short', { ListAccessKeys: () => ({ IsTruncated: true }) }, Permanent],
    [
      'a secret it may not see',
      { DescribeSecret: () => Promise.reject(awsError('AccessDeniedException', 'no')) },
      Permanent,
    ],
    ['a user without a unique id', { GetUser: () => ({ User: {} }) }, Permanent],
  ])('throws on %s', async (_what, answers, kind) => {
    await expect(standing(answers)).rejects.toThrow(kind);
  });
});

describe('the status of one key', () => {
  const statusOf = (answers: Answers) =>
    keyStanding(cannedAws({ ...healthy, ...answers }).connection).statusOf(user, newKeyId);

  it('is found on a later page', async () => {
    expect(await statusOf({})).toBe('Active');
  });

  it('is Gone when key or user are', async () => {
    expect(await statusOf({ ListAccessKeys: () => ({ AccessKeyMetadata: [] }) })).toBe('Gone');
    expect(await statusOf(nobody)).toBe('Gone');
  });

  it('is not guessed when IAM shows the user and then no more', async () => {
    const goneMeanwhile = { ListAccessKeys: () => Promise.reject(noSuchEntity()) };
    await expect(statusOf(goneMeanwhile)).rejects.toThrow(Transient);
    await expect(standing(goneMeanwhile)).rejects.toThrow(Transient);
  });

  it('is never asked for without a user name: IAM would answer for the caller', async () => {
    const aws = cannedAws(healthy);
    const asked = keyStanding(aws.connection).statusOf({ ...user, userName: '' }, newKeyId);
    await expect(asked).rejects.toThrow(Permanent);
    expect(aws.calls).toEqual([]);
  });
});

/** IAM as the sandbox models it: users, pages, the two-key limit, the fall-back to the caller. */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  paginateListUsers,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import { account, type Given, given, otherAccount, refusal, sentinel, start } from './given.ts';

const UserName = 'svc-billing';
const iamOf = (world: Given) => connect(IAMClient, world.operator);

describe('users', () => {
  test('GetUser tells tags, path and unique id; names have no case', async () => {
    const world = given();
    world.cloud.addUser({
      account,
      userName: 'Deploy',
      path: '/ci/',
      tags: { team: 'infra' },
      createdAt: start,
      userId: 'AIDAIOSFODNN7EXAMPLE1',
    });
    const { User } = await iamOf(world).send(new GetUserCommand({ UserName: 'dEPLOY' }));
    expect(User).toEqual({
      UserName: 'Deploy',
      Path: '/ci/',
      UserId: 'AIDAIOSFODNN7EXAMPLE1',
      Arn: `arn:aws:iam::${account}:user/ci/Deploy`,
      CreateDate: new Date(start),
      Tags: [{ Key: 'team', Value: 'infra' }],
    });
  });

  test('a user id made up has the form of a real one', () => {
    const { cloud } = given();
    const user = cloud.addUser({ account, userName: 'x', createdAt: start });
    expect(user.userId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });

  test('two users cannot have names that differ in case only', () => {
    const { cloud } = given();
    const twice = () => cloud.addUser({ account, userName: 'SVC-Billing', createdAt: start });
    expect(twice).toThrow(expect.objectContaining({ name: 'EntityAlreadyExistsException' }));
  });

  test('a user of another account, or a removed one, cannot be found', async () => {
    const world = given();
    world.cloud.addUser({ account: otherAccount, userName: 'far', createdAt: start });
    world.cloud.removeUser(account, UserName);
    for (const userName of ['far', UserName]) {
      const asked = iamOf(world).send(new GetUserCommand({ UserName: userName }));
      expect(await refusal(asked)).toBe('NoSuchEntityException 404');
    }
  });

  test('a name made again is another user', () => {
    const { cloud } = given();
    const before = cloud.truth(account).users[0]?.userId;
    cloud.removeUser(account, UserName);
    const { userId } = cloud.addUser({ account, userName: UserName, createdAt: start });
    expect(userId).not.toBe(before);
    expect(cloud.truth(account).users.map((user) => user.deletedAt)).toEqual([start, null]);
  });

  test('ListUsers gives 100 a page, every user once, and no tags', async () => {
    const world = given();
    for (let count = 0; count < 250; count++) {
      world.cloud.addUser({ account, userName: `u${count}`, createdAt: start });
    }
    const pages = [];
    for await (const page of paginateListUsers({ client: iamOf(world) }, {})) {
      pages.push(page.Users?.map((user) => user.UserName) ?? []);
    }
    expect(pages.map((page) => page.length)).toEqual([100, 100, 51]);
    expect(new Set(pages.flat()).size).toBe(251);
    const { Users } = await iamOf(world).send(new ListUsersCommand({ MaxItems: 1000 }));
    expect(Users?.some((user) => 'Tags' in user)).toBe(false);
    const tooMany = iamOf(world).send(new ListUsersCommand({ MaxItems: 1001 }));
    expect(await refusal(tooMany)).toBe('ValidationError 400');
  });

  test('a user removed between two pages hides no other', async () => {
    const world = given();
    for (const userName of ['a', 'b', 'c', 'd']) {
      world.cloud.addUser({ account, userName, createdAt: start });
    }
    const first = await iamOf(world).send(new ListUsersCommand({ MaxItems: 2 }));
    world.cloud.removeUser(account, 'a');
    const { Marker } = first;
    const second = await iamOf(world).send(new ListUsersCommand({ Marker }));
    expect(second.Users?.map((user) => user.UserName)).toEqual(['c', 'd', UserName]);
    const forged = iamOf(world).send(new ListUsersCommand({ Marker: 'x' }));
    expect(await refusal(forged)).toBe('ValidationError 400');
  });

  test('ListUserTags tells what was tagged last', async () => {
    const world = given();
    world.cloud.setTags(account, UserName, { b: '2', a: '1' });
    const { Tags, IsTruncated } = await iamOf(world).send(new ListUserTagsCommand({ UserName }));
    expect(Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    expect(IsTruncated).toBe(false);
  });
});

describe('access keys', () => {
  test('a created key carries its secret once, and lists without it', async () => {
    const world = given();
    const { AccessKey } = await iamOf(world).send(new CreateAccessKeyCommand({ UserName }));
    expect(AccessKey?.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(AccessKey?.SecretAccessKey).toContain(sentinel);
    expect(AccessKey?.SecretAccessKey?.length).toBeGreaterThanOrEqual(40);
    expect(AccessKey).toMatchObject({ UserName, Status: 'Active', CreateDate: new Date(start) });
    const { AccessKeyMetadata } = await iamOf(world).send(new ListAccessKeysCommand({ UserName }));
    expect(AccessKeyMetadata).toHaveLength(2);
    expect(JSON.stringify(AccessKeyMetadata)).not.toContain(sentinel);
  });

  test('Inactive keys count towards the two', async () => {
    const world = given();
    const { keyId: AccessKeyId } = world;
    const iam = iamOf(world);
    await iam.send(new CreateAccessKeyCommand({ UserName }));
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
    const third = () => iam.send(new CreateAccessKeyCommand({ UserName }));
    expect(await refusal(third())).toBe('LimitExceededException 409');
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    expect(await refusal(third())).toBe('not refused');
  });

  test.each([undefined, ''])('with user name %j a key is made for the caller', async (name) => {
    const world = given();
    const iam = connect(IAMClient, world.as(world.keyId, world.secret));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    expect(AccessKey?.UserName).toBe(UserName);
    const byRole = iamOf(world).send(new CreateAccessKeyCommand({ UserName: name }));
    expect(await refusal(byRole)).toBe('ValidationError 400');
  });

  test('a key is found under its own user only, and a deleted one nowhere', async () => {
    const world = given();
    const { keyId: AccessKeyId } = world;
    const iam = iamOf(world);
    world.cloud.addUser({ account, userName: 'other', createdAt: start });
    const wrong = new DeleteAccessKeyCommand({ UserName: 'other', AccessKeyId });
    expect(await refusal(iam.send(wrong))).toBe('NoSuchEntityException 404');
    const right = new DeleteAccessKeyCommand({ UserName, AccessKeyId });
    expect(await refusal(iam.send(right))).toBe('not refused');
    expect(await refusal(iam.send(right))).toBe('NoSuchEntityException 404');
    const late = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Active' });
    expect(await refusal(iam.send(late))).toBe('NoSuchEntityException 404');
    const use = new GetAccessKeyLastUsedCommand({ AccessKeyId });
    expect(await refusal(iam.send(use))).toBe('NoSuchEntityException 404');
  });

  test('the truth keeps who changed a key, and when', async () => {
    const world = given();
    const { keyId: AccessKeyId } = world;
    await world.clock.sleep(60_000);
    const off = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' });
    await iamOf(world).send(off);
    await iamOf(world).send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    const [key] = world.cloud.truth(account).keys;
    const at = plus(start, { minutes: 1 });
    const by = `arn:aws:sts::${account}:assumed-role/operator/test`;
    expect(key).toMatchObject({ keyId: AccessKeyId, status: 'Inactive', deletedAt: at });
    expect(key?.changes).toEqual([
      { at: plus(start, { days: -120 }), to: 'Active', by: 'outsider' },
      { at, to: 'Inactive', by },
      { at, to: 'Gone', by },
    ]);
  });

  test('ListAccessKeys pages too', async () => {
    const world = given();
    for (let count = 0; count < 3; count++) {
      world.cloud.addKey(account, UserName, { createdAt: start });
    }
    const iam = iamOf(world);
    const first = await iam.send(new ListAccessKeysCommand({ UserName, MaxItems: 3 }));
    const { Marker } = first;
    const second = await iam.send(new ListAccessKeysCommand({ UserName, Marker }));
    const ids = [first, second].flatMap((page) =>
      (page.AccessKeyMetadata ?? []).map((key) => key.AccessKeyId),
    );
    expect(first.IsTruncated).toBe(true);
    expect(second.IsTruncated).toBe(false);
    expect(new Set(ids).size).toBe(4);
  });
});

/** Users by unique id and by name, with their keys: every page, the right account. */
import { describe, expect, it } from 'vitest';
import { iamUsers } from '../../adapters/iam-users.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Place } from '../../domain/ports.ts';
import { user as example, oldKeyId } from '../app/witnessed.ts';
import { type Answers, cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const { partition, account, userName, userId } = example;
const listed = (name: string, id: string) => ({
  UserName: name,
  UserId: id,
  Path: '/apps/',
  Arn: `arn:aws:iam::${account}:user/apps/${name}`,
});
const ours = { ...listed(userName, userId), Tags: [{ Key: 'keyturn:owner', Value: 'dana' }] };
const user = { ...example, path: '/apps/', tags: { 'keyturn:owner': 'dana' } };

const healthy: Answers = {
  ListUsers: ({ Marker }) =>
    Marker === undefined
      ? { Users: [listed('other', 'AIDAJQABLZS4A3EXAMPLE')], IsTruncated: true, Marker: 'more' }
      : { Users: [listed(userName, userId)], IsTruncated: false },
  GetUser: () => ({ User: ours }),
  ListAccessKeys: () => ({
    AccessKeyMetadata: [
      { AccessKeyId: oldKeyId, Status: 'Active', CreateDate: new Date('2026-01-01T00:00:00Z') },
    ],
  }),
};

function users(answers: Answers = {}) {
  const aws = cannedAws({ ...healthy, ...answers });
  const places: Place[] = [];
  const connectionFor = (place: Place) => {
    places.push(place);
    return aws.connection;
  };
  return { aws, places, users: iamUsers(connectionFor, 'us-east-1') };
}

describe('everyone', () => {
  it('is listed through every page, of the account asked for', async () => {
    const { users: found, aws, places } = users();
    expect(await found.everyone(partition, account)).toEqual([
      { userName: 'other', userId: 'AIDAJQABLZS4A3EXAMPLE' },
      { userName, userId },
    ]);
    expect(aws.calls.map(({ input }) => input.Marker)).toEqual([undefined, 'more']);
    expect(places).toEqual([{ partition, account, region: 'us-east-1' }]);
  });

  it('is not guessed: half a list, a list of another account or none is an error', async () => {
    const cut = users({
      ListUsers: () => ({ Users: [listed('other', 'AIDA1')], IsTruncated: true }),
    });
    await expect(cut.users.everyone(partition, account)).rejects.toThrow('without a marker');
    const { users: found } = users();
    await expect(found.everyone(partition, '444455556666')).rejects.toThrow('asked account');
    const busy = users({
      ListUsers: () => {
        throw throttled();
      },
    });
    await expect(busy.users.everyone(partition, account)).rejects.toThrow(Transient);
  });
});

describe('a user by unique id', () => {
  it('is searched through every page and read with tags, in the account it is in', async () => {
    const { users: found, places } = users();
    expect(await found.byId(partition, account, userId)).toEqual(user);
    expect(places).toEqual([{ partition, account, region: 'us-east-1' }]);
  });

  it('is undefined when no page shows it', async () => {
    const { users: found, aws } = users();
    expect(await found.byId(partition, account, 'AIDANOBODY00000EXAMPLE')).toBeUndefined();
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['ListUsers', 'ListUsers']);
  });

  it('is asked for again when the name changed hands meanwhile', async () => {
    const other = { ...ours, UserId: 'AIDAJQABLZS4A3EXAMPLE' };
    const { users: found } = users({ GetUser: () => ({ User: other }) });
    await expect(found.byId(partition, account, userId)).rejects.toThrow(Transient);
  });

  it.each([
    ['a throttled page', { ListUsers: () => Promise.reject(throttled()) }, Transient],
    ['a list cut short', { ListUsers: () => ({ Users: [], IsTruncated: true }) }, Permanent],
  ])('throws on %s rather than say there is none', async (_what, answers, kind) => {
    await expect(users(answers).users.byId(partition, account, userId)).rejects.toThrow(kind);
  });
});

describe('a user by name', () => {
  it('is read with path and tags', async () => {
    expect(await users().users.byName(partition, account, userName)).toEqual(user);
  });

  it('is undefined if there is none', async () => {
    const { users: found } = users({ GetUser: () => Promise.reject(noSuchEntity()) });
    expect(await found.byName(partition, account, userName)).toBeUndefined();
  });

  it('is refused when another account answers', async () => {
    const { users: found } = users();
    await expect(found.byName(partition, '444455556666', userName)).rejects.toThrow(Permanent);
  });

  it('is never asked for when empty', async () => {
    const { users: found, aws } = users();
    await expect(found.byName(partition, account, '')).rejects.toThrow(Permanent);
    await expect(found.byId(partition, account, '')).rejects.toThrow(Permanent);
    expect(aws.calls).toEqual([]);
  });
});

describe('the keys of a user', () => {
  it('are listed with status and age', async () => {
    expect(await users().users.keysOf(user)).toEqual([
      { keyId: oldKeyId, status: 'Active', createdAt: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it.each([
    ['gone', { GetUser: () => Promise.reject(noSuchEntity()) }],
    ['made again', { GetUser: () => ({ User: { ...ours, UserId: 'AIDAJQABLZS4A3EXAMPLE' } }) }],
    ['gone meanwhile', { ListAccessKeys: () => Promise.reject(noSuchEntity()) }],
  ])('are undefined when the user is %s', async (_what, answers) => {
    expect(await users(answers).users.keysOf(user)).toBeUndefined();
  });
});

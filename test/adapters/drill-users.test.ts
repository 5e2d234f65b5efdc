/** Dummies are made and removed below their path, and nobody else ever is. */
import { expect, test } from 'vitest';
import { drillUsers } from '../../adapters/drill-users.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type Answers, cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const CreateDate = new Date('2026-01-01T00:00:00Z');
const below = '/keyturn-drill/';
const userAt = (UserName: string, Path: string) => ({
  UserName,
  Path,
  UserId: 'AIDAEXAMPLE',
  CreateDate,
});
const removing = (Path: string, calls: string[]): Answers => ({
  GetUser: () => ({ User: userAt('keyturn-drill-1-plain', Path) }),
  ListAccessKeys: () => ({
    AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active', CreateDate }],
    IsTruncated: false,
  }),
  DeleteAccessKey: () => {
    calls.push('key');
    return {};
  },
  DeleteUser: () => {
    calls.push('user');
    return {};
  },
});
const usersWith = (answers: Answers) => drillUsers(cannedAws(answers).connection);

test('a dummy goes with its keys', async () => {
  const calls: string[] = [];
  await usersWith(removing(below, calls)).remove('keyturn-drill-1-plain');
  expect(calls).toEqual(['key', 'user']);
});

test.each(['/', '/team/', '/keyturn-drills/'])('a user in %s is refused', async (path) => {
  const calls: string[] = [];
  const removed = usersWith(removing(path, calls)).remove('keyturn-drill-1-plain');
  await expect(removed).rejects.toThrow(Permanent);
  expect(calls).toEqual([]);
});

test('one that is gone is no problem, and one that cannot be read is', async () => {
  const gone = usersWith({ GetUser: () => Promise.reject(noSuchEntity()) });
  await expect(gone.remove('keyturn-drill-1-plain')).resolves.toBeUndefined();
  const unread = usersWith({ GetUser: () => Promise.reject(throttled()) });
  await expect(unread.remove('keyturn-drill-1-plain')).rejects.toThrow(Transient);
});

test('only what drills named, below their path, and before that moment is left over', async () => {
  const Users = [
    userAt('keyturn-drill-1-plain', below),
    userAt('svc-billing', below),
    userAt('keyturn-drill-2-plain', '/'),
    { ...userAt('keyturn-drill-3-plain', below), CreateDate: new Date('2026-02-01T00:00:00Z') },
  ];
  const users = usersWith({ ListUsers: () => ({ Users, IsTruncated: false }) });
  const at = '2026-01-15T00:00:00.000Z' as Parameters<typeof users.madeBefore>[0];
  expect(await users.madeBefore(at)).toEqual(['keyturn-drill-1-plain']);
});

test('a key is asked for once, and an error of it shows no secret', async () => {
  let asked = 0;
  const users = usersWith({
    CreateAccessKey: () => {
      asked += 1;
      return Promise.reject(throttled());
    },
  });
  await expect(users.addKey('keyturn-drill-1-plain')).rejects.toThrow(Transient);
  expect(asked).toBe(1);
  const half = usersWith({ CreateAccessKey: () => ({ AccessKey: { UserName: 'other' } }) });
  await expect(half.addKey('keyturn-drill-1-plain')).rejects.toThrow(Permanent);
});

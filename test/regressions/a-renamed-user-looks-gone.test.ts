/**
 * A user who was renamed looked gone: rotations ended as "already gone" and findings were resolved
 * while the old key was alive under the user's new name.
 */
import { describe, expect, test } from 'vitest';
import { iamUsers } from '../../adapters/iam-users.ts';
import { keyStanding } from '../../adapters/key-standing.ts';
import { tick } from '../../app/tick.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { cannedAws, noSuchEntity } from '../adapters/canned-aws.ts';
import { givenShell } from '../app/given-shell.ts';
import { examination, newKeyId, oldKeyId, user, versionId } from '../app/witnessed.ts';
import { approvedProposal, user as staleUser, story } from '../builders.ts';
import { givenWorld } from '../sandbox/given-world.ts';

const newName = 'svc-invoicing';
const stranger = 'AIDAJQABLZS4A3EXAMPLE';
const CreateDate = new Date('2026-01-01T00:00:00Z');
const key = (AccessKeyId: string) => ({ AccessKeyId, Status: 'Active', CreateDate });

interface Known {
  readonly name: string;
  readonly id: string;
}

/** An account with these users, all of whom list the keys of the examination; two a page. */
function accountOf(...known: readonly Known[]) {
  const described = ({ name, id }: Known) => ({
    UserName: name,
    UserId: id,
    Path: '/',
    Arn: `arn:aws:iam::${user.account}:user/${name}`,
  });
  return cannedAws({
    GetUser: ({ UserName }) => {
      const found = known.find(({ name }) => name === UserName);
      if (found === undefined) throw noSuchEntity();
      return { User: described(found) };
    },
    ListUsers: ({ Marker = '0' }) => {
      const from = Number(Marker);
      const rest = from + 2 < known.length;
      const more = rest ? { IsTruncated: true, Marker: String(from + 2) } : {};
      return { Users: known.slice(from, from + 2).map(described), ...more };
    },
    ListAccessKeys: ({ UserName }) => {
      if (!known.some(({ name }) => name === UserName)) throw noSuchEntity();
      return { AccessKeyMetadata: [key(oldKeyId), key(newKeyId)] };
    },
    DescribeSecret: () => ({ VersionIdsToStages: { [versionId]: ['AWSCURRENT'] } }),
  }).connection;
}

const others = ['a', 'b', 'c'].map((name, at) => ({ name, id: `AIDAEXAMPLE000000000${at}` }));
const renamed = { name: newName, id: user.userId };
const namesake = { name: user.userName, id: stranger };
const itself = { name: user.userName, id: user.userId };

describe('what the witness reads of the account', () => {
  const standing = (...known: Known[]) => keyStanding(accountOf(...known)).standing(examination);

  test.each([
    ['nobody of the old name', [...others, renamed]],
    ['somebody else of the old name', [namesake, ...others, renamed]],
  ])('given a renamed user and %s, then the standing is unread', async (_what, known) => {
    await expect(standing(...known)).rejects.toThrow(Permanent);
    await expect(standing(...known)).rejects.toThrow(`was renamed to ${newName}`);
  });

  test.each([
    ['nobody at all', []],
    ['others', others],
    ['somebody else of that name', [namesake, ...others]],
  ])(
    'given %s and the user on no page, then it is gone, and so are its keys',
    async (_w, known) => {
      const gone = { userGone: true, oldKey: 'Gone', newKey: 'Gone', oldKeyCreatedAt: null };
      expect(await standing(...known)).toMatchObject(gone);
    },
  );

  test('given a list that shows the user of that name, then IAM contradicts itself', async () => {
    const connection = accountOf(itself);
    const deaf = cannedAws({
      GetUser: () => Promise.reject(noSuchEntity()),
      ListUsers: () => ({ Users: [{ UserName: user.userName, UserId: user.userId }] }),
    }).connection;
    await expect(keyStanding(deaf).standing(examination)).rejects.toThrow(Transient);
    expect(await keyStanding(connection).standing(examination)).toMatchObject({ userGone: false });
  });
});

describe('what the witness confirms', () => {
  const statusOf = (...known: Known[]) => keyStanding(accountOf(...known)).statusOf(user, oldKeyId);

  test('given a renamed user, then nothing is confirmed, least of all Gone', async () => {
    await expect(statusOf(renamed)).rejects.toThrow(`was renamed to ${newName}`);
  });

  test('given another user of that name, then nothing is confirmed', async () => {
    await expect(statusOf(namesake)).rejects.toThrow(`${user.userName} is now ${stranger}`);
    await expect(statusOf(namesake, renamed)).rejects.toThrow(Permanent);
  });

  test('given that the user is on no page, then the key is Gone', async () => {
    expect(await statusOf(...others)).toBe('Gone');
    expect(await statusOf(itself)).toBe('Active');
  });
});

describe('users by unique id', () => {
  test('a user renamed between list and look is not gone', async () => {
    const { connection } = cannedAws({
      ListUsers: () => ({ Users: [{ UserName: user.userName, UserId: user.userId }] }),
      GetUser: () => Promise.reject(noSuchEntity()),
    });
    const users = iamUsers(() => connection, 'us-east-1');
    await expect(users.byId('aws', user.account, user.userId)).rejects.toThrow(Transient);
  });
});

describe('the tick', () => {
  test.each([
    ['nobody takes the name', false],
    ['another user takes the name', true],
  ])(
    'given a user renamed before approval is acted on (%s), then nothing ends',
    async (_w, taken) => {
      const given = await givenShell();
      await given.put(approvedProposal({ due: story.opened }));
      const { cloud, clock } = given.world;
      cloud.renameUser(staleUser.account, staleUser.userName, newName);
      if (taken) {
        const { account, userName } = staleUser;
        cloud.addUser({ account, userName, createdAt: clock.now() });
      }
      await tick(given.shell);
      expect(await given.stageOf()).toMatchObject({ name: 'proposed' });
      const told = given.world.log.map(({ facts }) => facts.problem).join();
      expect(told).toContain(`was renamed to ${newName}`);
    },
  );
});

describe('a rotation whose user is renamed', () => {
  test.each(['overlapping', 'soaking'] as const)(
    'while it is %s is held, and its finding is not resolved',
    async (stage) => {
      const given = await givenWorld({ outsiderInterferes: true });
      await given.until(stage);
      const before = given.oldKey();
      given.world.cloud.renameUser(given.user.account, given.user.userName, newName);
      await given.pass({ days: 4 });
      const { stage: now } = await given.rotation();
      expect(now).toMatchObject({ name: 'held' });
      expect(JSON.stringify(now)).toContain(`was renamed to ${newName}`);
      expect(given.oldKey()).toBe(before);
      expect(given.incidents().length).toBeGreaterThan(0);
    },
  );
});

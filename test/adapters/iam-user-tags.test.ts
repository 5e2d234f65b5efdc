/** The tags of all users of an account: through every page, Keyturn's own alone, and no guess. */
import { expect, test } from 'vitest';
import { iamKeyLists, iamUserTags } from '../../adapters/iam-user-tags.ts';
import { Permanent } from '../../domain/errors.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const account = '111122223333';
const user = (UserName: string, ...Tags: { Key: string; Value: string }[]) => ({ UserName, Tags });

function given(answers: Answers) {
  const aws = cannedAws(answers);
  const slept: number[] = [];
  const clock = { sleep: async (millis: number) => void slept.push(millis) };
  const tags = iamUserTags(() => aws.connection, 'us-east-1', clock);
  return { ...aws, slept, read: () => tags.tagsOf('aws', account) };
}

const owner = { Key: 'keyturn:owner', Value: 'U0OLIVIA' };

test('every page is read, of users alone, and other tags are dropped', async () => {
  const pages: Record<string, unknown> = {
    none: {
      UserDetailList: [user('a', owner, { Key: 'cost', Value: '7' })],
      IsTruncated: true,
      Marker: 'm',
    },
    m: { UserDetailList: [user('b'), user('c', { ...owner, Value: '' })], IsTruncated: false },
  };
  const { read, calls } = given({
    GetAccountAuthorizationDetails: ({ Marker = 'none' }) => pages[Marker],
  });
  expect([...(await read())]).toEqual([
    ['a', { 'keyturn:owner': 'U0OLIVIA' }],
    ['c', { 'keyturn:owner': '' }],
  ]);
  expect(calls.map(({ input }) => input)).toEqual([
    { Filter: ['User'], MaxItems: 1000 },
    { Filter: ['User'], MaxItems: 1000, Marker: 'm' },
  ]);
});

test('a list that is cut short, or a user without a name, is none', async () => {
  const cut = given({ GetAccountAuthorizationDetails: () => ({ IsTruncated: true }) });
  await expect(cut.read()).rejects.toThrow(Permanent);
  const nameless = { UserDetailList: [{ Tags: [owner] }] };
  await expect(given({ GetAccountAuthorizationDetails: () => nameless }).read()).rejects.toThrow(
    'without a name',
  );
});

test('what is throttled is asked again after a pause', async () => {
  let asked = 0;
  const { read, slept } = given({
    GetAccountAuthorizationDetails: () => {
      asked += 1;
      if (asked === 1) throw throttled();
      return { UserDetailList: [user('a', owner)] };
    },
  });
  expect((await read()).size).toBe(1);
  expect(slept).toEqual([1000]);
});

test('the keys of nobody are not asked for: IAM would answer with the caller', async () => {
  const { connection, calls } = cannedAws({});
  const lists = iamKeyLists(() => connection, 'us-east-1');
  await expect(lists.keysNamed('aws', account, '')).rejects.toThrow('without a name');
  expect(calls).toEqual([]);
});

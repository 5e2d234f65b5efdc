/** What makes a native rotation believable: each of it is asked, and the rest fails closed. */
import { describe, expect, test } from 'vitest';
import { receiveLabel } from '../../app/receive-label.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { KeyCreators } from '../../domain/ports.ts';
import { proposed } from '../builders.ts';
import { ciRunner, now, usersOf } from './company.ts';
import { givenRotation, newKeyId, news, secretArn } from './told-natively.ts';

type Creator = Awaited<ReturnType<KeyCreators['creatorOf']>>;

/** What a label event comes to for a claim that waits, if something is otherwise. */
async function received(
  changes: {
    readonly creator?: Creator;
    readonly madeBefore?: Parameters<typeof plus>[1];
    readonly oldMadeBefore?: Parameters<typeof plus>[1];
    readonly arn?: string;
    readonly versionId?: string;
  } = {},
) {
  const { deps, rotation } = await givenRotation(proposed());
  const {
    creator,
    madeBefore,
    oldMadeBefore,
    arn = secretArn,
    versionId = news.versionId,
  } = changes;
  const [old] = ciRunner.keys;
  if (old === undefined) throw new Error('nobody has a key');
  const createdAt = plus(now, madeBefore ?? { minutes: -5 });
  const oldKey = { ...old, createdAt: plus(now, oldMadeBefore ?? { days: -400 }) };
  const keys = [oldKey, { keyId: newKeyId, status: 'Active' as const, createdAt }];
  const answers = await receiveLabel(
    {
      ...deps,
      users: usersOf([{ ...ciRunner, keys }], () => undefined),
      secrets: {
        describe: async (...asked) => {
          const secret = await deps.secrets.describe(...asked);
          return secret && { ...secret, arn };
        },
      },
      ...(creator === undefined ? {} : { creators: { creatorOf: async () => creator } }),
    },
    { ...news, versionId },
  );
  const stage = (await deps.store.load(rotation.id))?.stage.name;
  return { answers, stage, told: deps.toldTeam, logged: deps.logged };
}

const session = (role: string, token: string) =>
  `arn:aws:sts::111122223333:assumed-role/${role}/${token}`;
const complete = (value: string | null): Creator => ({ complete: true, value });

test('the user’s own secret, and a key that its version’s session made: believed', async () => {
  expect(await received()).toMatchObject({ stage: 'overlapping', told: [] });
});

describe('it is not believed, and the team is told', () => {
  test.each([
    ['a person made the key', { creator: complete('arn:aws:iam::111122223333:user/olivia') }],
    [
      'the key maker did, for another version',
      { creator: complete(session('keyturn-key-maker', '99999999-2222-4333-8444-555555555555')) },
    ],
    [
      'the session is called nearly so',
      { creator: complete(`${session('keyturn-key-maker', news.versionId)}0`) },
    ],
    ['another role called itself so', { creator: complete(session('key-maker', news.versionId)) }],
    ['the new key is the older one', { madeBefore: { hours: -2 }, oldMadeBefore: { hours: -1 } }],
    ['both were made at once', { madeBefore: { hours: -1 }, oldMadeBefore: { hours: -1 } }],
    ['the new key was made long before', { madeBefore: { hours: -24, seconds: -1 } }],
    ['the secret is another user’s', { arn: secretArn.replace('ci-runner', 'ci-runner-2') }],
    ['the secret is called after nobody', { arn: secretArn.replace('ci-runner', 'anything') }],
  ])('when %s', async (_, changes) => {
    const { answers, stage, told, logged } = await received(changes);
    expect(stage).toBe('proposed');
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ignored']);
    expect(told).toEqual([expect.stringContaining('That is not believed')]);
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('but by no event of another version', async () => {
    const versionId = '99999999-2222-4333-8444-555555555555';
    const creator = complete('arn:aws:iam::111122223333:user/olivia');
    expect(await received({ creator, versionId })).toMatchObject({ stage: 'proposed', told: [] });
  });
});

test('a key made within a day of the move is', async () => {
  expect(await received({ madeBefore: { hours: -24 } })).toMatchObject({ stage: 'overlapping' });
});

test.each<[string, Creator]>([
  ['does not show the creation yet', complete(null)],
  ['cannot be read', { complete: false, problem: 'Rate exceeded' }],
])('while CloudTrail %s, the event is to come again', async (_, creator) => {
  await expect(received({ creator })).rejects.toThrow(Transient);
});

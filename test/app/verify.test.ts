/** How a new key is proven to work: how often, over how long, and when it is given up. */
import { expect, test } from 'vitest';
import { fullProof, lastProof, type Proof, verify } from '../../app/custody/verify.ts';
import type { IssueOrder, StoredKey, Trial } from '../../domain/custody.ts';
import { Transient } from '../../domain/errors.ts';
import { instant, millisBetween } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { Sealed } from '../../domain/sealed.ts';
import { virtualClock } from '../../sandbox/clock.ts';

const user: IamUser = {
  partition: 'aws',
  account: '111122223333',
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  path: '/apps/',
  tags: {},
};
const order: IssueOrder = {
  secretName: 'keyturn/svc-billing',
  token: '22222222-2222-5222-8222-222222222222',
  rotationId: '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b',
  attempt: 1,
  userName: user.userName,
  userId: user.userId,
  oldKeyId: 'AKIAI44QH8DHBEXAMPLE',
  vault: 'secrets-manager',
  healthCheck: null,
  copies: [],
  driver: { by: 'keyturn' },
} as const;
const start = instant('2026-11-02T03:14:07Z');
const key: StoredKey = {
  keyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: new Sealed('EXAMPLE'.repeat(5)),
  createdAt: start,
  userName: user.userName,
  userId: user.userId,
  rotationId: order.rotationId,
};

/** Tries that go as written, the last one over and over; each takes that long. */
async function verified(proof: Proof, tries: string, tryMillis = 0) {
  const clock = virtualClock(start);
  let count = 0;
  const tester = {
    try: async (): Promise<Trial> => {
      const works = (tries[count] ?? tries.at(-1)) === '+';
      count += 1;
      await clock.sleep(tryMillis);
      const { userId, account } = user;
      const arn = 'arn:aws:iam::111122223333:user/apps/svc-billing';
      return {
        requestId: `request-${count}`,
        result: works
          ? { worked: true, arn, userId, account }
          : { worked: false, problem: 'it is refused with InvalidClientTokenId' },
      };
    },
  };
  const rotationIds = [order.rotationId];
  const subject = {
    order,
    user,
    tokens: [order.token],
    rotationIds,
    isHome: true,
    heedsDriver: true,
  };
  const outcome = await verify({ tester, clock }, subject, key, proof).catch((e: unknown) => e);
  return { outcome, count, seconds: millisBetween(start, clock.now()) / 1000 };
}

test('four successes in a row over 30 s are proof', async () => {
  const ids = ['request-1', 'request-2', 'request-3', 'request-4'];
  expect(await verified(fullProof, '+')).toEqual({ outcome: ids, count: 4, seconds: 30 });
});

test('slow answers do not make fewer of them enough', async () => {
  expect((await verified(fullProof, '+', 20_000)).count).toBe(4);
});

test('any failure starts the count again, and its request id is kept', async () => {
  const { outcome, count } = await verified(fullProof, '-+++-++++');
  expect(count).toBe(9);
  expect(outcome).toHaveLength(9);
});

test.each([
  ['fullProof', fullProof, '-', 240],
  ['fullProof, with a relapse now and then', fullProof, '+++-'.repeat(20), 240],
  ['fullProof, with hanging calls', fullProof, '-', 290, 45_000],
  ['lastProof', lastProof, '-', 60],
])('gives up in time: %s', async (_name, proof, tries, atMost, tryMillis = 0) => {
  const { outcome, seconds } = await verified(proof, tries, tryMillis);
  expect(outcome).toBeInstanceOf(Transient);
  expect(seconds).toBeLessThanOrEqual(atMost);
});

test.each([0, 250])('one success is enough for the last proof, taking %i ms', async (millis) => {
  expect((await verified(lastProof, '+', millis)).count).toBe(1);
});

/** A commit on DynamoDB: one transaction; whoever did not hear the answer finds out who won. */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../domain/effect.ts';
import { Conflict, Permanent, Transient } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { canceled } from '../../sandbox/account/dynamodb-transactions.ts';
import { approvedProposal, configFinding, done, staleKey, user } from '../builders.ts';
import { commit, later, ofTheKey, opened, publish, unopened } from '../contracts/committing.ts';
import { answerLost, givenTable, refusedAs, requestLost, sentTwice } from './given-table.ts';

type Kind = new (message: string) => Error;

const transact = 'TransactWriteItems';
const approved = { stage: approvedProposal(), effects: [publish] };

describe('one decision', () => {
  test('is one transaction, and nothing beside it', async () => {
    const table = givenTable();
    const first = await commit(table.store, unopened('a'), { effects: [publish] });
    await commit(table.store, first, approved);
    expect(table.calls(transact)).toHaveLength(2);
    expect(table.calls('PutItem')).toEqual([]);
    expect(table.calls('UpdateItem')).toEqual([]);
  });

  test('that is refused leaves no claim, no entry, no effect and no list behind', async () => {
    const { store, next } = givenTable();
    next(transact, async () => {
      throw canceled(['ThrottlingError']);
    });
    await expect(commit(store, ofTheKey('a', 1), { effects: [publish] })).rejects.toThrow(
      Transient,
    );
    expect(await store.claimOn(user.partition, user.account, staleKey.keyId)).toBeUndefined();
    expect(await store.ofUser(user.account, user.userId)).toEqual([]);
    expect(await store.journal('a')).toEqual([]);
    expect(await store.outstanding(later(9), 9)).toEqual([]);
  });

  test('is not made on a holder that changes meanwhile', async () => {
    const { store, next } = givenTable();
    const a = await commit(store, ofTheKey('a', 1));
    await commit(store, a, { stage: done({ outcome: 'abandoned' }) });
    next(transact, async (proceed) => {
      await commit(store, ofTheKey('c', 2));
      return proceed();
    });
    await expect(commit(store, ofTheKey('b', 2))).rejects.toThrow(Conflict);
    expect(await store.load('b')).toBeUndefined();
    const claim = await store.claimOn(user.partition, user.account, staleKey.keyId);
    expect(claim).toMatchObject({ rotationId: 'c', generation: 2 });
  });

  test('that two make alike to the letter: one of them is told that it has', async () => {
    const { store } = givenTable();
    const alike = await entryOf('a');
    await store.commit(alike);
    await expect(store.commit(alike)).rejects.toThrow(Conflict);
    expect(await store.journal('a')).toHaveLength(1);
  });

  test.each(['state', 'journal#00000001', 'effect#00000001#00000000'])(
    'never overwrites what is there: %s',
    async (sk) => {
      const { store, put, calls } = givenTable();
      await put({ pk: { S: 'rotation#a' }, sk: { S: sk }, format: { N: '1' } });
      await expect(store.commit(await entryOf('a', [publish]))).rejects.toThrow(Conflict);
      expect(calls(transact)).toHaveLength(1);
    },
  );

  test('of a first entry that follows another is a conflict', async () => {
    const { store } = givenTable();
    const forked = commit(store, unopened('a'), { previousHash: 'f'.repeat(64) });
    await expect(forked).rejects.toThrow(Conflict);
  });
});

describe('an answer that gets lost', () => {
  test.each([
    ['lost once', answerLost],
    ['lost, and asked again by the SDK', sentTwice],
  ])('%s: the commit is known to have taken effect', async (_, fault) => {
    const { store, next } = givenTable();
    next(transact, fault);
    const first = await commit(store, unopened('a'), { effects: [publish] });
    next(transact, fault);
    const second = await commit(store, first, approved);
    expect(await store.load('a')).toEqual(second);
    expect(await store.journal('a')).toHaveLength(2);
    expect(await store.outstanding(later(1), 9)).toHaveLength(2);
  });

  test('asked again when the token has run out: still no conflict', async () => {
    const { store, next, clock } = givenTable();
    next(transact, async (proceed) => {
      await proceed();
      await clock.sleep(11 * 60 * 1000);
      return proceed();
    });
    const first = await commit(store, unopened('a'));
    expect(await store.load('a')).toEqual(first);
  });

  test('of somebody who was slower: a conflict all the same', async () => {
    const { store, next } = givenTable();
    const first = await commit(store, unopened('a'));
    const faster = await commit(store, first, approved);
    next(transact, async (proceed) => {
      await proceed().catch(() => undefined);
      throw Object.assign(new Error('socket hang up'), { name: 'ECONNRESET' });
    });
    await expect(commit(store, first, { stage: done() })).rejects.toThrow(Transient);
    expect(await store.load('a')).toEqual(faster);
    await expect(commit(store, first, { stage: done() })).rejects.toThrow(Conflict);
  });

  test('a request that gets lost: nothing is written, and it is tried again', async () => {
    const { store, next } = givenTable();
    next(transact, requestLost);
    await expect(commit(store, unopened('a'))).rejects.toThrow(Transient);
    expect(await store.load('a')).toBeUndefined();
    await commit(store, unopened('a'));
  });

  test('and no telling who won: tried again', async () => {
    const { store, next, always } = givenTable();
    next(transact, answerLost);
    always('GetItem', refusedAs('ThrottlingException'));
    const lost = store.commit(await entryOf('a'));
    await expect(lost).rejects.toThrow(Transient);
    await expect(lost).rejects.toThrow(/no telling whether it took effect/);
  });
});

/** What a commit of a first version consists of. */
async function entryOf(id: string, effects: readonly Effect[] = []) {
  const { store, calls } = givenTable();
  const rotation = await commit(store, unopened(id), { effects });
  const [entry] = await store.journal(id);
  if (entry === undefined || calls(transact).length !== 1) throw new Error('no entry');
  return { onVersion: 0, rotation, entry };
}

describe('a refusal', () => {
  const cases: readonly [readonly string[], Kind][] = [
    [['ConditionalCheckFailed', 'None'], Conflict],
    [['ConditionalCheckFailed', 'ThrottlingError'], Conflict],
    [['None', 'TransactionConflict'], Conflict],
    [['TransactionConflict', 'ThrottlingError'], Conflict],
    [['None', 'ThrottlingError'], Transient],
    [['ProvisionedThroughputExceeded'], Transient],
    [['None', 'ValidationError'], Permanent],
    [['TransactionConflict', 'ValidationError'], Permanent],
    [['ItemCollectionSizeLimitExceeded'], Permanent],
    [['SomethingNew'], Permanent],
    [[], Permanent],
  ];
  test.each(cases)('because of %j', async (codes, kind) => {
    const { store, next } = givenTable();
    next(transact, async () => {
      throw canceled(codes);
    });
    const refused = commit(store, unopened('a'));
    await expect(refused).rejects.toThrow(kind);
    await expect(refused).rejects.toThrow(/^committing version 1 of rotation a: /);
  });

  test.each<[string, number, Kind]>([
    ['ThrottlingException', 400, Transient],
    ['ProvisionedThroughputExceededException', 400, Transient],
    ['TransactionInProgressException', 400, Transient],
    ['InternalServerError', 500, Transient],
    ['ResourceNotFoundException', 400, Permanent],
    ['AccessDeniedException', 400, Permanent],
    ['ValidationException', 400, Permanent],
  ])('%s %i', async (name, status, kind) => {
    const { store, always } = givenTable();
    for (const operation of [transact, 'GetItem', 'Query', 'PutItem', 'UpdateItem']) {
      always(operation, refusedAs(name, status));
    }
    await expect(store.commit(await entryOf('a'))).rejects.toThrow(kind);
    await expect(store.load('a')).rejects.toThrow(kind);
    await expect(store.journal('a')).rejects.toThrow(kind);
    await expect(store.due('deadline', opened, 1)).rejects.toThrow(kind);
    await expect(store.rememberMessage('a', { channel: 'C', ts: '1' })).rejects.toThrow(kind);
    await expect(store.postpone('a/1/0', opened, 'x')).rejects.toThrow(kind);
  });
});

describe('more than DynamoDB takes', () => {
  const ruleName = (index: number) => `${index}`.padStart(100, 'access-keys-rotated-');
  const findings = (count: number): Finding[] =>
    Array.from({ length: count }, (_, index) => ({
      ...configFinding,
      ruleName: ruleName(index),
    }));

  test('a rotation as large as it may be is kept', async () => {
    const { store } = givenTable();
    const rotation = await commit(store, unopened('a', { findings: findings(1000) }));
    expect(await store.load('a')).toEqual(rotation);
  });

  test('an item of over 400 KB: refused before it is sent, saying what fills it', async () => {
    const { store, calls } = givenTable();
    const large = commit(store, unopened('a', { findings: findings(2000) }));
    await expect(large).rejects.toThrow(Permanent);
    await expect(large).rejects.toThrow(/bytes of 409600 in one item. It has joined 2000 findings/);
    expect(calls(transact)).toEqual([]);
  });

  test('more than a hundred writes', async () => {
    const { store, calls } = givenTable();
    const effects = Array.from({ length: 96 }, () => publish);
    const large = commit(store, unopened('a'), { effects });
    await expect(large).rejects.toThrow(/takes 101 writes of 100/);
    expect(calls(transact)).toEqual([]);
    await commit(store, unopened('a'), { effects: effects.slice(1) });
  });
});

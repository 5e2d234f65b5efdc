/**
 * What every rotation store promises, as one suite: `describeRotationStore('memory', memoryStore)`.
 * A factory gives an empty store each time, at once or after a while.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { Conflict } from '../../domain/errors.ts';
import { chainProblems, firstHash } from '../../domain/journal.ts';
import type { RotationStore } from '../../domain/ports.ts';
import {
  approvedProposal,
  done,
  held,
  issuing,
  rotationId,
  staleKey,
  startedRun,
  user,
} from '../builders.ts';
import { commit, later, ofTheKey, opened, publish, unopened } from './committing.ts';
import { describeFiles } from './rotation-store-files.ts';
import {
  describeCoverage,
  describeHistories,
  describeLines,
  describeNotebook,
  describeRecent,
} from './rotation-store-lines.ts';
import { describeDue, describeOutbox, describeTurns } from './rotation-store-queues.ts';
import { describeRings } from './rotation-store-rings.ts';

export function describeRotationStore(
  name: string,
  factory: () => RotationStore | Promise<RotationStore>,
): void {
  describe(`rotation store: ${name}`, () => {
    let store: RotationStore;
    beforeEach(async () => {
      store = await factory();
    });
    describeCommits(() => store);
    describeClaims(() => store);
    describeJournal(() => store);
    describeDue(() => store);
    describeTurns(() => store);
    describeOutbox(() => store);
    describeLists(() => store);
    describeLines(() => store);
    describeRecent(() => store);
    describeHistories(() => store);
    describeCoverage(() => store);
    describeRings(() => store);
    describeFiles(() => store);
    describeNotebook(() => store);
  });
}

function describeCommits(given: () => RotationStore): void {
  test('knows nothing at first', async () => {
    expect(await given().load(rotationId)).toBeUndefined();
    expect(await given().journal(rotationId)).toEqual([]);
    expect(await given().lastHash(rotationId)).toBe(firstHash);
    expect(await given().messageOf(rotationId)).toBeUndefined();
  });

  test('loads what was committed last', async () => {
    const first = await commit(given(), unopened('a'));
    const second = await commit(given(), first, { stage: approvedProposal() });
    expect(await given().load('a')).toEqual(second);
  });

  test('refuses a commit on a version that has moved, and changes nothing', async () => {
    const first = await commit(given(), unopened('a'));
    const second = await commit(given(), first, { stage: approvedProposal() });
    const late = commit(given(), first, { stage: held(), effects: [publish] });
    await expect(late).rejects.toThrow(Conflict);
    expect(await given().load('a')).toEqual(second);
    expect(await given().journal('a')).toHaveLength(2);
    expect(await given().outstanding(later(1), 10)).toEqual([]);
  });

  test('refuses a commit on a version that has not come, or of nothing opened', async () => {
    const first = await commit(given(), unopened('a'));
    await expect(commit(given(), first, { onVersion: 5 })).rejects.toThrow(Conflict);
    await expect(commit(given(), unopened('b'), { onVersion: 1 })).rejects.toThrow(Conflict);
  });

  test('of two commits on one version one wins', async () => {
    const first = await commit(given(), unopened('a'));
    const both = await Promise.allSettled([
      commit(given(), first, { stage: approvedProposal() }),
      commit(given(), first, { stage: held() }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await given().journal('a')).toHaveLength(2);
  });

  test('nobody can change what it keeps by changing what it gave out', async () => {
    const store = given();
    await commit(store, unopened('a'), { effects: [publish] });
    const before = JSON.stringify(await Promise.all([store.load('a'), store.journal('a')]));
    const loaded = await store.load('a');
    const [entry] = await store.journal('a');
    const [effect] = await store.outstanding(opened, 1);
    for (const each of [loaded?.stage, loaded?.key.user, entry?.state, effect?.effect]) {
      // Refused, or done to a copy.
      expect(each).toBeDefined();
      for (const field of ['name', 'type']) Reflect.set(each ?? {}, field, 'spoilt');
    }
    const after = JSON.stringify(await Promise.all([store.load('a'), store.journal('a')]));
    expect(after).toBe(before);
    expect((await store.outstanding(opened, 1))[0]?.effect).toEqual(publish);
  });

  test('what the caller changes after the commit stays outside', async () => {
    const state = await commit(given(), unopened('a'));
    Object.assign(state.stage, { name: 'spoilt' });
    expect((await given().load('a'))?.stage.name).toBe('proposed');
  });
}

function describeClaims(given: () => RotationStore): void {
  const claim = () => given().claimOn(user.partition, user.account, staleKey.keyId);

  test('opening a rotation takes the claim on its key', async () => {
    expect(await claim()).toBeUndefined();
    await commit(given(), ofTheKey('a', 1));
    expect(await claim()).toEqual({
      partition: 'aws',
      account: user.account,
      keyId: staleKey.keyId,
      rotationId: 'a',
      generation: 1,
    });
  });

  test('a key that is claimed cannot be claimed again, at the same time neither', async () => {
    await commit(given(), ofTheKey('a', 1));
    await expect(commit(given(), ofTheKey('b', 1))).rejects.toThrow(Conflict);
    await expect(commit(given(), ofTheKey('b', 2))).rejects.toThrow(Conflict);
    expect(await claim()).toMatchObject({ rotationId: 'a' });
    expect(await given().load('b')).toBeUndefined();
    expect(await given().journal('b')).toEqual([]);
  });

  test('of two openings at once one wins', async () => {
    const both = await Promise.allSettled([
      commit(given(), ofTheKey('a', 1)),
      commit(given(), ofTheKey('b', 1)),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('opening a rotation that is there already is a conflict', async () => {
    await commit(given(), ofTheKey('a', 1));
    await expect(commit(given(), ofTheKey('a', 1))).rejects.toThrow(Conflict);
    expect(await given().journal('a')).toHaveLength(1);
  });

  test('after done the next generation takes the claim, and only the next', async () => {
    const first = await commit(given(), ofTheKey('a', 1));
    await commit(given(), first, { stage: done({ outcome: 'abandoned' }) });
    await expect(commit(given(), ofTheKey('b', 1))).rejects.toThrow(Conflict);
    await expect(commit(given(), ofTheKey('b', 3))).rejects.toThrow(Conflict);
    await commit(given(), ofTheKey('b', 2));
    expect(await claim()).toMatchObject({ rotationId: 'b', generation: 2 });
  });

  test('the first rotation of a key is generation 1', async () => {
    await expect(commit(given(), ofTheKey('a', 2))).rejects.toThrow(Conflict);
  });

  test('the same key id in another account or partition is another key', async () => {
    await commit(given(), ofTheKey('a', 1));
    const elsewhere = { ...staleKey, user: { ...user, account: '444455556666' } };
    const china = { ...staleKey, user: { ...user, partition: 'aws-cn' as const } };
    await commit(given(), unopened('b', { key: elsewhere }));
    await commit(given(), unopened('c', { key: china }));
    expect(await claim()).toMatchObject({ rotationId: 'a' });
  });
}

function describeJournal(given: () => RotationStore): void {
  test('the journal is the whole chain, oldest first', async () => {
    const first = await commit(given(), unopened('a'));
    const second = await commit(given(), first, { stage: approvedProposal() });
    const third = await commit(given(), second, { stage: held() });
    const journal = await given().journal('a');
    expect(journal.map((entry) => entry.version)).toEqual([1, 2, 3]);
    expect(chainProblems(journal, cryptoIds.digest)).toEqual([]);
    expect(journal.at(-1)?.state).toEqual(third);
    expect(await given().lastHash('a')).toBe(journal.at(-1)?.hash);
  });

  test('more entries than a page stay in order', async () => {
    let rotation = await commit(given(), unopened('a'));
    for (let index = 0; index < 120; index++) rotation = await commit(given(), rotation);
    const journal = await given().journal('a');
    expect(journal.map((entry) => entry.version)).toEqual(journal.map((_, index) => index + 1));
    expect(journal).toHaveLength(121);
  });

  test('an entry that does not follow the last one is a conflict', async () => {
    const first = await commit(given(), unopened('a'));
    const forked = commit(given(), first, { previousHash: 'f'.repeat(64) });
    await expect(forked).rejects.toThrow(Conflict);
    expect(await given().load('a')).toEqual(first);
  });

  test('journals of different rotations do not mix', async () => {
    await commit(given(), unopened('a'));
    await commit(given(), unopened('ab'));
    expect((await given().journal('a')).map((entry) => entry.rotationId)).toEqual(['a']);
  });
}

function describeLists(given: () => RotationStore): void {
  test('counts the rotations that wait for a run', async () => {
    expect(await given().inFlight()).toBe(0);
    const first = await commit(given(), unopened('a'));
    await commit(given(), unopened('b'));
    const run = startedRun(later(1));
    const second = await commit(given(), first, { stage: issuing({ run }) });
    expect(await given().inFlight()).toBe(1);
    const waiting = issuing({ run: { status: 'waiting', retryAt: later(2) } });
    await commit(given(), second, { stage: waiting });
    expect(await given().inFlight()).toBe(0);
  });

  test('lists every rotation of a user, by unique id and account', async () => {
    const first = await commit(given(), ofTheKey('a', 1));
    await commit(given(), first, { stage: done({ outcome: 'abandoned' }) });
    await commit(given(), ofTheKey('b', 2));
    await commit(given(), unopened('c'));
    const other = { ...staleKey, user: { ...user, userId: 'AIDAEXAMPLEOTHER' } };
    await commit(given(), unopened('d', { key: { ...other, keyId: 'AKIAOTHERUSEREXAMPLE' } }));
    expect([...(await given().ofUser(user.account, user.userId))].sort()).toEqual(['a', 'b', 'c']);
    expect(await given().ofUser('444455556666', user.userId)).toEqual([]);
  });

  test('lists every rotation there ever was, each once', async () => {
    const every = async () => {
      const ids: string[] = [];
      for await (const id of given().everyRotation()) ids.push(id);
      return ids;
    };
    expect(await every()).toEqual([]);
    const first = await commit(given(), ofTheKey('a', 1), { effects: [publish] });
    await commit(given(), first, { stage: done({ outcome: 'abandoned' }) });
    await commit(given(), ofTheKey('b', 2));
    for (const id of ['c', 'ca', 'd', 'e']) await commit(given(), unopened(id));
    await given().rememberMessage('c', { channel: 'C0123', ts: '1.000100' });
    expect((await every()).toSorted()).toEqual(['a', 'b', 'c', 'ca', 'd', 'e']);
  });

  test('remembers where a message is, the latest place', async () => {
    await given().rememberMessage('a', { channel: 'C0123', ts: '1.000100' });
    await given().rememberMessage('a', { channel: 'C0123', ts: '2.000100' });
    expect(await given().messageOf('a')).toEqual({ channel: 'C0123', ts: '2.000100' });
    expect(await given().messageOf('b')).toBeUndefined();
  });
}

/** Security Hub is told of a user's finding: RESOLVED only when no stale key is left. */
import { describe, expect, test } from 'vitest';
import { recordResult } from '../../app/record-result.ts';
import type { Effect } from '../../domain/effect.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { AccessKey, IamUser } from '../../domain/key.ts';
import { isKeyGone } from '../../domain/outcome.ts';
import type { Stage } from '../../domain/stage.ts';
import { done, held, oldKeyId, overlapping, proposed, rotationId } from '../builders.ts';
import { type GivenShell, givenShell, otherKey } from './given-shell.ts';

type Record = Extract<Effect, { type: 'record result' }>;

const notified: Record = { type: 'record result', workflow: 'NOTIFIED', note: 'Under way.' };
const resolved: Record = { type: 'record result', workflow: 'RESOLVED', note: 'Rotated.' };

const record = (
  { shell }: GivenShell,
  effect: Record,
  { version = 1, id = rotationId }: { version?: number; id?: string } = {},
) => {
  const outstanding = { id: `${id}/${version}/0`, rotationId: id, version, effect };
  // What is rotated or gone by the journal, the account does not show any more.
  const isThere = async (user: IamUser, { keyId }: AccessKey) => {
    const claim = await shell.store.claimOn(user.partition, user.account, keyId);
    const stage = (await shell.store.load(claim?.rotationId ?? ''))?.stage;
    return stage?.name !== 'done' || !isKeyGone(stage);
  };
  const keysOf = async (user: IamUser) => {
    const keys = (await shell.users.keysOf(user)) ?? [];
    const there = await Promise.all(keys.map((key) => isThere(user, key)));
    return keys.filter((_, index) => there[index]);
  };
  return recordResult(
    { ...shell, users: { ...shell.users, keysOf } },
    { ...outstanding, attempts: 0, notBefore: shell.clock.now() },
    effect,
  );
};

const resolvedNow = { workflow: 'RESOLVED', note: 'Rotated.' };

describe('the only stale key of a user', () => {
  test('under way: NOTIFIED', async () => {
    const given = await givenShell();
    await given.put(proposed(), [], { findings: [given.addFinding('f1')] });
    expect(await record(given, notified)).toBe('performed');
    expect(given.recorded()).toEqual({ f1: { workflow: 'NOTIFIED', note: 'Under way.' } });
  });

  test('done: every finding that joined is RESOLVED', async () => {
    const given = await givenShell();
    const findings = ['f1', 'f2', 'f3'].map(given.addFinding);
    given.addFinding('of somebody else');
    await given.put(done(), [], { findings });
    await record(given, resolved);
    expect(given.recorded()).toEqual({
      f1: resolvedNow,
      f2: resolvedNow,
      f3: resolvedNow,
      'of somebody else': { workflow: 'NEW', note: null },
    });
  });

  test('an order that a later one has overtaken is superseded, however late', async () => {
    const given = await givenShell();
    await given.put(proposed(), [notified], { findings: [given.addFinding('f1')] });
    await given.moved(done(), [resolved]);
    await record(given, resolved, { version: 2 });
    expect(await record(given, notified)).toEqual({ superseded: 'a later result stands' });
    expect(given.recorded()).toEqual({ f1: resolvedNow });
  });

  test('a later entry without a result supersedes nothing', async () => {
    const given = await givenShell();
    await given.put(proposed(), [notified], { findings: [given.addFinding('f1')] });
    await given.moved(proposed(), [{ type: 'publish' }]);
    expect(await record(given, notified)).toBe('performed');
  });
});

describe('one of two stale keys of a user', () => {
  const both = async (own: Stage, other: Stage) => {
    const given = await givenShell();
    await given.put(own, [], { findings: [given.addFinding('f1')] });
    const second = otherKey(undefined, { findings: [given.addFinding('f2')] });
    await given.put(other, [], second);
    return { ...given, second: second.id };
  };

  test.each<[string, Stage]>([
    ['under way', overlapping()],
    ['held', held()],
    ['given up', done({ outcome: 'abandoned' })],
  ])('done while the other is %s: not RESOLVED, and the note says why', async (_, other) => {
    const given = await both(done(), other);
    const { keyId, user, createdAt } = otherKey().key;
    given.world.cloud.addKey(user.account, user.userName, { keyId, createdAt });
    await record(given, resolved);
    expect(given.recorded()).toEqual({
      f1: { workflow: 'NOTIFIED', note: 'Rotated. Another stale key remains.' },
      f2: { workflow: 'NEW', note: null },
    });
  });

  test.each<[string, Stage]>([
    ['rotated', done()],
    ['gone', done({ outcome: 'already gone' })],
    ['given up, and deleted by hand since', done({ outcome: 'abandoned' })],
  ])('done after the other was %s: all findings of both are RESOLVED', async (_, other) => {
    const given = await both(done(), other);
    await record(given, resolved);
    expect(given.recorded()).toEqual({ f1: resolvedNow, f2: resolvedNow });
  });

  test('done last, whichever order they were told in: all RESOLVED', async () => {
    const given = await both(done(), done());
    await record(given, { ...resolved, note: 'Second.' }, { id: given.second });
    await record(given, { ...resolved, note: 'First.' });
    expect(Object.values(given.recorded()).map(({ workflow }) => workflow)).toEqual([
      'RESOLVED',
      'RESOLVED',
    ]);
  });

  test('a user of the same name in another account counts for nothing', async () => {
    const given = await givenShell();
    await given.put(done(), [], { findings: [given.addFinding('f1')] });
    const { key, id } = otherKey();
    const elsewhere = { ...key, user: { ...key.user, account: '444455556666' } };
    await given.put(overlapping(), [], { id, key: elsewhere });
    await record(given, resolved);
    expect(given.recorded()).toEqual({ f1: resolvedNow });
  });
});

describe('a key that was given up once and taken up again', () => {
  const takenUpAgain = async (now: Stage) => {
    const given = await givenShell();
    const abandoned = done({ outcome: 'abandoned' });
    await given.put(abandoned, [notified], { findings: [given.addFinding('f1')] });
    const second = otherKey(oldKeyId, { generation: 2, findings: [given.addFinding('f2')] });
    await given.put(now, [resolved], second);
    return { ...given, second: second.id };
  };

  test('and done: the findings of both times are RESOLVED', async () => {
    const given = await takenUpAgain(done());
    await record(given, resolved, { id: given.second });
    expect(given.recorded()).toEqual({ f1: resolvedNow, f2: resolvedNow });
  });

  test('what was still to be told of the first time is superseded', async () => {
    const given = await takenUpAgain(done());
    await record(given, resolved, { id: given.second });
    expect(await record(given, notified)).toEqual({
      superseded: 'a later rotation of this key stands',
    });
    expect(given.recorded()).toEqual({ f1: resolvedNow, f2: resolvedNow });
  });

  test('and under way: it keeps another key of the user from being RESOLVED', async () => {
    const given = await takenUpAgain(overlapping());
    const other = otherKey(undefined, { findings: [given.addFinding('f3')] });
    await given.put(done(), [], other);
    await record(given, resolved, { id: other.id });
    expect(given.recorded().f3).toMatchObject({ workflow: 'NOTIFIED' });
  });
});

describe('what is left out is thrown, so that it is tried again or told', () => {
  test('a finding that Security Hub no longer has', async () => {
    const given = await givenShell();
    const gone = { ...given.addFinding('f1'), id: 'deleted' };
    await given.put(done(), [], { findings: [given.addFinding('f1'), gone] });
    await expect(record(given, resolved)).rejects.toThrow(Permanent);
    expect(given.recorded()).toEqual({ f1: resolvedNow });
  });

  test('a Security Hub that does not answer', async () => {
    const given = await givenShell();
    await given.put(done(), [], { findings: [given.addFinding('f1')] });
    const which = { service: 'securityhub', operation: 'BatchUpdateFindings' };
    given.faults.fail(which, 'throttled');
    await expect(record(given, resolved)).rejects.toThrow(Transient);
  });
});

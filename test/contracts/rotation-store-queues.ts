/** What every rotation store lists as due or outstanding: in which order, from when, until when. */
import { expect, test } from 'vitest';
import type { Effect, EffectSort } from '../../domain/effect.ts';
import { Conflict } from '../../domain/errors.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { effectId } from '../../domain/journal.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { Stage } from '../../domain/stage.ts';
import { type Need, needs } from '../../domain/wake.ts';
import {
  approvedProposal,
  done,
  held,
  issuing,
  proposed,
  soaking,
  startedRun,
} from '../builders.ts';
import { commit, later, opened, publish, unopened } from './committing.ts';

export function describeDue(given: () => RotationStore): void {
  const waking = (id: string, hours: number) =>
    commit(given(), unopened(id, {}, proposed({ answerBy: later(hours) })));

  test('lists what is due, longest due first, at most so many', async () => {
    await waking('b', 2);
    await waking('a', 3);
    await waking('d', 1);
    await waking('c', 9);
    expect(await given().due('deadline', later(3), 10)).toEqual(['d', 'b', 'a']);
    expect(await given().due('deadline', later(3), 2)).toEqual(['d', 'b']);
    expect(await given().due('deadline', plus(later(1), { milliseconds: -1 }), 10)).toEqual([]);
  });

  test('lists each rotation for what it needs, and for nothing else', async () => {
    const stages: readonly (readonly [Need, Stage])[] = [
      ['deadline', proposed({ answerBy: later(1) })],
      ['admission', approvedProposal({ due: later(1) })],
      ['turn', soaking({ nextProbeAt: later(1), deleteAt: later(1) })],
      ['evidence', held({ nextProbeAt: later(1) })],
      ['run status', issuing({ run: startedRun(later(1)) })],
    ];
    for (const [need, stage] of stages) await commit(given(), unopened(`for ${need}`, {}, stage));
    for (const need of needs) {
      expect(await given().due(need, later(1), 10)).toEqual([`for ${need}`]);
    }
  });

  test('a long queue for one need stands before no other', async () => {
    const waiting = approvedProposal({ due: later(1) });
    for (const id of ['a', 'b', 'c']) await commit(given(), unopened(id, {}, waiting));
    await commit(given(), unopened('d', {}, issuing({ run: startedRun(later(2)) })));
    expect(await given().due('run status', later(2), 1)).toEqual(['d']);
    expect(await given().due('admission', later(2), 2)).toHaveLength(2);
  });

  test('what needs something else now is no longer listed for what it needed', async () => {
    const first = await waking('a', 1);
    await commit(given(), first, { stage: approvedProposal({ due: later(1) }) });
    expect(await given().due('deadline', later(9), 10)).toEqual([]);
    expect(await given().due('admission', later(9), 10)).toEqual(['a']);
  });

  test('a rotation is due at its newest wake time only', async () => {
    const first = await waking('a', 1);
    await commit(given(), first, { stage: proposed({ answerBy: later(5) }) });
    expect(await given().due('deadline', later(4), 10)).toEqual([]);
    expect(await given().due('deadline', later(5), 10)).toEqual(['a']);
  });

  test('a rotation that is done is never due', async () => {
    const first = await waking('a', 1);
    await commit(given(), first, { stage: done() });
    for (const need of needs) expect(await given().due(need, later(1000), 10)).toEqual([]);
    expect(await given().nextWake()).toBeUndefined();
  });

  test('the next wake is the sooner of rotations and effects', async () => {
    expect(await given().nextWake()).toBeUndefined();
    const first = await waking('a', 8);
    expect(await given().nextWake()).toBe(later(8));
    await commit(given(), first, { effects: [publish], at: later(2) });
    expect(await given().nextWake()).toBe(later(2));
    await given().settle(effectId('a', 2, 0), { status: 'performed', at: later(3) });
    expect(await given().nextWake()).toBe(later(8));
  });
}

export function describeTurns(given: () => RotationStore): void {
  test('accounts take turns, fewest runs first; one that is full is left out', async () => {
    const [one, two, three] = ['111122223333', '444455556666', '123456789012'];
    for (const [id, account] of [
      ['a', one],
      ['b', one],
      ['c', one],
      ['d', two],
      ['e', three],
    ] as const) {
      const waiting = approvedProposal({ due: later(id === 'd' ? 1 : 2) });
      const { key, ...rotation } = unopened(id, {}, waiting);
      const user = { ...key.user, account: account ?? '' };
      await commit(given(), { ...rotation, key: { ...key, user, keyId: `AKIA${id}` } });
    }
    const runs = new Map([[one, 1]]);
    const runsOf = (account: string) => runs.get(account) ?? 0;
    expect(await given().due('admission', later(2), 4, runsOf)).toEqual(['d', 'e', 'a', 'b']);
    runs.set(one, Number.POSITIVE_INFINITY);
    expect(await given().due('admission', later(2), 9, runsOf)).toEqual(['d', 'e']);
  });

  test('each sort of effect is listed by itself, or all together', async () => {
    const start: Effect = { type: 'start runbook', runbook: 'delete-key' };
    const message: Effect = { type: 'update message', news: null };
    await commit(given(), unopened('a'), { effects: [message, publish, start] });
    const ids = async (sort?: EffectSort) =>
      (await given().outstanding(opened, 9, undefined, sort)).map(({ id }) => id);
    expect(await ids('message')).toEqual(['a/1/0']);
    expect(await ids('other')).toEqual(['a/1/1']);
    expect(await ids('start')).toEqual(['a/1/2']);
    expect(await ids()).toEqual(['a/1/0', 'a/1/1', 'a/1/2']);
  });
}

export function describeOutbox(given: () => RotationStore): void {
  const ids = async (now: Instant, limit = 100) =>
    (await given().outstanding(now, limit)).map((each) => each.id);

  test('effects are outstanding from their commit on, in the order given', async () => {
    const effects: Effect[] = [{ type: 'announce', news: 'one' }, publish];
    const first = await commit(given(), unopened('a'), { effects, at: later(1) });
    await commit(given(), first, { effects: [publish], at: later(2) });
    expect(await ids(plus(later(1), { milliseconds: -1 }))).toEqual([]);
    expect(await ids(later(1))).toEqual(['a/1/0', 'a/1/1']);
    expect(await ids(later(2))).toEqual(['a/1/0', 'a/1/1', 'a/2/0']);
    expect(await ids(later(2), 2)).toEqual(['a/1/0', 'a/1/1']);
    expect((await given().outstanding(later(1), 1))[0]).toEqual({
      id: 'a/1/0',
      rotationId: 'a',
      version: 1,
      effect: { type: 'announce', news: 'one' },
      attempts: 0,
      notBefore: later(1),
    });
  });

  test('what was settled is not outstanding, however often it is settled', async () => {
    await commit(given(), unopened('a'), { effects: [publish, publish] });
    await given().settle('a/1/0', { status: 'performed', at: opened });
    await given().settle('a/1/0', { status: 'given up', at: later(1), problem: 'late' });
    expect(await ids(later(9))).toEqual(['a/1/1']);
  });

  test('what was postponed comes back later, its tries counted', async () => {
    await commit(given(), unopened('a'), { effects: [publish] });
    await given().postpone('a/1/0', later(2), 'SNS is down');
    expect(await ids(plus(later(2), { milliseconds: -1 }))).toEqual([]);
    await given().postpone('a/1/0', later(4), 'SNS is down');
    expect(await given().outstanding(later(4), 1)).toMatchObject([{ id: 'a/1/0', attempts: 2 }]);
    expect(await given().nextWake()).toBe(later(4));
  });

  test('postponing what is settled or unknown brings nothing back', async () => {
    await commit(given(), unopened('a'), { effects: [publish] });
    await given().settle('a/1/0', { status: 'performed', at: opened });
    await given().postpone('a/1/0', later(1), 'too late');
    await given().postpone('never/1/0', later(1), 'no such effect');
    expect(await ids(later(9))).toEqual([]);
  });

  test('effects that wait longest come first, so that none starves behind a limit', async () => {
    const first = await commit(given(), unopened('a'), { effects: [publish], at: opened });
    await given().postpone('a/1/0', later(3), 'down');
    await commit(given(), first, { effects: [publish], at: later(1) });
    expect(await ids(later(5))).toEqual(['a/2/0', 'a/1/0']);
    expect(await ids(later(5), 1)).toEqual(['a/2/0']);
  });

  test('effects of a refused commit are not outstanding', async () => {
    const first = await commit(given(), unopened('a'));
    await commit(given(), first);
    await expect(commit(given(), first, { effects: [publish] })).rejects.toThrow(Conflict);
    expect(await ids(later(9))).toEqual([]);
  });
}

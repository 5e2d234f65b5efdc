/** From what is known of a user to what would happen to each key. */
import { describe, expect, it } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { KeyFacts, KeyPlan, UserFacts } from '../../domain/key-plan.ts';
import { planOf } from '../../domain/plan.ts';
import type { LastUse } from '../../domain/unused.ts';
import {
  approvedProposal,
  done,
  held,
  nightWindow,
  overlapping,
  owner,
  policyWith,
  proposed,
  retirement,
  rotationAt,
  soaking,
  staleKey,
  use,
  user,
} from '../builders.ts';

const now = instant('2026-11-02T09:00:00Z');
const unread: LastUse = { known: false, problem: 'IAM says no' };
const usedDaysAgo = (days: number | null): LastUse => ({
  known: true,
  isIssued: false,
  lastUsed: days === null ? null : use(plus(now, { days: -days })),
});

function key(
  keyId: string,
  ageDays: number,
  lastUse: LastUse,
  changes: Partial<KeyFacts> & { status?: 'Inactive' } = {},
): KeyFacts {
  const { status = 'Active', ...facts } = changes;
  const createdAt = plus(now, { days: -ageDays });
  return { key: { keyId, status, createdAt }, lastUse, rotation: undefined, ...facts };
}

const facts = (keys: readonly KeyFacts[], changes: Partial<UserFacts> = {}): UserFacts => ({
  user,
  owner,
  policy: policyWith({ mode: 'auto' }),
  exempt: null,
  keys,
  ...changes,
});

const inShort = ({ key: { keyId }, action, steps }: KeyPlan) =>
  `${keyId} ${action}${steps.map(({ what, at }) => `; ${what} ${at.slice(5, 13)}`).join('')}`;
const planned = (user: UserFacts) => planOf(user, now).map(inShort);
const only = (user: UserFacts): KeyPlan => {
  const [first, ...more] = planOf(user, now);
  if (first === undefined || more.length > 0) throw new Error('not one key');
  return first;
};

const replaced = 'replace; new key issued 11-02T09; switched off 11-04T09; deleted 11-05T09';
const retired = 'retire; switched off 11-04T09; deleted 11-05T09';
/** A rotation of the key of that id, as the store has it. */
const rotationOf = (keyId: string, stage: Parameters<typeof rotationAt>[0], changes = {}) =>
  rotationAt(stage, { key: { ...staleKey, keyId }, ...changes });

describe('one key', () => {
  it.each<[string, KeyFacts, string]>([
    ['stale and used', key('A', 90, usedDaysAgo(1)), `A ${replaced}`],
    ['an hour from stale', key('A', 90 - 1 / 24, usedDaysAgo(1)), 'A none'],
    ['unused for long', key('A', 200, usedDaysAgo(91)), `A ${retired}`],
    ['never used', key('A', 200, usedDaysAgo(null)), `A ${retired}`],
    ['used 90 days ago, as far as IAM tells', key('A', 200, usedDaysAgo(90)), `A ${replaced}`],
    ['Inactive', key('A', 900, usedDaysAgo(300), { status: 'Inactive' }), 'A none'],
    ['of which nobody knows the use', key('A', 200, unread), 'A unknown'],
    ['young, of which nobody knows the use', key('A', 20, unread), 'A none'],
  ])('%s', (_, given, plan) => {
    expect(planned(facts([given]))).toEqual([plan]);
  });

  it('that the policy does not retire is replaced, and somebody has to attest', () => {
    const policy = policyWith({ mode: 'auto', unused: 'replace' });
    const plan = only(facts([key('A', 200, usedDaysAgo(null))], { policy }));
    expect(inShort(plan)).toBe(`A ${replaced}`);
    expect(plan.standsInTheWay).toContain('attest');
    expect(plan.because).toContain('the policy retires no keys');
  });

  it('under mode approve waits for an answer, under observe nothing happens', () => {
    const of = (mode: 'approve' | 'observe') =>
      facts([key('A', 200, usedDaysAgo(1))], { policy: policyWith({ mode }) });
    expect(only(of('approve')).steps[0]).toEqual({
      what: 'approval wanted by',
      at: '2026-11-09T09:00:00.000Z',
      earliest: false,
    });
    expect(inShort(only(of('observe')))).toBe('A none');
    expect(only(of('observe')).because).toContain('only observes');
  });

  it('of an exempt user is left alone, also halfway', () => {
    const rotation = rotationOf('A', overlapping());
    const keys = [key('A', 200, usedDaysAgo(1), { rotation }), key('B', 200, unread)];
    const plans = planOf(facts(keys, { exempt: 'Exempt, by Sam.' }), now);
    expect(plans.map(inShort)).toEqual(['A none', 'B none']);
    expect(plans.map(({ exempt }) => exempt)).toEqual([true, true]);
    expect(plans[0]?.because).toContain('Its rotation ends');
  });

  it('waits for its window', () => {
    const policy = policyWith({ mode: 'auto', window: nightWindow });
    expect(planned(facts([key('A', 200, usedDaysAgo(1))], { policy }))).toEqual([
      'A replace; new key issued 11-03T01; switched off 11-05T01; deleted 11-10T01',
    ]);
  });
});

describe('a key that has a rotation', () => {
  const withRotation = (rotation: Rotation, ageDays = 200, lastUse = usedDaysAgo(1)) =>
    facts([key('A', ageDays, lastUse, { rotation })]);

  it.each<[string, Rotation, string]>([
    ['proposed', rotationOf('A', approvedProposal()), `A ${replaced}`],
    [
      'overlapping',
      rotationOf('A', overlapping()),
      'A replace; switched off 11-04T11; deleted 11-05T11',
    ],
    ['soaking', rotationOf('A', soaking()), 'A replace; deleted 11-05T11'],
    [
      'to be retired',
      rotationOf('A', retirement(), { kind: 'retire' }),
      'A retire; switched off 11-04T11; deleted 11-05T11',
    ],
    ['held', rotationOf('A', held()), 'A decide'],
    [
      'abandoned before',
      rotationOf('A', done({ outcome: 'abandoned', at: plus(now, { days: -1 }) })),
      `A ${replaced}`,
    ],
    ['rotated, yet there', rotationOf('A', done({ at: plus(now, { days: -1 }) })), 'A decide'],
  ])('%s', (_, rotation, plan) => {
    expect(planned(withRotation(rotation))).toEqual([plan]);
  });

  it('goes on whatever is known of its use, or its age, and under the policy it has', () => {
    const policy = policyWith({ mode: 'auto', graceHours: 24 });
    const rotation = rotationOf('A', approvedProposal(), { policy });
    expect(planned(withRotation(rotation, 10, unread))).toEqual([
      'A replace; new key issued 11-02T09; switched off 11-03T09; deleted 11-04T09',
    ]);
  });

  it('says what a person has to decide', () => {
    expect(only(withRotation(rotationOf('A', held()))).standsInTheWay).toContain('still in use');
  });

  it('is claimed anew with the next generation', () => {
    const before = done({ outcome: 'abandoned', at: plus(now, { days: -1 }) });
    const rotation = rotationOf('A', before, { generation: 3 });
    expect(only(withRotation(rotation)).rotation?.generation).toBe(4);
  });
});

describe('two keys and more', () => {
  const busy = (keyId: string, ageDays = 300) => key(keyId, ageDays, usedDaysAgo(1));

  it('an unused one goes first, and the other waits until it is gone', () => {
    const plans = planOf(facts([busy('A'), key('B', 500, usedDaysAgo(200))]), now);
    expect(plans.map(inShort)).toEqual([
      'A replace; new key issued 11-05T09; switched off 11-07T09; deleted 11-08T09',
      `B ${retired}`,
    ]);
    expect(plans[0]?.standsInTheWay).toContain('…B has to go first');
  });

  it('an Inactive one goes first, and so does one that is unused by the time it is asked', () => {
    const inactive = key('B', 700, usedDaysAgo(300), { status: 'Inactive' });
    expect(planned(facts([busy('A'), inactive]))[1]).toBe(`B ${retired}`);
    const policy = policyWith({ mode: 'auto', window: nightWindow, staleDays: 250 });
    const almost = key('B', 200, usedDaysAgo(89.6));
    expect(planned(facts([busy('A'), almost], { policy }))[1]).toMatch(/^B retire/);
  });

  it('what makes room has its notice from when the new key is due, not from now', () => {
    const policy = policyWith({ mode: 'auto', window: nightWindow, graceHours: 36 });
    const inactive = key('B', 700, usedDaysAgo(300), { status: 'Inactive' });
    expect(planned(facts([busy('A'), inactive], { policy }))[1]).toBe(
      'B retire; switched off 11-05T01; deleted 11-10T01',
    );
  });

  it.each<[string, KeyFacts]>([
    ['in use', busy('B', 20)],
    ['too young to be unused', key('B', 20, usedDaysAgo(null))],
    ['Inactive, but used lately', key('B', 200, usedDaysAgo(5), { status: 'Inactive' })],
    [
      'abandoned',
      key('B', 20, usedDaysAgo(null), {
        rotation: rotationOf('B', done({ outcome: 'abandoned' })),
      }),
    ],
    [
      'held',
      key('B', 20, usedDaysAgo(null), {
        rotation: rotationOf('B', held({ kept: retirement() }), { kind: 'retire' }),
      }),
    ],
  ])('a second one that is %s stands in the way', (_, other) => {
    const [first] = planOf(facts([busy('A'), other]), now);
    expect(first?.action).toBe('decide');
    expect(first?.standsInTheWay).toContain('second key …B');
  });

  it('one of which nobody knows the use leaves both open', () => {
    expect(planned(facts([busy('A'), key('B', 200, unread)]))).toEqual(['A unknown', 'B unknown']);
    expect(planned(facts([busy('A'), key('B', 20, unread)]))).toEqual(['A unknown', 'B none']);
  });

  it('of three, all that are unused go first; one in use keeps the others from nothing', () => {
    const spares = [key('B', 500, usedDaysAgo(200)), key('C', 500, usedDaysAgo(null))];
    expect(planned(facts([busy('A'), ...spares])).map((each) => each.slice(0, 8))).toEqual([
      'A replac',
      'B retire',
      'C retire',
    ]);
    expect(planned(facts([busy('A'), busy('D'), ...spares]))).toEqual([
      'A decide; put on hold 11-02T09',
      'D decide; put on hold 11-02T09',
      `B ${retired}`,
      `C ${retired}`,
    ]);
  });

  it('what a rotation under way waits for is retired for it', () => {
    const rotation = rotationOf('A', proposed());
    const inactive = key('B', 700, usedDaysAgo(300), { status: 'Inactive' });
    const plans = planOf(facts([key('A', 200, usedDaysAgo(1), { rotation }), inactive]), now);
    expect(plans[1]?.action).toBe('retire');
    expect(plans[1]?.because).toContain('It makes room for the successor of …A');
  });
});

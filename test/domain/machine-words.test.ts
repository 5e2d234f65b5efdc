/** A person's word – attested or forced – where it may be given, and how long it holds. */
import { describe, expect, test } from 'vitest';
import type { Authority, Evidence } from '../../domain/evidence.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { type Decision, decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  admin,
  approver,
  attestedBy,
  forcedBy,
  held,
  inUse,
  notPicked,
  overlapping,
  rotationAt,
  safe,
  soaking,
  story,
  unknown,
  use,
} from '../builders.ts';

const now = plus(story.deactivateAt, { hours: 5 });
const soakNow = plus(story.deactivated, { hours: 6 });
const before = { milliseconds: -1 };

const attest = (stage: Stage, at: Instant): Decision =>
  decide(rotationAt(stage), { type: 'attested', by: approver }, at);
const force = (stage: Stage, at: Instant): Decision =>
  decide(rotationAt(stage), { type: 'forced', by: admin }, at);
const resume = (stage: Stage, at: Instant): Decision =>
  decide(rotationAt(stage), { type: 'resumed', by: approver }, at);

describe('attesting', () => {
  test('is noted with name and moment, once', () => {
    const { stage } = attest(overlapping(), now).rotation;
    expect(stage).toMatchObject({
      name: 'overlapping',
      authority: { kind: 'attested', by: 'Ada Approver', at: now },
    });
    expect(attest(stage, now).ignored).toBe('it was said already');
  });

  test('changes nothing where force was said', () => {
    for (const stage of [overlapping({ authority: forcedBy }), soaking({ authority: forcedBy })]) {
      expect(attest(stage, now).ignored).toBe('it was said already');
    }
  });

  const unpicked = unknown({ at: soakNow, oldKey: 'Inactive', pickup: notPicked }, 'pickup');
  const looks: readonly (readonly [string, Evidence | null, Evidence | null, boolean])[] = [
    ['never looked', null, null, true],
    ['not picked up, by the look at the overlap', unpicked, null, true],
    ['not picked up, by the look at the soak', null, unpicked, true],
    ['picked up, by the look at the overlap', safe({ at: story.deactivateAt }), null, false],
    ['picked up, by the look at the soak', null, safe({ at: soakNow, oldKey: 'Inactive' }), false],
    ['picked up since the overlap', unpicked, safe({ at: soakNow }), false],
  ];

  test.each(looks)('while the old key soaks: %s', (_, inOverlap, inSoak, isLegal) => {
    const kept = soaking({ before: overlapping({ evidence: inOverlap }), evidence: inSoak });
    const soak = attest(kept, soakNow);
    const onHold = attest(held({ kept, oldKey: 'Inactive' }), now);
    for (const decision of [soak, onHold]) {
      expect(decision.ignored).toBe(
        isLegal ? undefined : 'the new key is in use: no word is needed',
      );
    }
    if (!isLegal) return;
    const word = { kind: 'attested', by: 'Ada Approver' };
    expect(soak.rotation.stage).toMatchObject({ name: 'soaking', authority: word });
    expect(onHold.rotation.stage).toMatchObject({ name: 'held', kept: { authority: word } });
  });

  test('on hold counts anew what was said before it, once', () => {
    const stage = held({ kept: overlapping({ authority: attestedBy }) });
    const said = attest(stage, now).rotation.stage;
    expect(said).toMatchObject({ kept: { authority: { kind: 'attested', at: now } } });
    expect(attest(said, now).ignored).toBe('it was said already');
  });

  test('in the first moment of the hold is said during it', () => {
    const stage = held({ since: now });
    const said = attest(stage, now).rotation.stage;
    expect(attest(said, now).ignored).toBe('it was said already');
  });
});

describe('a word given after the last use', () => {
  const due = story.deactivateAt;
  const usedAt = plus(due, { hours: -3 });
  const evidence = inUse({
    at: due,
    pickup: notPicked,
    uses: [use(usedAt)],
    quietAt: plus(due, { hours: 25 }),
  });
  const weighed = (authority: Authority) =>
    decide(rotationAt(overlapping({ authority })), { type: 'evidence gathered', evidence }, due)
      .rotation.stage;

  test('makes it wait for quiet only, from the very moment of that use on', () => {
    expect(weighed({ kind: 'attested', by: 'Olu Owner', at: usedAt })).toMatchObject({
      name: 'overlapping',
      deactivateAt: plus(due, { hours: 25 }),
    });
  });

  test('and before it does not: somebody still needs the key', () => {
    const early = plus(usedAt, before);
    expect(weighed({ kind: 'attested', by: 'Olu Owner', at: early })).toMatchObject({
      name: 'held',
      reason: { code: 'still in use' },
    });
    expect(weighed({ kind: 'evidence' })).toMatchObject({ name: 'held' });
  });

  test('while the key is off wakes nobody', () => {
    const kept = soaking({ authority: { kind: 'attested', by: 'Olu Owner', at: usedAt } });
    const look = { ...evidence, at: now, oldKey: 'Inactive' } as const;
    const decision = decide(
      rotationAt(held({ kept, oldKey: 'Inactive' })),
      { type: 'evidence gathered', evidence: look },
      now,
    );
    expect(decision.effects.map(({ type }) => type)).toEqual(['update message']);
  });
});

describe('resuming', () => {
  test.each([attestedBy, forcedBy])(
    'forgets what was $kind before the overlap went wrong',
    (word) => {
      const { stage } = resume(held({ kept: overlapping({ authority: word }) }), now).rotation;
      expect(stage).toMatchObject({ name: 'overlapping', authority: { kind: 'evidence' } });
    },
  );

  test('keeps what was attested during the hold, from its first moment on', () => {
    const since = story.deactivateAt;
    const resumed = (at: Instant) => {
      const authority = { ...attestedBy, at };
      return resume(held({ since, kept: overlapping({ authority }) }), now).rotation.stage;
    };
    expect(resumed(since)).toMatchObject({ authority: { kind: 'attested', at: since } });
    expect(resumed(plus(since, before))).toMatchObject({ authority: { kind: 'evidence' } });
  });

  test('the soak keeps an attestation, which the old key has not broken, but no force', () => {
    const resumed = (authority: Authority) =>
      resume(held({ kept: soaking({ authority }), oldKey: 'Inactive' }), now).rotation.stage;
    expect(resumed(attestedBy)).toMatchObject({ name: 'soaking', authority: attestedBy });
    expect(resumed(forcedBy)).toMatchObject({ name: 'soaking', authority: { kind: 'evidence' } });
  });

  test('the overlap waits until a key that is off was rolled back', () => {
    expect(resume(held({ oldKey: 'Inactive' }), now).ignored).toBe(
      'the old key is off: roll back first',
    );
    expect(resume(held({ oldKey: 'unknown' }), now).rotation.stage.name).toBe('overlapping');
  });
});

describe('forcing', () => {
  test('from a hold goes on at once, and keeps the deadline that was', () => {
    const future = plus(now, { hours: 30 });
    const overlap = force(held({ kept: overlapping({ deactivateAt: future }) }), now);
    expect(overlap.rotation.stage).toMatchObject({
      name: 'overlapping',
      deactivateAt: future,
      nextProbeAt: now,
      authority: { kind: 'forced', by: 'Noor Admin', at: now },
    });
    const soak = force(held({ kept: soaking({ deleteAt: future }), oldKey: 'Inactive' }), now);
    expect(soak.rotation.stage).toMatchObject({ name: 'soaking', deleteAt: future });
  });

  test('stands in for what was attested', () => {
    for (const stage of [
      overlapping({ authority: attestedBy }),
      soaking({ authority: attestedBy }),
    ]) {
      expect(force(stage, now).rotation.stage).toMatchObject({
        authority: { kind: 'forced', by: 'Noor Admin', at: now },
      });
    }
  });

  test('once is enough', () => {
    for (const stage of [overlapping({ authority: forcedBy }), soaking({ authority: forcedBy })]) {
      expect(force(stage, now).ignored).toBe('it is forced already');
    }
  });
});

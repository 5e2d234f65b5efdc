/** The witness answered questions that contradict themselves, and called some of them safe. */
import { describe, expect, test } from 'vitest';
import { Permanent } from '../../domain/errors.ts';
import type { Examination } from '../../domain/examination.ts';
import { examinationFields } from '../../domain/examination-fields.ts';
import { plus } from '../../domain/instant.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { examination, now, sourcesTelling, standing, user } from '../app/witnessed.ts';

const home = { partition: 'aws', account: user.account } as const;
const since = examination.issued.currentSince;
const deletion: Examination = {
  ...examination,
  purpose: 'delete',
  deactivatedAt: plus(now, { hours: -24 }),
  clearUntil: plus(now, { hours: -24 }),
  authority: { kind: 'forced', by: 'Dana Okafor', at: now },
};

function ask(asked: Examination, changes: Readonly<Record<string, string>> = {}) {
  const oldKey = asked.purpose === 'delete' ? 'Inactive' : 'Active';
  const sources = sourcesTelling({ standing: { ...standing, oldKey } });
  const handler = witnessHandler({ sources, clock: virtualClock(now), home });
  return handler({ Purpose: asked.purpose, ...examinationFields(asked), ...changes });
}

describe('a question that contradicts itself is refused', () => {
  test.each([
    ['an old key that is the new one', { NewKeyId: examination.oldKeyId }, /NewKeyId/],
    ['switched off later than now', { DeactivatedAt: plus(now, { seconds: 61 }) }, /DeactivatedAt/],
    ['current later than now', { CurrentSince: plus(now, { seconds: 61 }) }, /CurrentSince/],
    ['forced later than now', { AuthorityAt: plus(now, { seconds: 61 }) }, /AuthorityAt/],
    ['off before the new key was current', { DeactivatedAt: plus(since, { hours: -1 }) }, /before/],
    [
      'clear since before it was off',
      { ClearUntil: plus(now, { days: -80 }) },
      /ClearUntil.*not after/,
    ],
    ['clear later than now', { ClearUntil: plus(now, { seconds: 61 }) }, /ClearUntil.*later/],
    ['a deletion of a key never switched off', { DeactivatedAt: 'none' }, /DeactivatedAt/],
  ])('%s', async (_what, changes, problem) => {
    const asked = ask(deletion, changes);
    await expect(asked).rejects.toThrow(Permanent);
    await expect(asked).rejects.toThrow(problem);
  });

  test('with every problem named', async () => {
    const later = plus(now, { days: 300 });
    const asked = ask(deletion, {
      NewKeyId: examination.oldKeyId,
      CurrentSince: later,
      DeactivatedAt: plus(later, { hours: -1 }),
      AuthorityAt: later,
    });
    const all = /NewKeyId.*CurrentSince.*later.*DeactivatedAt.*later.*AuthorityAt.*before/;
    await expect(asked).rejects.toThrow(all);
  });
});

describe('a question that is in order is answered', () => {
  test('also by a clock that is a minute behind', async () => {
    const late = plus(now, { seconds: 60 });
    const asked = ask(deletion, {
      DeactivatedAt: late,
      ClearUntil: late,
      CurrentSince: late,
      AuthorityAt: late,
    });
    expect(await asked).toHaveProperty('Verdict');
  });

  test('and a deactivation needs no time of switching off', async () => {
    expect(await ask(examination)).toMatchObject({ Verdict: 'safe' });
  });
});

/** The witness with sources that say what a test wants. */
import { describe, expect, it } from 'vitest';
import { Permanent, Transient } from '../../domain/errors.ts';
import { examinationFields } from '../../domain/examination-fields.ts';
import { instant, plus } from '../../domain/instant.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import {
  examination,
  now,
  oldKeyId,
  sourcesTelling,
  standing,
  type Told,
  trailUseAt,
  user,
} from '../app/witnessed.ts';

const home = { partition: 'aws', account: user.account } as const;

function witness(told: Told = {}) {
  const clock = virtualClock(now);
  return { clock, ask: witnessHandler({ sources: sourcesTelling(told), clock, home }) };
}

const question = { Purpose: 'deactivate', ...examinationFields(examination) };
const confirmation = {
  Purpose: 'confirm',
  UserName: user.userName,
  UserId: user.userId,
  OldKeyId: oldKeyId,
  Expected: 'Active',
};

describe('the witness asked whether the old key may go', () => {
  it('says safe when it is quiet and the new key was picked up', async () => {
    const answer = await witness().ask(question);
    expect(answer).toMatchObject({ Verdict: 'safe', OldKeyStatus: 'Active' });
    expect(answer).toMatchObject({ Evidence: { verdict: 'safe', basis: 'evidence' } });
  });

  it('says who uses it', async () => {
    const oldTrail = { complete: true, value: [trailUseAt('2026-11-10T10:00:00Z')] } as const;
    const answer = await witness({ oldTrail }).ask(question);
    expect(answer).toMatchObject({ Verdict: 'in use' });
    expect(answer).toHaveProperty('Reason', expect.stringContaining('203.0.113.7'));
  });

  it('says unknown when a source was cut off', async () => {
    const oldTrail = { complete: false, problem: 'cut off after 2000 events' } as const;
    const answer = await witness({ oldTrail }).ask(question);
    expect(answer).toMatchObject({
      Verdict: 'unknown',
      Reason: expect.stringContaining('cut off after 2000 events'),
    });
  });

  it('does not take its own test call for a pickup', async () => {
    const [own] = examination.issued.testRequestIds;
    const told: Told = {
      newTrail: { complete: true, value: [trailUseAt('2026-11-08T00:00:00Z', own)] },
    };
    const sources = sourcesTelling(told);
    const lastUsed = { lastUsed: async () => null };
    const clock = virtualClock(now);
    const ask = witnessHandler({ sources: { ...sources, lastUsed }, clock, home });
    expect(await ask(question)).toMatchObject({ Verdict: 'unknown' });
    const other = { complete: true, value: [trailUseAt('2026-11-08T00:00:00Z')] } as const;
    const picked = { ...sourcesTelling({ newTrail: other }), lastUsed };
    expect(await witnessHandler({ sources: picked, clock, home })(question)).toMatchObject({
      Verdict: 'safe',
    });
  });

  it.each([
    ['gone', { ...standing, userGone: true, userId: null, oldKey: 'Gone', newKey: 'Gone' }],
    ['made again under the same name', { ...standing, userId: 'AIDAJQABLZS4A3EXAMPLE' }],
  ] as const)('never says safe when the user is %s', async (_what, other) => {
    const answer = await witness({ standing: other }).ask(question);
    expect(answer).toMatchObject({ Verdict: 'unknown', Evidence: { userGone: true } });
  });

  it('reads a forced deletion with its authority', async () => {
    const deactivatedAt = instant('2026-11-08T12:00:00Z');
    const forced = {
      ...examination,
      purpose: 'delete' as const,
      deactivatedAt,
      authority: { kind: 'forced' as const, by: 'Dana Okafor', at: now },
    };
    const asked = { Purpose: 'delete', ...examinationFields(forced) };
    const inactive = { ...standing, oldKey: 'Inactive' } as const;
    const answer = await witness({ standing: inactive }).ask(asked);
    expect(answer).toMatchObject({ Verdict: 'safe', Evidence: { basis: 'forced' } });
    const by = { by: 'arn:aws:iam::111122223333:user/ops', at: plus(deactivatedAt, { hours: 1 }) };
    const changes = { complete: true, value: [{ ...by, to: 'Active' }] } as const;
    const reactivated = await witness({ standing: inactive, changes }).ask(asked);
    expect(reactivated).toMatchObject({ Verdict: 'unknown' });
  });
});

describe('the witness asked to confirm', () => {
  it('answers with status and time when the account shows it', async () => {
    const answer = await witness().ask(confirmation);
    expect(answer).toEqual({ OldKeyStatus: 'Active', At: now });
  });

  it('waits for a change to show', async () => {
    const clock = virtualClock(now);
    const sources = sourcesTelling();
    let looks = 0;
    const statusOf = async () => (++looks < 4 ? ('Active' as const) : ('Inactive' as const));
    const ask = witnessHandler({
      sources: { ...sources, standing: { ...sources.standing, statusOf } },
      clock,
      home,
    });
    const answer = await ask({ ...confirmation, Expected: 'Inactive' });
    expect(answer).toEqual({ OldKeyStatus: 'Inactive', At: plus(now, { seconds: 15 }) });
  });

  it('throws after a minute unless the account shows exactly that', async () => {
    const { ask, clock } = witness();
    await expect(ask({ ...confirmation, Expected: 'Gone' })).rejects.toThrow(Transient);
    expect(clock.now()).toBe(plus(now, { seconds: 60 }));
    await expect(ask({ ...confirmation, Expected: 'Inactive' })).rejects.toThrow(/is Active/);
  });
});

describe('a payload that the witness refuses', () => {
  it('is answered with every problem', async () => {
    const asked = witness().ask({
      ...question,
      UserName: '',
      OldKeyId: 'x',
      NotBefore: 'soon',
      AuthorityKind: 'maybe',
    });
    await expect(asked).rejects.toThrow(Permanent);
    await expect(asked).rejects.toThrow(/UserName.*OldKeyId.*NotBefore.*AuthorityKind/);
  });

  it.each([
    ['nothing', undefined],
    ['no purpose', { ...question, Purpose: undefined }],
    ['a purpose it does not know', { ...question, Purpose: 'restore' }],
    ['a force by nobody', { ...question, AuthorityKind: 'forced', AuthorityAt: now }],
    ['a force without a time', { ...question, AuthorityKind: 'forced', AuthorityBy: 'Dana' }],
    ['a confirmation of anything', { ...confirmation, Expected: 'unknown' }],
  ])('%s', async (_what, payload) => {
    await expect(witness().ask(payload)).rejects.toThrow(Permanent);
  });
});

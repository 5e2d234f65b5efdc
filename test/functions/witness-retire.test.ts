/** The witness asked about a key that nothing replaces: its payload, and what it then looks at. */
import { describe, expect, it } from 'vitest';
import type { Examination } from '../../domain/examination.ts';
import { examinationFields } from '../../domain/examination-fields.ts';
import { instant } from '../../domain/instant.ts';
import type { LastUsed, Reading, TrailUse } from '../../domain/testimony.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { parseQuestion } from '../../functions/witness-payload.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import {
  examination,
  now,
  oldKeyId,
  sourcesTelling,
  standing,
  trailUseAt,
  user,
} from '../app/witnessed.ts';
import { sourceOf } from '../runbooks/account.ts';

const home = { partition: 'aws', account: user.account } as const;
const retirement: Examination = { ...examination, issued: null };
const question = { Purpose: 'deactivate', ...examinationFields(retirement) };
const none = {
  NewKeyId: 'none',
  SecretArn: 'none',
  SecretVersionId: 'none',
  CurrentSince: 'none',
  TestRequestIds: 'none',
};
const nothing: Reading<readonly TrailUse[]> = { complete: true, value: [] };

function witness(lastUsed: LastUsed = null, told = {}) {
  const asked = new Set<string>();
  const sources = sourcesTelling({ oldTrail: nothing, ...told });
  const ask = witnessHandler({
    sources: {
      ...sources,
      lastUsed: {
        lastUsed: async (_user, keyId) => {
          asked.add(keyId);
          return lastUsed;
        },
      },
      trail: {
        ...sources.trail,
        uses: async (query) => {
          asked.add(query.keyId);
          return sources.trail.uses(query);
        },
      },
    },
    clock: virtualClock(now),
    home,
  });
  return { ask, asked };
}

describe('the payload', () => {
  it('of a retirement says none of all that replaces a key, and is read back as it was', () => {
    expect(question).toMatchObject(none);
    expect(parseQuestion(question, home)).toEqual({ ok: true, value: retirement });
  });

  it.each(['deactivate-key', 'delete-key'] as const)('is let in by %s', (runbook) => {
    const { parameters } = sourceOf(runbook);
    for (const [name, value] of Object.entries(
      examinationFields({ ...retirement, deactivatedAt: now, statusBefore: 'Active' }),
    )) {
      const pattern = parameters[name]?.allowedPattern;
      if (pattern !== undefined) expect(value, name).toMatch(new RegExp(pattern));
    }
  });

  const whole = examinationFields(examination);
  const facts = ['NewKeyId', 'SecretArn', 'SecretVersionId', 'CurrentSince'] as const;
  it.each(facts)('with everything but %s is refused', async (field) => {
    const asked = witness().ask({ Purpose: 'deactivate', ...whole, [field]: 'none' });
    await expect(asked).rejects.toThrow(/give all of them, or none of them/);
  });

  it.each([...facts, 'TestRequestIds'] as const)('with %s alone is refused', async (field) => {
    const asked = witness().ask({ ...question, [field]: whole[field] });
    await expect(asked).rejects.toThrow(/give all of them, or none of them/);
  });

  it('without test calls is whole: a custodian may have made none', () => {
    const parsed = parseQuestion({ Purpose: 'deactivate', ...whole, TestRequestIds: 'none' }, home);
    expect(parsed).toMatchObject({ ok: true, value: { issued: { testRequestIds: [] } } });
  });

  it('with every mistake is answered with every problem', async () => {
    const asked = witness().ask({ ...question, SecretArn: 'x', AuthorityKind: 'forced' });
    await expect(asked).rejects.toThrow(/SecretArn/);
    const two = { ...question, NewKeyId: 'AKIAI44QH8DHBEXAMPLE', AuthorityKind: 'forced' };
    await expect(witness().ask(two)).rejects.toThrow(/AuthorityBy.*AuthorityAt.*NewKeyId/s);
  });

  it('to delete says when the key was switched off', async () => {
    const asked = witness().ask({ ...question, Purpose: 'delete' });
    await expect(asked).rejects.toThrow(/DeactivatedAt/);
  });
});

describe('the answer', () => {
  it('is safe for a key that was never used and is older than 90 days', async () => {
    const { ask, asked } = witness();
    expect(await ask(question)).toMatchObject({ Verdict: 'safe', OldKeyStatus: 'Active' });
    expect([...asked]).toEqual([oldKeyId]);
  });

  it('is safe for one that somebody switched off already', async () => {
    const { ask } = witness(null, { standing: { ...standing, oldKey: 'Inactive' } });
    expect(await ask(question)).toMatchObject({ Verdict: 'safe', OldKeyStatus: 'Inactive' });
  });

  it('names who used it within 90 days', async () => {
    const use = trailUseAt('2026-09-01T00:00:00Z').use;
    const answer = await witness(use).ask(question);
    expect(answer).toMatchObject({
      Verdict: 'in use',
      Reason: expect.stringContaining('203.0.113.7'),
    });
  });

  it('has the key deleted only while it is off', async () => {
    const deactivatedAt = instant('2026-11-08T12:00:00Z');
    const fields = examinationFields({ ...retirement, purpose: 'delete', deactivatedAt });
    const deletion = { Purpose: 'delete', ...fields };
    expect(await witness().ask(deletion)).toMatchObject({ Verdict: 'unknown' });
    const off = { standing: { ...standing, oldKey: 'Inactive' } };
    expect(await witness(null, off).ask(deletion)).toMatchObject({ Verdict: 'safe' });
  });
});

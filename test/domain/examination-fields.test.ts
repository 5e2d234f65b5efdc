/** An examination as text fields: let in by runbooks and witness, with nothing that counts lost. */
import { describe, expect, it } from 'vitest';
import { examinationFields } from '../../domain/examination-fields.ts';
import { instant } from '../../domain/instant.ts';
import { parseQuestion } from '../../functions/witness-payload.ts';
import { examination, now, user } from '../app/witnessed.ts';
import { sourceOf } from '../runbooks/account.ts';

const home = { partition: 'aws', account: user.account } as const;
const { parameters } = sourceOf('delete-key');
const patternOf = (name: string) => new RegExp(parameters[name]?.allowedPattern ?? 'missing');

describe('the fields of an examination', () => {
  it.each([
    ['on evidence', examination],
    [
      'forced, of a key that is off',
      {
        ...examination,
        purpose: 'delete' as const,
        deactivatedAt: instant('2026-11-09T12:00:00Z'),
        clearUntil: instant('2026-11-09T18:00:00Z'),
        authority: { kind: 'forced' as const, by: 'Zoë Müller', at: now },
      },
    ],
  ])('are read back as the same examination %s', (_what, asked) => {
    const fields = { Purpose: asked.purpose, ...examinationFields(asked) };
    expect(parseQuestion(fields, home)).toEqual({ ok: true, value: asked });
  });

  it('keep the latest test calls when a parameter cannot hold all', () => {
    const ids = Array.from({ length: 30 }, (_, at) => `00000000-0000-4000-8000-${at + 1e11}`);
    const issued = { ...examination.issued, testRequestIds: ids };
    const { TestRequestIds = '' } = examinationFields({ ...examination, issued });
    expect(TestRequestIds.split(',')).toEqual(ids.slice(-13));
    expect(TestRequestIds.length).toBeLessThanOrEqual(512);
    expect(TestRequestIds).toMatch(patternOf('TestRequestIds'));
  });

  it.each(['Dana "D" {{ x }}', `a${'x'.repeat(200)}`, '', 'none', 'tab\there'])(
    'let a name in that is "%s", if changed',
    (by) => {
      const authority = { kind: 'attested', by, at: now } as const;
      const { AuthorityBy = '' } = examinationFields({ ...examination, authority });
      expect(AuthorityBy).toMatch(patternOf('AuthorityBy'));
      expect(AuthorityBy).not.toBe('none');
    },
  );
});

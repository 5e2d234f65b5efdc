/**
 * A person's name or a request id that a runbook's parameter or the witness refuses kept the run
 * from starting, or the witness from answering.
 */
import { describe, expect, test } from 'vitest';
import { examinationFields } from '../../domain/examination-fields.ts';
import { parseQuestion } from '../../functions/witness-payload.ts';
import { examination, now, testRequestId, user } from '../app/witnessed.ts';
import { sourceOf } from '../runbooks/account.ts';

const home = { partition: 'aws', account: user.account } as const;

function letIn(fields: Readonly<Record<string, string>>, name: string): void {
  for (const runbook of ['deactivate-key', 'delete-key'] as const) {
    const pattern = sourceOf(runbook).parameters[name]?.allowedPattern ?? 'missing';
    expect(fields[name]).toMatch(new RegExp(pattern));
  }
  const { purpose: Purpose } = examination;
  expect(parseQuestion({ Purpose, ...fields }, home)).toMatchObject({ ok: true });
}

describe('a name', () => {
  const named = (by: string) =>
    examinationFields({ ...examination, authority: { kind: 'attested', by, at: now } });

  test.each([
    ['line separators', 'Dana\u2028Okafor\u2029', 'Dana?Okafor?'],
    ['a line break of old', 'Dana\u0085Okafor\u007f', 'Dana?Okafor?'],
    ['half a character', 'Dana \ud83d Okafor', 'Dana ? Okafor'],
    ['what runbooks refuse', 'D{a}n<a> "O"\\\r\n', 'D?a?n?a? ?O????'],
    ['letters of all lands', 'Zoë Łukasz 山田 😀', 'Zoë Łukasz 山田 😀'],
  ])('with %s gets in', (_what, by, plain) => {
    const fields = named(by);
    expect(fields.AuthorityBy).toBe(plain);
    letIn(fields, 'AuthorityBy');
  });

  test.each([127, 126])('is not cut within a character (%i before it)', (length) => {
    const fields = named(`${'x'.repeat(length)}😀😀`);
    expect(fields.AuthorityBy).toBe(`${'x'.repeat(length)}${length === 126 ? '😀' : ''}`);
    letIn(fields, 'AuthorityBy');
  });
});

describe('request ids', () => {
  const asked = (...testRequestIds: string[]) =>
    examinationFields({ ...examination, issued: { ...examination.issued, testRequestIds } });

  test.each([
    ['of another form', 'EXAMPLE123ABCDEF'],
    ['in capitals', testRequestId.toUpperCase().replaceAll('2', 'A')],
    ['too short', testRequestId.slice(1)],
    ['with more after it', `${testRequestId}\n`],
  ])('%s are left out', (_what, odd) => {
    const fields = asked(odd, testRequestId);
    expect(fields.TestRequestIds).toBe(testRequestId);
    letIn(fields, 'TestRequestIds');
    expect(asked(odd).TestRequestIds).toBe('none');
  });

  test('do not take the place of others', () => {
    const ids = Array.from({ length: 13 }, (_, at) => `00000000-0000-4000-8000-${1e11 + at}`);
    expect(asked(...ids, 'odd').TestRequestIds).toBe(ids.join(','));
  });
});

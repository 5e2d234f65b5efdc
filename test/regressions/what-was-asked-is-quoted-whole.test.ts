/**
 * A question that the witness refused, or an answer of its that the hub did, was quoted whole in
 * the error: whatever somebody had put into the wrong field, of any length, could be read in the
 * run, the log and the message.
 */
import { expect, test } from 'vitest';
import { parseEvidenceAnswer } from '../../adapters/evidence-json.ts';
import { parseQuestion } from '../../functions/witness-payload.ts';

const home = { partition: 'aws', account: '111122223333' } as const;
const sentinel = 'SENTINEL'.repeat(100);

test.each([
  [sentinel],
  [{ Purpose: sentinel }],
  [{ Purpose: 'confirm', Expected: sentinel, UserName: sentinel, UserId: 7, OldKeyId: null }],
  [{ Purpose: 'delete', StatusBefore: sentinel, AuthorityKind: sentinel, NotBefore: sentinel }],
])('no problem of a question quotes it', (payload) => {
  const asked = parseQuestion(payload, home);
  expect(asked.ok).toBe(false);
  const problems = asked.ok ? [] : asked.problems;
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join('\n')).not.toContain('SENTINEL');
  for (const problem of problems) expect(problem).toMatch(/^\w+: (?:should be|is not|\w)/);
});

test('no problem of an answer quotes it', () => {
  const evidence = { verdict: 'in use', at: sentinel, oldKey: sentinel, uses: sentinel };
  const read = parseEvidenceAnswer({ Verdict: sentinel, Evidence: evidence });
  expect(read).toMatchObject({ ok: false });
  expect(JSON.stringify(read)).not.toContain('SENTINEL');
});

test.each([1e308, -1, 24 * 3661])('quiet for %d hours is no answer', (quietHours) => {
  const at = '2026-11-04T11:00:00.000Z';
  const seen = { at, oldKey: 'Active', userGone: false, uses: [], pickup: { seen: false } };
  const evidence = { verdict: 'in use', ...seen, regionsAsked: 1, quietHours, quietAt: at };
  expect(parseEvidenceAnswer({ Verdict: 'in use', Evidence: evidence })).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('Evidence.quietHours')],
  });
});

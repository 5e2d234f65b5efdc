/**
 * Evidence as it comes back from the witness: JSON from outside, so it is checked field by field.
 */
import * as v from 'valibot';
import type { Evidence } from '../domain/evidence.ts';
import { instant, parseInstant } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';

const moment = v.pipe(
  v.string(),
  v.check((text) => parseInstant(text) !== undefined, 'is not a moment'),
  v.transform(instant),
);

const use = v.object({
  at: moment,
  service: v.string(),
  region: v.string(),
  sourceIp: v.string(),
  userAgent: v.string(),
  source: v.picklist(['last-used', 'cloudtrail']),
});

/** Of which a moment can be made; a key's history is 90 days long. */
const quietHours = v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 3660));

const observed = {
  at: moment,
  oldKey: v.picklist(['Active', 'Inactive', 'Gone', 'unknown']),
  userGone: v.boolean(),
  uses: v.array(use),
  pickup: v.variant('seen', [
    v.object({ seen: v.literal(true), at: moment, by: use }),
    v.object({ seen: v.literal(false) }),
  ]),
  regionsAsked: v.number(),
  quietHours,
  quietAt: moment,
};

const gap = v.object({
  about: v.picklist(['last-used', 'cloudtrail', 'pickup', 'standing', 'deadline']),
  problem: v.string(),
});

export const evidence = v.variant('verdict', [
  v.object({
    verdict: v.literal('safe'),
    basis: v.picklist(['evidence', 'attested', 'forced']),
    ...observed,
  }),
  v.object({ verdict: v.literal('in use'), ...observed }),
  v.object({
    verdict: v.literal('unknown'),
    gaps: v.pipe(v.array(gap), v.minLength(1, 'unknown without a gap')),
    ...observed,
  }),
]);

const answer = v.pipe(
  v.object({ Verdict: v.string(), Evidence: evidence }),
  v.check(
    (both) => both.Verdict === both.Evidence.verdict,
    'Verdict and Evidence contradict each other',
  ),
);

/** The evidence in the witness's answer, or everything wrong with it. */
export function parseEvidenceAnswer(value: unknown): Parsed<Evidence> {
  const result = v.safeParse(answer, value);
  if (result.success) return parsed(result.output.Evidence);
  return refused(...result.issues.map(problemOf));
}

/** Without what is there instead, which may be of any length and kind. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const { kind, message, expected } = issue;
  const isOwnWords = kind === 'validation' || expected === null;
  return `${v.getDotPath(issue) ?? 'answer'}: ${isOwnWords ? message : `should be ${expected}`}`;
}

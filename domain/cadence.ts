/**
 * What daily reports add to evidence: a key must be quiet for twice the longest pause that they
 * have shown, too. They only ever add need. A history that cannot be read is a gap; where there is
 * none, evidence stands as the witness gave it.
 */
import type { Evidence } from './evidence.ts';
import type { Examination } from './examination.ts';
import { type Instant, isDue, latest, millisBetween, plus } from './instant.ts';
import { lagHours, lastUsedStepMinutes } from './quiet.ts';
import type { Reading } from './testimony.ts';
import { pausesUntil, type UseHistory } from './use-history.ts';

/**
 * Asked before a key is switched off. Once it is off its soak is as long as it had to be quiet, and
 * whatever is used then shows without a history.
 */
export function heeding(
  evidence: Evidence,
  history: Reading<UseHistory | undefined>,
  { purpose }: Pick<Examination, 'purpose'>,
  now: Instant,
): Evidence {
  if (purpose === 'delete') return evidence;
  if (!history.complete) return withGap(evidence, history.problem);
  if (history.value === undefined) return evidence;
  const asked = quietBy(history.value, evidence);
  const quietHours = Math.max(evidence.quietHours, asked.hours);
  const quietAt = latest(evidence.quietAt, asked.at);
  const needs = { ...evidence, quietHours, quietAt };
  if (evidence.verdict !== 'safe' || evidence.basis === 'forced' || isDue(quietAt, now)) {
    return needs;
  }
  const { basis: _, ...observed } = { ...evidence, quietHours, quietAt };
  return { ...observed, verdict: 'in use' };
}

/** Force stands in for what is known of use; a need that is known is no less for a gap. */
function withGap(evidence: Evidence, problem: string): Evidence {
  if (evidence.verdict !== 'safe' || evidence.basis === 'forced') return evidence;
  const { basis: _, ...observed } = evidence;
  return { ...observed, verdict: 'unknown', gaps: [{ about: 'last-used', problem }] };
}

function quietBy(history: UseHistory, { uses }: Evidence) {
  const [newest] = uses;
  const seen = newest === undefined ? history.lastUse : latest(history.lastUse, newest.at);
  const pauses = pausesUntil(history, seen).map(({ from, to }) => millisBetween(from, to));
  const hours = (2 * Math.max(0, ...pauses)) / 3_600_000;
  if (hours === 0) return { hours, at: seen };
  const lastUse = plus(seen, { minutes: lastUsedStepMinutes });
  return { hours, at: plus(lastUse, { hours: hours + lagHours }) };
}

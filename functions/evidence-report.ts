/**
 * Every Monday: the evidence of the week before. Asked with {"from", "to"}, of any time that is
 * over. Its failures are thrown, so that Lambda tries again and keeps what fails for good.
 */
import * as v from 'valibot';
import { type EvidenceShell, type Reported, reportEvidence } from '../app/report-evidence.ts';
import { Permanent } from '../domain/errors.ts';
import { type Instant, instant, parseInstant } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Log } from '../domain/ports.ts';
import { lastWholeWeek, periodBetween, type ReportPeriod } from '../domain/report-period.ts';
import { entryPoint, type Invoke } from './middleware.ts';
import { timeLeft } from './time-left.ts';

export interface EvidenceReportDeps extends EvidenceShell {
  readonly log: Log;
  /** In which weeks begin. */
  readonly timeZone: string;
}

const moment = v.pipe(
  v.string('is not a moment such as 2026-11-02T00:00:00Z'),
  v.check((text) => parseInstant(text) !== undefined, 'is not a moment such as 2026-11-02T00:00Z'),
  v.transform(instant),
);

const asked = v.strictObject({ from: moment, to: moment }, (issue) =>
  issue.expected === 'never'
    ? 'is nothing that a report is asked by'
    : 'is missing: give from and to, or neither for the last week',
);

/** The handler. Throws Permanent naming everything wrong with what it was asked. */
export function evidenceReportHandler(deps: EvidenceReportDeps): Invoke<unknown, Reported> {
  return entryPoint(
    { log: deps.log },
    {
      name: 'evidence-report',
      handle: async (event, context) => {
        const period = periodAsked(event, deps.timeZone, deps.clock.now());
        if (period.ok) return reportEvidence(deps, period.value, timeLeft(context));
        throw new Permanent(`no report can be made: ${period.problems.join('; ')}`);
      },
      facts: (reported) => ({ ...reported }),
    },
  );
}

/** The last whole week where nothing is asked. */
export function periodAsked(event: unknown, timeZone: string, now: Instant): Parsed<ReportPeriod> {
  const isEmpty = event === null || event === undefined || Object.keys(Object(event)).length === 0;
  if (isEmpty) return parsed(lastWholeWeek(now, timeZone));
  const result = v.safeParse(asked, event);
  if (result.success) return periodBetween(result.output.from, result.output.to, timeZone, now);
  return refused(
    ...result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the event'} ${issue.message}`),
  );
}

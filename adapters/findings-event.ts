/** An event with findings in it, whatever their format. Each finding is judged on its own. */
import * as v from 'valibot';
import type { Inbound, Letter, ReadFinding } from '../domain/inbound.ts';
import { envelopeFields } from './event-envelope.ts';
import { fields, peek } from './problems.ts';

const list = 'a list of findings';

export const findingsEvent = fields(
  {
    ...envelopeFields,
    detail: fields(
      { findings: v.pipe(v.array(v.unknown(), list), v.description(list)) },
      'an object with findings',
    ),
  },
  'an EventBridge event',
);

/** The event as a whole, if what is around its findings is sound; `read` reads one of them. */
export function eachFinding(
  event: unknown,
  problems: readonly string[],
  read: (finding: unknown, at: string) => ReadFinding,
): Inbound {
  const findings = listOf(peek(event, 'detail', 'findings'));
  const answers = findings.map((finding, index) => read(finding, `detail.findings[${index}]`));
  if (problems.length > 0) {
    return { kind: 'rejected', problems: [...problems, ...answers.flatMap(problemsIn)] };
  }
  if (findings.length === 0) return allIgnored('there is no finding in it');
  return {
    kind: 'findings',
    reports: answers.flatMap((each) => (each.is === 'reported' ? each.reports : [])),
    ignored: answers.flatMap((each) => (each.is === 'ignored' ? [each.reason] : [])),
    rejected: answers.flatMap((each, index) => letters(event, findings[index], each)),
  };
}

export function allIgnored(reason: string): Inbound {
  return { kind: 'findings', reports: [], ignored: [reason], rejected: [] };
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function problemsIn(read: ReadFinding): readonly string[] {
  return read.is === 'rejected' ? read.problems : [];
}

/** The same event with the bad finding alone: sent again after a cure, it repeats nothing else. */
function letters(event: unknown, finding: unknown, read: ReadFinding): readonly Letter[] {
  if (read.is !== 'rejected') return [];
  const detail = { ...objectOf(peek(event, 'detail')), findings: [finding] };
  return [{ event: { ...objectOf(event), detail }, problems: read.problems }];
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** What one rotation comes to for an auditor, all of it told by its journal. */
import { issuedKeyOf } from './ending.ts';
import type { RotationEvent } from './event.ts';
import { type Instant, millisBetween } from './instant.ts';
import { chainProblems, type Digest, type JournalEntry } from './journal.ts';
import { type Actor, policyActor } from './people.ts';
import type { ReportPeriod } from './report-period.ts';
import type { Outcome, Stage, StageName } from './stage.ts';

/** What somebody took upon themselves. */
export interface AuthorisedAct {
  readonly act: 'approved' | 'attested' | 'forced';
  readonly by: Actor;
  readonly at: Instant;
}

interface Facts {
  readonly rotationId: string;
  readonly partition: string;
  readonly account: string;
  readonly userName: string;
  readonly userId: string;
  readonly kind: 'replace' | 'retire';
  readonly oldKeyId: string;
  readonly newKeyId: string | null;
  readonly stage: StageName;
  readonly openedAt: Instant;
  readonly acts: readonly AuthorisedAct[];
  /** How long the journal is, and the hash of its last entry: by these its end is tied down. */
  readonly entryCount: number;
  readonly lastHash: string;
  /** Whether the journal is a whole chain. */
  readonly whole: boolean;
  readonly problems: readonly string[];
}

export interface Ended {
  readonly outcome: Outcome;
  readonly endedAt: Instant;
  readonly hoursToEnd: number;
}

export type EvidenceRecord = Facts &
  (Ended | { readonly outcome: null; readonly endedAt: null; readonly hoursToEnd: null });

export function isIn({ from, to }: Pick<ReportPeriod, 'from' | 'to'>, moment: Instant): boolean {
  return from <= moment && moment < to;
}

/** The journal as it was at a moment: what came before, to the first entry that did not. */
export function journalUntil(
  entries: readonly JournalEntry[],
  to: Instant,
): readonly JournalEntry[] {
  const later = entries.findIndex(({ at }) => at >= to);
  return later < 0 ? entries : entries.slice(0, later);
}

/** null if there is no entry. */
export function recordOf(
  rotationId: string,
  entries: readonly JournalEntry[],
  digest: Digest,
): EvidenceRecord | null {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { kind, key, stage } = last.state;
  const openedAt = first.from === null ? first.at : last.state.openedAt;
  const { partition, account, userName, userId } = key.user;
  const problems = [...chainProblems(entries, digest), ...contradictions(rotationId, entries)];
  return {
    rotationId,
    partition,
    account,
    userName,
    userId,
    kind,
    oldKeyId: key.keyId,
    newKeyId: issuedKeyOf(last.state),
    stage: stage.name,
    openedAt,
    acts: actsIn(entries),
    entryCount: entries.length,
    lastHash: last.hash,
    whole: problems.length === 0,
    problems,
    ...endOf(stage, entries, openedAt),
  };
}

/** By the moments of entries: by those they belong to a period, so each end counts in one. */
function endOf(stage: Stage, entries: readonly JournalEntry[], openedAt: Instant) {
  if (stage.name !== 'done') return { outcome: null, endedAt: null, hoursToEnd: null };
  const endedAt = entries.find(({ to }) => to === 'done')?.at ?? stage.at;
  return { outcome: stage.outcome, endedAt, hoursToEnd: hoursBetween(openedAt, endedAt) };
}

function hoursBetween(start: Instant, end: Instant): number {
  return Math.round(millisBetween(start, end) / 36_000) / 100;
}

/** Where an entry is of another rotation, or its parts do not fit together. */
function contradictions(rotationId: string, entries: readonly JournalEntry[]): readonly string[] {
  return entries.flatMap(({ version, rotationId: of, from, to, state }, index) => {
    const before = entries[index - 1]?.to ?? null;
    return [
      ...(of === rotationId && state.id === rotationId
        ? []
        : [`entry ${version} is of rotation ${of === rotationId ? state.id : of}`]),
      ...(from === before ? [] : [`entry ${version} leaves ${from}, where it was not`]),
      ...(state.stage.name === to && state.version === version
        ? []
        : [`entry ${version} holds the state of another`]),
    ];
  });
}

/** The events by which somebody authorises what would not happen by itself. */
const authorising: Partial<Record<RotationEvent['type'], AuthorisedAct['act']>> = {
  approved: 'approved',
  attested: 'attested',
  forced: 'forced',
};

/** Those that counted. What policy approves it approves with the claim. */
function actsIn(entries: readonly JournalEntry[]): readonly AuthorisedAct[] {
  const stage = entries[0]?.state.stage;
  const byPolicy: readonly AuthorisedAct[] =
    stage?.name === 'proposed' && stage.approval.given && stage.approval.by.kind === 'policy'
      ? [{ act: 'approved', by: policyActor, at: stage.approval.at }]
      : [];
  const byPeople = entries.flatMap(({ event, ignored, actor, at }) => {
    const act = event.type === 'opened' ? undefined : authorising[event.type];
    return act === undefined || ignored !== null ? [] : [{ act, by: actor, at }];
  });
  return [...byPolicy, ...byPeople];
}

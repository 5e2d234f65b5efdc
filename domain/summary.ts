/** What the team is told once a day: how many rotations stand where, and who has to act. */
import type { Told } from './answer.ts';
import type { Rotation } from './case.ts';
import type { Instant } from './instant.ts';
import type { OpenStage } from './line.ts';

/** The first of some, and how many there are beside these. */
export interface Listed {
  readonly told: readonly Told[];
  readonly more: number;
}

export interface Summary {
  /** `2026-11-23`, where the team is. */
  readonly day: string;
  readonly at: Instant;
  /** Stages at which somebody stands. */
  readonly counts: readonly { readonly stage: OpenStage; readonly count: number }[];
  /** Whose deadline comes within dueSoon, soonest first. */
  readonly due: Listed;
  /** Who is on hold, longest first. */
  readonly held: Listed;
  /** Whether stale keys were seen for the first time that policy only observes. */
  readonly isAnyObserved: boolean;
  /** What the latest inventory says nothing of: in the default channel alone. */
  readonly uncovered: { readonly gaps: readonly string[]; readonly more: number };
}

/** What counts as soon. */
export const dueSoon = { hours: 48 } as const;

/** So many of those who are due, and of those who are held, are named. */
export const mostNamed = 6;

/** Who has to do something before the rotation goes on as it should. */
export interface Actors {
  readonly owner: boolean;
  /** Others who may, in words; null if nobody else is asked. */
  readonly others: string | null;
}

export function whoActs({ stage, policy }: Rotation): Actors {
  switch (stage.name) {
    case 'proposed':
      return stage.approval.given ? nobody : { owner: policy.selfApproval, others: approvers };
    case 'overlapping':
      return { owner: true, others: null };
    case 'held':
      return { owner: true, others: approvers };
    default:
      return nobody;
  }
}

const nobody: Actors = { owner: false, others: null };
const approvers = 'an approver or an admin';

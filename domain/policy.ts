/** What may happen to a key, and when. A rotation keeps the policy that it was opened under. */
import type { VaultKind } from './custody.ts';
import { type Window, windowProblem } from './window.ts';

/** `observe`: tell, never a claim. `approve`: ask a person first. `auto`: go, inside the window. */
export type Mode = 'observe' | 'approve' | 'auto';

export interface Policy {
  readonly mode: Mode;
  /** A key this old is stale. */
  readonly staleDays: number;
  /** How long both keys work, 24 to 48 hours. */
  readonly graceHours: number;
  /** How long the old key stays off but restorable, at least 24 hours. */
  readonly soakHours: number;
  /** All snoozes of one rotation together. */
  readonly snoozeCapHours: number;
  /** An approval not given by then puts the rotation on hold. */
  readonly answerDays: number;
  /** Waiting for quiet time never stretches the overlap beyond this. */
  readonly overlapLimitDays: number;
  /** When keys may be issued or switched off. */
  readonly window: Window;
  /** Whether the owner may approve their own key's rotation. */
  readonly selfApproval: boolean;
  /** Where the new key is kept. */
  readonly vault: VaultKind;
  /** The function, beside the keys, that must find a new key healthy before it becomes current. */
  readonly healthCheck: string | null;
  /** Further places that get the new key; their readers change over just before the vault's. */
  readonly copies: readonly Copy[];
}

/** The secret of the same name in another Region. */
export interface Copy {
  readonly kind: 'secrets-manager';
  readonly region: string;
}

/** Runs of `issue-replacement-key` before a rotation is held. */
export const issueAttempts = 3;

/** How long each failed issue waits: CloudTrail must show by then what the attempt left behind. */
export const issueRetryHours = [1, 5] as const;

export const defaultPolicy: Policy = {
  mode: 'approve',
  staleDays: 90,
  graceHours: 48,
  soakHours: 24,
  snoozeCapHours: 7 * 24,
  answerDays: 7,
  overlapLimitDays: 30,
  window: 'any time',
  selfApproval: false,
  vault: 'secrets-manager',
  healthCheck: null,
  copies: [],
};

/** Every bound that a policy breaks, as sentences; empty when it breaks none. */
export function policyProblems(policy: Policy): readonly string[] {
  const bounds: readonly [keyof Policy, number, number][] = [
    ['staleDays', 1, 3650],
    ['graceHours', 24, 48],
    ['soakHours', 24, 24 * 90],
    ['snoozeCapHours', 0, 7 * 24],
    ['answerDays', 1, 30],
    ['overlapLimitDays', 3, 30],
  ];
  const outOfBounds = bounds.flatMap(([name, least, most]) => {
    const value = policy[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
      ? []
      : [`policy.${name} is ${String(value)}: set it to a number from ${least} to ${most}`];
  });
  return [...outOfBounds, ...[windowProblem(policy.window) ?? []].flat()];
}

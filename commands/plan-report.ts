/** A plan as one JSON object, and as numbers. The contract of `plan --json` is here. */
import type { Plan, PlannedKey, PlannedUser, Unreadable } from '../app/plan.ts';
import type { ForeseenStep } from '../domain/foresight.ts';
import type { Instant } from '../domain/instant.ts';
import type { KeyStatus } from '../domain/key.ts';
import type { PlannedAction } from '../domain/key-plan.ts';
import { ageInDays } from '../domain/opening.ts';
import type { Mode, Policy } from '../domain/policy.ts';
import { windowText } from '../domain/window-text.ts';

export interface KeyReport {
  readonly account: string;
  readonly userName: string;
  readonly userId: string;
  readonly path: string;
  readonly keyId: string;
  readonly status: KeyStatus;
  readonly createdAt: Instant;
  readonly ageDays: number;
  /** null: it never was. `unknown`: IAM did not answer. */
  readonly lastUsed: Instant | 'unknown' | null;
  readonly action: PlannedAction;
  readonly mode: Mode;
  readonly steps: readonly ForeseenStep[];
  readonly because: string;
  readonly standsInTheWay: string | null;
  /** Who owns it, and who may approve, by name. */
  readonly owner: string | null;
  readonly approvers: readonly string[];
  readonly exempt: boolean;
  readonly policy: KeyPolicy;
}

/** What of the policy sets the times, and which part of it says so of the mode. */
export interface KeyPolicy
  extends Pick<Policy, 'staleDays' | 'graceHours' | 'soakHours' | 'answerDays' | 'snoozeCapHours'> {
  readonly window: string;
  readonly decidedBy: string;
}

export interface Totals {
  readonly accounts: number;
  readonly users: number;
  readonly keys: number;
  readonly replace: number;
  readonly retire: number;
  readonly decide: number;
  readonly exempt: number;
  /** Left alone without being exempt. */
  readonly none: number;
  readonly unknown: number;
  readonly unreadable: number;
}

export interface PlanReport {
  readonly at: Instant;
  /** The policy file, or what stands in for one. */
  readonly policy: string;
  readonly keys: readonly KeyReport[];
  readonly unreadable: readonly Unreadable[];
  readonly totals: Totals;
}

export function planReport(plan: Plan, policy: string, accounts: number): PlanReport {
  const { at, users, unreadable } = plan;
  const keys = users
    .flatMap((user) => user.keys.map((key) => keyReport(user, key, at)))
    .toSorted((a, b) => compare(whenOf(a), whenOf(b)));
  return { at, policy, keys, unreadable, totals: totalsOf(plan, keys, accounts) };
}

/** When the first thing happens to a key, or is wanted; null if nothing does. */
export function whenOf({ steps }: Pick<KeyReport, 'steps'>): Instant | null {
  const [first] = steps.map(({ at }) => at).toSorted();
  return first ?? null;
}

function compare(a: Instant | null, b: Instant | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.localeCompare(b);
}

function keyReport({ user, owner, policy }: PlannedUser, planned: PlannedKey, at: Instant) {
  const { account, userName, userId, path } = user;
  const { key, lastUse, action, steps, because, standsInTheWay, exempt, rotation } = planned;
  const { keyId, status, createdAt } = key;
  const isKept = rotation !== null && rotation.version > 1;
  const ruling = rotation?.policy ?? policy.policy;
  return {
    ...{ account, userName, userId, path, keyId, status, createdAt },
    ageDays: ageInDays(createdAt, at),
    lastUsed: lastUse.known ? (lastUse.lastUsed?.at ?? null) : 'unknown',
    action,
    mode: ruling.mode,
    ...{ steps, because, standsInTheWay },
    owner: owner.known ? owner.name : null,
    approvers: planned.approvers.map(({ name }) => name),
    exempt,
    policy: keyPolicy(ruling, isKept ? 'its rotation' : policy.origins.mode),
  } satisfies KeyReport;
}

function keyPolicy(policy: Policy, decidedBy: string): KeyPolicy {
  const { staleDays, graceHours, soakHours, answerDays, snoozeCapHours, window } = policy;
  const numbers = { staleDays, graceHours, soakHours, answerDays, snoozeCapHours };
  return { ...numbers, window: windowText(window), decidedBy };
}

function totalsOf(plan: Plan, keys: readonly KeyReport[], accounts: number): Totals {
  const count = (is: (key: KeyReport) => boolean) => keys.filter(is).length;
  return {
    accounts,
    users: plan.users.length,
    keys: keys.length,
    replace: count(({ action }) => action === 'replace'),
    retire: count(({ action }) => action === 'retire'),
    decide: count(({ action }) => action === 'decide'),
    exempt: count(({ exempt }) => exempt),
    none: count(({ action, exempt }) => action === 'none' && !exempt),
    unknown: count(({ action }) => action === 'unknown'),
    unreadable: plan.unreadable.length,
  };
}

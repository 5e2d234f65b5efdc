/** What may happen to a key, and when. A rotation keeps the policy that it was opened under. */
import { copyProblems } from './copy-problems.ts';
import type { VaultKind } from './custody.ts';
import { longestExemptionDays } from './exemption.ts';
import type { SecretCopy } from './further-place.ts';
import { type Window, windowProblem } from './window.ts';

/** `observe`: tell, never a claim. `approve`: ask a person first. `auto`: go, inside the window. */
export type Mode = 'observe' | 'approve' | 'auto';

export interface Policy {
  readonly mode: Mode;
  /** A key this old is stale. */
  readonly staleDays: number;
  /** A key this old is warned of; less than `staleDays`. */
  readonly warnDays: number;
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
  /**
   * How long a person may exempt a key by button; 0 for not at all. Absent in what was opened under
   * a policy that did not have it yet.
   */
  readonly exemptDays?: number;
  /** When keys may be issued or switched off. */
  readonly window: Window;
  /** Whether the owner may approve their own key's rotation. */
  readonly selfApproval: boolean;
  /** Who may approve, by name or Slack user id; `any`: whoever has the role for it. */
  readonly approvers: readonly string[] | 'any';
  /** What becomes of a stale key that nobody used for 90 days. */
  readonly unused: 'retire' | 'replace';
  /** Whether keys of privileged users are left alone. */
  readonly privileged: 'exempt' | 'rotate';
  /** Whether keys that SES SMTP passwords were derived from are left alone. */
  readonly sesSmtp: 'exempt' | 'rotate';
  /** Where new keys are kept. */
  readonly vault: VaultKind;
  /** The name of a Lambda function that must pass before consumers read the new key. */
  readonly healthCheck: string | null;
  /** Further places that a new key is written to, beside the vault. */
  readonly copies: readonly SecretCopy[];
  /**
   * The Slack channel of those who look after the keys, or `default`: the deployment's. Absent, as
   * the next one, in rotations that older versions opened: `default`.
   */
  readonly channel?: string;
  /** The name of a routing key in the integration secret, or `default`. */
  readonly pagerDuty?: string;
  /** Whose the keys are: somebody of the people, or `tag` where each user's tag says it. */
  readonly owner?: string;
  /** The step of the roll-out that the user's keys belong to; absent where there are no rings. */
  readonly ring?: string;
}

/** Runs of `issue-replacement-key` before a rotation is held. */
export const issueAttempts = 3;

/** How long each failed issue waits: CloudTrail must show by then what the attempt left behind. */
export const issueRetryHours = [1, 5] as const;

export const defaultPolicy: Policy = {
  mode: 'approve',
  staleDays: 90,
  warnDays: 80,
  graceHours: 48,
  soakHours: 24,
  snoozeCapHours: 7 * 24,
  answerDays: 7,
  overlapLimitDays: 30,
  exemptDays: 90,
  window: 'any time',
  selfApproval: false,
  approvers: 'any',
  unused: 'retire',
  privileged: 'exempt',
  sesSmtp: 'exempt',
  vault: 'secrets-manager',
  healthCheck: null,
  copies: [],
  channel: 'default',
  pagerDuty: 'default',
  owner: 'tag',
};

/** Least and most of every number. */
export const policyBounds = {
  staleDays: [1, 3650],
  warnDays: [0, 3649],
  graceHours: [24, 48],
  soakHours: [24, 24 * 75],
  snoozeCapHours: [0, 7 * 24],
  answerDays: [1, 30],
  overlapLimitDays: [3, 30],
  exemptDays: [0, longestExemptionDays],
} as const satisfies Partial<Record<keyof Policy, readonly [number, number]>>;

export type PolicyNumber = keyof typeof policyBounds;

/** Days for which a person may exempt a key by button: none where the policy does not say. */
export function exemptDaysOf({ exemptDays = 0 }: Policy): number {
  return exemptDays;
}

/** The allowed words of every field that takes one of some. */
export const policyWords = {
  mode: ['observe', 'approve', 'auto'],
  unused: ['retire', 'replace'],
  privileged: ['exempt', 'rotate'],
  sesSmtp: ['exempt', 'rotate'],
  vault: ['secrets-manager', 'parameter-store'],
} as const satisfies { readonly [F in keyof Policy]?: readonly Policy[F][] };

export type PolicyWord = keyof typeof policyWords;

/**
 * The name of a health check: a Lambda function's as CreateFunction takes it, with the beginning
 * that the custodian's role may call.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (2026-11)
 */
export const healthCheckForm = /^keyturn-health-[A-Za-z0-9_-]{1,49}$/;
export const healthCheckAdvice =
  'set it to the name of a Lambda function that begins with keyturn-health-, or null';
/** A channel's id, public or private, or `default`. */
export const channelForm = /^(?:default|[CG][A-Z0-9]{2,20})$/;
export const channelAdvice = 'set it to the id of a Slack channel, C… or G…, or default';
/** The name of a routing key, or `default`. */
export const pagerDutyForm = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const pagerDutyAdvice =
  'set it to the name of a routing key in pagerDutyRoutingKeys, in small letters, or default';
/** Anything but nothing: whether it names somebody, the people of the file say. */
export const ownerForm = /\S/;
export const ownerAdvice = 'name one of the people, by Slack id, name or address, or write tag';
export const regionForm = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
/** So many further places at most: each is one more that a rotation waits for. */
export const mostCopies = 5;

/** Every bound that a policy breaks, as sentences; empty when it breaks none. */
export function policyProblems(policy: Policy): readonly string[] {
  return [
    ...numberProblems(policy),
    ...wordProblems(policy),
    ...[windowProblem(policy.window) ?? []].flat(),
    ...approverProblems(policy),
    ...placeProblems(policy),
    ...routeProblems(policy),
  ];
}

function numberProblems(policy: Policy): readonly string[] {
  const outOfBounds = namesIn(policyBounds).flatMap((name) => {
    const [least, most] = policyBounds[name];
    const value = policy[name];
    return value !== undefined && Number.isFinite(value) && value >= least && value <= most
      ? []
      : [`policy.${name} is ${String(value)}: set it to a number from ${least} to ${most}`];
  });
  return outOfBounds.length > 0 || policy.warnDays < policy.staleDays
    ? outOfBounds
    : [`policy.warnDays is ${policy.warnDays}: set it below staleDays, ${policy.staleDays}`];
}

function wordProblems(policy: Policy): readonly string[] {
  return namesIn(policyWords).flatMap((name) => {
    const words: readonly string[] = policyWords[name];
    const value = policy[name];
    return words.some((word) => word === value)
      ? []
      : [`policy.${name} is ${String(value)}: set it to ${words.join(' or ')}`];
  });
}

/** The names of a record whose type knows them all. */
function namesIn<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[];
}

function approverProblems({ approvers }: Policy): readonly string[] {
  return approvers === 'any' || approvers.length > 0
    ? []
    : ['policy.approvers is an empty list: name somebody, or any'];
}

function routeProblems({ channel, pagerDuty, owner }: Policy): readonly string[] {
  return [
    ...(channel === undefined || channelForm.test(channel)
      ? []
      : [`policy.channel is ${channel}: ${channelAdvice}`]),
    ...(pagerDuty === undefined || pagerDutyForm.test(pagerDuty)
      ? []
      : [`policy.pagerDuty is ${pagerDuty}: ${pagerDutyAdvice}`]),
    ...(owner === undefined || ownerForm.test(owner)
      ? []
      : [`policy.owner is empty: ${ownerAdvice}`]),
  ];
}

function placeProblems({ healthCheck, copies }: Policy): readonly string[] {
  return [
    ...(healthCheck === null || healthCheckForm.test(healthCheck)
      ? []
      : [`policy.healthCheck is ${healthCheck}: ${healthCheckAdvice}`]),
    ...copyProblems(copies).map((problem) => `policy.copies ${problem}`),
    ...(copies.length > mostCopies ? [`policy.copies has more than ${mostCopies} places`] : []),
  ];
}

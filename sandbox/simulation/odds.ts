/**
 * How often a simulated world holds what. Everything rare is here often enough that a thousand
 * worlds hold hundreds of it, and seldom enough that a world stays cheap.
 */
import type { Dice } from './dice.ts';

/** Chances, each from 0 to 1. */
export const odds = {
  /** Users in a second account. */
  secondAccount: 0.4,
  /** Of those, two users of the same name. */
  sameName: 0.3,
  /** A rule for one account, where there are two. */
  accountRule: 0.4,
  /** A rule for the users under a path. */
  pathRule: 0.35,
  /** A user under a path. */
  underPath: 0.35,
  /** Keys in Parameter Store, for what a policy speaks of. */
  parameterStore: 0.25,
  /** A copy in another Region. */
  copy: 0.15,
  /** Of those: a parameter, in another Region or beside the vault. */
  copyInParameter: 0.3,
  /** Secrets of a repository on GitHub, besides. */
  repository: 0.22,
  /** Where there is one: GitHub fails for long. */
  gitHubDown: 0.5,
  /** A function that has to find each new key healthy. */
  healthCheck: 0.2,
  /** Unused keys are replaced, not retired. */
  replacesUnused: 0.3,
  /** Privileged users and those of SES are rotated like all others. */
  rotatesPrivileged: 0.3,
  /** A user's exemption that begins or ends in the world's time. */
  exemption: 0.12,
  /** A user who is, or becomes, privileged or one of SES. */
  turn: 0.1,
  /** A user whose secret Secrets Manager rotates, besides the others. */
  native: 0.2,
  /** Of those, one whose key is reported as well. */
  nativeReported: 0.3,
  /** Keyturn is stopped for a time. */
  stop: 0.2,
  /** A place where people are told, or events go, is down for a time; each of five. */
  outage: 0.25,
  /** Somebody who answers rolls back at a look, although nothing is broken. */
  fright: 0.1,
  /** Somebody who answers fills in a form at a look, for each message. */
  fillsIn: 0.03,
  /** Of the forms that are shown, those that are sent, and not left open. */
  sendsForm: 0.85,
  /** A press that is a double click: it comes twice at the same time. */
  doubleClick: 0.15,
  /** A closed window for runs. */
  window: 0.3,
  /** Of a user's only keys: one with which something forgotten works on objects, besides others. */
  forgotten: 0.3,
  /** Of the others: one that is used for session tokens alone, until the secret is read. */
  sessionTokens: 0.5,
  /** Nobody may read when keys were last used for a time. */
  blind: 0.2,
  /** The same where something forgotten works on objects, which nothing but last-used shows. */
  blindToForgotten: 0.75,
  /** Nobody may read for a time which policies users have. */
  unreadPolicies: 0.05,
  /** The same where somebody is privileged, or becomes so. */
  unreadPoliciesOfMighty: 0.5,
  /** Where outsiders act: one makes a key by hand after an attempt of Keyturn's has failed. */
  byHand: 0.15,
  /** Likewise: one switches a key on again that Keyturn has switched off. */
  switchedOnAgain: 0.25,
} as const;

/** What a user's keys are like. IAM allows two; three are left from before it did. */
export type Mix =
  | 'stale and used'
  | 'unused'
  | 'never used'
  | 'both stale and used'
  | 'stale and recent, both used'
  | 'stale and used, stale and unused'
  | 'stale and used, Inactive and unused'
  | 'stale and used, just switched off'
  | 'both unused'
  | 'three Active';

/** Shares out of their sum. */
export const mixes: readonly (readonly [share: number, mix: Mix])[] = [
  // The usual case: all stages from the first finding to the deleted key.
  [40, 'stale and used'],
  // Retired, or replaced where the policy says so.
  [8, 'unused'],
  [6, 'never used'],
  // No room, and nothing may be made: people are asked.
  [6, 'both stale and used'],
  [6, 'stale and recent, both used'],
  // Room is made first: two rotations of one user.
  [12, 'stale and used, stale and unused'],
  [10, 'stale and used, Inactive and unused'],
  // Off, and yet somebody may switch it on again tomorrow.
  [6, 'stale and used, just switched off'],
  [4, 'both unused'],
  [2, 'three Active'],
];

export type Reporter =
  | 'config'
  | 'security hub'
  | 'cis 1.4.0'
  | 'cis 5.0.0'
  | 'consolidated'
  | 'security hub v2'
  | 'custom action';

/** Who reports a user, besides one that is picked evenly; each with its chance. */
export const reporters: readonly (readonly [chance: number, reporter: Reporter])[] = [
  [0.35, 'security hub'],
  [0.35, 'config'],
  [0.1, 'cis 1.4.0'],
  [0.1, 'cis 5.0.0'],
  [0.1, 'consolidated'],
  [0.15, 'security hub v2'],
  [0.1, 'custom action'],
];

/**
 * Effects that few worlds show, and those few but once or twice: their faults are chosen more
 * often, so that each comes up. By how a name begins.
 */
export const rareEffects: readonly string[] = [
  // Natively rotated secrets, and health checks.
  'secretsmanager:TagResource',
  'lambda:Invoke keyturn-health-check',
  // Secrets of a repository.
  'github:',
  // Users of SES.
  'iam:GetUserPolicy',
  // Parameter Store.
  'ssm:DescribeParameters',
  'ssm:PutParameter pending',
  'ssm:PutParameter users',
  'ssm:LabelParameterVersion',
  'ssm:ListTagsForResource',
  'ssm:AddTagsToResource',
  'ssm:GetParametersByPath',
  // Somebody does something in Slack about what PagerDuty rings for.
  'pagerduty:acknowledge',
  // Once for each key at most.
  'ssm:StartAutomationExecution Keyturn-RestoreKey',
  'ssm:StartAutomationExecution Keyturn-DeactivateKey',
  'ssm:StartAutomationExecution Keyturn-DeleteKey',
  'run of Keyturn-',
  'iam:UpdateAccessKey Active',
  'lambda:Invoke keyturn-witness confirm',
];

/** Likewise single faults of an effect: there is no token with which to ask IAM for a key again. */
export const rareFaults: ReadonlySet<string> = new Set(['reply lost × iam:CreateAccessKey']);

/** One by its share. */
export function byShare<T>(dice: Dice, shares: readonly (readonly [number, T])[]): T {
  const total = shares.reduce((sum, [share]) => sum + share, 0);
  let left = dice.fraction() * total;
  for (const [share, what] of shares) {
    left -= share;
    if (left < 0) return what;
  }
  throw new Error('nothing to choose from');
}

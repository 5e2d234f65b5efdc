/**
 * Rotations at every stage, and what goes into them, as one story: opened on a Monday morning,
 * issued at eleven, deactivated two days later. Each builder takes what a test wants different.
 */
import type { At, Rotation } from '../domain/case.ts';
import type { Authority, Evidence, Gap, OldKeyStatus, Pickup, Use } from '../domain/evidence.ts';
import type { Finding } from '../domain/finding.ts';
import { type Instant, instant, plus } from '../domain/instant.ts';
import { effectId } from '../domain/journal.ts';
import type { IamUser, StaleKey } from '../domain/key.ts';
import type { Actor, Owner } from '../domain/people.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type {
  Deactivating,
  Deleting,
  Done,
  Held,
  Issued,
  Issuing,
  Overlapping,
  ReplacementProposed,
  Replacing,
  Restoring,
  RetirementProposed,
  Retiring,
  Run,
  Soaking,
  Stage,
} from '../domain/stage.ts';

/** The moments of the story. */
export const story = {
  opened: instant('2026-11-02T09:00:00Z'),
  answerBy: instant('2026-11-09T09:00:00Z'),
  approved: instant('2026-11-02T10:00:00Z'),
  ordered: instant('2026-11-02T10:55:00Z'),
  issued: instant('2026-11-02T11:00:00Z'),
  pickedUp: instant('2026-11-02T20:00:00Z'),
  deactivateAt: instant('2026-11-04T11:00:00Z'),
  deactivated: instant('2026-11-04T11:05:00Z'),
  deleteAt: instant('2026-11-05T11:05:00Z'),
  deleted: instant('2026-11-05T11:10:00Z'),
} as const;

export const rotationId = '7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f';
export const executionId = '4105a4fc-9d32-41e6-8a1b-0a1b2c3d4951';
export const otherExecutionId = '9e1b7d20-55aa-4c3f-b0e2-6d5c4b3a2f10';
/** The order of the run that a stage with a run in flight waits for. */
export const runEffectId = effectId(rotationId, 4, 0);

export const approver: Actor = { kind: 'person', id: 'U0123APPROVER', name: 'Ada Approver' };
export const admin: Actor = { kind: 'person', id: 'U0123ADMIN', name: 'Noor Admin' };
export const owner: Owner = { known: true, slackUserId: 'U0123OWNER', name: 'Olu Owner' };

export const user: IamUser = {
  partition: 'aws',
  account: '111122223333',
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  path: '/services/',
  tags: { 'keyturn:owner': 'U0123OWNER' },
};

export const oldKeyId = 'AKIAIOSFODNN7EXAMPLE';
export const newKeyId = 'AKIAI44QH8DHBEXAMPLE';

export const staleKey: StaleKey = {
  user,
  keyId: oldKeyId,
  createdAt: instant('2025-03-01T08:00:00Z'),
  foundAs: 'Active',
};

export const configFinding: Finding = {
  source: 'config',
  account: user.account,
  region: 'eu-west-1',
  ruleName: 'access-keys-rotated',
  resourceId: user.userId,
};

/** A finding of the same user by another standard. */
export const hubFinding: Finding = {
  source: 'security hub',
  account: user.account,
  region: 'us-east-1',
  id: 'arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.3/finding/a1b2c3d4-5678',
  productArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub',
  control: 'IAM.3',
  updatedAt: instant('2026-11-01T08:00:00Z'),
};

export const issued: Issued = {
  newKeyId,
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/svc-billing-AbCdEf',
  secretVersionId: '0b6f1d9e-7a52-5d0c-8e4b-93f2c1a07d65',
  currentSince: story.issued,
  testRequestIds: ['c6104cbe-af31-41e0-b34d-98d5f7a5d0cc', 'b25f48e8-84fd-4f2d-9b3e-51d9a1bc8a10'],
};

export const byEvidence: Authority = { kind: 'evidence' };
export const attestedBy: Authority = { kind: 'attested', by: 'Olu Owner', at: story.pickedUp };
export const forcedBy: Authority = { kind: 'forced', by: 'Noor Admin', at: story.pickedUp };

/** A window of a working week in Berlin: 02:00 to 05:00, Tuesday to Thursday. */
export const nightWindow = [
  { days: [2, 3, 4], from: '02:00', to: '05:00', timeZone: 'Europe/Berlin' },
] as const;

export function policyWith(changes: Partial<Policy> = {}): Policy {
  return { ...defaultPolicy, ...changes };
}

/** A rotation at a stage; its version is that of the order in `runEffectId`. */
export function rotationAt<S extends Stage>(
  stage: S,
  changes: Partial<Omit<Rotation, 'stage'>> = {},
): At<S> {
  return {
    id: rotationId,
    generation: 1,
    version: 4,
    shownVersion: 4,
    kind: 'replace',
    key: staleKey,
    region: 'eu-west-1',
    owner,
    policy: policyWith(),
    findings: [configFinding],
    openedAt: story.opened,
    snoozedHours: 0,
    ...changes,
    stage,
  };
}

export const toReplace: Replacing = { kind: 'replace', attempts: 0, waitsFor: null };

export function proposed(changes: Partial<ReplacementProposed> = {}): ReplacementProposed {
  return {
    name: 'proposed',
    due: story.opened,
    answerBy: story.answerBy,
    approval: { given: false },
    plan: toReplace,
    ...changes,
  };
}

export const approval = { given: true, by: approver, at: story.approved } as const;

export function approvedProposal(changes: Partial<ReplacementProposed> = {}) {
  return proposed({ approval, ...changes });
}

/** An unused key, approved and to be switched off after two days' notice. */
export function retirement(
  changes: Partial<RetirementProposed> = {},
  plan: Partial<Retiring> = {},
): RetirementProposed {
  return {
    name: 'proposed',
    due: story.deactivateAt,
    answerBy: story.answerBy,
    approval,
    plan: {
      kind: 'retire',
      nextProbeAt: plus(story.opened, { hours: 6 }),
      authority: byEvidence,
      evidence: null,
      statusBefore: null,
      ...plan,
    },
    ...changes,
  };
}

/** An order that has not been confirmed as started, to be asked about for the first time. */
export function orderedRun(pollAt: Instant, since = plus(pollAt, { minutes: -15 })): Run {
  return { status: 'ordered', effectId: runEffectId, since, pollAt };
}

/** A run under way. */
export function startedRun(pollAt: Instant, since = plus(pollAt, { minutes: -15 })): Run {
  return { status: 'started', effectId: runEffectId, since, executionId, pollAt };
}

export function issuing(changes: Partial<Issuing> = {}): Issuing {
  return {
    name: 'issuing',
    attempt: 1,
    triesLeft: 2,
    run: startedRun(plus(story.ordered, { minutes: 15 })),
    proposal: approvedProposal(),
    ...changes,
  };
}

export function overlapping(changes: Partial<Overlapping> = {}): Overlapping {
  return {
    name: 'overlapping',
    issued,
    since: story.issued,
    deactivateAt: story.deactivateAt,
    nextProbeAt: plus(story.issued, { hours: 6 }),
    authority: byEvidence,
    evidence: null,
    ...changes,
  };
}

export function deactivating(changes: Partial<Deactivating> = {}): Deactivating {
  return {
    name: 'deactivating',
    run: startedRun(plus(story.deactivateAt, { minutes: 15 })),
    before: overlapping(),
    ...changes,
  };
}

export function soaking(changes: Partial<Soaking> = {}): Soaking {
  return {
    name: 'soaking',
    before: overlapping(),
    deactivatedAt: story.deactivated,
    clearUntil: story.deactivated,
    deleteAt: story.deleteAt,
    nextProbeAt: plus(story.deactivated, { hours: 6 }),
    authority: byEvidence,
    evidence: null,
    ...changes,
  };
}

export function deleting(changes: Partial<Deleting> = {}): Deleting {
  return {
    name: 'deleting',
    run: startedRun(plus(story.deleteAt, { minutes: 15 })),
    soak: soaking(),
    ...changes,
  };
}

export function restoring(changes: Partial<Restoring> = {}): Restoring {
  return {
    name: 'restoring',
    run: startedRun(plus(story.deactivated, { hours: 6, minutes: 15 })),
    from: soaking(),
    because: 'Noor Admin pressed Roll back.',
    ...changes,
  };
}

export function held(changes: Partial<Held> = {}): Held {
  return {
    name: 'held',
    kept: overlapping(),
    reason: { code: 'still in use', text: 'The old key is still in use: move its app first.' },
    since: story.deactivateAt,
    oldKey: 'Active',
    nextProbeAt: plus(story.deactivateAt, { hours: 24 }),
    ...changes,
  };
}

export function done(changes: Partial<Done> = {}): Done {
  const ended = { name: 'done', outcome: 'rotated', at: story.deleted } as const;
  return { ...ended, newKeyId, remaining: [], ...changes };
}

/** A use of a key by an application. */
export function use(at: Instant, changes: Partial<Use> = {}): Use {
  return {
    at,
    service: 'S3',
    region: 'eu-west-1',
    sourceIp: '203.0.113.7',
    userAgent: 'aws-cli/2.15',
    source: 'cloudtrail',
    ...changes,
  };
}

export const picked: Pickup = { seen: true, at: story.pickedUp, by: use(story.pickedUp) };
export const notPicked: Pickup = { seen: false };

interface Told {
  readonly at: Instant;
  readonly oldKey?: OldKeyStatus;
  readonly userGone?: boolean;
  readonly uses?: readonly Use[];
  readonly pickup?: Pickup;
  readonly quietHours?: number;
  readonly quietAt?: Instant;
}

function observed(told: Told) {
  const { at } = told;
  const fallback = { oldKey: 'Active' as const, userGone: false, uses: [], pickup: picked };
  return { ...fallback, regionsAsked: 17, quietHours: 24, quietAt: at, ...told };
}

export function safe(told: Told, basis: 'evidence' | 'attested' | 'forced' = 'evidence'): Evidence {
  return { ...observed(told), verdict: 'safe', basis };
}

export function inUse(told: Told): Evidence {
  return { ...observed(told), verdict: 'in use' };
}

export function unknown(told: Told, ...about: Gap['about'][]): Evidence {
  const gaps = about.map((each) => ({ about: each, problem: `${each} could not be read` }));
  return { ...observed(told), verdict: 'unknown', gaps };
}

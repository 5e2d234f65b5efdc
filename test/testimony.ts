/** What the witness is asked and told, as a story in which everything is in order. */
import type { Evidence } from '../domain/evidence.ts';
import type { Examination } from '../domain/examination.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { judge } from '../domain/judge.ts';
import type { Standing, StatusChange, Testimony, TrailUse } from '../domain/testimony.ts';
import { byEvidence, issued, oldKeyId, staleKey, story, use, user } from './builders.ts';

/** The moment at which the story's judgement is passed, two days after the issue. */
export const judgedAt = story.deactivateAt;

/** A CloudTrail event of an application; the request id is none of Keyturn's. */
export function trailUse(at: Instant, changes: Partial<TrailUse> = {}): TrailUse {
  return { use: use(at), eventName: 'ListBuckets', requestId: 'f1d2d2f9-app', ...changes };
}

export function reading<T>(value: T) {
  return { complete: true, value } as const;
}

export function unread(problem = 'Throttling: try again') {
  return { complete: false, problem } as const;
}

export function standing(changes: Partial<Standing> = {}): Standing {
  return {
    userGone: false,
    userId: user.userId,
    oldKey: 'Active',
    oldKeyCreatedAt: staleKey.createdAt,
    newKey: 'Active',
    currentVersionId: issued.secretVersionId,
    copiesBehind: [],
    keptIn: [],
    ...changes,
  };
}

/** Everything answered; the old key is long unused, the new one was picked up. */
export function testimony(changes: Partial<Testimony> = {}): Testimony {
  return {
    at: judgedAt,
    regionsAsked: 17,
    standing: reading(standing()),
    oldLastUsed: reading(null),
    newLastUsed: reading(null),
    oldTrail: reading([]),
    newTrail: reading([trailUse(story.pickedUp)]),
    statusChanges: reading([]),
    ...changes,
  };
}

/** The same once the old key is off. */
export function testimonyOfSoak(changes: Partial<Testimony> = {}): Testimony {
  return testimony({
    at: story.deleteAt,
    standing: reading(standing({ oldKey: 'Inactive' })),
    ...changes,
  });
}

/** The old key's uses so many hours before `at`. */
export function usedBefore(at: Instant, ...hours: number[]) {
  return reading(hours.map((each) => trailUse(plus(at, { hours: -each }))));
}

export function changedTo(to: StatusChange['to'], at: Instant): StatusChange {
  return { at, to, by: 'arn:aws:iam::111122223333:user/someone-else' };
}

export function mayDeactivate(changes: Partial<Examination> = {}): Examination {
  return {
    purpose: 'deactivate',
    user,
    oldKeyId,
    issued,
    deactivatedAt: null,
    clearUntil: null,
    statusBefore: null,
    notBefore: story.deactivateAt,
    authority: byEvidence,
    copies: [],
    ...changes,
  };
}

export function mayDelete(changes: Partial<Examination> = {}): Examination {
  return mayDeactivate({
    purpose: 'delete',
    deactivatedAt: story.deactivated,
    clearUntil: story.deactivated,
    notBefore: story.deleteAt,
    ...changes,
  });
}

/** Judged at the moment at which the old key is to be switched off. */
export function onDeactivation(told: Partial<Testimony>, asked = {}): Evidence {
  return judge(testimony(told), mayDeactivate(asked), judgedAt);
}

/** Judged at the moment at which the old key is to be deleted. */
export function onDeletion(told: Partial<Testimony>, asked = {}): Evidence {
  return judge(testimonyOfSoak(told), mayDelete(asked), story.deleteAt);
}

/** What is missing. */
export function gapsOf(evidence: Evidence): readonly string[] {
  return evidence.verdict === 'unknown' ? evidence.gaps.map((gap) => gap.about) : [];
}

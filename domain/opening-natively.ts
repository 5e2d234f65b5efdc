/**
 * How a rotation begins that Secrets Manager has carried out itself: the new key is there, so that
 * it enters the machine at `overlapping`. Nobody is asked; from there on everything is as ever.
 */
import type { Rotation } from './case.ts';
import { type Decision, subjectOf } from './decision.ts';
import type { Instant } from './instant.ts';
import { openedWithNotices } from './notices.ts';
import type { Opening } from './opening.ts';
import type { NativeCustody } from './secret-tags.ts';
import type { Issued } from './stage.ts';
import { newsOfIssue, overlapFrom } from './stages/issuing.ts';

export type NativeOpening = Omit<Opening, 'findings' | 'kind'> & {
  readonly issued: Issued;
  readonly custody: NativeCustody;
};

/** The claim's first state, version 1, with its effects in the order in which they are done. */
export function openedNatively(facts: NativeOpening, now: Instant): Decision {
  const { issued, custody, ...opening } = facts;
  const policy = { ...opening.policy, ...custody };
  const stage = overlapFrom(policy, issued, now);
  const rotation: Rotation = {
    ...opening,
    policy,
    version: 1,
    shownVersion: 1,
    kind: 'replace',
    findings: [],
    openedAt: now,
    snoozedHours: 0,
    stage,
  };
  const what = `Secrets Manager replaced ${subjectOf(rotation)}.`;
  const news = `${what} ${newsOfIssue(rotation.key, stage)}`;
  const effects: Decision['effects'] = [
    { type: 'update message', news },
    { type: 'announce', news },
    { type: 'publish' },
  ];
  return openedWithNotices({ rotation, effects }, now);
}

/**
 * The exception that drills live by: dummy users, whose keys are stale at once and whose waits are
 * short, so that a real account shows in hours what otherwise takes days. It takes two things at
 * once, and neither is an event: the deployment says that drills are held there, and IAM shows the
 * user below a path that holds nothing else (docs/adr/0016-drills.md).
 */
import type { IamUser } from './key.ts';
import type { Policy } from './policy.ts';

/** Every user below it is a dummy, wherever drills are held. */
export const drillPath = '/keyturn-drill/';

/** What the names of a drill's own dummies begin with. */
export const dummyPrefix = 'keyturn-drill-';

/** What the deployment says: whether drills are held in what it serves. */
export type Drills = 'held' | 'none';

/** Whether the exception is for a user; `path` as IAM shows it, undefined if that is not known. */
export function isDummy(drills: Drills, path: string | undefined): boolean {
  return drills === 'held' && path?.startsWith(drillPath) === true;
}

/**
 * A tag of dummies whose keys are stale, whatever their age, for as long as they have it: the drill
 * takes it off once their keys are claimed, or what replaces them would be stale as well.
 */
export const staleTag = { name: 'keyturn-drill', value: 'stale' } as const;

/**
 * How a dummy's keys are rotated: nobody is asked, at any time, and further places and health
 * checks stay out of it. A dummy is in no ring: what goes wrong in a drill is meant to.
 */
export function forDrill(policy: Policy, tags: IamUser['tags']): Policy {
  const { ring: _, ...rest } = policy;
  return {
    ...rest,
    ...(tags[staleTag.name] === staleTag.value ? { staleDays: 0, warnDays: 0 } : {}),
    mode: 'auto',
    graceHours: 1,
    soakHours: 1,
    window: 'any time',
    unused: 'replace',
    vault: 'secrets-manager',
    healthCheck: null,
    copies: [],
  };
}

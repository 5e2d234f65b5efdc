/**
 * What the owner of a key is told directly, and when: as a deadline begins to run, half-way to it,
 * four hours before it, and when it was missed. Each is ordered once for each deadline, by whatever
 * event comes first at its time; the next look is never later than that. Whoever is given a key is
 * told at once where it stands, whether or not a deadline runs.
 */

import { deadlineOf } from './at-a-glance.ts';
import type { Rotation } from './case.ts';
import type { Decision } from './decision.ts';
import type { Effect } from './effect.ts';
import type { RotationEvent } from './event.ts';
import { earliest, fromMillis, type Instant, isDue, plus, toMillis } from './instant.ts';
import { isWordOf } from './people.ts';
import type { Stage } from './stage.ts';

/** What a notice is about. */
export const occasions = ['begun', 'half-time', 'soon', 'missed', 'given'] as const;

export type Occasion = (typeof occasions)[number];

/** A deadline that runs, and what was said of it. */
export interface RunningDeadline {
  readonly since: Instant;
  readonly until: Instant;
  /** Whether the owner has been told of half-time, or is not to be told. */
  readonly halfTime: boolean;
  /** The same four hours before. */
  readonly soon: boolean;
}

/** What was ordered to be told. Rotations that older versions opened have none: nothing is told. */
export interface Notices {
  /** null while no deadline runs that concerns the owner. */
  readonly running: RunningDeadline | null;
  readonly halfTimeAt: Instant | null;
  readonly missedAt: Instant | null;
}

export const noNotices: Notices = { running: null, halfTimeAt: null, missedAt: null };

/** So long before a deadline its owner is told for the last time. */
export const soonHours = 4;
/** No two notices of half-time, and no two of missed deadlines, come closer together. */
const apartHours = 20;

/** When the old key is to be switched off; null where nothing is to happen by itself. */
export function switchOffAt(stage: Stage): Instant | null {
  if (stage.name === 'overlapping') return stage.deactivateAt;
  if (stage.name !== 'proposed' || stage.plan.kind !== 'retire') return null;
  return stage.approval.given ? stage.due : null;
}

/** The orders of an opening, with what the owner is told at once. */
export function openedWithNotices(decision: Decision, now: Instant): Decision {
  const rotation = { ...decision.rotation, notices: noNotices };
  const until = switchOffAt(rotation.stage);
  return until === null ? { ...decision, rotation } : begin({ ...decision, rotation }, until, now);
}

/** The decision with what the owner is told by it, and a look no later than the next word. */
export function withNotices(
  before: Rotation,
  decision: Decision,
  event: RotationEvent,
  now: Instant,
): Decision {
  if (before.notices === undefined || decision.ignored !== undefined) return decision;
  if (event.type === 'reassigned') return handedOver(decision, now);
  const [was, until] = [switchOffAt(before.stage), switchOffAt(decision.rotation.stage)];
  if (until === null) return ended(before, decision, now);
  if (was === null) {
    // Whoever resumed it has just read when it is due.
    const knows = before.stage.name === 'held' && isByOwner(before, event);
    return knows ? run(decision, until, now) : begin(decision, until, now);
  }
  if (was === until) return remind(decision, now);
  if (event.type === 'crowded') return silently(decision, until, now);
  const isMissed = isDue(was, now) && !('by' in event);
  const moved = run(decision, until, now);
  return isMissed ? missed(moved, until, now) : moved;
}

/** Whoever it is given to has not been told of anything yet. */
function handedOver(decision: Decision, now: Instant): Decision {
  const { rotation } = decision;
  const until = switchOffAt(rotation.stage);
  if (until !== null) return ordering(run(decision, until, now), 'given', until);
  // The thread asks whoever knows the owner; while no key is to go off, nobody else is called.
  if (!rotation.owner.known) return decision;
  return ordering(decision, 'given', deadlineOf(rotation)?.at ?? now);
}

function isByOwner({ owner }: Rotation, event: RotationEvent): boolean {
  if (!owner.known || !('by' in event) || event.by.kind !== 'person') return false;
  return event.by.id === owner.slackUserId;
}

/** No deadline runs any more: the key goes off, or the rotation is held or done. */
function ended(before: Rotation, decision: Decision, now: Instant): Decision {
  const { stage } = decision.rotation;
  const was = switchOffAt(before.stage) ?? switchedOffAt(before.stage);
  const stopped = without(decision);
  return stage.name === 'held' && was !== null && isDue(was, now)
    ? missed(stopped, was, now)
    : stopped;
}

/** The deadline that a run in flight was ordered at. */
function switchedOffAt(stage: Stage): Instant | null {
  return stage.name === 'deactivating' ? switchOffAt(stage.before) : null;
}

function without(decision: Decision): Decision {
  const { notices = noNotices } = decision.rotation;
  if (notices.running === null) return decision;
  return noted(decision, { ...notices, running: null });
}

function begin(decision: Decision, until: Instant, now: Instant): Decision {
  return ordering(run(decision, until, now), 'begun', until);
}

/** A deadline begins to run. What is so near is told of once, not twice. */
function run(decision: Decision, until: Instant, now: Instant): Decision {
  const { notices = noNotices } = decision.rotation;
  const soon = isDue(plus(until, { hours: -soonHours }), now);
  const running = { since: now, until, halfTime: soon, soon };
  return looking(noted(decision, { ...notices, running }));
}

/** It found no room among the runs: nobody is to do anything about that. */
function silently(decision: Decision, until: Instant, now: Instant): Decision {
  const { notices = noNotices } = decision.rotation;
  return noted(decision, {
    ...notices,
    running: { since: now, until, halfTime: true, soon: true },
  });
}

function missed(decision: Decision, until: Instant, now: Instant): Decision {
  const { notices = noNotices } = decision.rotation;
  if (isRecent(notices.missedAt, now)) return decision;
  return ordering(noted(decision, { ...notices, missedAt: now }), 'missed', until);
}

/** What is due to be said now. */
function remind(decision: Decision, now: Instant): Decision {
  const { notices = noNotices } = decision.rotation;
  const { running } = notices;
  if (running === null || isDue(running.until, now)) return decision;
  const { until } = running;
  const silent = needsNoReminder(decision.rotation);
  if (!running.soon && isDue(soonAt(running), now)) {
    const told = { ...running, halfTime: true, soon: true };
    const next = looking(noted(decision, { ...notices, running: told }));
    return silent ? next : ordering(next, 'soon', until);
  }
  if (!running.halfTime && isDue(halfTimeOf(running), now)) {
    const told = { ...running, halfTime: true };
    const isQuiet = silent || isRecent(notices.halfTimeAt, now);
    const at = isQuiet ? notices.halfTimeAt : now;
    const next = looking(noted(decision, { ...notices, running: told, halfTimeAt: at }));
    return isQuiet ? next : ordering(next, 'half-time', until);
  }
  return looking(decision);
}

/** Whoever has said that nothing needs the old key is not reminded to look for what does. */
function needsNoReminder({ owner, stage }: Rotation): boolean {
  if (stage.name !== 'overlapping' || !owner.known) return false;
  return stage.authority.kind !== 'evidence' && isWordOf(stage.authority, owner);
}

function isRecent(at: Instant | null, now: Instant): boolean {
  return at !== null && !isDue(plus(at, { hours: apartHours }), now);
}

function halfTimeOf({ since, until }: RunningDeadline): Instant {
  return fromMillis(Math.floor((toMillis(since) + toMillis(until)) / 2));
}

function soonAt({ until }: RunningDeadline): Instant {
  return plus(until, { hours: -soonHours });
}

/** When something has to be said next; null if all was. */
function nextWord({ notices = noNotices }: Rotation): Instant | null {
  const { running } = notices;
  if (running === null) return null;
  const words = [
    ...(running.halfTime ? [] : [halfTimeOf(running)]),
    ...(running.soon ? [] : [soonAt(running)]),
  ];
  const [first, ...more] = words;
  return first === undefined ? null : earliest(first, ...more);
}

/** Whatever the stage waits for, it is looked at when something has to be said. */
function looking(decision: Decision): Decision {
  const { rotation } = decision;
  const { stage } = rotation;
  const word = nextWord(rotation);
  if (word === null) return decision;
  if (stage.name === 'overlapping' && word < stage.nextProbeAt) {
    return { ...decision, rotation: { ...rotation, stage: { ...stage, nextProbeAt: word } } };
  }
  if (stage.name !== 'proposed' || stage.plan.kind !== 'retire') return decision;
  const plan = { ...stage.plan, nextProbeAt: earliest(stage.plan.nextProbeAt, word) };
  return { ...decision, rotation: { ...rotation, stage: { ...stage, plan } } };
}

function noted(decision: Decision, notices: Notices): Decision {
  return { ...decision, rotation: { ...decision.rotation, notices } };
}

function ordering(decision: Decision, occasion: Occasion, until: Instant): Decision {
  const { owner } = decision.rotation;
  const to = owner.known ? owner.slackUserId : null;
  const order: Effect = { type: 'tell owner', occasion, until, to };
  return { ...decision, effects: [...decision.effects, order] };
}

/** What a decision is, and the few ways in which one is made. */
import type { Rotation } from './case.ts';
import type { Effect } from './effect.ts';
import { type Instant, inUtcWords, isDue, plus } from './instant.ts';
import { shortKey, userLabel } from './key.ts';
import { isKeyGone } from './outcome.ts';
import { type Actor, actorName } from './people.ts';
import type { Held, HoldCode, HoldReason, Paused, Proposed, Run, Stage } from './stage.ts';

export interface Decision {
  /** The whole next state (the same one when the event was ignored). */
  readonly rotation: Rotation;
  readonly effects: readonly Effect[];
  /** Why nothing changed. */
  readonly ignored?: string;
}

/** How long a run, or an account that was not read, is left alone. Events are best effort. */
const pollMinutes = 15;
/** A run that has not ended by then counts as failed, so that somebody looks at it. */
export const longestRunHours = 24;
/** What could not begin by then, because the account could not be read, is held. */
export const longestWaitHours = 24;
/** Between looks at who uses the keys. */
export const probeHours = 6;
/** What is due and finds no room among the runs is looked at again after that. */
export const crowdedHours = 1;
/** Between looks at a held rotation. */
export const heldProbeHours = 24;

export function ignore(rotation: Rotation, why: string): Decision {
  return { rotation, effects: [], ignored: why };
}

/** The same stage with other facts; `news` (or null) re-renders the message. */
export function stay(rotation: Rotation, stage: Stage, news?: string | null): Decision {
  return {
    rotation: { ...rotation, stage },
    effects: news === undefined ? [] : [{ type: 'update message', news }],
  };
}

/** The next stage, with its orders; everybody is told. */
export function move(
  rotation: Rotation,
  stage: Stage,
  news: string,
  orders: readonly Effect[] = [],
): Decision {
  const wasHeld = rotation.stage.name === 'held';
  const clear: readonly Effect[] =
    wasHeld && stage.name !== 'held'
      ? [
          { type: 'clear page', about: 'held' },
          { type: 'clear page', about: 'old-key-used' },
        ]
      : [];
  return {
    rotation: { ...rotation, stage },
    effects: [
      ...orders,
      ...clear,
      { type: 'update message', news },
      { type: 'announce', news },
      { type: 'publish' },
      { type: 'record result', workflow: workflowAt(stage), note: news },
      ...(stage.name === 'done' ? [{ type: 'report change', summary: news } as const] : []),
    ],
  };
}

function workflowAt(stage: Stage): 'NOTIFIED' | 'RESOLVED' {
  return stage.name === 'done' && isKeyGone(stage) ? 'RESOLVED' : 'NOTIFIED';
}

/** What a run left behind, or saw changed, is looked at right away. */
const looksAtOnce: ReadonlySet<HoldCode> = new Set([
  'runbook refused',
  'runbook failed',
  'restore failed',
]);

/** On hold, with somebody told: Slack always, PagerDuty unless a person asked for the pause. */
export function hold(
  rotation: Rotation,
  kept: Paused,
  reason: HoldReason,
  oldKey: Held['oldKey'],
  now: Instant,
): Decision {
  const stage: Held = {
    name: 'held',
    kept,
    reason,
    since: now,
    oldKey,
    nextProbeAt: looksAtOnce.has(reason.code) ? now : plus(now, { hours: heldProbeHours }),
  };
  const page: readonly Effect[] =
    reason.code === 'paused'
      ? []
      : [
          {
            type: 'page',
            about: 'held',
            severity: oldKey === 'unknown' ? 'critical' : 'warning',
            summary: `${subjectOf(rotation)}: ${reason.text}`,
          },
        ];
  return move(rotation, stage, `On hold. ${reason.text}`, page);
}

/**
 * Held, if the account could not be read since `due` for too long; till then it is tried again, but
 * not at once: who comes first in every tick and hangs keeps others of the account from their turn.
 */
export function lookFailed(
  rotation: Rotation,
  waits: {
    readonly kept: Proposed;
    readonly due: Instant;
    readonly until: (tryAt: Instant) => Stage;
  },
  problem: string,
  now: Instant,
): Decision {
  const { kept, due, until } = waits;
  if (!isDue(plus(due, { hours: longestWaitHours }), now)) {
    return stay(rotation, until(plus(now, { minutes: pollMinutes })));
  }
  const late = `It could not begin for ${longestWaitHours} h`;
  const text = `${late}: ${asSentence(problem)} Mend it, then resume.`;
  return hold(rotation, kept, { code: 'not begun', text }, 'Active', now);
}

/** A run as it is ordered: the order is the first effect of the next version. */
export function ordered(rotation: Rotation, now: Instant): Run {
  return {
    status: 'ordered',
    effectId: `${rotation.id}/${rotation.version + 1}/0`,
    since: now,
    pollAt: plus(now, { minutes: pollMinutes }),
  };
}

/** The run once SSM has confirmed it. */
export function started(run: Run, executionId: string, now: Instant): Run {
  return {
    status: 'started',
    effectId: run.effectId,
    since: run.since,
    executionId,
    pollAt: plus(now, { minutes: pollMinutes }),
  };
}

/** The run as before, to be asked about again later. */
export function postponed(run: Run, now: Instant): Run {
  return { ...run, pollAt: plus(now, { minutes: pollMinutes }) };
}

/** `access key …WXYZ of 111122223333/svc-billing`. */
export function subjectOf({ key }: Rotation): string {
  return `access key ${shortKey(key.keyId)} of ${userLabel(key.user)}`;
}

/** A problem as a sentence among sentences. */
export function asSentence(problem: string): string {
  return /[.!?]$/.test(problem) ? problem : `${problem}.`;
}

export function byName(actor: Actor): string {
  return `by ${actorName(actor)}`;
}

/** Hours that a snooze is granted of those asked for, within the cap of all snoozes; 0 for none. */
export function grantedHours(rotation: Rotation, asked: number): number {
  if (!Number.isFinite(asked) || asked <= 0) return 0;
  return Math.min(asked, snoozeHoursLeft(rotation));
}

/** Hours that may still be snoozed; what is left of a minute is nothing. */
export function snoozeHoursLeft({ policy, snoozedHours }: Rotation): number {
  const left = policy.snoozeCapHours - snoozedHours;
  return left * 60 < 1 ? 0 : left;
}

/** A stage whose deadline was moved by a snooze. */
export function snooze(
  rotation: Rotation,
  asked: number,
  by: Actor,
  moved: (hours: number) => { readonly stage: Stage; readonly until: Instant },
): Decision {
  const hours = grantedHours(rotation, asked);
  if (hours === 0) {
    const cap = rotation.policy.snoozeCapHours;
    return ignore(rotation, `nothing is left of the ${cap} hours that may be snoozed in all`);
  }
  const { stage, until } = moved(hours);
  const granted = `${Math.round(hours * 10) / 10} h`;
  const news = `Snoozed ${byName(by)} for ${granted}: now due ${inUtcWords(until)}.`;
  return stay({ ...rotation, snoozedHours: rotation.snoozedHours + hours }, stage, news);
}

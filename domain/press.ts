/**
 * The presses that a person can make on a rotation's message, and which of them are legal now.
 * There is one machine: a press is legal exactly when decide() would not ignore its event.
 */
import type { Rotation } from './case.ts';
import { unreachable } from './errors.ts';
import type { HumanEvent } from './event.ts';
import type { Instant } from './instant.ts';
import type { Actor } from './people.ts';
import { decide } from './rotation.ts';

/** How long one press of a snooze button asks for; the rotation's cap may shorten it. */
export const snoozeHours = [4, 24, 72] as const;

export type SnoozeHours = (typeof snoozeHours)[number];

export type Press =
  | { readonly type: 'approve' }
  | { readonly type: 'snooze'; readonly hours: SnoozeHours }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'roll back' }
  | { readonly type: 'attest' }
  | { readonly type: 'force' }
  | { readonly type: 'abandon' };

/** Every press there is, in the order in which buttons stand. */
export const presses: readonly Press[] = [
  { type: 'approve' },
  ...snoozeHours.map((hours) => ({ type: 'snooze', hours }) as const),
  { type: 'pause' },
  { type: 'resume' },
  { type: 'attest' },
  { type: 'roll back' },
  { type: 'force' },
  { type: 'abandon' },
];

/** `approve`, `snooze 24 h`, …: the press in a journal, a sentence, or a button's id. */
export function pressName(press: Press): string {
  return press.type === 'snooze' ? `snooze ${press.hours} h` : press.type;
}

/** The press of that name, or undefined if there is none. */
export function pressNamed(name: string): Press | undefined {
  return presses.find((press) => pressName(press) === name);
}

/** What has happened once `actor` (authenticated and authorised) has pressed. */
export function eventOf(press: Press, actor: Actor): HumanEvent {
  switch (press.type) {
    case 'approve':
      return { type: 'approved', by: actor };
    case 'snooze':
      return { type: 'snoozed', by: actor, hours: press.hours };
    case 'pause':
      return { type: 'paused', by: actor };
    case 'resume':
      return { type: 'resumed', by: actor };
    case 'roll back':
      return { type: 'rolled back', by: actor };
    case 'attest':
      return { type: 'attested', by: actor };
    case 'force':
      return { type: 'forced', by: actor };
    case 'abandon':
      return { type: 'abandoned', by: actor };
    default:
      return unreachable(press);
  }
}

/** Stands in for whoever will press: whether a press is legal does not depend on the person. */
const anybody: Actor = { kind: 'person', id: 'anybody', name: 'anybody' };

/** The rotation as it would be after the press; undefined if the press is not legal now. */
export function afterPress(press: Press, rotation: Rotation, now: Instant): Rotation | undefined {
  const decision = decide(rotation, eventOf(press, anybody), now);
  return decision.ignored === undefined ? decision.rotation : undefined;
}

/** Why the press is not legal now, in the machine's own words; undefined if it is. */
export function whyNotLegal(press: Press, rotation: Rotation, now: Instant): string | undefined {
  return decide(rotation, eventOf(press, anybody), now).ignored;
}

/** The presses that would change something now. */
export function legalPresses(rotation: Rotation, now: Instant): readonly Press[] {
  return presses.filter((press) => whyNotLegal(press, rotation, now) === undefined);
}

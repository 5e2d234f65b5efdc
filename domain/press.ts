/**
 * The presses that a person can make on a rotation's message, and which of them are legal now.
 * There is one machine: a press is legal exactly when decide() would not ignore its event. Some
 * are one button; others open a form, and are made by sending it.
 */
import type { Rotation } from './case.ts';
import { unreachable } from './errors.ts';
import type { HumanEvent } from './event.ts';
import { type Instant, inUtcWords, plus } from './instant.ts';
import type { Actor, Owner } from './people.ts';
import { decide } from './rotation.ts';

/** How long one press of a snooze button asks for; the rotation's cap may shorten it. */
export const snoozeHours = [4, 24, 72] as const;

export type SnoozeHours = (typeof snoozeHours)[number];

/** A press that is one button. */
export type ButtonPress =
  | { readonly type: 'approve' }
  | { readonly type: 'snooze'; readonly hours: SnoozeHours }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'roll back' }
  | { readonly type: 'attest' }
  | { readonly type: 'force' }
  | { readonly type: 'abandon' };

/** A press that is a form, filled in and sent. */
export type FormPress =
  | { readonly type: 'snooze until'; readonly until: Instant }
  | {
      readonly type: 'not mine';
      /** Whose key it is instead, as far as whoever pressed knows. */
      readonly owner: Owner;
      /** Whether whoever pressed may give somebody the owner's rights. */
      readonly assigns: boolean;
    }
  | { readonly type: 'exempt'; readonly reason: string; readonly until: Instant };

export type Press = ButtonPress | FormPress;

/** The forms there are, named after what they come to. */
export type FormName = FormPress['type'];

export const formNames = [
  'snooze until',
  'not mine',
  'exempt',
] as const satisfies readonly FormName[];

/** Every press of one button there is, in the order in which buttons stand. */
export const presses: readonly ButtonPress[] = [
  { type: 'approve' },
  ...snoozeHours.map((hours) => ({ type: 'snooze', hours }) as const),
  { type: 'pause' },
  { type: 'resume' },
  { type: 'attest' },
  { type: 'roll back' },
  { type: 'force' },
  { type: 'abandon' },
];

/** All that a message can offer, in the order in which buttons stand. */
export const offers: readonly (ButtonPress | FormName)[] = [
  ...presses.filter(({ type }) => type === 'approve' || type === 'snooze'),
  'snooze until',
  ...presses.filter(({ type }) => !['approve', 'snooze', 'force', 'abandon'].includes(type)),
  'not mine',
  'exempt',
  { type: 'force' },
  { type: 'abandon' },
];

/** `approve`, `snooze 24 h`, …: the press in a journal, a sentence, or a button's id. */
export function pressName(press: Press): string {
  switch (press.type) {
    case 'snooze':
      return `snooze ${press.hours} h`;
    case 'snooze until':
      return `snooze until ${inUtcWords(press.until)}`;
    case 'exempt':
      return `exempt until ${inUtcWords(press.until)}`;
    default:
      return press.type;
  }
}

/** The press of one button of that name, or undefined if there is none. */
export function pressNamed(name: string): ButtonPress | undefined {
  return presses.find((press) => pressName(press) === name);
}

/** What has happened once `actor` (authenticated and authorised) has pressed. */
export function eventOf(press: Press, actor: Actor): HumanEvent {
  switch (press.type) {
    case 'approve':
      return { type: 'approved', by: actor };
    case 'snooze':
      return { type: 'snoozed', by: actor, hours: press.hours };
    case 'snooze until':
      return { type: 'snoozed until', by: actor, until: press.until };
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
    case 'not mine':
      return { type: 'reassigned', by: actor, owner: press.owner, assigned: press.assigns };
    case 'exempt':
      return { type: 'key exempted', by: actor, reason: press.reason, until: press.until };
    default:
      return unreachable(press);
  }
}

/** Stands in for whoever will press: whether a press is legal does not depend on the person. */
const anybody = { kind: 'person', id: 'anybody', name: 'anybody' } as const;

/** The rotation as it would be after the press; undefined if the press is not legal now. */
export function afterPress(press: Press, rotation: Rotation, now: Instant): Rotation | undefined {
  const decision = decide(rotation, eventOf(press, anybody), now);
  return decision.ignored === undefined ? decision.rotation : undefined;
}

/** Why the press is not legal now, in the machine's own words; undefined if it is. */
export function whyNotLegal(press: Press, rotation: Rotation, now: Instant): string | undefined {
  return decide(rotation, eventOf(press, anybody), now).ignored;
}

/** The presses of one button that would change something now. */
export function legalPresses(rotation: Rotation, now: Instant): readonly ButtonPress[] {
  return presses.filter((press) => whyNotLegal(press, rotation, now) === undefined);
}

/** Why a form has nothing to ask for now; undefined if it has. */
export function whyNoForm(form: FormName, rotation: Rotation, now: Instant): string | undefined {
  return whyNotLegal(leastOf(form, rotation, now), rotation, now);
}

/** The forms that can be opened now, in the order in which their buttons stand. */
export function openForms(rotation: Rotation, now: Instant): readonly FormName[] {
  return formNames.filter((form) => whyNoForm(form, rotation, now) === undefined);
}

/** The press that asks for the least, of all that a form can come to: legal if any of them is. */
export function leastOf(form: FormName, { owner }: Rotation, now: Instant): Press {
  switch (form) {
    case 'snooze until':
      return { type: 'snooze', hours: snoozeHours[0] };
    case 'not mine': {
      const somebody = { known: true, slackUserId: anybody.id, name: anybody.name } as const;
      return { type: form, owner: owner.known ? { known: false } : somebody, assigns: false };
    }
    case 'exempt':
      return { type: form, reason: 'a reason', until: plus(now, { hours: 1 }) };
    default:
      return unreachable(form);
  }
}

/** The reference model: who may press what, and what a press that counts comes to. */
import type { HumanEvent } from '../../../domain/event.ts';
import type { Actor } from '../../../domain/people.ts';
import { keyToRetire } from './model-looks.ts';
import {
  type Books,
  beforeRetry,
  end,
  hold,
  onAgain,
  orderRun,
  restAt,
  told,
} from './model-moves.ts';
import { hour, minute, ms, opening, type Rest, type Story, unsaid, type Word } from './story.ts';

/** Whoever presses: with the roles that the configuration gives them. */
export interface Presser {
  readonly id: string;
  readonly roles: readonly ('viewer' | 'owner' | 'approver' | 'admin')[];
}

/**
 * Force and abandon are for admins. Nobody grants their own key anything by default, nor one that
 * they gave away themselves; whom an owner alone named has no more rights than to pass it on.
 */
export function mayPress(who: Presser, what: string, story: Story): boolean {
  const { rules, owner, isSure, gaveUp } = story;
  const isAdmin = who.roles.includes('admin');
  if (what === 'force' || what === 'abandon') return isAdmin;
  const isSenior = isAdmin || who.roles.includes('approver');
  const isTheirs = owner === who.id;
  if (what === 'approve' || what === 'exempt') {
    if ((isTheirs || gaveUp.includes(who.id)) && !rules.selfApproval) return false;
    if (rules.approvers !== null && !rules.approvers.includes(who.id)) return false;
  }
  if (isSenior) return true;
  if (what === 'exempt' || !who.roles.includes('owner') || !isTheirs) return false;
  return isSure || what === 'not mine';
}

/** Whose key it is, as somebody says. Only approvers and admins can make anybody sure of it. */
export function reassign(
  story: Story,
  owner: string | null,
  by: string,
  isSure: boolean,
): Books | null {
  if (story.owner === owner && (owner === null || story.isSure || !isSure)) return null;
  const givesUp = story.owner === by && owner !== by;
  const gaveUp = givesUp ? [...new Set([...story.gaveUp, by])].toSorted() : story.gaveUp;
  const next = { ...story, owner, isSure, gaveUp };
  return told(story.owner === owner ? next : unsaidBy(next, story.owner));
}

/** What an owner attested who is none any more does not count, wherever it would come to count. */
function unsaidBy(story: Story, whoHadIt: string | null): Story {
  return (['overlapping', 'soaking'] as const).reduce((next, place) => {
    const { word, saidBy } = next.at[place];
    return word === 'attested' && saidBy === whoHadIt ? restAt(next, place, unsaid) : next;
  }, story);
}

const idOf = (by: Actor) => (by.kind === 'person' ? by.id : by.kind);

/** Nobody touches the key until then: for a reason, and no longer than the rules allow. */
export function exempt(story: Story, reason: string, until: number, now: number): Books | null {
  const isWithin = until > now && until <= now + story.rules.exempt;
  if (story.rules.exempt === 0 || !isWithin || reason.trim() === '') return null;
  return end({ ...story, exemptUntil: until }, 'exempt');
}

/** To that very moment, later than the one shown, within what is left to the whole minute. */
function snoozeUntil(story: Story, until: number, now: number): Books | null {
  const isAsked = story.where === 'proposed' && !story.approved;
  const from = isAsked ? story.answerBy : Math.max(story.at[story.where].due, now);
  const left = story.rules.snoozeCap - story.snoozed * hour;
  const last = Math.floor((from + left) / minute) * minute;
  if (until <= from || until > last) return null;
  return snooze(story, (until - from) / hour, now);
}

export function press(story: Story, event: HumanEvent, now: number): Books | null {
  switch (event.type) {
    case 'approved':
      return approve(story, now);
    case 'snoozed':
      return snooze(story, event.hours, now);
    case 'snoozed until':
      return snoozeUntil(story, ms(event.until), now);
    case 'key exempted':
      return exempt(story, event.reason, ms(event.until), now);
    case 'paused':
      return pause(story, now);
    case 'resumed':
      return resume(story, now);
    case 'rolled back':
      return rollBack(story, now);
    case 'attested':
      return attest(story, idOf(event.by), now);
    case 'forced':
      return force(story, idOf(event.by), now);
    default:
      return null;
  }
}

const isWaiting = (story: Story) => story.retryAt !== null;

/** A key to retire has its whole notice from the approval on; a new one can be issued at once. */
function approve(story: Story, now: number): Books | null {
  if (story.where !== 'proposed' || story.approved || isWaiting(story)) return null;
  if (story.hold !== null) return told(anew({ ...story, approved: true }, story.hold.since, now));
  const notice = story.kind === 'retire' ? story.rules.grace : 0;
  const due = opening(story.rules.nights, Math.max(story.at.proposed.due, now + notice));
  return told(restAt({ ...story, approved: true }, 'proposed', { due }));
}

/** All snoozes together stay within the cap. */
function snooze(story: Story, asked: number, now: number): Books | null {
  if (story.hold !== null || isWaiting(story)) return null;
  const left = story.rules.snoozeCap / hour - story.snoozed;
  const granted = Math.min(asked, left);
  if (!(granted > 0) || !Number.isFinite(asked) || left * hour < minute) return null;
  const more = Math.round(granted * hour);
  const due = Math.max(story.at[story.where].due, now) + more;
  const answerBy = story.answerBy + (story.where === 'proposed' ? more : 0);
  const snoozed = story.snoozed + granted;
  return told(restAt({ ...story, snoozed, answerBy }, story.where, { due }));
}

function pause(story: Story, now: number): Books | null {
  if (story.hold !== null) return null;
  if (isWaiting(story)) return hold(beforeRetry(story), 'paused', 'Active', now);
  if (story.where === 'soaking') return hold(story, 'paused', 'Inactive', now);
  const isRetiring = story.where === 'proposed' && story.kind === 'retire';
  return hold(story, 'paused', isRetiring ? keyToRetire(story) : 'Active', now);
}

function resume(story: Story, now: number): Books | null {
  if (story.hold === null) return null;
  const { oldKey, since } = story.hold;
  if (story.where === 'overlapping' && oldKey === 'Inactive') return null;
  const isOnAgain = story.where === 'soaking' && oldKey === 'Active';
  return told(anew(isOnAgain ? onAgain(story) : story, since, now));
}

/** Off hold, with a fresh deadline. What was said before the hold is not relied on again. */
function anew(story: Story, heldSince: number, now: number): Story {
  const { grace, soak, answer, nights } = story.rules;
  const rest = story.at[story.where];
  const before = story.at[story.kind === 'retire' ? 'proposed' : 'overlapping'];
  const isKept =
    rest.saidAt >= heldSince || (story.where === 'soaking' && rest.word === 'attested');
  const word: Partial<Rest> = isKept ? {} : unsaid;
  const off = { ...story, hold: null };
  switch (story.where) {
    case 'proposed': {
      const notice = story.kind === 'retire' ? grace : 0;
      const due = opening(nights, now + notice);
      return restAt({ ...off, answerBy: now + answer }, 'proposed', { due, ...word });
    }
    case 'overlapping':
      return restAt(off, 'overlapping', { since: now, due: opening(nights, now + grace), ...word });
    case 'soaking': {
      const quiet = Math.max(soak, before.memory?.quiet ?? 0);
      return restAt(off, 'soaking', { due: opening(nights, now + quiet), ...word });
    }
  }
}

/** Only a key that Keyturn has, or may have, switched off is switched on. */
function rollBack(story: Story, now: number): Books | null {
  if (isWaiting(story)) return null;
  const restore = () => orderRun(story, 'restore-key', now);
  const isOn = story.hold?.oldKey === 'Active';
  if (story.where === 'soaking') return !isOn && story.soakStood === 'Active' ? restore() : null;
  if (story.hold === null) {
    return story.kind === 'retire' && story.where === 'proposed' && story.stood === 'Active'
      ? restore()
      : null;
  }
  if (isOn) return null;
  if (story.where === 'overlapping') return restore();
  if (story.kind === 'replace') return null;
  const wasOff = story.foundOff || story.seen === 'Inactive';
  return (story.stood ?? (wasOff ? 'Inactive' : 'Active')) === 'Active' ? restore() : null;
}

const say = (story: Story, word: Word, saidBy: string, now: number): Story =>
  restAt(story, story.where, { word, saidAt: now, saidBy });

/** The owner's word stands in for pickup, until the new key is known to be in use. */
function attest(story: Story, by: string, now: number): Books | null {
  if (isWaiting(story) || story.where === 'proposed') return null;
  const rest = story.at[story.where];
  if (story.where === 'soaking') {
    const isPicked = (rest.memory ?? story.at.overlapping.memory)?.picked === true;
    if (story.kind === 'retire' || isPicked) return null;
  }
  const isSaid = story.hold === null || rest.saidAt >= story.hold.since;
  return rest.word !== 'evidence' && isSaid ? null : told(say(story, 'attested', by, now));
}

/** Force overrides evidence, never a deadline, and is no approval. */
function force(story: Story, by: string, now: number): Books | null {
  const isReplaced = story.where === 'proposed' && story.kind === 'replace';
  if (isReplaced || !story.approved || isWaiting(story)) return null;
  if (story.hold === null) {
    return story.at[story.where].word === 'forced' ? null : told(say(story, 'forced', by, now));
  }
  const mayBeOff = story.where === 'overlapping' && story.hold.oldKey !== 'Active';
  return mayBeOff ? null : told({ ...say(story, 'forced', by, now), hold: null });
}

/** The reference model: what a look at the keys decides, place by place. */
import type { Evidence } from '../../../domain/evidence.ts';
import { type Books, end, hold, onAgain, orderRun, restAt, told } from './model-moves.ts';
import { day, hour, type Memory, minute, ms, type OldKey, opening, type Story } from './story.ts';

export function look(story: Story, evidence: Evidence, now: number): Books | null {
  if (story.hold === null && story.where === 'proposed' && story.kind === 'replace') return null;
  const at = ms(evidence.at);
  const since = story.hold?.since ?? story.at[story.where].since;
  if (at < since || at > now + minute || at < now - 15 * minute) return null;
  if (evidence.userGone || evidence.oldKey === 'Gone') return end(story, 'already gone');
  if (story.hold !== null) return onHold(story, story.hold, evidence, now);
  if (story.where === 'proposed') {
    return story.approved && isBacked(story, evidence) ? retiring(story, evidence, now) : null;
  }
  if (!isBacked(story, evidence)) return null;
  const seen = remember(story, evidence);
  return story.where === 'overlapping'
    ? overlapping(seen, evidence, now)
    : soaking(seen, evidence, now);
}

/** A word that it rests on besides may have lapsed meanwhile. */
function isBacked(story: Story, evidence: Evidence): boolean {
  const { word } = story.at[story.where];
  if (evidence.verdict !== 'safe' || evidence.basis === 'evidence') return true;
  return word === 'forced' || (word === 'attested' && evidence.basis === 'attested');
}

/** A look that could see nothing makes nobody forget; a key stays as slow as it ever was. */
function remember(story: Story, evidence: Evidence): Story {
  const { memory } = story.at[story.where];
  const blind = evidence.oldKey === 'unknown' && evidence.uses.length === 0;
  const shows: Memory = {
    blank: blind && ms(evidence.quietAt) >= ms(evidence.at) + 28 * hour,
    quiet: evidence.quietHours * hour,
    quietAt: ms(evidence.quietAt),
    lastUse: JSON.stringify(evidence.uses[0] ?? null),
    picked: evidence.pickup.seen,
  };
  const isFirst = memory === null || memory.blank;
  const next = isFirst
    ? shows
    : blind
      ? memory
      : {
          ...shows,
          quiet: Math.max(shows.quiet, memory.quiet),
          quietAt: Math.max(shows.quietAt, memory.quietAt),
        };
  const stood = evidence.oldKey === 'Active' ? null : story.stood;
  return restAt({ ...story, stood }, story.where, { memory: next });
}

/** Keys or secret were read, and somebody else has changed them. */
function isBroken(evidence: Evidence): boolean {
  return (
    evidence.verdict === 'unknown' &&
    evidence.oldKey !== 'unknown' &&
    evidence.gaps.some(({ about }) => about === 'standing')
  );
}

function whyNot(evidence: Evidence): string {
  if (evidence.verdict === 'in use') return 'still in use';
  if (isBroken(evidence)) return 'changed outside';
  const isPickupAlone =
    evidence.verdict === 'unknown' && evidence.gaps.every(({ about }) => about === 'pickup');
  return isPickupAlone ? 'not picked up' : 'evidence incomplete';
}

const quietly = (story: Story): Books => ({ story, starts: null });

function retiring(story: Story, evidence: Evidence, now: number): Books {
  const wasOff = story.foundOff || story.seen === 'Inactive';
  const seen: Story = { ...remember(story, evidence), seen: evidence.oldKey };
  const stands = keyToRetire(seen);
  if (wasOff && evidence.oldKey === 'Active') return hold(seen, 'reactivated', 'Active', now);
  if (isBroken(evidence)) return hold(seen, 'changed outside', stands, now);
  if (now < seen.at.proposed.due) return quietly(seen);
  if (evidence.verdict !== 'safe') return hold(seen, whyNot(evidence), stands, now);
  const isOff = seen.foundOff || seen.seen === 'Inactive';
  return switchOff(seen, seen.stood ?? (isOff ? 'Inactive' : 'Active'), now);
}

/** How it stands as far as anybody knows. */
export function keyToRetire({ seen, stood, foundOff }: Story): OldKey {
  if (seen === 'Inactive') return 'Inactive';
  if (stood === 'Active') return 'unknown';
  return seen !== 'Active' && foundOff ? 'Inactive' : 'Active';
}

/** Due and safe: inside the window, else when that opens. */
function switchOff(story: Story, stood: 'Active' | 'Inactive', now: number): Books {
  const open = opening(story.rules.nights, now);
  if (open > now) return told(restAt(story, story.where, { due: open }));
  return orderRun({ ...story, stood, ring: null }, 'deactivate-key', now);
}

function overlapping(story: Story, evidence: Evidence, now: number): Books {
  const { due, memory } = story.at.overlapping;
  if (evidence.oldKey === 'Inactive') return hold(story, 'changed outside', 'Inactive', now);
  if (isBroken(evidence)) return hold(story, 'changed outside', 'Active', now);
  if (now < due) return quietly(story);
  const isForced = evidence.verdict === 'safe' && evidence.basis === 'forced';
  const askedFor = memory?.quietAt ?? 0;
  // The witness has judged by what it saw itself; what an earlier look saw may ask for more.
  const isQuiet = askedFor <= now || askedFor === ms(evidence.quietAt);
  if (evidence.verdict === 'safe' && (isForced || isQuiet)) return switchOff(story, 'Active', now);
  if (evidence.verdict === 'safe' || onlyQuietIsLacking(story, evidence)) {
    return waitForQuiet(story, askedFor, now);
  }
  return hold(story, whyNot(evidence), 'Active', now);
}

/** Not used since the new key was picked up, or since somebody gave their word. */
export function onlyQuietIsLacking(story: Story, evidence: Evidence): boolean {
  const { word, saidAt } = story.at[story.where];
  const [last] = evidence.uses;
  if (evidence.verdict !== 'in use' || last === undefined) return false;
  const picked = evidence.pickup.seen && ms(last.at) <= ms(evidence.pickup.at);
  return picked || (word === 'attested' && ms(last.at) <= saidAt);
}

function waitForQuiet(story: Story, quietAt: number, now: number): Books {
  const { since } = story.at.overlapping;
  const due = opening(story.rules.nights, Math.max(quietAt, now + hour));
  return due > since + story.rules.overlapLimit
    ? hold(story, 'overlap too long', 'Active', now)
    : told(restAt(story, 'overlapping', { due }));
}

function soaking(story: Story, evidence: Evidence, now: number): Books {
  if (evidence.oldKey === 'Active') {
    return hold(onAgain(story), 'reactivated', 'Active', now);
  }
  if (evidence.verdict === 'in use') {
    const next =
      story.soakStood === 'Active'
        ? orderRun(story, 'restore-key', now)
        : hold(story, 'still in use', 'Inactive', now);
    return { ...next, needed: true };
  }
  if (isBroken(evidence)) return hold(story, 'changed outside', 'Inactive', now);
  if (now < story.at.soaking.due) return quietly(story);
  if (evidence.verdict !== 'safe') return hold(story, whyNot(evidence), 'Inactive', now);
  const open = opening(story.rules.nights, now);
  if (open > now) return told(restAt(story, 'soaking', { due: open }));
  return orderRun(story, 'delete-key', now);
}

/** On hold a look decides nothing but that the key is gone, and says what it sees. */
function onHold(
  story: Story,
  held: NonNullable<Story['hold']>,
  evidence: Evidence,
  now: number,
): Books {
  const lookAt = now + day;
  if (story.where === 'proposed' && story.kind === 'replace') {
    return quietly({ ...story, hold: { ...held, lookAt } });
  }
  const isKnown = evidence.oldKey === 'Active' || evidence.oldKey === 'Inactive';
  const oldKey = isKnown ? evidence.oldKey : held.oldKey;
  const seen = story.where === 'proposed' ? evidence.oldKey : story.seen;
  // A run that was cut, or never heard of, has given the key back after all.
  const isBack = held.code === 'restore failed' && oldKey === 'Active';
  const code = isBack ? 'rolled back' : held.code;
  const next = { ...remember(story, evidence), seen, hold: { ...held, code, oldKey, lookAt } };
  return isNeeded(story, next, evidence) ? { ...quietly(next), needed: true } : quietly(next);
}

/** Used while it is off, which nothing on hold mends by itself: told once for each use. */
function isNeeded(before: Story, after: Story, evidence: Evidence): boolean {
  const was = before.at.soaking.memory;
  const is = after.at.soaking.memory;
  const isNews = was === null || was.lastUse !== is?.lastUse || was.picked !== is.picked;
  const isFirstKnown = before.hold?.oldKey === 'unknown' && after.hold?.oldKey !== 'unknown';
  const isAsTold = before.hold?.oldKey === after.hold?.oldKey;
  return (
    after.where === 'soaking' &&
    after.hold?.oldKey !== 'Active' &&
    evidence.verdict === 'in use' &&
    !onlyQuietIsLacking(before, evidence) &&
    (isFirstKnown || (isAsTold && isNews))
  );
}

/**
 * The reference model: what the table of the machine's stages and docs/adr say must come of an
 * event. It is written from these, not from the code: where the two differ, one of them is wrong.
 */
import type { RotationEvent, RunResult } from '../../../domain/event.ts';
import { look } from './model-looks.ts';
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
import { press, reassign } from './model-presses.ts';
import { day, hour, minute, ms, opening, type Story, unsaid } from './story.ts';

/** null: nothing changes, and the machine says why. */
export type Outcome = Books | null;

/** A run that is not known to have ended by then counts as failed. */
const longestRun = 24 * hour;
/** What could not begin for so long is held. */
const longestWait = 24 * hour;
/** A run is asked about so long after its order, or after the last word of it. */
const patience = 15 * minute;
/** Waits between attempts to issue. */
const retries = [5 * hour, hour];

export function expected(story: Story, event: RotationEvent, now: number): Outcome {
  if (event.type === 'press refused' || story.end !== null) return null;
  if (event.type === 'finding reported') return join(story, event.finding);
  if (event.type === 'reassigned') {
    const { by, owner, assigned } = event;
    const who = by.kind === 'person' ? by.id : '';
    return reassign(story, owner.known ? owner.slackUserId : null, who, assigned);
  }
  if (event.type === 'found in files') {
    return foundInFiles(story, Date.parse(event.found.at), now);
  }
  if (story.run !== null) return whileRunning(story, story.run, event, now);
  switch (event.type) {
    case 'key gone':
      return end(story, 'already gone');
    case 'exempted':
      return end(story, 'exempt');
    case 'abandoned':
      return end(story, 'abandoned');
    case 'evidence gathered':
      return story.retryAt === null ? look(story, event.evidence, now) : null;
    case 'issued natively':
      return natively(story, now);
    case 'admitted':
      return admitted(story, now);
    case 'room awaited':
      return mayBegin(story, now) ? awaitRoom(story, event.spare.rotationId, now) : null;
    case 'no room':
      return mayBegin(story, now)
        ? hold({ ...story, waitsFor: null }, 'no room', 'Active', now)
        : null;
    case 'look failed':
      return story.hold === null ? notBegun(story, now) : lookedInVain(story, now);
    case 'deadline passed':
      return story.hold === null ? unanswered(story, now) : lookedInVain(story, now);
    case 'crowded':
      return crowded(story, now);
    case 'ring closed':
      return ringClosed(story, event.why, now);
    case 'run started':
    case 'run still going':
    case 'run not started':
    case 'run finished':
    case 'run withdrawn':
      return null;
    default:
      return press(story, event, now);
  }
}

const rest = (story: Story, facts: Parameters<typeof restAt>[2], more: Partial<Story> = {}) =>
  restAt({ ...story, ...more }, story.where, facts);

const isThere = (story: Story, ...places: readonly string[]) =>
  story.hold === null && story.retryAt === null && places.includes(story.where);

function join(story: Story, finding: { readonly source: string }): Outcome {
  const name = JSON.stringify({ ...finding, updatedAt: undefined });
  const changed = 'updatedAt' in finding ? Date.parse(String(finding.updatedAt)) : 0;
  const known = story.findings[name];
  if (known !== undefined && known >= changed) return null;
  return { story: { ...story, findings: { ...story.findings, [name]: changed } }, starts: null };
}

/** A new key may be issued: approved, due, and there is one to issue. */
function mayBegin(story: Story, now: number): boolean {
  return (
    isThere(story, 'proposed') &&
    story.kind === 'replace' &&
    story.approved &&
    now >= story.at.proposed.due
  );
}

/** In an hour again; people are told once for each spare. */
function awaitRoom(story: Story, waitsFor: string, now: number): Outcome {
  const next = rest(story, { due: now + hour }, { waitsFor });
  return story.waitsFor === waitsFor ? { story: next, starts: null } : told(next);
}

function admitted(story: Story, now: number): Outcome {
  const open = opening(story.rules.nights, now);
  if (story.retryAt !== null) {
    if (now < story.retryAt) return null;
    if (open > now) return told({ ...story, retryAt: open });
    return orderRun({ ...story, retryAt: null }, 'issue-replacement-key', now);
  }
  if (!mayBegin(story, now)) return null;
  if (open > now) return told(rest(story, { due: open }));
  const attempt = story.attempts + 1;
  return orderRun({ ...story, attempt, triesLeft: 2, ring: null }, 'issue-replacement-key', now);
}

function notBegun(story: Story, now: number): Outcome {
  const from = story.retryAt ?? story.at.proposed.due;
  const isMeant = story.retryAt !== null || (isThere(story, 'proposed') && story.approved);
  if (story.kind !== 'replace' || !isMeant || now < from) return null;
  if (now < from + longestWait) return { story, starts: null };
  return hold(beforeRetry(story), 'not begun', 'Active', now);
}

function unanswered(story: Story, now: number): Outcome {
  if (!isThere(story, 'proposed') || story.approved || now < story.answerBy) return null;
  return hold(story, 'unanswered', story.foundOff ? 'Inactive' : 'Active', now);
}

function lookedInVain(story: Story, now: number): Outcome {
  if (story.hold === null || now < story.hold.lookAt) return null;
  return { story: { ...story, hold: { ...story.hold, lookAt: now + day } }, starts: null };
}

/** No run has room: in an hour again. A key that is retired has to be approved for that. */
function crowded(story: Story, now: number): Outcome {
  const isMeant =
    isThere(story, 'overlapping', 'soaking') ||
    (isThere(story, 'proposed') && story.kind === 'retire' && story.approved);
  if (!isMeant || now < story.at[story.where].due) return null;
  return told(rest(story, { due: now + hour }));
}

/** In six hours again; people are told once for each reason. */
function ringClosed(story: Story, why: string, now: number): Outcome {
  const isMeant = isThere(story, 'proposed') && story.approved;
  if (!isMeant || now < story.at.proposed.due) return null;
  const next = rest(story, { due: now + 6 * hour }, { ring: why });
  return story.ring === why ? { story: next, starts: null } : told(next);
}

/** Both keys work for 48 hours at least; of an unused one people hear as long before. */
function foundInFiles(story: Story, at: number, now: number): Outcome {
  if (story.files !== null && story.files >= at) return null;
  const heard = { ...story, files: at, rules: { ...story.rules, grace: 48 * hour } };
  const { where, kind } = story;
  const least =
    where === 'overlapping'
      ? story.at.overlapping.since + 48 * hour
      : where === 'proposed' && kind === 'retire' && story.files === null
        ? now + 48 * hour
        : 0;
  const isResting = story.run === null && isThere(story, 'overlapping', 'proposed');
  const isMoved = isResting && least > story.at[where].due;
  return told(isMoved ? withDue(heard, where, least) : heard);
}

/** Looks go on as they were to. */
function withDue(story: Story, where: Story['where'], due: number): Story {
  return { ...story, at: { ...story.at, [where]: { ...story.at[where], due } } };
}

function natively(story: Story, now: number): Outcome {
  return story.where === 'proposed' ? overlap({ ...story, retryAt: null, hold: null }, now) : null;
}

/** Both keys work from now on, for the whole grace. */
function overlap(story: Story, now: number): Books {
  const { nights, grace } = story.rules;
  const fresh = {
    ...story,
    kind: 'replace',
    where: 'overlapping',
    approved: true,
    stood: null,
  } as const;
  const due = opening(nights, now + grace);
  return told(rest(fresh, { since: now, due, ...unsaid, memory: null }, { run: null }));
}

type InFlight = NonNullable<Story['run']>;

function whileRunning(story: Story, run: InFlight, event: RotationEvent, now: number): Outcome {
  const isOverlong = now >= run.since + longestRun;
  const going = (execution: string | null): Outcome => ({
    story: { ...story, run: { ...run, execution, pollAt: now + patience } },
    starts: null,
  });
  const isOurs = 'executionId' in event && event.executionId === run.execution;
  const isOpenOrder = 'effectId' in event && event.effectId === run.order && run.execution === null;
  switch (event.type) {
    case 'run started':
      return isOpenOrder ? going(event.executionId) : null;
    case 'run not started':
      return isOpenOrder ? failed(story, run, now) : null;
    case 'run withdrawn':
      return isOpenOrder ? withdrawn(story, run, now) : null;
    case 'run still going':
      if (!isOurs) return null;
      return isOverlong ? failed(story, run, now) : going(run.execution);
    case 'run finished':
      return isOurs ? finished(story, run, event.result, now) : null;
    case 'deadline passed':
      if (now < run.pollAt) return null;
      return isOverlong ? failed(story, run, now) : going(run.execution);
    default:
      return null;
  }
}

function finished(story: Story, run: InFlight, result: RunResult, now: number): Outcome {
  const landed = { ...story, run: null };
  if (run.book === 'issue-replacement-key') {
    return result.status === 'issued' ? overlap(landed, now) : failed(story, run, now);
  }
  if (run.book === 'deactivate-key' && result.status === 'deactivated') {
    return soak(landed, ms(result.at), now);
  }
  if (run.book === 'delete-key' && result.status === 'deleted') {
    return end(landed, story.kind === 'retire' ? 'retired' : 'rotated');
  }
  if (run.book === 'restore-key') {
    return result.status === 'restored'
      ? hold(onAgain(landed), 'rolled back', 'Active', now)
      : failed(story, run, now);
  }
  if (result.status !== 'refused') return failed(story, run, now);
  const stands = run.book === 'delete-key' ? 'Inactive' : (story.stood ?? 'Active');
  return hold(landed, 'runbook refused', stands, now);
}

function soak(story: Story, off: number, now: number): Books {
  const before = story.at[story.where];
  const quiet = Math.max(story.rules.soak, before.memory?.quiet ?? 0);
  const due = opening(story.rules.nights, Math.max(off, now) + quiet);
  const soakStood = story.stood ?? 'Active';
  const { word, saidAt, saidBy } = before;
  const facts = { since: off, due, word, saidAt, saidBy, memory: null };
  return told(restAt({ ...story, where: 'soaking', soakStood }, 'soaking', facts));
}

/** Even a run whose start failed may have been started. */
function failed(story: Story, run: InFlight, now: number): Outcome {
  const landed = { ...story, run: null };
  switch (run.book) {
    case 'deactivate-key':
    case 'delete-key':
      return hold(landed, 'runbook failed', 'unknown', now);
    case 'restore-key':
      return hold(landed, 'restore failed', 'unknown', now);
    case 'issue-replacement-key': {
      const { attempt, triesLeft } = story;
      if (triesLeft === 0) {
        return hold({ ...landed, attempts: attempt }, 'issue failed', 'Active', now);
      }
      const retryAt = now + (retries[triesLeft - 1] ?? 0);
      return told({ ...landed, attempt: attempt + 1, triesLeft: triesLeft - 1, retryAt });
    }
  }
}

/** Back to where it was ordered. Giving a key back is never withdrawn: people hear of it. */
function withdrawn(story: Story, run: InFlight, now: number): Outcome {
  const landed = { ...story, run: null };
  if (run.book === 'restore-key') return failed(story, run, now);
  if (run.book === 'deactivate-key') {
    // Nothing has run: a key that was seen Active is so still.
    const wasOn = story.where === 'overlapping' || story.seen === 'Active';
    return told(wasOn ? { ...landed, stood: null } : landed);
  }
  if (run.book === 'delete-key') return told(landed);
  const retryAt = opening(story.rules.nights, now + hour);
  return told({ ...landed, attempt: story.attempt + 1, retryAt });
}

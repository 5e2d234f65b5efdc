/** What an act is in a story: the event, and the moment of it. */
import type { RotationEvent, RunResult } from '../../../domain/event.ts';
import type { Evidence, OldKeyStatus } from '../../../domain/evidence.ts';
import type { Finding } from '../../../domain/finding.ts';
import { fromMillis, instant } from '../../../domain/instant.ts';
import type { Press } from '../../../domain/press.ts';
import {
  approver,
  configFinding,
  hubFinding,
  inUse,
  issued,
  notPicked,
  safe,
  unknown,
  use,
} from '../../builders.ts';
import type { Act, Look, Which } from './acts.ts';
import { people } from './people-here.ts';
import { day, hour, minute, type Story } from './story.ts';

/** A story with what is around it. */
export interface Scene {
  readonly story: Story;
  readonly now: number;
  readonly stopped: boolean;
  /** Orders and runs of before. */
  readonly older: { readonly order: string; readonly execution: string };
}

export type Happening =
  | { readonly is: 'event'; readonly event: RotationEvent; readonly now: number }
  | { readonly is: 'press'; readonly press: Extract<Act, { does: 'press' }>; readonly now: number }
  | { readonly is: 'time'; readonly now: number }
  | { readonly is: 'stop' };

const strange = {
  order: '00000000-0000-5000-8000-0000000000ff/9/0',
  execution: 'a-run-of-strangers',
};

export function happening(act: Act, scene: Scene): Happening {
  const { story, now } = scene;
  switch (act.does) {
    case 'wait':
      return { is: 'time', now: now + act.minutes * minute };
    case 'wait until due':
      return { is: 'time', now: Math.max(now, nextMoment(story) - act.early) };
    case 'stop':
      return { is: 'stop' };
    case 'press':
      return { is: 'press', press: act, now };
    case 'as planned': {
      const then = Math.max(now, nextMoment(story) - act.early);
      const at = isTimed(story) ? then : now;
      return { is: 'event', event: planned({ ...scene, now: at }), now: at };
    }
    default:
      return { is: 'event', event: eventOf(act, scene), now };
  }
}

/** Whether what is planned waits for a deadline. */
function isTimed(story: Story): boolean {
  return (
    story.run === null && story.hold === null && (story.approved || story.where !== 'proposed')
  );
}

/** The next deadline. */
function nextMoment(story: Story): number {
  if (story.run !== null) return story.run.pollAt;
  if (story.hold !== null) return story.hold.lookAt;
  if (story.retryAt !== null) return story.retryAt;
  const isAsked = story.where === 'proposed' && !story.approved;
  return isAsked ? story.answerBy : story.at[story.where].due;
}

const goodLook: Look = {
  verdict: 'safe',
  oldKey: 'as believed',
  age: 0,
  usedAgo: null,
  pickedAgo: 20,
  quietHours: 24,
  basis: 'evidence',
  gap: 'standing',
};

function planned(scene: Scene): RotationEvent {
  const { story } = scene;
  if (story.end !== null) return { type: 'deadline passed' };
  if (story.run !== null) {
    const awaited = { which: 'the awaited', status: 'as hoped' } as const;
    const does = story.run.execution === null ? 'start' : 'finish';
    return eventOf({ ...awaited, does }, scene);
  }
  if (story.retryAt !== null) return { type: 'admitted' };
  if (story.hold !== null) {
    const isOff = story.where === 'overlapping' && story.hold.oldKey !== 'Active';
    return { type: isOff ? 'rolled back' : 'resumed', by: approver };
  }
  if (story.where === 'proposed') {
    if (!story.approved) return { type: 'approved', by: approver };
    if (story.kind === 'replace') return { type: 'admitted' };
  }
  return { type: 'evidence gathered', evidence: evidenceOf(goodLook, scene) };
}

type EventAct = Exclude<Act, { does: 'wait' | 'wait until due' | 'as planned' | 'press' | 'stop' }>;

function eventOf(act: EventAct, scene: Scene): RotationEvent {
  switch (act.does) {
    case 'look':
      return { type: 'evidence gathered', evidence: evidenceOf(act.look, scene) };
    case 'start':
      return { type: 'run started', ...orderFor(act.which, scene), ...runFor(act.which, scene) };
    case 'still going':
      return { type: 'run still going', ...runFor(act.which, scene) };
    case 'not started': {
      const problem = 'the document is missing';
      return { type: 'run not started', ...orderFor(act.which, scene), problem };
    }
    case 'withdraw':
      return { type: 'run withdrawn', ...orderFor(act.which, scene), why: 'it no longer holds' };
    case 'finish':
      return {
        type: 'run finished',
        ...runFor(act.which, scene),
        result: resultOf(act.status, scene),
      };
    case 'room awaited': {
      const spare = { keyId: `AKIAEXAMPLESPAREKEY${act.spare}`, rotationId: `spare ${act.spare}` };
      return { type: 'room awaited', spare };
    }
    case 'finding':
      return { type: 'finding reported', finding: findingOf(act.which, act.updated) };
    case 'key gone':
      return { type: 'key gone', what: act.what };
    case 'files': {
      const at = fromMillis(act.clean * 86_400_000);
      return { type: 'found in files', found: { at, places: ['.env:3'], more: 0 } };
    }
    case 'ring closed':
      return { type: 'ring closed', why: `low risk: closed, ${act.clean} of 5` };
    default:
      return plainEvent(act.does, scene);
  }
}

type Plain = 'admit' | 'deadline' | 'crowded' | 'no room' | 'look failed' | 'native' | 'exempt';

function plainEvent(does: Plain, { now }: Scene): RotationEvent {
  switch (does) {
    case 'admit':
      return { type: 'admitted' };
    case 'deadline':
      return { type: 'deadline passed' };
    case 'crowded':
      return { type: 'crowded' };
    case 'no room':
      return { type: 'no room', problem: 'the second key is in use.' };
    case 'look failed':
      return { type: 'look failed', problem: 'IAM did not answer' };
    case 'exempt':
      return { type: 'exempted', why: 'The policy exempts this user.' };
    case 'native': {
      const custody = { vault: 'secrets-manager', healthCheck: null, copies: [] } as const;
      const anew = { ...issued, currentSince: fromMillis(now) };
      return { type: 'issued natively', issued: anew, custody };
    }
  }
}

function orderFor(which: Which, { story, older }: Scene) {
  const named = { 'an older': older.order, "a stranger's": strange.order };
  return { effectId: which === 'the awaited' ? (story.run?.order ?? older.order) : named[which] };
}

/** The run's name follows from its order, so that no two have the same. */
export const executionOf = (order: string) => `run of ${order}`;

function runFor(which: Which, { story, older }: Scene) {
  const awaited = story.run === null ? older.execution : executionOf(story.run.order);
  const named = { 'an older': older.execution, "a stranger's": strange.execution };
  return { executionId: which === 'the awaited' ? awaited : named[which] };
}

const hoped = {
  'issue-replacement-key': 'issued',
  'deactivate-key': 'deactivated',
  'delete-key': 'deleted',
  'restore-key': 'restored',
} as const;

function resultOf(status: RunResult['status'] | 'as hoped', { story, now }: Scene): RunResult {
  const ends = status === 'as hoped' ? hoped[story.run?.book ?? 'restore-key'] : status;
  switch (ends) {
    case 'issued':
      return { status: ends, issued: { ...issued, currentSince: fromMillis(now) } };
    case 'refused':
    case 'failed':
      return { status: ends, problem: 'a step did not succeed' };
    default:
      // The run's own clock says when: a little before anybody hears of it.
      return { status: ends, at: fromMillis(now - 20_000) };
  }
}

function findingOf(which: number, updated: number): Finding {
  if (which === 0) return configFinding;
  const updatedAt = instant(`2026-11-0${updated + 1}T08:00:00Z`);
  const id = `arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.3/finding/${which}`;
  return { ...hubFinding, id, updatedAt } as Finding;
}

function evidenceOf(look: Look, { story, now }: Scene): Evidence {
  const at = fromMillis(now - look.age * minute);
  const uses = look.usedAgo === null ? [] : [use(fromMillis(now - look.usedAgo * hour))];
  const pickedAt = fromMillis(now - (look.pickedAgo ?? 0) * hour);
  const quietHours = uses.length === 0 ? 24 : look.quietHours;
  const told = {
    at,
    uses,
    oldKey: oldKeyOf(look, story),
    userGone: look.oldKey === 'user gone',
    pickup:
      look.pickedAgo === null
        ? notPicked
        : ({ seen: true, at: pickedAt, by: use(pickedAt) } as const),
    quietHours,
    quietAt: fromMillis(quietAt(look, now, quietHours)),
  };
  if (look.verdict === 'safe') return safe(told, look.basis);
  return look.verdict === 'in use' ? inUse(told) : unknown(told, look.gap);
}

/** When it will have been quiet: counted from the look itself if that saw nothing at all. */
function quietAt({ usedAgo, verdict, oldKey, age }: Look, now: number, quietHours: number): number {
  if (usedAgo !== null) return now + (quietHours + 4 - usedAgo) * hour;
  const isBlank = verdict === 'unknown' && oldKey === 'unread';
  return isBlank ? now - age * minute + 28 * hour : now - 2 * day;
}

function oldKeyOf(look: Look, story: Story): OldKeyStatus {
  if (look.oldKey === 'gone' || look.oldKey === 'user gone') return 'Gone';
  if (look.oldKey === 'unread') return 'unknown';
  const isOff =
    story.hold === null
      ? story.where === 'soaking' || (story.where === 'proposed' && story.foundOff)
      : story.hold.oldKey !== 'Active';
  return isOff === (look.oldKey === 'as believed') ? 'Inactive' : 'Active';
}

/** The deadline that people were shown, as a snooze moves it. */
function shownDeadline({ story, now }: Scene): number {
  const isAsked = story.where === 'proposed' && !story.approved;
  return isAsked ? story.answerBy : Math.max(story.at[story.where].due, now);
}

/** A press as the machine takes it: also one that asks for hours that no button has. */
export function pressOf(act: Extract<Act, { does: 'press' }>, scene: Scene): Press {
  const { press, who } = act;
  switch (press.type) {
    case 'snooze until': {
      const until = shownDeadline(scene) + press.minutes * minute;
      return { type: press.type, until: fromMillis(Math.floor(until / minute) * minute) };
    }
    case 'not mine': {
      const assigns = people[who]?.roles.some((role) => role === 'approver' || role === 'admin');
      const named = press.whom === null ? undefined : people[press.whom];
      const owner =
        named === undefined
          ? ({ known: false } as const)
          : ({ known: true, slackUserId: named.slackUserId, name: named.name } as const);
      return { type: press.type, owner, assigns: assigns === true };
    }
    case 'exempt':
      return {
        type: press.type,
        reason: press.reason,
        until: fromMillis(scene.now + press.days * day),
      };
    default:
      return press as Press;
  }
}

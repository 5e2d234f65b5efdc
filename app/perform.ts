/**
 * Performs what decisions ordered, from the journal. Each effect may be performed twice (after a
 * crash) without changing anything twice; one that fails is tried again later and holds up no
 * other.
 */
import { type EffectSort, type OutstandingEffect, sortOf } from '../domain/effect.ts';
import { Transient, unreachable } from '../domain/errors.ts';
import type {
  Announcer,
  FindingRecorder,
  Log,
  Messenger,
  Pager,
  Runbooks,
  StopSwitch,
} from '../domain/ports.ts';
import { isExpected } from './is-expected.ts';
import { entryOf } from './later-orders.ts';
import type { OpenDeps } from './open.ts';
import { acknowledgePage, clearPage, page, reportChange } from './perform-page.ts';
import type { Performed } from './performed.ts';
import { recordResult } from './record-result.ts';
import { markRing } from './rings.ts';
import type { RunbookRole } from './run-parameters.ts';
import { putOff, settle } from './settle.ts';
import { startRun } from './start-run.ts';
import { inDigests, type ToldOf, tellOwner, tellOwners } from './tell-owner.ts';
import { endless, limited, mayBegin, type TimeLeft } from './time-left.ts';
import { updateMessage } from './update-message.ts';

export interface Performers {
  readonly runbooks: Runbooks;
  readonly runbookRole: RunbookRole;
  readonly messenger: Messenger;
  readonly pager: Pager;
  readonly subscribers: Announcer;
  readonly bus: Announcer;
  readonly recorder: FindingRecorder;
  readonly log: Log;
  readonly stopSwitch: StopSwitch;
  /** The rings of the roll-out, the first one first; none: everything at once. */
  readonly rings: readonly string[];
}

export type PerformShell = OpenDeps & Performers;

/** At most so many effects of each sort in one go. */
const batch = 500;
/** More messages than that keep others waiting, at Slack's pace. */
const mostMessages = 30;
/** One that takes longer is tried again later; whoever is called answers within seconds. */
const mostMillis = 60_000;

/** What one go came to. */
export interface Performance {
  readonly tried: number;
  /** Failures that nobody expected. Their effects are tried again like any others. */
  readonly unexpected: readonly unknown[];
  /** Effects whose time has come and that cannot be read. */
  readonly unread: number;
  /** More messages than one go can tell: tell-backlog.ts takes them at Slack's pace. */
  readonly messages: readonly OutstandingEffect[];
}

/**
 * Performs every effect whose time has come, starts of runs first, as long as there is time and so
 * many milliseconds of it are left for others. Where very many wait, messages are left to be told
 * more slowly; while somebody does, none is told here as well: it would go out twice. Throws only
 * if the store lists none at all.
 */
export async function performOutstanding(
  shell: PerformShell,
  time: TimeLeft = endless,
  forOthers = 0,
  isTelling = false,
): Promise<Performance> {
  const { effects: all, messages, unread } = await startsFirst(shell);
  const effects = isTelling ? all.filter(({ effect }) => sortOf(effect) !== 'message') : all;
  const unexpected: unknown[] = [];
  let tried = 0;
  for (const turn of inDigests(effects)) {
    if ((await shell.stopSwitch.read()).stopped) break;
    if (!mayBegin(time, forOthers)) break;
    tried += turn.length;
    try {
      await performTurn(shell, turn, time);
    } catch (error) {
      unexpected.push(error);
    }
  }
  return { tried, unexpected, unread, messages };
}

/** A run gives keys back or replaces them: it does not wait for those who have to be told. */
async function startsFirst({ store, clock }: PerformShell): Promise<{
  readonly effects: readonly OutstandingEffect[];
  readonly messages: readonly OutstandingEffect[];
  readonly unread: number;
}> {
  let unread = 0;
  const count = () => {
    unread += 1;
  };
  const listed = await store.outstanding(clock.now(), batch, count);
  if (listed.length + unread < batch) {
    const of = (sort: EffectSort) => listed.filter(({ effect }) => sortOf(effect) === sort);
    const [starts, messages] = [of('start'), of('message')];
    if (messages.length > mostMessages) {
      return { effects: [...starts, ...of('other')], messages, unread };
    }
    const others = listed.filter(({ effect }) => sortOf(effect) !== 'start');
    return { effects: [...starts, ...others], messages: [], unread };
  }
  unread = 0;
  const ofSort = (sort: EffectSort) => store.outstanding(clock.now(), batch, count, sort);
  const effects = [...(await ofSort('start')), ...(await ofSort('other'))];
  return { effects, messages: await ofSort('message'), unread };
}

/** One effect, or those that one digest tells of. Throws as performOne() does. */
export async function performTurn(
  shell: PerformShell,
  turn: readonly OutstandingEffect[],
  time: TimeLeft,
): Promise<void> {
  const [first] = turn;
  if (first === undefined) return;
  if (turn.length === 1) {
    await performOne(shell, first, time);
    return;
  }
  const what = `telling of ${turn.length} rotations at once`;
  try {
    const ends = await limited(time, mostMillis, what, () => tellOwners(shell, turn));
    for (const [outstanding, end] of ends) {
      if (typeof end === 'string' || !('failed' in end)) await settle(shell, outstanding, end);
      else await putOff(shell, outstanding, end.failed);
    }
    throwUnexpected(ends);
  } catch (error) {
    if (error instanceof Transient) for (const each of turn) await putOff(shell, each, error);
    else throw error;
  }
}

function throwUnexpected(ends: readonly ToldOf[]): void {
  for (const [, end] of ends) {
    if (typeof end !== 'string' && 'failed' in end && !isExpected(end.failed)) throw end.failed;
  }
}

/** Whether it ended. Throws what nobody expected, once it is noted when to try again. */
export async function performOne(
  shell: PerformShell,
  outstanding: OutstandingEffect,
  time: TimeLeft,
): Promise<boolean> {
  const { id, effect } = outstanding;
  try {
    const performed = await limited(time, mostMillis, `the effect ${effect.type} ${id}`, () =>
      perform(shell, outstanding),
    );
    await settle(shell, outstanding, performed);
    return true;
  } catch (error) {
    const isEnded = await putOff(shell, outstanding, error);
    if (!isExpected(error)) throw error;
    return isEnded;
  }
}

async function perform(shell: PerformShell, outstanding: OutstandingEffect): Promise<Performed> {
  const { effect } = outstanding;
  switch (effect.type) {
    case 'start runbook':
      return startRun(shell, outstanding, effect.runbook);
    case 'update message':
      return updateMessage(shell, outstanding.rotationId, effect.news);
    case 'tell owner':
      return tellOwner(shell, outstanding, effect);
    case 'page':
      return page(shell, outstanding, effect);
    case 'clear page':
      return clearPage(shell, outstanding, effect);
    case 'acknowledge page':
      return acknowledgePage(shell, outstanding, effect);
    case 'report change':
      return reportChange(shell, outstanding, effect);
    case 'announce':
      return announce(shell, shell.subscribers, outstanding, effect.news);
    case 'publish':
      return announce(shell, shell.bus, outstanding, '');
    case 'mark ring':
      return markRing(shell, outstanding);
    case 'record result':
      return recordResult(shell, outstanding, effect);
    default:
      return unreachable(effect);
  }
}

/** Tells of the version that the effect belongs to, however late. */
async function announce(
  shell: PerformShell,
  announcer: Announcer,
  outstanding: OutstandingEffect,
  news: string,
): Promise<Performed> {
  const { state: rotation, at } = await entryOf(shell.store, outstanding);
  await announcer.announce({ effectId: outstanding.id, rotation, news, at });
  return 'performed';
}

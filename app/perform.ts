/**
 * Performs what decisions ordered, from the journal. Each effect may be performed twice (after a
 * crash) without changing anything twice; one that fails is tried again later and holds up no
 * other.
 */
import { type Effect, type EffectSort, type OutstandingEffect, sortOf } from '../domain/effect.ts';
import { Conflict, messageOf, Permanent, Transient, unreachable } from '../domain/errors.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type {
  Announcer,
  EffectEnd,
  FindingRecorder,
  Log,
  Messenger,
  Pager,
  Runbooks,
  StopSwitch,
} from '../domain/ports.ts';
import { entryOf } from './later-orders.ts';
import type { OpenDeps } from './open.ts';
import { acknowledgePage, clearPage, page, reportChange } from './perform-page.ts';
import type { Performed } from './performed.ts';
import { recordResult } from './record-result.ts';
import type { RunbookRole } from './run-parameters.ts';
import { startRun } from './start-run.ts';
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
}

export type PerformShell = OpenDeps & Performers;

/** At most so many effects of each sort in one go. */
const batch = 500;
/** More messages than that keep others waiting, at Slack's pace. */
const mostMessages = 30;
/** One that takes longer is tried again later; whoever is called answers within seconds. */
const mostMillis = 60_000;
const longestBackoffMinutes = 6 * 60;
/** Whoever mends what keeps a run from starting gives a key back within minutes, not hours. */
const longestBackoffOfRuns = 15;
/** Telling goes on for about a week even where a person has to mend something first. */
const tellingAttempts = 36;

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
  for (const effect of effects) {
    if ((await shell.stopSwitch.read()).stopped) break;
    if (!mayBegin(time, forOthers)) break;
    tried += 1;
    try {
      await performOne(shell, effect, time);
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

/** Whether it ended. Throws what nobody expected, once it is noted when to try again. */
export async function performOne(
  shell: PerformShell,
  outstanding: OutstandingEffect,
  time: TimeLeft,
): Promise<boolean> {
  const { id, effect, attempts } = outstanding;
  const facts = { effectId: id, effect: effect.type, attempt: attempts + 1 };
  try {
    const performed = await limited(time, mostMillis, `the effect ${effect.type} ${id}`, () =>
      perform(shell, outstanding),
    );
    await shell.store.settle(id, endOf(performed, shell.clock.now()));
    shell.log.info('effect', { ...facts, end: performed });
    return true;
  } catch (error) {
    const now = shell.clock.now();
    const problem = messageOf(error);
    if (error instanceof Permanent && isHopeless(effect, attempts)) {
      await shell.store.settle(id, { status: 'given up', at: now, problem });
      shell.log.error('effect given up', { ...facts, problem });
      return true;
    }
    const notBefore = plus(now, { minutes: backoffMinutes(effect, attempts) });
    shell.log.error('effect postponed', { ...facts, problem, notBefore });
    await shell.store.postpone(id, notBefore, problem);
    if (!isExpected(error)) throw error;
    return false;
  }
}

/** Whether an error is one of those that the ports promise: anything else is a defect of ours. */
export function isExpected(error: unknown): boolean {
  return [Transient, Permanent, Conflict].some((kind) => error instanceof kind);
}

/**
 * A run that cannot be started is the machine's to decide on. People are told as soon as somebody
 * has mended what keeps them from being told: a token, a channel, a topic.
 */
function isHopeless(effect: Effect, attempts: number): boolean {
  return effect.type === 'start runbook' || attempts + 1 >= tellingAttempts;
}

/** 1, 2, 4, … minutes, at most six hours; what is down for days blocks and loses nothing. */
export function backoffMinutes({ type }: Pick<Effect, 'type'>, attempts: number): number {
  const longest = type === 'start runbook' ? longestBackoffOfRuns : longestBackoffMinutes;
  return Math.min(2 ** attempts, longest);
}

function endOf(performed: Performed, at: Instant): EffectEnd {
  return performed === 'performed'
    ? { status: 'performed', at }
    : { status: 'superseded', at, problem: performed.superseded };
}

async function perform(shell: PerformShell, outstanding: OutstandingEffect): Promise<Performed> {
  const { effect } = outstanding;
  switch (effect.type) {
    case 'start runbook':
      return startRun(shell, outstanding, effect.runbook);
    case 'update message':
      return updateMessage(shell, outstanding.rotationId, effect.news);
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

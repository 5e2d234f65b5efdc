/**
 * Tells people when very many are to be told: beside everything else that a tick does, since Slack
 * takes one message a second and nothing must wait for that. All that a rotation has to say by then
 * goes into one message, as far as it fits. What there is no time for is left to the next tick.
 */
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { millisBetween } from '../domain/instant.ts';
import { laterOrders } from './later-orders.ts';
import { type Performance, type PerformShell, performOne, performTurn } from './perform.ts';
import { inDigests } from './tell-owner.ts';
import { mayBegin, type TimeLeft } from './time-left.ts';

/** Ticks come at whole minutes, unless one is under way: none is held up by telling. */
const minuteMillis = 60_000;
const reserveMillis = 8000;

/** Characters of news told together: Slack is sent 3000 at most, in which some count as five. */
const mostTogether = 2000;

export interface Told extends Pick<Performance, 'tried' | 'unexpected'> {
  /** Messages that there was no time for. */
  readonly left: number;
}

export interface TellingBacklog {
  /** Nothing else is left to do: it ends shortly before the next tick. Never throws. */
  end(): Promise<Told>;
}

/** Begins to tell; does nothing if there are no messages. */
export function tellingBacklog(
  shell: PerformShell,
  messages: readonly OutstandingEffect[],
  time: TimeLeft,
): TellingBacklog {
  const begun = shell.clock.now();
  const spent = () => millisBetween(begun, shell.clock.now());
  let until = Number.POSITIVE_INFINITY;
  const mayGoOn = () => mayBegin(time) && spent() < until;
  const told = tell(shell, messages, time, mayGoOn);
  return {
    end: () => {
      const nextTick = (Math.floor(spent() / minuteMillis) + 1) * minuteMillis;
      until = nextTick - reserveMillis;
      return told;
    },
  };
}

async function tell(
  shell: PerformShell,
  messages: readonly OutstandingEffect[],
  time: TimeLeft,
  mayGoOn: () => boolean,
): Promise<Told> {
  const ended = new Set<string>();
  const unexpected: unknown[] = [];
  let [tried, left] = [0, 0];
  for (const turn of inDigests(messages)) {
    const [message] = turn;
    if (message === undefined || ended.has(message.id)) continue;
    if (left > 0 || !mayGoOn() || (await shell.stopSwitch.read()).stopped) {
      left += turn.length;
      continue;
    }
    tried += turn.length;
    try {
      if (message.effect.type === 'tell owner') await performTurn(shell, turn, time);
      else for (const id of await tellOne(shell, message, time)) ended.add(id);
    } catch (error) {
      unexpected.push(error);
    }
  }
  return { tried, unexpected, left };
}

/** Returns the effects that ended with it. */
async function tellOne(
  shell: PerformShell,
  message: OutstandingEffect,
  time: TimeLeft,
): Promise<readonly string[]> {
  // What was told after a failure is not told again.
  const later = message.attempts > 0 ? [] : fitting(message, await laterMessages(shell, message));
  const all = [message.effect, ...later.map(({ effect }) => effect)];
  const news = all.flatMap((effect) => newsOf(effect) ?? []).join(' ');
  const effect = { type: 'update message', news: news === '' ? null : news } as const;
  if (!(await performOne(shell, { ...message, effect }, time))) return [];
  const at = shell.clock.now();
  for (const { id } of later) await shell.store.settle(id, { status: 'performed', at });
  return later.map(({ id }) => id);
}

async function laterMessages({ store }: PerformShell, message: OutstandingEffect) {
  const later = await laterOrders(store, message);
  return later.filter(({ effect }) => effect.type === 'update message');
}

/** Those that fit behind it, in their order: what would be cut off is told by itself. */
function fitting<Later extends { readonly effect: Effect }>(
  { effect }: OutstandingEffect,
  later: readonly Later[],
): readonly Later[] {
  let length = newsOf(effect)?.length ?? 0;
  const tooLong = later.findIndex((each) => {
    length += newsOf(each.effect)?.length ?? 0;
    return length > mostTogether;
  });
  return tooLong < 0 ? later : later.slice(0, tooLong);
}

function newsOf(effect: Effect): string | null {
  return effect.type === 'update message' ? effect.news : null;
}

/**
 * Keeps to what Slack takes: one message a second in a channel, and so many to persons together. A
 * few at once go out at once, which Slack allows; beyond that each waits for its second. While
 * Slack asks for silence nothing is sent there. What a tick has no time for stays in its queue.
 * https://docs.slack.dev/apis/web-api/rate-limits (2026-11)
 */
import { Throttled } from '../domain/errors.ts';
import { type Instant, isDue, latest, millisBetween, plus } from '../domain/instant.ts';
import type { Clock, Messenger } from '../domain/ports.ts';

/** So many go out at once, if it has been quiet for a minute. */
export const burst = 20;
/** A second, and somewhat more: what leaves a second apart may arrive closer together. */
const apartMillis = 1100;
const windowMillis = 60_000;
/** In any minute, as they leave; a few fewer than may arrive, since some take longer. */
const most = 57;

export interface Pace {
  /** Waits until one more message may be sent. Throws Throttled while none may be. */
  turn(): Promise<void>;
  /** None may be sent for so long. */
  silence(milliseconds: number): void;
}

/** The pace of each channel, by its id. */
export type Paces = (channel: string) => Pace;

/** One pace for everything that one process sends into one channel. */
export function messagePaces(clock: Clock): Paces {
  const known = new Map<string, Pace>();
  return (channel) => {
    const pace = known.get(channel) ?? messagePace(clock);
    known.set(channel, pace);
    return pace;
  };
}

export function messagePace({ now, sleep }: Clock): Pace {
  let sent: readonly Instant[] = [];
  let silentUntil: Instant | undefined;
  return {
    turn: async () => {
      const asked = now();
      if (silentUntil !== undefined && !isDue(silentUntil, asked)) {
        const left = millisBetween(asked, silentUntil);
        throw new Throttled(left, `Slack asks for silence until ${silentUntil}`);
      }
      sent = sent.filter((at) => millisBetween(at, asked) < windowMillis);
      const begins = nextTurn(sent, asked);
      sent = [...sent, begins];
      const wait = millisBetween(asked, begins);
      if (wait > 0) await sleep(wait);
    },
    silence: (milliseconds) => {
      silentUntil = plus(now(), { milliseconds });
    },
  };
}

/** When the next one may go, after those of the last minute. */
function nextTurn(sent: readonly Instant[], asked: Instant): Instant {
  const last = sent.at(-1);
  if (last === undefined || sent.length < burst) return asked;
  const apart = plus(last, { milliseconds: apartMillis });
  const oldest = sent.at(-most);
  return oldest === undefined
    ? latest(asked, apart)
    : latest(asked, apart, plus(oldest, { milliseconds: windowMillis }));
}

/** All conversations with persons keep one pace: the workspace as a whole has limits, too. */
const persons = 'persons';

/**
 * The messenger, at that pace. An edit counts as a message: Slack takes fewer of them. `usual` is
 * the default channel.
 */
export function pacedMessenger(messenger: Messenger, paces: Paces, usual: string): Messenger {
  const inTurn = async <T>(where: string | undefined, send: () => Promise<T>): Promise<T> => {
    const pace = paces(where === undefined || where === 'default' ? usual : where);
    await pace.turn();
    try {
      return await send();
    } catch (error) {
      if (error instanceof Throttled) pace.silence(error.retryAfterMillis);
      throw error;
    }
  };
  return {
    post: (rotation, now) => inTurn(rotation.policy.channel, () => messenger.post(rotation, now)),
    update: (place, rotation, now) =>
      inTurn(place.channel, () => messenger.update(place, rotation, now)),
    reply: (place, news, whom) => inTurn(place.channel, () => messenger.reply(place, news, whom)),
    tellTeam: (news, to) => inTurn(to?.channel, () => messenger.tellTeam(news, to)),
    tellPerson: (slackUserId, notices) =>
      inTurn(persons, () => messenger.tellPerson(slackUserId, notices)),
  };
}

/**
 * Keeps to what Slack takes: one message a second in a channel. A few at once go out at once, which
 * Slack allows; beyond that each waits for its second. What a tick has no time for stays in its
 * queue.
 * https://docs.slack.dev/apis/web-api/rate-limits (2026-11)
 */
import { type Instant, latest, millisBetween, plus } from '../domain/instant.ts';
import type { Clock, Messenger } from '../domain/ports.ts';

/** So many go out at once, if it has been quiet for a minute. */
export const burst = 20;
/** A second, and somewhat more: what leaves a second apart may arrive closer together. */
const apartMillis = 1100;
const windowMillis = 60_000;
/** In any minute, as they leave; a few fewer than may arrive, since some take longer. */
const most = 57;

export interface Pace {
  /** Waits until one more message may be sent. */
  turn(): Promise<void>;
}

/** One pace for everything that one process sends into one channel. */
export function messagePace({ now, sleep }: Clock): Pace {
  let sent: readonly Instant[] = [];
  return {
    turn: async () => {
      const asked = now();
      sent = sent.filter((at) => millisBetween(at, asked) < windowMillis);
      const begins = nextTurn(sent, asked);
      sent = [...sent, begins];
      const wait = millisBetween(asked, begins);
      if (wait > 0) await sleep(wait);
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

/** The messenger, at that pace. An edit counts as a message: Slack takes fewer of them. */
export function pacedMessenger(messenger: Messenger, pace: Pace): Messenger {
  return {
    post: async (rotation, now) => {
      await pace.turn();
      return messenger.post(rotation, now);
    },
    update: async (place, rotation, now) => {
      await pace.turn();
      return messenger.update(place, rotation, now);
    },
    reply: async (place, news) => {
      await pace.turn();
      return messenger.reply(place, news);
    },
    tellTeam: async (news) => {
      await pace.turn();
      return messenger.tellTeam(news);
    },
  };
}

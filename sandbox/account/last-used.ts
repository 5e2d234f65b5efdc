/**
 * GetAccessKeyLastUsed's memory: of the uses within 15 minutes only the first is kept, and it shows
 * after a while.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-keys-view-last-used.html
 */
import { type Instant, millisBetween, plus } from '../../domain/instant.ts';
import type { ExactUse } from './directory.ts';
import type { Ground } from './ground.ts';

export interface LastUsedBook {
  /** Uses must come in the order of their times; an older one changes nothing. */
  note(keyId: string, use: ExactUse): void;
  /** What IAM shows now; undefined if nothing. */
  shown(keyId: string): ExactUse | undefined;
}

const stepMillis = 15 * 60_000;

export function lastUsedBook(ground: Ground): LastUsedBook {
  const books = new Map<string, ExactUse[]>();
  /** Uses up to then are visible now. */
  const visibleUntil = (): Instant =>
    plus(ground.clock.now(), { minutes: -ground.settings.lastUsedLagMinutes });
  return {
    note: (keyId, use) => {
      const kept = books.get(keyId);
      if (kept === undefined) {
        books.set(keyId, [use]);
        return;
      }
      const last = kept.at(-1);
      if (last !== undefined && millisBetween(last.at, use.at) < stepMillis) return;
      kept.push(use);
      // All but the newest visible one can never be shown again.
      const until = visibleUntil();
      while (kept[1] !== undefined && kept[1].at <= until) kept.shift();
    },
    shown: (keyId) => {
      const until = visibleUntil();
      return books.get(keyId)?.findLast((use) => use.at <= until);
    },
  };
}

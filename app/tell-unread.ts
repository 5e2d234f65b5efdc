/**
 * Tells the team of users whom a finding is about and whom nobody can judge: what keeps Keyturn
 * from reading one keeps it from all of the account, so it is told once per account and day.
 */
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, Messenger } from '../domain/ports.ts';

export type TellUnread = (account: string, problem: string) => Promise<void>;

const onceIn = { days: 1 } as const;

/**
 * Counts for as long as a function's instance lives: a new one may tell once more. Throws what the
 * messenger throws; then it has not been told, and is the next time.
 */
export function unreadTeller(
  messenger: Pick<Messenger, 'tellTeam'>,
  clock: Pick<Clock, 'now'>,
): TellUnread {
  const toldAt = new Map<string, Instant>();
  return async (account, problem) => {
    const before = toldAt.get(account);
    if (before !== undefined && !isDue(plus(before, onceIn), clock.now())) return;
    await messenger.tellTeam(unreadNews(account, problem));
    toldAt.set(account, clock.now());
  };
}

function unreadNews(account: string, problem: string): string {
  return (
    `Stale keys of account ${account} are left as they are, since somebody has to mend this: ` +
    `${problem}. The finding is kept in the queue of rejected events, to be delivered again. ` +
    'More of them in that account are kept without a word until tomorrow.'
  );
}

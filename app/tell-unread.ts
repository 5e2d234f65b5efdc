/**
 * Tells the team of users whom a finding is about and whom nobody can judge: what keeps Keyturn
 * from reading one keeps it from all of the account, so it is told once per account and day.
 */
import type { Clock, Messenger } from '../domain/ports.ts';
import { onceADay } from './once-a-day.ts';

export type TellUnread = (account: string, problem: string) => Promise<void>;

/** Throws what the messenger throws; then it has not been told, and is the next time. */
export function unreadTeller(
  messenger: Pick<Messenger, 'tellTeam'>,
  clock: Pick<Clock, 'now'>,
): TellUnread {
  const once = onceADay(clock);
  return async (account, problem) => {
    await once(account, () => messenger.tellTeam(unreadNews(account, problem)));
  };
}

function unreadNews(account: string, problem: string): string {
  return (
    `Stale keys of account ${account} are left as they are, since somebody has to mend this: ` +
    `${problem}. The finding is kept in the queue of rejected events, to be delivered again. ` +
    'More of them in that account are kept without a word until tomorrow.'
  );
}

/**
 * Tells people of accounts that do not let Keyturn in, and pages somebody: once for each incident,
 * not once for each rotation or minute. No rotation changes for it, so no journal knows of it.
 */
import { messageOf } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, Log, Messenger, Pager } from '../domain/ports.ts';

export interface AccountAlarmDeps {
  readonly pager: Pager;
  readonly messenger: Pick<Messenger, 'tellTeam'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Names this deployment among all that page the same people. */
  readonly deployment: string;
}

export interface AccountAlarm {
  /** A role of the account let Keyturn in. */
  opened(account: string, role: string): void;
  refused(account: string, role: string, problem: string): void;
  /** Sends what has to be said by now. Never throws: it must not keep a tick from working. */
  heed(): Promise<void>;
}

/** What could not be sent is not tried again at every tick. */
const onceIn = { hours: 1 } as const;

/** Accounts whose incidents are cleared in one go: PagerDuty takes some hundred calls a minute. */
const clearedAtOnce = 20;

interface Watched {
  readonly account: string;
  /** Roles that let nobody in, each with what is wrong. */
  readonly closed: Map<string, string>;
  teamKnows: boolean;
  pagerKnows: 'broken' | 'over' | 'neither';
  triedAt: Instant | null;
}

/**
 * Counts for as long as a function's instance lives: a new one tells the team once more, and pages
 * the same incident. When an account lets a new one in for the first time, it clears what an
 * earlier one may have paged for: clearing what is not there does nothing.
 */
export function accountAlarm(deps: AccountAlarmDeps): AccountAlarm {
  const accounts = new Map<string, Watched>();
  const watchedFor = (account: string): Watched => {
    const known = accounts.get(account);
    if (known !== undefined) return known;
    const nothing = { teamKnows: false, pagerKnows: 'neither', triedAt: null } as const;
    const fresh: Watched = { account, closed: new Map(), ...nothing };
    accounts.set(account, fresh);
    return fresh;
  };
  return {
    opened: (account, role) => {
      const watched = watchedFor(account);
      if (watched.closed.delete(role) && watched.closed.size === 0) watched.triedAt = null;
    },
    refused: (account, role, problem) => {
      const watched = watchedFor(account);
      if (watched.closed.has(role)) return;
      deps.log.error('account not entered', { account, role, problem });
      if (watched.closed.size === 0) watched.triedAt = null;
      watched.closed.set(role, problem);
    },
    heed: async () => {
      const now = deps.clock.now();
      let cleared = 0;
      for (const watched of accounts.values()) {
        if (watched.triedAt !== null && !isDue(plus(watched.triedAt, onceIn), now)) continue;
        if (watched.closed.size > 0) {
          if (!isSaidBroken(watched)) await say(deps, watched, now, sayBroken);
        } else if (watched.pagerKnows !== 'over' && cleared < clearedAtOnce) {
          cleared += 1;
          await say(deps, watched, now, sayOver);
        }
      }
    },
  };
}

const isSaidBroken = ({ teamKnows, pagerKnows }: Watched) => teamKnows && pagerKnows === 'broken';

type Say = (deps: AccountAlarmDeps, watched: Watched) => Promise<void>;

async function say(deps: AccountAlarmDeps, watched: Watched, now: Instant, it: Say): Promise<void> {
  watched.triedAt = now;
  try {
    await it(deps, watched);
  } catch (error) {
    const { account } = watched;
    deps.log.error('account alarm: not sent', { account, problem: messageOf(error) });
  }
}

async function sayBroken(
  { pager, messenger, deployment }: AccountAlarmDeps,
  watched: Watched,
): Promise<void> {
  const { account, closed } = watched;
  const summary = [...closed.values()].join('; ');
  if (watched.pagerKnows !== 'broken') {
    const dedupKey = keyOf(deployment, account);
    await pager.trigger({ dedupKey, summary, severity: 'error', deployment });
    watched.pagerKnows = 'broken';
  }
  if (watched.teamKnows) return;
  await messenger.tellTeam(
    `Rotations of account ${account} wait, those of all others go on: ${summary}.`,
  );
  watched.teamKnows = true;
}

async function sayOver(
  { pager, messenger, deployment }: AccountAlarmDeps,
  watched: Watched,
): Promise<void> {
  const { account } = watched;
  if (watched.teamKnows) {
    await messenger.tellTeam(`Account ${account} lets Keyturn in again: its rotations go on.`);
    watched.teamKnows = false;
  }
  await pager.resolve(keyOf(deployment, account));
  watched.pagerKnows = 'over';
}

function keyOf(deployment: string, account: string): string {
  return `${deployment}/account/${account}`;
}

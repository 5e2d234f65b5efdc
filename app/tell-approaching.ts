/**
 * Tells owners of keys that become findings soon, each key once, all keys of an owner together: the
 * owner alone, else the channel of the key's team, where the owner is called upon, else the default
 * one; the channel at once where nobody is known as the owner. Nobody is paged for it: what Slack
 * takes nowhere is named in the log, fails the telling, and is told by another one. What has become
 * of a key since it was noted is looked up before; what fails of one key holds up no other.
 */
import { keysAWarning } from '../domain/early-warning.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import { type Instant, isDue } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import { endingOf } from '../domain/line.ts';
import type { ApproachingKey, RotationReads, WarningNotes } from '../domain/lists.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { throwAll } from './all-of.ts';
import type { TimeLeft } from './time-left.ts';

/** Writes in Slack. Throws Transient or Permanent. */
export interface EarlyWarner {
  /** To one person alone. */
  person(slackUserId: string, keys: readonly ApproachingKey[], now: Instant): Promise<void>;
  /** In a channel, the default one by that word; `whom` is called upon. */
  channel(
    channel: string,
    keys: readonly ApproachingKey[],
    now: Instant,
    whom?: string,
  ): Promise<void>;
}

export interface WarningShell {
  readonly store: Pick<RotationReads, 'load' | 'ofKeysEnding'> & WarningNotes;
  readonly warner: EarlyWarner;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is told of in a day; more wait for the next one. */
const mostKeys = 1000;
/** Slack takes a message a second in a channel, and some hundred a minute from an app. */
const apartMillis = 1100;
const peopleApartMillis = 250;
/** With less time than that nothing more is told. */
const leastMillis = 20_000;
/** Keys whose ids end alike are looked through so far. */
const mostAlike = 50;

/**
 * Of how many keys somebody was told. Throws at the end what kept anybody from being told: whoever
 * could be told is by then, and the rest waits for another try.
 */
export async function tellApproaching(shell: WarningShell, time: TimeLeft): Promise<number> {
  const failures: unknown[] = [];
  const keys = await shell.store.approachingUntold(mostKeys, (problem) => {
    shell.log.error('early warning unread', { problem: messageOf(problem) });
    failures.push(problem);
  });
  const telling: Telling = { ...shell, failures };
  const batches = await batchesOf(telling, keys, time);
  let told = 0;
  for (const { keys: some, isFirst } of batches) {
    if (time.millis() <= leastMillis) {
      failures.push(noTime());
      break;
    }
    told += await tell(telling, some, isFirst);
  }
  // Where Slack takes nothing, that is one problem, however many were to be told.
  const different = [...new Map(failures.map((each) => [messageOf(each), each])).values()];
  throwAll(different, different.length);
  return told;
}

/** With what kept anybody from being told. */
interface Telling extends WarningShell {
  readonly failures: unknown[];
}

interface Batch {
  /** All of one owner, or of no owner and one channel. */
  readonly keys: readonly ApproachingKey[];
  /** Of that owner. */
  readonly isFirst: boolean;
}

function noTime(): Transient {
  return new Transient('there is no time left to tell of keys that become findings soon');
}

/** What has to be told still. A key of which that cannot be found out keeps no other from it. */
async function batchesOf(
  telling: Telling,
  keys: readonly ApproachingKey[],
  time: TimeLeft,
): Promise<readonly Batch[]> {
  const { store, clock, log, failures } = telling;
  const wanted: ApproachingKey[] = [];
  for (const key of keys) {
    if (time.millis() <= leastMillis) {
      failures.push(noTime());
      break;
    }
    try {
      const why = await whyNotTold(telling, key);
      if (why === null) wanted.push(key);
      else await store.approachingTold(key, clock.now(), `nobody: ${why}`);
    } catch (error) {
      log.error('not told early', { keys: [nameOf(key)], failed: [messageOf(error)] });
      failures.push(error);
    }
  }
  const whose = ({ owner, channel }: ApproachingKey) =>
    owner.known ? `owner ${owner.slackUserId}` : `channel ${channel}`;
  return [...Map.groupBy(wanted, whose).values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / keysAWarning) }, (_, index) => ({
      keys: all.slice(index * keysAWarning, (index + 1) * keysAWarning),
      isFirst: index === 0,
    })),
  );
}

function nameOf({ keyId, account, userName }: ApproachingKey): string {
  return `${shortKey(keyId)} of ${account}/${userName}`;
}

/** Why there is nothing to tell of a key any more; null if there is. */
async function whyNotTold(
  { store, clock }: WarningShell,
  { account, keyId, staleAt }: ApproachingKey,
): Promise<string | null> {
  const now = clock.now();
  if (isDue(staleAt, now)) return 'it is a finding by now';
  for (const id of await store.ofKeysEnding(endingOf(keyId), mostAlike)) {
    const rotation = await store.load(id);
    if (rotation === undefined) continue;
    const { key, stage } = rotation;
    if (key.keyId !== keyId || key.user.account !== account) continue;
    if (stage.name !== 'done') return `rotation ${id} takes care of it`;
    if (stage.outcome !== 'exempt' && stage.outcome !== 'abandoned') return `${id} ended`;
    if (stage.exemption !== undefined && !isDue(stage.exemption.until, now)) {
      return 'nobody touches it for the time being';
    }
  }
  return null;
}

/** Of how many of them somebody was told: their owner, else each key's channels. */
async function tell(
  telling: Telling,
  keys: readonly ApproachingKey[],
  isFirst: boolean,
): Promise<number> {
  const { warner, clock } = telling;
  const owner = keys[0]?.owner;
  const whom = owner?.known === true ? owner.slackUserId : undefined;
  const failed: Failed[] = [];
  if (whom !== undefined) {
    await clock.sleep(isFirst ? peopleApartMillis : apartMillis);
    const go = () => warner.person(whom, keys, clock.now());
    if (await goes(telling, { keys, by: `person ${whom}`, go }, failed)) return keys.length;
  }
  let told = 0;
  for (const [channel, those] of Map.groupBy(keys, (key) => key.channel)) {
    if (await tellChannels(telling, { channel, keys: those, whom }, [...failed])) {
      told += those.length;
    }
  }
  return told;
}

interface Failed {
  readonly by: string;
  readonly error: unknown;
}

/** In that channel, else in the default one. Whether either took it; if not, that is said. */
async function tellChannels(
  telling: Telling,
  about: {
    readonly channel: string;
    readonly keys: readonly ApproachingKey[];
    readonly whom: string | undefined;
  },
  failed: Failed[],
): Promise<boolean> {
  const { warner, clock, log, failures } = telling;
  const { keys, whom } = about;
  for (const channel of new Set([about.channel, 'default'])) {
    await clock.sleep(apartMillis);
    const go = () => warner.channel(channel, keys, clock.now(), whom);
    if (await goes(telling, { keys, by: `channel ${channel}`, go }, failed)) return true;
  }
  log.error('not told early', { keys: keys.map(nameOf), failed: failed.map(inWords) });
  failures.push(...failed.filter(({ error }) => isExpected(error)).map(({ error }) => error));
  return false;
}

/** Whether that way took it; if it did, that is noted. A defect of ours is a failure anyhow. */
async function goes(
  { store, clock, log, failures }: Telling,
  way: {
    readonly keys: readonly ApproachingKey[];
    readonly by: string;
    readonly go: () => Promise<void>;
  },
  failed: Failed[],
): Promise<boolean> {
  const { keys, by, go } = way;
  try {
    await go();
  } catch (error) {
    failed.push({ by, error });
    if (!isExpected(error)) failures.push(error);
    return false;
  }
  log.info('told early', { keys: keys.length, by, failed: failed.map(inWords) });
  const at = clock.now();
  const noted = await Promise.allSettled(keys.map((key) => store.approachingTold(key, at, by)));
  failures.push(...noted.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])));
  return true;
}

function inWords({ by, error }: Failed): string {
  return `${by}: ${messageOf(error)}`;
}

function isExpected(error: unknown): boolean {
  return error instanceof Transient || error instanceof Permanent;
}

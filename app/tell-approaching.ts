/**
 * Tells owners of keys that become findings soon, each key once, all keys of an owner together: the
 * owner alone, else the channel of the team, where the owner is called upon; the channel at once
 * where nobody is known as the owner. Nobody is paged for it: whom Slack does not take today is
 * told by the next telling. What has become of a key since it was noted is looked up before.
 */
import { keysAWarning } from '../domain/early-warning.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import { type Instant, isDue } from '../domain/instant.ts';
import { endingOf } from '../domain/line.ts';
import type { ApproachingKey, RotationReads, WarningNotes } from '../domain/lists.ts';
import type { Clock, Log } from '../domain/ports.ts';
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

/** Of how many keys somebody was told. */
export async function tellApproaching(shell: WarningShell, time: TimeLeft): Promise<number> {
  const { store, clock } = shell;
  const groups = new Map<string, ApproachingKey[]>();
  for (const key of await store.approachingUntold(mostKeys)) {
    if (time.millis() <= leastMillis) break;
    const why = await whyNotTold(shell, key);
    if (why !== null) {
      await store.approachingTold(key, clock.now(), `nobody: ${why}`);
      continue;
    }
    const { owner, channel } = key;
    const name = owner.known ? `owner ${owner.slackUserId}` : `channel ${channel}`;
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  let told = 0;
  for (const keys of groups.values()) {
    for (let from = 0; from < keys.length; from += keysAWarning) {
      if (time.millis() <= leastMillis) return told;
      const some = keys.slice(from, from + keysAWarning);
      const isFirstToPerson = from === 0 && some[0]?.owner.known === true;
      await clock.sleep(isFirstToPerson ? peopleApartMillis : apartMillis);
      const how = await tell(shell, some);
      if (how === null) break;
      const at = clock.now();
      await Promise.all(some.map((key) => store.approachingTold(key, at, how)));
      told += some.length;
    }
  }
  return told;
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

/** By which way they were told; null if by none. All are of one owner, or all of none. */
async function tell(
  { warner, log, clock }: WarningShell,
  keys: readonly ApproachingKey[],
): Promise<string | null> {
  const [first] = keys;
  if (first === undefined) return null;
  const now = clock.now();
  const whom = first.owner.known ? first.owner.slackUserId : undefined;
  const byChannel = Map.groupBy(keys, ({ channel }) => channel);
  const ways = [
    ...(whom === undefined
      ? []
      : [{ name: `person ${whom}`, go: () => warner.person(whom, keys, now) }]),
    {
      name: `channel ${[...byChannel.keys()].join(', ')}`,
      go: async () => {
        for (const [channel, those] of byChannel) await warner.channel(channel, those, now, whom);
      },
    },
  ];
  const failed: string[] = [];
  for (const { name, go } of ways) {
    try {
      await go();
      log.info('told early', { keys: keys.length, by: name, failed });
      return name;
    } catch (error) {
      if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
      failed.push(`${name}: ${messageOf(error)}`);
    }
  }
  log.error('not told early', { keys: keys.length, failed });
  return null;
}

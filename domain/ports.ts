/** The roles that the application needs played. Types only; the players are in adapters/. */
import type { Rotation } from './case.ts';
import type { KeyInQuestion } from './custody.ts';
import type { OutstandingAsked, OutstandingEffect, RunbookName } from './effect.ts';
import type { RunResult } from './event.ts';
import type { Evidence } from './evidence.ts';
import type { Examination } from './examination.ts';
import type { Instant } from './instant.ts';
import type { Digest, JournalEntry } from './journal.ts';
import type { AccessKey, IamUser, Partition } from './key.ts';
import type { Notebook, RotationReads } from './lists.ts';
import type { Occasion } from './notices.ts';
import type { Profile } from './profile.ts';
import type { LastUsed, Reading } from './testimony.ts';
import type { RunsOf } from './turns.ts';
import type { Need } from './wake.ts';

export interface Clock {
  now(): Instant;
  /** Waits; in a sandbox it moves virtual time. */
  sleep(milliseconds: number): Promise<void>;
}

/** Names and hashes that the domain must not make itself. */
export interface Ids {
  /** The version 5 UUID of a name in Keyturn's namespace: the same name, the same UUID. */
  uuid(name: string): string;
  digest: Digest;
}

/** The claim on a key: at most one rotation at a time (S7). */
export interface Claim {
  readonly partition: Partition;
  readonly account: string;
  readonly keyId: string;
  readonly rotationId: string;
  readonly generation: number;
}

/** One decision to make durable: state, journal entry and effects together, or nothing. */
export interface Commit {
  /** The version that the decision was made on; 0 opens the rotation. */
  readonly onVersion: number;
  readonly rotation: Rotation;
  readonly entry: JournalEntry;
}

/**
 * Rotations, their journals, claims and outstanding effects. `commit` is one transaction, `load` a
 * consistent read. What `due`, `outstanding` and `ofUser` list are hints: load before deciding.
 */
export interface RotationStore extends RotationReads, Notebook {
  /** Throws Conflict if the version moved, or (on opening) if another rotation holds the claim. */
  commit(change: Commit): Promise<void>;
  /** A consistent read of the claim on a key, the newest generation. */
  claimOn(partition: Partition, account: string, keyId: string): Promise<Claim | undefined>;
  /** Oldest first. */
  journal(rotationId: string): Promise<readonly JournalEntry[]>;
  lastHash(rotationId: string): Promise<string>;
  /**
   * Rotations whose wake time has come that need this, longest due first, or as turns.ts says.
   * Each need has a queue of its own: who waits for room never stands before who makes room.
   */
  due(need: Need, now: Instant, limit: number, runsOf?: RunsOf): Promise<readonly string[]>;
  /** How many rotations wait for a run now. */
  inFlight(): Promise<number>;
  /** Every rotation ever opened for a user (by unique id). */
  ofUser(account: string, userId: string): Promise<readonly string[]>;
  /** Every rotation that anything is kept of, each once, in no order. */
  everyRotation(): AsyncIterable<string>;
  /** Rotations not done or ended since then, each once: hints, without ends of older versions. */
  openOrEndedSince(since: Instant): AsyncIterable<string>;
  /** Effects whose time has come, longest due first; of all sorts unless one is named. */
  outstanding(...asked: OutstandingAsked): Promise<readonly OutstandingEffect[]>;
  /** The effect is done, or never to be done: the reason says which. Safe to call twice. */
  settle(effectId: string, how: EffectEnd): Promise<void>;
  /** Try again later. */
  postpone(effectId: string, notBefore: Instant, problem: string): Promise<void>;
  /** The next moment at which due() or outstanding() will list something; undefined if none. */
  nextWake(): Promise<Instant | undefined>;
  rememberMessage(rotationId: string, place: MessagePlace): Promise<void>;
}

export type EffectEnd =
  | {
      readonly status: 'performed';
      readonly at: Instant;
      /** Who was told, and by which way, where there are several. */
      readonly told?: string;
    }
  | { readonly status: 'superseded'; readonly at: Instant; readonly problem: string }
  | { readonly status: 'given up'; readonly at: Instant; readonly problem: string };

export interface MessagePlace {
  /** The channel id, as chat.postMessage returned it (chat.update takes no name). */
  readonly channel: string;
  readonly ts: string;
}

/** IAM users and their keys, read only. Throws Transient or Permanent. */
export interface Users {
  /** Searched through every page; undefined if the account has no such user. */
  byId(partition: Partition, account: string, userId: string): Promise<IamUser | undefined>;
  byName(partition: Partition, account: string, userName: string): Promise<IamUser | undefined>;
  /** Every user of an account, through every page; without tags, which IAM does not list. */
  everyone(partition: Partition, account: string): Promise<readonly ListedUser[]>;
  /** undefined if the user is gone. */
  keysOf(user: IamUser): Promise<readonly AccessKey[] | undefined>;
}

/** A user as a list names them. */
export type ListedUser = Pick<IamUser, 'userName' | 'userId'>;

/** What kind of user somebody is, by the policies that apply. */
export interface Profiles {
  /**
   * Throws Transient or Permanent, also for a user who is gone: what cannot be read, or cannot be
   * understood, is never "not privileged".
   */
  profileOf(user: IamUser): Promise<Profile>;
}

/** When keys were last used, as IAM remembers it; asked from afar. */
export interface KeyUses {
  /** null if the key was never used. Throws Transient or Permanent, also for a key that is gone. */
  lastUsed(user: IamUser, keyId: string): Promise<LastUsed>;
}

/** Where accounts are in the organisation. Throws Transient or Permanent, never guesses. */
export interface AccountUnits {
  /** The ids of the units that an account is in: its own first, the organisation's root last. */
  unitsOf(account: string): Promise<readonly string[]>;
}

/** Why an account is not served; null if it is. Throws Transient or Permanent, never guesses. */
export interface Accounts {
  whyNotServed(account: string): Promise<string | null>;
}

/** Asks the witness beside the keys. Throws Transient when it cannot be reached. */
export interface Witness {
  examine(where: Place, examination: Examination): Promise<Evidence>;
}

/** Where something runs. */
export interface Place {
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
}

/** SSM Automation. */
export interface Runbooks {
  /** The same client token never starts a second run. Returns the execution id. */
  start(where: Place, order: RunbookOrder): Promise<string>;
  /** undefined if there is no such execution (in that account and Region). */
  read(where: Place, executionId: string): Promise<RunReport | undefined>;
  /** Runs that SSM started since then and that say they are of that order. */
  find(
    where: Place,
    order: { readonly runbook: RunbookName; readonly effectId: string; readonly since: Instant },
  ): Promise<readonly RunReport[]>;
}

export interface RunbookOrder {
  readonly runbook: RunbookName;
  /** A UUID, used for this order only. */
  readonly clientToken: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RunReport {
  readonly executionId: string;
  /** The parameters RotationId and EffectId that it was started with; undefined if not ours. */
  readonly rotationId: string | undefined;
  readonly effectId: string | undefined;
  /**
   * All that it was started with, but for the function that it drives; undefined if that is not
   * this deployment's, or the run is not ours.
   */
  readonly parameters: Readonly<Record<string, string>> | undefined;
  readonly state: { readonly ended: false } | { readonly ended: true; readonly result: RunResult };
}

/** What an owner is told of one rotation. */
export interface Notice {
  readonly rotation: Rotation;
  readonly occasion: Occasion;
  /** Where the rotation's message is; absent while it has none, or where it is not named. */
  readonly place?: MessagePlace;
}

/** The rotation's one message in its team's channel, and messages to one person alone. */
export interface Messenger {
  /** In the channel of the rotation's policy; in the default one if that cannot be posted in. */
  post(rotation: Rotation, now: Instant): Promise<MessagePlace>;
  /** Renders anew. Throws Permanent if the message or channel is gone. */
  update(place: MessagePlace, rotation: Rotation, now: Instant): Promise<void>;
  /** A reply in the message's thread, which may call on one person. */
  reply(place: MessagePlace, news: string, whom?: string): Promise<void>;
  /** A message that belongs to no rotation, in the default channel unless one is named. */
  tellTeam(news: string, to?: { readonly channel?: string; readonly whom?: string }): Promise<void>;
  /**
   * A message to one person alone, of one rotation or of many. Throws Permanent if they cannot be
   * written to, Throttled, Transient.
   */
  tellPerson(slackUserId: string, notices: readonly Notice[]): Promise<void>;
}

/** An answer that only the person who pressed sees. */
export interface Whisper {
  /** `channel` by id. Throws Transient or Permanent. */
  whisper(channel: string, slackUserId: string, text: string): Promise<void>;
}

/** PagerDuty. */
export interface Pager {
  trigger(
    incident: {
      readonly dedupKey: string;
      readonly summary: string;
      readonly severity: 'critical' | 'error' | 'warning';
      /** What it is about: one rotation, or all that a deployment does. */
    } & ({ readonly rotation: Rotation } | { readonly deployment: string }),
  ): Promise<void>;
  /**
   * Nobody further is called; it stays open. Nothing happens where it is not open. `route`: the
   * name of the routing key that it was to be triggered with; the default one if absent. Whichever
   * it came to be, the incident is found.
   */
  acknowledge(dedupKey: string, route?: string): Promise<void>;
  resolve(dedupKey: string, route?: string): Promise<void>;
  /** What has changed, for whoever looks into an incident later. Reported twice, it shows twice. */
  reportChange(change: {
    readonly summary: string;
    readonly at: Instant;
    readonly rotation: Rotation;
  }): Promise<void>;
}

/** Subscribers: people (SNS) or machines (EventBridge). One fact about a version of a rotation. */
export interface Announcer {
  announce(fact: {
    readonly effectId: string;
    readonly rotation: Rotation;
    readonly news: string;
    readonly at: Instant;
  }): Promise<void>;
}

/** Security Hub's copy of the result. */
export interface FindingRecorder {
  /**
   * Writes workflow status, note and user-defined fields to every Security Hub finding given.
   * Throws Transient or Permanent naming the findings that were not updated.
   */
  record(result: {
    readonly rotation: Rotation;
    readonly workflow: 'NOTIFIED' | 'RESOLVED';
    readonly note: string;
  }): Promise<void>;
}

/** Whether Keyturn may do anything at all now. */
export type StopState =
  | { readonly stopped: false }
  | {
      readonly stopped: true;
      /** Why, and how to lift it: for people. */
      readonly why: string;
      /** null if that cannot be told. */
      readonly since: string | null;
    };

/**
 * Holds everything at once: while it is stopped no effect is performed and no rotation changes its
 * stage. Findings are still claimed. What cannot be read counts as stopped; reading never throws.
 */
export interface StopSwitch {
  read(): Promise<StopState>;
}

/** Events that could not be understood, kept whole. */
export interface DeadLetters {
  keep(letter: { readonly event: unknown; readonly problems: readonly string[] }): Promise<void>;
}

/** One structured line; never a secret. */
export interface Log {
  info(message: string, facts: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Who created keys, asked from afar. */
export interface KeyCreators {
  /** The creator's ARN; null if the history, read to its end, does not show the creation (yet). */
  creatorOf(where: Place, key: KeyInQuestion): Promise<Reading<string | null>>;
}

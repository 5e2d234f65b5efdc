/**
 * What has happened in a simulated world, as the checks of what must hold need it: every act with
 * its author, every use of every key with its exact time, everything that was committed, and every
 * press. It is written from what the account did, beside Keyturn, never by it.
 */
import type { Rotation } from '../../domain/case.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import type { EffectEnd, MessagePlace } from '../../domain/ports.ts';
import type { World } from '../world.ts';
import type { Invocation } from './invocation.ts';
import type { UserPlan, WorldPlan } from './plan.ts';

/** A call that changed something in an account, or tried the new key. */
export interface Act {
  readonly at: Instant;
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly by: Author;
  /** The ARN that it was done as. */
  readonly arn: string;
  /** Which function's invocation did it; undefined for runbooks and people. */
  readonly invocation: Invocation | undefined;
}

export type Author = 'keyturn' | 'outsider';

/** A use of an access key, exactly as it was. */
export interface KeyUse {
  readonly at: Instant;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly userAgent: string;
  /** Keyturn's own test of a new key. */
  readonly own: boolean;
  readonly invocation: Invocation | undefined;
}

/** Somebody outside did something to a user, its keys or its secret. */
export interface Meddling {
  readonly at: Instant;
  readonly account: string;
  readonly userId: string;
  readonly what: string;
  /** The key that was made, changed or deleted; null if it was about something else. */
  readonly keyId: string | null;
  readonly secret: boolean;
}

/** A press as it was sent; the same request sent again is the same press. */
export interface PressRecord {
  readonly at: Instant;
  readonly slackUserId: string;
  /** The button's action, `keyturn:approve`; for a form that was sent, `filled:exempt`. */
  readonly action: string;
  readonly rotationId: string;
  readonly shownVersion: number;
  /** The message that it was made on. */
  readonly ts: string;
  /** Signed by Slack, fresh, from the right workspace. */
  readonly genuine: boolean;
  /** What was filled in, where it was a form. */
  readonly filled?: FilledIn;
  /** Whether the form closed: whoever sent it has been told that it counted. */
  closed?: boolean;
  /** How many changes it has come to. */
  changes: number;
}

export interface FilledIn {
  readonly until?: Instant;
  /** A Slack user id; null: whoever sent it does not know. */
  readonly owner?: string | null;
}

/** A person's word that nobody touches a key for a time, as it was filled in and counted. */
export interface KeyExempted {
  readonly keyId: string;
  readonly since: Instant;
  readonly until: Instant;
}

/** Something that PagerDuty tells. */
export interface AnswerRecord {
  readonly eventId: string;
  /** Signed by PagerDuty. */
  readonly genuine: boolean;
  /** How often it was noted. */
  changes: number;
}

export interface Committed {
  readonly at: Instant;
  readonly entry: JournalEntry;
  /** The state before; undefined for the first entry. */
  readonly before: Rotation | undefined;
  readonly invocation: Invocation | undefined;
}

/** Readers of a place get another key from then on. */
export interface Move {
  readonly at: Instant;
  readonly account: string;
  readonly region: string;
  readonly userId: string;
  readonly keyId: string;
}

export interface Told {
  readonly rotationId: string;
  readonly place: MessagePlace;
}

export interface Ledger {
  readonly plan: WorldPlan;
  readonly world: World;
  readonly acts: Act[];
  readonly uses: Map<string, KeyUse[]>;
  readonly meddling: Meddling[];
  /** Every user that was planned, by unique id; one that was made anew is another one. */
  readonly users: Map<string, UserPlan>;
  /** Keys that readers of the vault have got from Keyturn. */
  readonly wereCurrent: Set<string>;
  /** When readers of a place got a new key, by whom it is for. */
  readonly moves: Move[];
  /** New keys that the operator's own check has found healthy. */
  readonly healthy: Set<string>;
  /** Keys that were reported while nothing went wrong and nobody was exempt, and when last. */
  readonly awaited: Map<string, Instant>;
  /** Users by unique id whose key was reported as stale, with the keys that were stale then. */
  readonly reported: Map<string, Set<string>>;
  readonly rotations: Map<string, { rotation: Rotation; readonly entries: Committed[] }>;
  readonly settled: Map<string, EffectEnd>;
  readonly places: Told[];
  /** When a tick last went by an old number of runs: the store's, or another tick's at once. */
  oldCountAt: Instant | undefined;
  /** By the request that was sent. */
  readonly presses: Map<string, PressRecord>;
  readonly exempted: KeyExempted[];
  /** What PagerDuty tells, by the request's body. */
  readonly answers: Map<string, AnswerRecord>;
  /** How often each invocation asked IAM for a new key, whatever IAM answered. */
  readonly keysAsked: Map<Invocation, number>;
  /** Successful calls of Keyturn's that changed something, stores and messengers included. */
  effects: number;
}

export function newLedger(plan: WorldPlan, world: World): Ledger {
  return {
    plan,
    world,
    acts: [],
    uses: new Map(),
    users: new Map(),
    wereCurrent: new Set(),
    moves: [],
    healthy: new Set(),
    awaited: new Map(),
    meddling: [],
    reported: new Map(),
    rotations: new Map(),
    settled: new Map(),
    places: [],
    oldCountAt: undefined,
    presses: new Map(),
    exempted: [],
    answers: new Map(),
    keysAsked: new Map(),
    effects: 0,
  };
}

export function noteUse(ledger: Ledger, keyId: string, use: KeyUse): void {
  const uses = ledger.uses.get(keyId);
  if (uses === undefined) ledger.uses.set(keyId, [use]);
  else uses.push(use);
}

export function usesOf(ledger: Ledger, keyId: string): readonly KeyUse[] {
  return ledger.uses.get(keyId) ?? [];
}

/**
 * What an outsider did in these last minutes may not have been seen: a run takes some, and IAM and
 * Secrets Manager may answer with what was a few minutes ago.
 */
export const unseenFor = { minutes: 15 } as const;
/** A use may take so long to show. */
export const lagHours = 4;

/** Uses that had to be known by then. */
export function knowable(uses: readonly KeyUse[], at: Instant): readonly KeyUse[] {
  const shown = plus(plus(at, { hours: -lagHours }), { minutes: -unseenFor.minutes });
  return uses.filter((use) => use.at <= shown);
}

/** Whether a key goes without another in its place: it is unused. */
export function isRetired(ledger: Ledger, keyId: string): boolean {
  const kind: string | undefined = rotationsOf(ledger, keyId).at(-1)?.rotation.kind;
  return kind === 'retire';
}

/** A person's exemption of a key that holds at that moment. */
export function exemptionAt(
  { exempted }: Ledger,
  keyId: string | undefined,
  at: Instant,
): KeyExempted | undefined {
  return exempted.find((each) => each.keyId === keyId && each.since < at && at < each.until);
}

/** The rotations of a key, oldest first. */
export function rotationsOf(ledger: Ledger, keyId: string) {
  return [...ledger.rotations.values()].filter(({ rotation }) => rotation.key.keyId === keyId);
}

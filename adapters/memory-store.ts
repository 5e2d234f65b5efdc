/**
 * The rotation store in memory: for the sandbox and for tests. It keeps the promises of the port,
 * conditional commits included. What it keeps is frozen, so that nobody can change it, and every
 * reader gets the same.
 */
import type { Rotation } from '../domain/case.ts';
import { Bug, Conflict } from '../domain/errors.ts';
import { earliest, type Instant } from '../domain/instant.ts';
import { firstHash, type JournalEntry } from '../domain/journal.ts';
import type { Claim, Commit, EffectEnd, MessagePlace, RotationStore } from '../domain/ports.ts';
import { runInFlight, wakeOf } from '../domain/wake.ts';
import { frozenCopy } from './frozen.ts';
import { type Outbox, outbox, type WakeQueues, wakeQueues } from './memory-queues.ts';
import { memoryNotebook, memoryReads } from './memory-reads.ts';

interface Shelf {
  readonly rotations: Map<string, Rotation>;
  /** The rotations that need attention at some time: the done ones only ever become more. */
  readonly wakes: WakeQueues;
  /** Rotations that wait for a run. */
  readonly running: Set<string>;
  /** Rotations by account and unique id of the user, in the order in which they were opened. */
  readonly byUser: Map<string, readonly string[]>;
  readonly journals: Map<string, readonly JournalEntry[]>;
  readonly claims: Map<string, Claim>;
  readonly outbox: Outbox;
  readonly ended: Map<string, EffectEnd>;
  readonly messages: Map<string, MessagePlace>;
}

const claimKey = (partition: string, account: string, keyId: string) =>
  `${partition}/${account}/${keyId}`;

const userKey = (account: string, userId: string) => `${account}/${userId}`;

const none: readonly never[] = Object.freeze([]);

/** A store that lives as long as the process. */
export function memoryStore(): RotationStore {
  const shelf: Shelf = {
    rotations: new Map(),
    wakes: wakeQueues(),
    running: new Set(),
    byUser: new Map(),
    journals: new Map(),
    claims: new Map(),
    outbox: outbox(),
    ended: new Map(),
    messages: new Map(),
  };
  return {
    commit: async (change) => commit(shelf, frozenCopy(change)),
    ...memoryReads(shelf),
    ...memoryNotebook(),
    claimOn: async (partition, account, keyId) =>
      shelf.claims.get(claimKey(partition, account, keyId)),
    journal: async (id) => shelf.journals.get(id) ?? none,
    lastHash: async (id) => shelf.journals.get(id)?.at(-1)?.hash ?? firstHash,
    due: async (...asked) => shelf.wakes.due(...asked),
    inFlight: async () => shelf.running.size,
    ofUser: async (account, userId) => shelf.byUser.get(userKey(account, userId)) ?? none,
    everyRotation: () => each([...shelf.rotations.keys()]),
    openOrEndedSince: (since) =>
      each(
        [...shelf.rotations.values()]
          .filter(({ stage }) => stage.name !== 'done' || stage.at >= since)
          .map(({ id }) => id),
      ),
    outstanding: async (now, limit, _unread, sort) => shelf.outbox.outstanding(now, limit, sort),
    settle: async (effectId, how) => {
      shelf.outbox.delete(effectId);
      if (!shelf.ended.has(effectId)) shelf.ended.set(effectId, frozenCopy(how));
    },
    postpone: async (effectId, notBefore) => {
      const waiting = shelf.outbox.get(effectId);
      if (waiting === undefined) return;
      const { attempts } = waiting;
      shelf.outbox.put(frozenCopy({ ...waiting, notBefore, attempts: attempts + 1 }));
    },
    nextWake: async () => nextWake(shelf),
    rememberMessage: async (id, place) => {
      shelf.messages.set(id, frozenCopy(place));
    },
  };
}

async function* each(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids;
}

function commit(shelf: Shelf, { onVersion, rotation, entry }: Commit): void {
  const stored = shelf.rotations.get(rotation.id);
  if ((stored?.version ?? 0) !== onVersion) {
    throw new Conflict(
      `rotation ${rotation.id} is at version ${stored?.version ?? 0}, not ${onVersion}: reload it`,
    );
  }
  const journal = shelf.journals.get(rotation.id) ?? none;
  if (rotation.version !== onVersion + 1 || entry.version !== rotation.version) {
    throw new Bug(
      `rotation ${rotation.id}: version ${rotation.version} cannot follow ${onVersion}`,
    );
  }
  if (entry.previousHash !== (journal.at(-1)?.hash ?? firstHash)) {
    throw new Conflict(`rotation ${rotation.id}: the journal has moved on: reload it`);
  }
  if (onVersion === 0) takeClaim(shelf, rotation);
  put(shelf, rotation);
  shelf.journals.set(rotation.id, frozenCopy([...journal, entry]));
  for (const { id, effect } of entry.effects) {
    const order = { id, rotationId: rotation.id, version: entry.version, effect };
    shelf.outbox.put(frozenCopy({ ...order, attempts: 0, notBefore: entry.at }));
  }
}

/** The rotation, and where it is found. */
function put(shelf: Shelf, rotation: Rotation): void {
  const { id, key } = rotation;
  const user = userKey(key.user.account, key.user.userId);
  const ofUser = shelf.byUser.get(user) ?? none;
  if (!ofUser.includes(id)) shelf.byUser.set(user, frozenCopy([...ofUser, id]));
  shelf.rotations.set(id, rotation);
  shelf.wakes.put(id, key.user.account, wakeOf(rotation));
  if (runInFlight(rotation) === null) shelf.running.delete(id);
  else shelf.running.add(id);
}

function takeClaim(shelf: Shelf, { id, generation, key }: Rotation): void {
  const { partition, account } = key.user;
  const name = claimKey(partition, account, key.keyId);
  const holder = shelf.claims.get(name);
  if ((holder?.generation ?? 0) !== generation - 1) {
    throw new Conflict(`the claim on that key is held by rotation ${holder?.rotationId}: join it`);
  }
  const before = holder && shelf.rotations.get(holder.rotationId);
  if (before !== undefined && before.stage.name !== 'done') {
    throw new Conflict(`rotation ${before.id} still holds the claim on that key: join it`);
  }
  const claim = { partition, account, keyId: key.keyId, rotationId: id, generation };
  shelf.claims.set(name, frozenCopy(claim));
}

function nextWake({ wakes, outbox }: Shelf): Instant | undefined {
  const [first, ...rest] = [wakes.next(), outbox.next()].filter((each) => each !== undefined);
  return first === undefined ? undefined : earliest(first, ...rest);
}

/**
 * The rotation store in memory: for the sandbox and for tests. It keeps the promises of the port,
 * conditional commits included, and gives out copies so that nobody can change what is stored.
 */
import type { Rotation } from '../domain/case.ts';
import type { OutstandingEffect } from '../domain/effect.ts';
import { Bug, Conflict } from '../domain/errors.ts';
import { earliest, type Instant, isDue } from '../domain/instant.ts';
import { firstHash, type JournalEntry } from '../domain/journal.ts';
import type { Claim, Commit, EffectEnd, MessagePlace, RotationStore } from '../domain/ports.ts';
import { type Need, runInFlight, wakeOf } from '../domain/wake.ts';

interface Shelf {
  readonly rotations: Map<string, Rotation>;
  readonly journals: Map<string, JournalEntry[]>;
  readonly claims: Map<string, Claim>;
  readonly outbox: Map<string, OutstandingEffect>;
  readonly ended: Map<string, EffectEnd>;
  readonly messages: Map<string, MessagePlace>;
}

const claimKey = (partition: string, account: string, keyId: string) =>
  `${partition}/${account}/${keyId}`;

/** A store that lives as long as the process. */
export function memoryStore(): RotationStore {
  const shelf: Shelf = {
    rotations: new Map(),
    journals: new Map(),
    claims: new Map(),
    outbox: new Map(),
    ended: new Map(),
    messages: new Map(),
  };
  return {
    commit: async (change) => commit(shelf, structuredClone(change)),
    load: async (id) => structuredClone(shelf.rotations.get(id)),
    claimOn: async (partition, account, keyId) =>
      structuredClone(shelf.claims.get(claimKey(partition, account, keyId))),
    journal: async (id) => structuredClone(shelf.journals.get(id) ?? []),
    lastHash: async (id) => shelf.journals.get(id)?.at(-1)?.hash ?? firstHash,
    due: async (need, now, limit) => due(shelf, need, now, limit),
    inFlight: async () => [...shelf.rotations.values()].filter((each) => runInFlight(each)).length,
    ofUser: async (account, userId) =>
      [...shelf.rotations.values()]
        .filter((each) => each.key.user.account === account && each.key.user.userId === userId)
        .map((each) => each.id),
    outstanding: async (now, limit) =>
      structuredClone(
        [...shelf.outbox.values()]
          .filter((each) => isDue(each.notBefore, now))
          .toSorted((a, b) => a.notBefore.localeCompare(b.notBefore))
          .slice(0, limit),
      ),
    settle: async (effectId, how) => {
      shelf.outbox.delete(effectId);
      if (!shelf.ended.has(effectId)) shelf.ended.set(effectId, how);
    },
    postpone: async (effectId, notBefore) => {
      const waiting = shelf.outbox.get(effectId);
      if (waiting === undefined) return;
      shelf.outbox.set(effectId, { ...waiting, notBefore, attempts: waiting.attempts + 1 });
    },
    nextWake: async () => nextWake(shelf),
    messageOf: async (id) => structuredClone(shelf.messages.get(id)),
    rememberMessage: async (id, place) => {
      shelf.messages.set(id, structuredClone(place));
    },
  };
}

function commit(shelf: Shelf, { onVersion, rotation, entry }: Commit): void {
  const stored = shelf.rotations.get(rotation.id);
  if ((stored?.version ?? 0) !== onVersion) {
    throw new Conflict(
      `rotation ${rotation.id} is at version ${stored?.version ?? 0}, not ${onVersion}: reload it`,
    );
  }
  const journal = shelf.journals.get(rotation.id) ?? [];
  if (rotation.version !== onVersion + 1 || entry.version !== rotation.version) {
    throw new Bug(
      `rotation ${rotation.id}: version ${rotation.version} cannot follow ${onVersion}`,
    );
  }
  if (entry.previousHash !== (journal.at(-1)?.hash ?? firstHash)) {
    throw new Conflict(`rotation ${rotation.id}: the journal has moved on: reload it`);
  }
  if (onVersion === 0) takeClaim(shelf, rotation);
  shelf.rotations.set(rotation.id, rotation);
  shelf.journals.set(rotation.id, [...journal, entry]);
  for (const { id, effect } of entry.effects) {
    shelf.outbox.set(id, {
      id,
      rotationId: rotation.id,
      version: entry.version,
      effect,
      attempts: 0,
      notBefore: entry.at,
    });
  }
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
  shelf.claims.set(name, { partition, account, keyId: key.keyId, rotationId: id, generation });
}

function due(shelf: Shelf, need: Need, now: Instant, limit: number): readonly string[] {
  return [...shelf.rotations.values()]
    .flatMap((each) => {
      const wake = wakeOf(each);
      const isNow = wake !== null && wake.need === need && isDue(wake.at, now);
      return isNow ? [{ id: each.id, at: wake.at }] : [];
    })
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id))
    .slice(0, limit)
    .map(({ id }) => id);
}

function nextWake(shelf: Shelf): Instant | undefined {
  const moments = [
    ...[...shelf.rotations.values()].flatMap((each) => wakeOf(each)?.at ?? []),
    ...[...shelf.outbox.values()].map((each) => each.notBefore),
  ];
  const [first, ...rest] = moments;
  return first === undefined ? undefined : earliest(first, ...rest);
}

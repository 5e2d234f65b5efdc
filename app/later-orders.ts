/** What an order stands among: one that is late may no longer be called for. */
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { RotationStore } from '../domain/ports.ts';

type Journals = Pick<RotationStore, 'journal'>;

/** What later decisions ordered. */
export async function laterOrders(
  store: Journals,
  { rotationId, version }: OutstandingEffect,
): Promise<readonly { readonly id: string; readonly effect: Effect }[]> {
  const journal = await store.journal(rotationId);
  return journal.filter((entry) => entry.version > version).flatMap(({ effects }) => effects);
}

/** All that was ordered before it and after it, oldest first. */
export async function ordersAround(
  store: Journals,
  { id, rotationId }: OutstandingEffect,
): Promise<{ readonly before: readonly Effect[]; readonly after: readonly Effect[] }> {
  const orders = (await store.journal(rotationId)).flatMap(({ effects }) => effects);
  const index = orders.findIndex((each) => each.id === id);
  if (index < 0) throw new Permanent(`the journal of ${rotationId} holds no order ${id}`);
  const effects = orders.map(({ effect }) => effect);
  return { before: effects.slice(0, index), after: effects.slice(index + 1) };
}

/** The decision that ordered it. Throws Permanent if the journal holds none. */
export async function entryOf(
  store: Journals,
  { rotationId, version }: OutstandingEffect,
): Promise<JournalEntry> {
  const journal = await store.journal(rotationId);
  const entry = journal.find((each) => each.version === version);
  if (entry === undefined) throw new Permanent(`${rotationId} has no entry ${version}`);
  return entry;
}

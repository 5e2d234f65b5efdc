/** What later decisions ordered: an order that is late may no longer be called for. */
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import type { RotationStore } from '../domain/ports.ts';

export async function laterOrders(
  store: RotationStore,
  { rotationId, version }: OutstandingEffect,
): Promise<readonly { readonly id: string; readonly effect: Effect }[]> {
  const journal = await store.journal(rotationId);
  return journal.filter((entry) => entry.version > version).flatMap(({ effects }) => effects);
}

/**
 * PagerDuty's part of what decisions order: incidents opened, acknowledged and closed, and changes
 * reported. Each may be late, out of order and performed twice. Which incident an order is about
 * follows from the journal alone, so that no order ever meets another one's incident.
 */
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import { type Concern, dedupKey, incidentAfter } from '../domain/incident.ts';
import type { Log, Pager, RotationStore } from '../domain/ports.ts';
import { entryOf, ordersAround } from './later-orders.ts';
import type { Performed } from './performed.ts';

interface Paging {
  readonly store: RotationStore;
  readonly pager: Pager;
  readonly log: Log;
}

type Order<T extends Effect['type']> = Extract<Effect, { readonly type: T }>;

/**
 * A page that was cleared while it could not be sent would never be cleared again. Whether it was,
 * is asked once more when it is sent: what cleared it may have got there first. And one that was
 * sent, although nobody could note it, is closed when it is tried again. What somebody has in hand
 * by then is shown as in hand.
 */
export async function page(
  { store, pager, log }: Paging,
  outstanding: OutstandingEffect,
  { about, severity, summary }: Order<'page'>,
): Promise<Performed> {
  const { dedupKey, isOver } = await incidentOf(store, outstanding, about);
  const rotation = await rotationOf(store, outstanding);
  const { pagerDuty: route } = rotation.policy;
  /** An answer that is refused is not given by sending the page anew. */
  const unlessRefused = async (answered: Promise<void>) => {
    try {
      await answered;
    } catch (error) {
      if (!(error instanceof Permanent)) throw error;
      log.error('page not answered', { dedupKey, problem: messageOf(error) });
    }
  };
  if (isOver) {
    await unlessRefused(pager.resolve(dedupKey, route));
    return { superseded: cleared };
  }
  await pager.trigger({ dedupKey, summary, severity, rotation });
  const since = await incidentOf(store, outstanding, about);
  if (since.isOver) await unlessRefused(pager.resolve(dedupKey, route));
  else if (since.inHand) await unlessRefused(pager.acknowledge(dedupKey, route));
  return 'performed';
}

const cleared = 'it was cleared meanwhile';

/**
 * However late: it is the incident that was open then, and none since. Whatever moves on is told to
 * be cleared, paged for or not: where nothing was, the next incident would bear the name.
 */
export async function clearPage(
  { store, pager }: Paging,
  outstanding: OutstandingEffect,
  { about }: Order<'clear page'>,
): Promise<Performed> {
  const { dedupKey, wasOpen } = await incidentOf(store, outstanding, about);
  if (!wasOpen) return { superseded: nothingOpen };
  const { policy } = await rotationOf(store, outstanding);
  await pager.resolve(dedupKey, policy.pagerDuty);
  return 'performed';
}

const nothingOpen = 'nobody had been paged then';

export async function acknowledgePage(
  { store, pager }: Paging,
  outstanding: OutstandingEffect,
  { about }: Order<'acknowledge page'>,
): Promise<Performed> {
  const { dedupKey, wasOpen, isOver } = await incidentOf(store, outstanding, about);
  if (!wasOpen) return { superseded: nothingOpen };
  if (isOver) return { superseded: cleared };
  const { policy } = await rotationOf(store, outstanding);
  await pager.acknowledge(dedupKey, policy.pagerDuty);
  return 'performed';
}

/** Tells of the rotation as it ended. PagerDuty knows no two reports as the same one. */
export async function reportChange(
  { store, pager }: Paging,
  outstanding: OutstandingEffect,
  { summary }: Order<'report change'>,
): Promise<Performed> {
  const { state: rotation, at } = await entryOf(store, outstanding);
  await pager.reportChange({ summary, at, rotation });
  return 'performed';
}

async function rotationOf(store: RotationStore, { rotationId }: OutstandingEffect) {
  const rotation = await store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  return rotation;
}

/** The incident that an order is about, and what later orders make of it. */
async function incidentOf(store: RotationStore, outstanding: OutstandingEffect, about: Concern) {
  const { rotationId } = outstanding;
  const { before, after } = await ordersAround(store, outstanding);
  const isOrdered = (type: 'clear page' | 'acknowledge page') =>
    after.some((effect) => effect.type === type && effect.about === about);
  const { occasion, isOpen } = incidentAfter(before, about);
  return {
    dedupKey: dedupKey({ rotationId, about, occasion }),
    wasOpen: isOpen,
    isOver: isOrdered('clear page'),
    inHand: isOrdered('acknowledge page'),
  };
}

/**
 * Who waits for what and since when, in memory: rotations by need, effects by sort. Listing the
 * first takes no longer when many wait.
 */
import { type EffectSort, effectSorts, type OutstandingEffect, sortOf } from '../domain/effect.ts';
import { earliest, type Instant, instant } from '../domain/instant.ts';
import { inTurns, type RunsOf } from '../domain/turns.ts';
import { type Need, needs, type Wake } from '../domain/wake.ts';
import { type SortedTexts, sortedTexts } from './sorted-texts.ts';

/** Before every later moment, and after every place of that one: `$` follows `#`. */
const after = (moment: Instant): string => `${moment}$`;

export interface WakeQueues {
  /** null: it waits for nothing any more. */
  put(rotationId: string, account: string, wake: Wake | null): void;
  due(need: Need, now: Instant, limit: number, runsOf?: RunsOf): readonly string[];
  next(): Instant | undefined;
}

interface Waiting {
  readonly all: SortedTexts;
  readonly of: Map<string, SortedTexts>;
}

export function wakeQueues(): WakeQueues {
  const queues = new Map<Need, Waiting>(
    needs.map((need) => [need, { all: sortedTexts(), of: new Map() }]),
  );
  const places = new Map<string, { readonly need: Need; readonly place: string }>();
  const queueOf = (need: Need): Waiting =>
    queues.get(need) ?? { all: sortedTexts(), of: new Map() };
  const ofAccount = ({ of }: Waiting, account: string): SortedTexts => {
    const known = of.get(account) ?? sortedTexts();
    of.set(account, known);
    return known;
  };
  return {
    put: (id, account, wake) => {
      const before = places.get(id);
      if (before !== undefined) {
        const queue = queueOf(before.need);
        queue.all.delete(before.place);
        ofAccount(queue, account).delete(before.place);
        places.delete(id);
      }
      if (wake === null) return;
      const queue = queueOf(wake.need);
      const place = `${wake.at}#${id}`;
      queue.all.add(place);
      ofAccount(queue, account).add(place);
      places.set(id, { need: wake.need, place });
    },
    due: (need, now, limit, runsOf) => {
      const { all, of } = queueOf(need);
      if (runsOf === undefined) return all.firstBefore(after(now), limit).map(idIn);
      const waiting = [...of].flatMap(([account, queue]) =>
        queue.firstBefore(after(now), limit).map((place) => ({ account, place })),
      );
      return inTurns(waiting, limit, runsOf).map(({ place }) => idIn(place));
    },
    next: () => earliestOf([...queues.values()].map(({ all }) => all.first())),
  };
}

export interface Outbox {
  put(effect: OutstandingEffect): void;
  get(effectId: string): OutstandingEffect | undefined;
  delete(effectId: string): void;
  outstanding(now: Instant, limit: number, sort?: EffectSort): readonly OutstandingEffect[];
  next(): Instant | undefined;
}

/** Of those of one moment, the first put goes first, postponed or not. */
export function outbox(): Outbox {
  const effects = new Map<string, { readonly effect: OutstandingEffect; readonly place: string }>();
  const queues = new Map<EffectSort | 'all', SortedTexts>(
    [...effectSorts, 'all' as const].map((sort) => [sort, sortedTexts()]),
  );
  let count = 0;
  const orders = new Map<string, string>();
  const remove = (id: string): void => {
    const known = effects.get(id);
    if (known === undefined) return;
    effects.delete(id);
    queues.get('all')?.delete(known.place);
    queues.get(sortOf(known.effect.effect))?.delete(known.place);
  };
  return {
    put: (effect) => {
      const { id, notBefore } = effect;
      if (!orders.has(id)) {
        count += 1;
        orders.set(id, String(count).padStart(12, '0'));
      }
      remove(id);
      const place = `${notBefore}#${orders.get(id)}#${id}`;
      effects.set(id, { effect, place });
      queues.get('all')?.add(place);
      queues.get(sortOf(effect.effect))?.add(place);
    },
    get: (id) => effects.get(id)?.effect,
    delete: (id) => {
      remove(id);
      orders.delete(id);
    },
    outstanding: (now, limit, sort) =>
      (queues.get(sort ?? 'all')?.firstBefore(after(now), limit) ?? []).flatMap((place) => {
        const known = effects.get(idIn(place.slice(place.indexOf('#') + 1)));
        return known === undefined ? [] : [known.effect];
      }),
    next: () => earliestOf([queues.get('all')?.first()]),
  };
}

function idIn(place: string): string {
  return place.slice(place.indexOf('#') + 1);
}

function earliestOf(places: readonly (string | undefined)[]): Instant | undefined {
  const moments = places.flatMap((place) =>
    place === undefined ? [] : [instant(place.slice(0, place.indexOf('#')))],
  );
  const [first, ...rest] = moments;
  return first === undefined ? undefined : earliest(first, ...rest);
}

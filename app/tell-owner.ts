/**
 * Tells owners what a decision ordered them to be told, so that nobody is left untold: the owner
 * alone, else the thread of the rotation's message, else the channel of the team or the default
 * one, where the owner is called upon, else whoever is on call in PagerDuty, else the subscribers
 * of SNS. Which of them it was stands in the effect's end and in the log.
 *
 * Slack has no idempotency key: what was told by a process that died before it could say so is told
 * again, by the same way. What may pass is tried again by the same way, too, for about an hour.
 */
import type { Rotation } from '../domain/case.ts';
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { Bug, messageOf, Permanent, Transient } from '../domain/errors.ts';
import { earliest, type Instant, millisBetween, millisOf } from '../domain/instant.ts';
import { digestText, noticeText, ownerWanted, whyNotTold } from '../domain/notice-text.ts';
import type { Announcer, Log, MessagePlace, Messenger, Notice, Pager } from '../domain/ports.ts';
import type { Shell } from './advance.ts';
import { allOf } from './all-of.ts';
import type { Performed } from './performed.ts';

export interface OwnerTeller extends Shell {
  readonly messenger: Messenger;
  readonly pager: Pager;
  readonly subscribers: Announcer;
  readonly log: Log;
}

type TellOwner = Extract<Effect, { readonly type: 'tell owner' }>;

/** One who has to be told of more than these at once gets a digest. */
export const handful = 5;

/** Failures that may pass, until the next way is tried. */
const patientTries = 6;
/** So shortly before the deadline nobody waits for more than the second try. */
const hurry = millisOf({ hours: 1 });

/** The effects in their order, those together of which one digest tells one person. */
export function inDigests(
  effects: readonly OutstandingEffect[],
): readonly (readonly OutstandingEffect[])[] {
  const byOwner = Map.groupBy(effects, ({ effect }) =>
    effect.type === 'tell owner' && effect.to !== null ? effect.to : null,
  );
  const begun = new Set<string>();
  return effects.flatMap((each) => {
    const { effect } = each;
    const to = effect.type === 'tell owner' ? effect.to : null;
    const all = to === null ? [] : (byOwner.get(to) ?? []);
    if (to === null || all.length <= handful) return [[each]];
    if (begun.has(to)) return [];
    begun.add(to);
    return [all];
  });
}

/** Tells of one rotation. Throws Transient, Throttled or Permanent if nobody could be told. */
export async function tellOwner(
  shell: OwnerTeller,
  outstanding: OutstandingEffect,
  effect: TellOwner,
): Promise<Performed> {
  const rotation = await loaded(shell, outstanding);
  const why = whyNotTold(rotation, effect, shell.clock.now());
  if (why !== undefined) return { superseded: why };
  const { occasion } = effect;
  return tell(shell, [{ rotation, occasion, outstanding, until: effect.until }]);
}

/** How one of several effects ended, or why it did not. */
export type ToldOf = readonly [OutstandingEffect, Performed | { readonly failed: unknown }];

/** Tells one owner of many rotations at once. One that cannot be read holds up no other. */
export async function tellOwners(
  shell: OwnerTeller,
  all: readonly OutstandingEffect[],
): Promise<readonly ToldOf[]> {
  const ends: ToldOf[] = [];
  const byOwner = new Map<string | null, Owed[]>();
  for (const outstanding of all) {
    const { effect } = outstanding;
    if (effect.type !== 'tell owner') throw new Bug(`${outstanding.id} tells no owner`);
    const rotation = await orFailed(() => loaded(shell, outstanding));
    if ('failed' in rotation) {
      ends.push([outstanding, rotation]);
      continue;
    }
    const superseded = whyNotTold(rotation, effect, shell.clock.now());
    if (superseded !== undefined) {
      ends.push([outstanding, { superseded }]);
      continue;
    }
    // Somebody else may own it by now.
    const to = rotation.owner.known ? rotation.owner.slackUserId : null;
    const owed = { rotation, occasion: effect.occasion, outstanding, until: effect.until };
    byOwner.set(to, [...(byOwner.get(to) ?? []), owed]);
  }
  for (const [to, owed] of byOwner) {
    for (const together of to === null ? owed.map((each) => [each]) : [owed]) {
      const told = await orFailed(() => tell(shell, together));
      ends.push(...together.map(({ outstanding }) => [outstanding, told] as const));
    }
  }
  return ends;
}

async function orFailed<T>(work: () => Promise<T>): Promise<T | { readonly failed: unknown }> {
  try {
    return await work();
  } catch (failed) {
    return { failed };
  }
}

interface Owed extends Notice {
  readonly outstanding: OutstandingEffect;
  readonly until: Instant;
}

async function loaded(shell: OwnerTeller, { rotationId }: OutstandingEffect): Promise<Rotation> {
  const rotation = await shell.store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  return rotation;
}

interface Way {
  readonly name: string;
  readonly go: () => Promise<void>;
}

/** By the first way that works. Throws if none does. */
async function tell(shell: OwnerTeller, owed: readonly Owed[]): Promise<Performed> {
  const failed: string[] = [];
  let passing: Transient | undefined;
  for (const way of await ways(shell, owed, failed)) {
    try {
      await way.go();
      const effectIds = owed.map(({ outstanding }) => outstanding.id);
      shell.log.info('told', { effectIds, by: way.name, failed });
      return { told: [way.name, ...failed.map((each) => `not ${each}`)].join('; ') };
    } catch (error) {
      if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
      if (error instanceof Transient) {
        if (isPatient(owed, shell.clock.now())) throw error;
        passing ??= error;
      }
      failed.push(`${way.name}: ${messageOf(error)}`);
    }
  }
  const whom = owed.map(({ rotation }) => rotation.id).join(', ');
  const nobody = `nobody could be told of ${whom}: ${failed.join('; ')}`;
  throw passing === undefined ? new Permanent(nobody) : new Transient(nobody, { cause: passing });
}

/** Whether there is time to try the same way again. */
function isPatient(owed: readonly Owed[], now: Instant): boolean {
  const tries = Math.max(...owed.map(({ outstanding }) => outstanding.attempts));
  const [first, ...more] = owed.map(({ until }) => until);
  const left = first === undefined ? 0 : millisBetween(now, earliest(first, ...more));
  return tries < (left > 0 && left < hurry ? 1 : patientTries);
}

/** All ways, in their order. */
async function ways(
  shell: OwnerTeller,
  owed: readonly Owed[],
  failed: readonly string[],
): Promise<readonly Way[]> {
  const [first] = owed;
  if (first === undefined) return [];
  const { owner, id } = first.rotation;
  const place = owed.length === 1 ? await shell.store.messageOf(id) : undefined;
  const notices = owed.map((each) => (place === undefined ? each : { ...each, place }));
  return [
    ...(owner.known
      ? [
          {
            name: `${owner.name} (${owner.slackUserId})`,
            go: () => shell.messenger.tellPerson(owner.slackUserId, notices),
          },
        ]
      : []),
    ...channels(shell, owed, place),
    { name: 'PagerDuty', go: () => page(shell, owed, failed) },
    { name: 'SNS', go: () => announce(shell, owed, failed) },
  ];
}

/** The thread of one rotation's message; then its team's channel, or the default one. */
function channels(
  { messenger }: OwnerTeller,
  owed: readonly Owed[],
  place: MessagePlace | undefined,
): readonly Way[] {
  const [first] = owed;
  if (first === undefined) return [];
  const { owner } = first.rotation;
  const whom = owner.known ? { whom: owner.slackUserId } : {};
  const byChannel = Map.groupBy(owed, ({ rotation }) => rotation.policy.channel ?? 'default');
  const named = [...byChannel.keys()].join(', ');
  return [
    ...(place === undefined
      ? []
      : [
          {
            name: `thread in ${place.channel}`,
            go: () => messenger.reply(place, textOf(owed), whom.whom),
          },
        ]),
    {
      name: `channel ${named}`,
      go: async () => {
        for (const [channel, those] of byChannel) {
          await messenger.tellTeam(textOf(those), { channel, ...whom });
        }
      },
    },
  ];
}

function textOf(owed: readonly Owed[]): string {
  const [first] = owed;
  if (first === undefined) return '';
  const { rotation, occasion } = first;
  if (owed.length > 1) return digestText(owed.map((each) => each.rotation));
  const wanted = rotation.owner.known ? '' : ` ${ownerWanted}`;
  return `${noticeText(rotation, occasion)}${wanted}`;
}

/** Whoever is on call, in each team that looks after one of the keys. */
async function page(
  shell: OwnerTeller,
  owed: readonly Owed[],
  failed: readonly string[],
): Promise<void> {
  const byRoute = Map.groupBy(owed, ({ rotation }) => rotation.policy.pagerDuty ?? 'default');
  await allOf([...byRoute.values()].map((those) => () => ring(shell, those, failed)));
}

/** An incident of its own, for whoever is on call to pass it on and to resolve. */
async function ring(
  { pager, ids }: OwnerTeller,
  owed: readonly Owed[],
  failed: readonly string[],
): Promise<void> {
  const [first] = owed;
  if (first === undefined) return;
  const { rotation } = first;
  const { owner } = rotation;
  const whom = owner.known ? `the owner, ${owner.name},` : 'the team';
  const told = `${textOf(owed)} (${failed.length} ways to tell them failed)`;
  await pager.trigger({
    dedupKey: `rot/${rotation.id}/deadline/${nameOf(first, owed, ids)}`,
    summary: `Tell ${whom} and resolve this: ${told}`,
    severity: 'warning',
    rotation,
  });
}

/**
 * The same where the same is told again, since the hub died over it; another one for all else. More
 * triggers of an incident that is open, or in hand, would ring nobody.
 */
function nameOf(first: Owed, owed: readonly Owed[], ids: OwnerTeller['ids']): string {
  const { occasion, until, outstanding } = first;
  if (owed.length === 1) return `${occasion}/${until}/${outstanding.version}`;
  return `digest/${ids.uuid(owed.map((each) => each.outstanding.id).join(' '))}`;
}

async function announce(
  { subscribers, clock }: OwnerTeller,
  owed: readonly Owed[],
  failed: readonly string[],
): Promise<void> {
  for (const each of owed) {
    await subscribers.announce({
      effectId: each.outstanding.id,
      rotation: each.rotation,
      news: `${textOf([each])} The owner could not be told in ${failed.length} other ways.`,
      at: clock.now(),
    });
  }
}

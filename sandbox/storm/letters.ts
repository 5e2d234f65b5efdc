/**
 * The events of a storm: what Config and Security Hub say of every key, several times over, in an
 * order that follows from the seed, some of them damaged on their way.
 */
import { plus } from '../../domain/instant.ts';
import { type Reporter, reportStaleUser } from '../reports.ts';
import type { Dice } from '../simulation/dice.ts';
import type { World } from '../world.ts';
import { type StormOptions, storm } from './options.ts';
import type { Subject } from './population.ts';

/** An event on its way to its queue. */
export interface Letter {
  readonly body: string;
  readonly eventId: string;
  /** The key that it is about. */
  readonly keyId: string;
  /** How it was damaged; null: it says what it should. */
  readonly damage: string | null;
}

type Json = Record<string, unknown>;

/** The first of them speak of every key; each is another standard, format or service. */
export const reporters: readonly Reporter[] = [
  'security hub',
  'config',
  'security hub v2',
  'cis 1.4.0',
  'cis 5.0.0',
  'consolidated',
];

/** Longer than any service takes to say something. */
const untilSaid = { minutes: 2 } as const;

/** Has every key reported so often, and intercepts all that is said. Takes two minutes. */
export async function gathered(
  world: World,
  subjects: readonly Subject[],
  { copies, spread }: Pick<StormOptions, 'copies' | 'spread'>,
  dice: Dice,
): Promise<readonly Letter[]> {
  const said: Json[] = [];
  world.setCourier((event) => {
    said.push(event as Json);
  });
  for (const { user } of subjects) reportStaleUser(world, user, reporters.slice(0, copies));
  await world.clock.runUntil(plus(world.clock.now(), untilSaid));
  world.setCourier(undefined);
  const keyOf = new Map(
    subjects.flatMap(({ user, keyId }) => [
      [user.userName, keyId],
      [user.userId, keyId],
    ]),
  );
  const [first] = subjects;
  const letters = shuffled(said, dice);
  if (spread === 'one floods') {
    letters.sort((a, b) => Number(isOf(b, first)) - Number(isOf(a, first)));
  }
  return damaged(
    letters.flatMap((event) => {
      const keyId = keyOf.get(subjectOf(event));
      return keyId === undefined ? [] : [{ event, keyId }];
    }),
    dice,
  );
}

function isOf({ account }: Json, subject: Subject | undefined): boolean {
  return account === subject?.user.account;
}

/** The name of the user that an event speaks of, or its unique id. */
function subjectOf(event: Json): string {
  return /service-\d{6}|AIDA[A-Z2-7]{17}/.exec(JSON.stringify(event.detail))?.[0] ?? '';
}

function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = dice.between(0, at);
    const [here, there] = [all[at], all[other]];
    if (here === undefined || there === undefined) continue;
    all[at] = there;
    all[other] = here;
  }
  return all;
}

/** Of every key one event at least stays whole. */
function damaged(
  events: readonly { readonly event: Json; readonly keyId: string }[],
  dice: Dice,
): readonly Letter[] {
  const hurt = new Set<number>();
  const keys = new Set<string>();
  const wanted = Math.floor(events.length / storm.malformedOneIn);
  while (hurt.size < wanted) {
    const index = dice.between(0, events.length - 1);
    const keyId = events[index]?.keyId ?? '';
    if (keys.has(keyId)) continue;
    hurt.add(index);
    keys.add(keyId);
  }
  return events.map(({ event, keyId }, index) => {
    const about = { eventId: String(event.id), keyId };
    if (!hurt.has(index)) return { ...about, body: JSON.stringify(event), damage: null };
    const damage = dice.pick(damages);
    return { ...about, body: damage.does(event), damage: damage.name };
  });
}

const damages: readonly { readonly name: string; readonly does: (event: Json) => string }[] = [
  { name: 'cut short', does: (event) => JSON.stringify(event).slice(0, -40) },
  { name: 'of no account', does: (event) => JSON.stringify({ ...event, account: '11112222' }) },
  { name: 'without a time', does: ({ time, ...rest }) => JSON.stringify(rest) },
  { name: 'about nothing', does: (event) => JSON.stringify({ ...event, detail: {} }) },
];

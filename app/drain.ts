/**
 * What is in flight, and how it comes to rest before Keyturn is taken away. A rotation is at rest
 * when nothing moves it but a person: done, or held. Draining holds those that may be held, by the
 * same event as the button Pause, and waits for the runs that are under way; it never cuts one off
 * and never touches a key.
 */
import type { Rotation } from '../domain/case.ts';
import type { HumanEvent } from '../domain/event.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Actor } from '../domain/people.ts';
import type { RotationStore, StopSwitch } from '../domain/ports.ts';
import { whyNotLegal } from '../domain/press.ts';
import { needs } from '../domain/wake.ts';
import { advance, type Shell } from './advance.ts';

export interface InFlight {
  /** Those that go on by themselves. */
  readonly moving: readonly Rotation[];
  /** Held: each stays as it is until a person decides. */
  readonly held: readonly Rotation[];
  /** What was ordered and is not performed yet: messages, results, starts. */
  readonly outstanding: number;
}

/** No wake lies further ahead: overlaps and soaks take weeks, not years. */
const furthest = { days: 3650 };
/** More than a partition's hub ever has open. */
const most = 10_000;

/** Everything that is not done. Every open rotation has a wake, and so is found. */
export async function inFlight(store: RotationStore, now: Instant): Promise<InFlight> {
  const horizon = plus(now, furthest);
  const lists = await Promise.all(needs.map((need) => store.due(need, horizon, most)));
  const ids = [...new Set(lists.flat())];
  const loaded = await Promise.all(ids.map((id) => store.load(id)));
  const open = loaded.filter((each) => each !== undefined && each.stage.name !== 'done');
  const rotations = open.flatMap((each) => each ?? []);
  const outstanding = await store.outstanding(horizon, most);
  return {
    moving: rotations.filter(({ stage }) => stage.name !== 'held'),
    held: rotations.filter(({ stage }) => stage.name === 'held'),
    outstanding: outstanding.length,
  };
}

export interface Drain {
  readonly shell: Shell;
  readonly stopSwitch: StopSwitch;
  /** Who drains; every hold is journalled under this name. */
  readonly by: Actor;
  /** Holds what may be held, or lets everything come to its own end. */
  readonly how: 'hold' | 'finish';
  /** While something moves by then, it is left. A second look at rest may come a minute later. */
  readonly until: Instant;
  /** Lets some time pass. */
  readonly pause: () => Promise<void>;
  readonly onProgress: (left: InFlight) => void;
}

export type Drained =
  | { readonly refused: string }
  | { readonly refused?: never; readonly left: InFlight; readonly heldNow: number };

/**
 * What was decided a moment ago may be missing in what a store lists: its index is late. So rest is
 * believed only if it is seen twice, so many milliseconds apart, with nothing done in between.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html (2026-11)
 */
const betweenLooks = 60_000;

/** What is in flight, looked at again where nothing seems to be. */
export async function surelyInFlight({ store, clock }: Pick<Shell, 'store' | 'clock'>) {
  const first = await inFlight(store, clock.now());
  if (!isAtRest(first)) return first;
  await clock.sleep(betweenLooks);
  return inFlight(store, clock.now());
}

/** Nothing moves and nothing is owed, as far as one look shows. */
export function isAtRest({ moving, outstanding }: InFlight): boolean {
  return moving.length === 0 && outstanding === 0;
}

/** Refused while Keyturn is stopped: then no stage may change, and no run comes to be followed. */
export async function drain(order: Drain): Promise<Drained> {
  const { shell, stopSwitch, how, until, pause, onProgress } = order;
  const stop = await stopSwitch.read();
  if (stop.stopped) return { refused: `Keyturn is stopped: ${stop.why}` };
  let heldNow = 0;
  let seen: InFlight | undefined;
  for (;;) {
    const held = how === 'hold' ? await holdAll(order) : 0;
    heldNow += held;
    const left = await inFlight(shell.store, shell.clock.now());
    onProgress(left);
    const isRest = isAtRest(left);
    if (isRest && held === 0 && seen !== undefined && isSame(seen, left)) return { left, heldNow };
    if (!isRest && shell.clock.now() >= until) return { left, heldNow };
    seen = isRest ? left : undefined;
    await (isRest ? shell.clock.sleep(betweenLooks) : pause());
  }
}

/** Of two looks at rest: whether they saw the same rotations held. */
function isSame(one: InFlight, other: InFlight): boolean {
  const ids = ({ held }: InFlight) => held.map(({ id, version }) => `${id}/${version}`).toSorted();
  return ids(one).join() === ids(other).join();
}

async function holdAll({ shell, by }: Drain): Promise<number> {
  const { moving } = await inFlight(shell.store, shell.clock.now());
  const event: HumanEvent = { type: 'paused', by };
  let held = 0;
  for (const { id } of moving) {
    // The machine pauses nothing while a run is in flight; what it refuses is not journalled here.
    const { refused, ignored } = await advance(shell, id, event, (current) =>
      whyNotLegal({ type: 'pause' }, current, shell.clock.now()),
    );
    if (refused === undefined && ignored === undefined) held += 1;
  }
  return held;
}

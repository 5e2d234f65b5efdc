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
  readonly until: Instant;
  /** Lets some time pass. */
  readonly pause: () => Promise<void>;
  readonly onProgress: (left: InFlight) => void;
}

export type Drained =
  | { readonly refused: string }
  | { readonly refused?: never; readonly left: InFlight; readonly heldNow: number };

/** Nothing moves and nothing is owed. */
export function isAtRest({ moving, outstanding }: InFlight): boolean {
  return moving.length === 0 && outstanding === 0;
}

/** Refused while Keyturn is stopped: then no stage may change, and no run comes to be followed. */
export async function drain(order: Drain): Promise<Drained> {
  const { shell, stopSwitch, how, until, pause, onProgress } = order;
  const stop = await stopSwitch.read();
  if (stop.stopped) return { refused: `Keyturn is stopped: ${stop.why}` };
  let heldNow = 0;
  for (;;) {
    if (how === 'hold') heldNow += await holdAll(order);
    const left = await inFlight(shell.store, shell.clock.now());
    onProgress(left);
    if (isAtRest(left) || shell.clock.now() >= until) return { left, heldNow };
    await pause();
  }
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

/**
 * The acts of a drill, one invocation each; the state machine (infra/drill-machine.cjs) says in
 * which order. Each finds again by the run's name what an earlier one made, so that cleaning up
 * needs nothing but that.
 */
import { dummyPrefix } from '../domain/drill.ts';
import {
  type DrillCase,
  type Dummy,
  drillCases,
  drillProblems,
  emptyTrack,
  type Followed,
  type Found,
  isBusyTime,
  isOver,
  type Track,
  tracked,
} from '../domain/drill-cases.ts';
import type { DrillApps, DrillUsers, HeldKey } from '../domain/drill-ports.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, Place, RotationStore } from '../domain/ports.ts';
import { holderOf } from './holder.ts';

export interface DrillShell {
  readonly clock: Pick<Clock, 'now'>;
  readonly place: Place;
  readonly store: Pick<RotationStore, 'claimOn' | 'load'>;
  readonly users: DrillUsers;
  readonly apps: DrillApps;
  /** Says, as AWS Config would, that the user's keys are too old. */
  readonly report: (userId: string) => Promise<void>;
}

/** A drill that takes longer has failed: nothing that it waits for takes so long. */
const longestHours = 24;
/** What is older was left by a drill that somebody stopped. */
const leftoverDays = 3;

const userNameOf = (run: string, played: DrillCase) => `${dummyPrefix}${run}-${played}`;

/** One dummy for each case, with keys that only its application's secret holds. */
export async function makeDummies(
  { users, apps, clock }: DrillShell,
  run: string,
): Promise<readonly Dummy[]> {
  for (const name of await users.madeBefore(plus(clock.now(), { days: -leftoverDays }))) {
    await remove({ users, apps }, name);
  }
  const dummies: Dummy[] = [];
  for (const played of drillCases) {
    const userName = userNameOf(run, played);
    const { userId } = await users.make(userName);
    const keys = [await users.addKey(userName)];
    if (played === 'two-keys') keys.push(await users.addKey(userName));
    await apps.keep(userName, keys);
    dummies.push({ case: played, userName, userId, keyIds: keys.map(({ keyId }) => keyId) });
  }
  return dummies;
}

/**
 * Every application works once with the keys that it was set up with, and then they are reported.
 * Throws Transient while a new key is not known everywhere yet.
 */
export async function reportDummies(shell: DrillShell, dummies: readonly Dummy[]): Promise<void> {
  for (const dummy of dummies) {
    const refused = await work(shell, dummy);
    if (refused > 0) throw new Transient(`a key of ${dummy.userName} does not work yet`);
  }
  for (const { userId } of dummies) await shell.report(userId);
}

export interface Following {
  readonly over: boolean;
  /** Whether the next look is not to wait: the vault is to be kept busy. */
  readonly busy: boolean;
  readonly tracks: readonly Track[];
}

/** One look at all cases, in which every application works once. */
export async function followDummies(
  shell: DrillShell,
  asked: {
    readonly dummies: readonly Dummy[];
    readonly tracks: readonly Track[];
    readonly startedAt: Instant;
    readonly crowdSeconds: number;
  },
): Promise<Following> {
  const { dummies, startedAt, crowdSeconds } = asked;
  const tracks: Track[] = [];
  let over = true;
  let busy = false;
  for (const dummy of dummies) {
    const rotations = await rotationsOf(shell, dummy);
    if (rotations.every(({ stage }) => stage !== null)) await shell.users.settle(dummy.userName);
    const known = asked.tracks.find((track) => track.case === dummy.case);
    const track = known ?? emptyTrack(dummy.case);
    const isBusy = isBusyTime(track, rotations);
    const throttled = isBusy ? await shell.apps.crowd(dummy.userName, crowdSeconds) : 0;
    const refused = await work(shell, dummy);
    const stage = rotations[0]?.stage ?? null;
    tracks.push(tracked(track, { stage, refused, throttled, bursts: isBusy ? 1 : 0 }));
    over = over && isOver(dummy, rotations);
    busy = busy || isBusy;
  }
  const isLate = isDue(plus(startedAt, { hours: longestHours }), shell.clock.now());
  return { over: over || isLate, busy, tracks };
}

async function rotationsOf(shell: DrillShell, { keyIds }: Dummy): Promise<readonly Followed[]> {
  const each = keyIds.map(async (keyId): Promise<Followed> => {
    const rotation = await holderOf(shell.store, shell.place, keyId);
    const { stage } = rotation ?? {};
    if (stage === undefined) return { keyId, stage: null, outcome: null };
    return { keyId, stage: stage.name, outcome: stage.name === 'done' ? stage.outcome : null };
  });
  return Promise.all(each);
}

/** What the application of the case uses now: the forgetful one knows of no vault. */
async function keysInUse({ apps }: DrillShell, dummy: Dummy): Promise<readonly HeldKey[]> {
  const current = dummy.case === 'forgetful-app' ? undefined : await apps.currentOf(dummy.userName);
  return current === undefined ? apps.keysOf(dummy.userName) : [current];
}

/** How often it was refused. */
async function work(shell: DrillShell, dummy: Dummy): Promise<number> {
  let refused = 0;
  for (const key of await keysInUse(shell, dummy)) {
    if (!(await shell.apps.use(key, dummy.userId))) refused += 1;
  }
  return refused;
}

export interface Checked {
  readonly clean: boolean;
  readonly cases: readonly { readonly case: DrillCase; readonly problems: readonly string[] }[];
}

/** What each case came to, by what AWS shows. */
export async function checkDummies(
  shell: DrillShell,
  { dummies, tracks }: { readonly dummies: readonly Dummy[]; readonly tracks: readonly Track[] },
): Promise<Checked> {
  if (dummies.length !== drillCases.length) {
    throw new Permanent(`a drill has ${drillCases.length} cases, and this one ${dummies.length}`);
  }
  const cases: { case: DrillCase; problems: readonly string[] }[] = [];
  for (const dummy of dummies) {
    const track = tracks.find((each) => each.case === dummy.case) ?? emptyTrack(dummy.case);
    const problems = drillProblems(dummy, track, await foundOf(shell, dummy));
    cases.push({ case: dummy.case, problems });
  }
  return { clean: cases.every(({ problems }) => problems.length === 0), cases };
}

async function foundOf(shell: DrillShell, dummy: Dummy): Promise<Found> {
  const { users, apps } = shell;
  const rotations = await rotationsOf(shell, dummy);
  const keys = (await users.keysOf(dummy.userName)) ?? [];
  const current = await apps.currentOf(dummy.userName);
  const held = [
    ...(await apps.keysOf(dummy.userName)),
    ...(current === undefined ? [] : [current]),
  ];
  const working: string[] = [];
  for (const key of held) {
    if (await apps.use(key, dummy.userId)) working.push(key.keyId);
  }
  return { rotations, keys, currentKeyId: current?.keyId ?? null, working };
}

/** Users, keys and secrets of the run, whatever of them there is. */
export async function cleanUp(shell: Pick<DrillShell, 'users' | 'apps'>, run: string) {
  for (const played of drillCases) await remove(shell, userNameOf(run, played));
}

async function remove(
  { users, apps }: Pick<DrillShell, 'users' | 'apps'>,
  userName: string,
): Promise<void> {
  await users.remove(userName);
  await apps.forget(userName);
}

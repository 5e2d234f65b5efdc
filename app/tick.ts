/**
 * What happens every minute: rotations whose time has come are woken, effects left behind are
 * performed, runs that are overdue are asked about. One rotation's trouble holds up no other.
 */
import type { Rotation } from '../domain/case.ts';
import { unreachable } from '../domain/errors.ts';
import type { RotationEvent } from '../domain/event.ts';
import { isDue } from '../domain/instant.ts';
import type { StageName } from '../domain/stage.ts';
import { type Need, needs, runInFlight, wakeOf } from '../domain/wake.ts';
import { advance } from './advance.ts';
import { followRun } from './follow-run.ts';
import { look, placeOf, seenNothing } from './look.ts';
import { patience } from './patience.ts';
import { type Performance, performOutstanding } from './perform.ts';
import { problemOf } from './problem-of.ts';
import { whyRingClosed } from './rings.ts';
import { roomFor } from './room.ts';
import { roomAmongRuns } from './room-among-runs.ts';
import { rulingOn } from './ruling.ts';
import { count, orCounted, type Standing } from './standing.ts';
import { type Told, tellingBacklog } from './tell-backlog.ts';
import type { Ticking, TickShell } from './ticking.ts';
import { endless, mayBegin, type TimeLeft } from './time-left.ts';
import type { Found } from './user-or-gone.ts';
import { wakeAll } from './wake-all.ts';
import { orWhatIsWrong } from './what-is-wrong.ts';

/**
 * Of the time before the wakes: however much has to be told, those who need a key back have their
 * turn, and one slow account leaves some for the others.
 */
const shareForTelling = 1 / 3;

/** Whoever is told of accounts is told within that. */
const alarmMillis = 10_000;

const deadlinePassed = { type: 'deadline passed' } as const;

export type Ticked =
  | ({ readonly woken: number; readonly effects: number } & Standing)
  | { readonly woken: 0; readonly effects: 0; readonly stopped: string };

/**
 * Returns how many rotations were woken and how many effects were tried, or why nothing may happen
 * now. What nobody expected is thrown once everything else had its turn. What there was no time for
 * is left to the next tick.
 */
export async function tick(given: TickShell, time: TimeLeft = endless): Promise<Ticked> {
  const standing = { held: 0, overdue: 0 };
  const shell: Ticking = {
    ...given,
    room: roomAmongRuns(given),
    standing,
    time,
    patience: patience(time, given.clock),
  };
  const stop = await shell.stopSwitch.read();
  await shell.stopAlarm.heed(stop);
  if (stop.stopped) return { woken: 0, effects: 0, stopped: stop.why };
  const forWakes = time === endless ? 0 : time.millis() * (1 - shareForTelling);
  const before = await performOutstanding(shell, time, forWakes);
  const backlog = tellingBacklog(shell, before.messages, time);
  const unexpected = [...before.unexpected];
  let woken = 0;
  let after: Performance;
  let told: Told;
  try {
    for (const need of needs) {
      woken += await wakeAll(shell, need, (id) => wake(shell, id), unexpected);
    }
    after = await performOutstanding(shell, time, 0, before.messages.length > 0);
  } finally {
    // What went on after a tick that fails would be told again by the next one.
    told = await backlog.end();
    shell.room.close();
  }
  unexpected.push(...after.unexpected, ...told.unexpected);
  standing.overdue += after.unread;
  const effects = before.tried + after.tried + told.tried;
  if (!mayBegin(time)) shell.log.error('tick out of time', { woken, effects });
  if (told.left > 0) shell.log.info('messages left to the next tick', { left: told.left });
  await heedAccounts(shell);
  if (unexpected.length > 0) throw unexpected[0];
  return { woken, ...standing, effects };
}

async function heedAccounts({ accountAlarm, time, log }: Ticking): Promise<void> {
  try {
    await time.within(alarmMillis, 'telling of accounts', () => accountAlarm.heed());
  } catch (error) {
    log.error('account alarm: not sent', { problem: problemOf(error) });
  }
}

/** What the store listed is a hint: what is needed follows from the rotation itself. */
async function wake(shell: Ticking, id: string): Promise<void> {
  const rotation = await orCounted(shell.standing, shell.store.load(id));
  const wake = rotation === undefined ? null : wakeOf(rotation);
  if (rotation === undefined || wake === null || !isDue(wake.at, shell.clock.now())) return;
  count(shell.standing, rotation, wake.at, shell.clock.now());
  const known = await withFiles(shell, rotation, wake.need);
  const next = wakeOf(known);
  if (next === null || !isDue(next.at, shell.clock.now())) return;
  await shell.patience.spend(
    known,
    () => attend(shell, known, next.need),
    (problem) => giveUp(shell, known, next.need, problem),
  );
}

const beforeOff: readonly StageName[] = ['proposed', 'issuing', 'overlapping'];

/**
 * What was found in files is heard of before anything is done to the key. Once that is off, it is
 * too late for grace: a note that cannot be read keeps nobody from seeing who needs it back.
 */
async function withFiles(shell: Ticking, rotation: Rotation, need: Need): Promise<Rotation> {
  const isInTime = beforeOff.includes(rotation.stage.name);
  if (!isInTime || need === 'run status' || need === 'deadline') return rotation;
  const { key, found: known } = rotation;
  const { partition, account } = key.user;
  const noted = await shell.store.filesOf({ partition, account, keyId: key.keyId });
  if (noted === undefined || (known !== undefined && known.at >= noted.at)) return rotation;
  const { at, places, more } = noted;
  const event = { type: 'found in files', found: { at, places, more } } as const;
  return (await advance(shell, rotation.id, event)).rotation;
}

/** Whoever is asked and says nothing for so long is not asked again at once. */
async function giveUp(
  shell: Ticking,
  rotation: Rotation,
  need: Need,
  problem: string,
): Promise<void> {
  if (need === 'deadline') return;
  const event = need === 'run status' ? deadlinePassed : seenNothing(shell, rotation, problem);
  await advance(shell, rotation.id, event);
}

async function attend(shell: Ticking, rotation: Rotation, need: Need): Promise<void> {
  switch (need) {
    case 'deadline':
      await advance(shell, rotation.id, deadlinePassed);
      return;
    case 'admission':
      return admit(shell, rotation);
    case 'turn':
    case 'evidence':
      return look(shell, rotation);
    case 'run status':
      return poll(shell, rotation);
    default:
      return unreachable(need);
  }
}

/** A new key is made only while the old one is still there, and its user and the runs have room. */
async function admit(shell: Ticking, rotation: Rotation): Promise<void> {
  await shell.room.counting(rotation, async (hasRoom) => {
    if (!(await hasRoom())) return null;
    const event = await orWhatIsWrong(shell, rotation, (found) =>
      admission(shell, rotation, found),
    );
    return advance(shell, rotation.id, event);
  });
}

async function admission(
  shell: TickShell,
  rotation: Rotation,
  { user, keys }: Found,
): Promise<RotationEvent> {
  const ruling = await rulingOn(shell, user);
  if (ruling.exempt !== null) return { type: 'exempted', why: ruling.exempt };
  const { stage } = rotation;
  if (stage.name === 'proposed') {
    const why = await whyRingClosed(shell, ruling.policy);
    if (why !== null) return { type: 'ring closed', why };
  }
  if (stage.name !== 'proposed' || stage.plan.kind !== 'replace') return { type: 'admitted' };
  const room = await roomFor(shell, rotation, stage.plan, keys, ruling.policy);
  switch (room.is) {
    case 'free':
      return { type: 'admitted' };
    case 'awaited':
      return { type: 'room awaited', spare: room.spare };
    case 'taken':
      return { type: 'no room', problem: room.problem };
  }
}

/** A run that cannot be asked about is no reason to wait for ever: the machine counts the hours. */
async function poll(shell: TickShell, rotation: Rotation): Promise<void> {
  const run = runInFlight(rotation);
  if (run?.status === 'started') {
    try {
      await followRun(shell, placeOf(rotation), run.executionId, rotation.id);
      return;
    } catch (error) {
      shell.log.error('run not read', { rotationId: rotation.id, problem: problemOf(error) });
    }
  }
  await advance(shell, rotation.id, deadlinePassed);
}

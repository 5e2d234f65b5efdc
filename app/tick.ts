/**
 * What happens every minute: rotations whose time has come are woken, effects left behind are
 * performed, runs that are overdue are asked about. One rotation's trouble holds up no other.
 */
import type { Rotation } from '../domain/case.ts';
import { messageOf, unreachable } from '../domain/errors.ts';
import type { RotationEvent } from '../domain/event.ts';
import type { Examination } from '../domain/examination.ts';
import { type Instant, isDue } from '../domain/instant.ts';
import { noEvidence } from '../domain/judge.ts';
import type { IamUser } from '../domain/key.ts';
import type { Place, Users, Witness } from '../domain/ports.ts';
import { probeOf } from '../domain/runbook-order.ts';
import { type Need, needs, runInFlight, wakeOf } from '../domain/wake.ts';
import type { AccountAlarm } from './account-alarm.ts';
import { advance } from './advance.ts';
import { examine } from './examine.ts';
import { followRun } from './follow-run.ts';
import { listedInTurns } from './listed-in-turns.ts';
import { type Patience, patience } from './patience.ts';
import { isExpected, type Performance, type PerformShell, performOutstanding } from './perform.ts';
import { problemOf } from './problem-of.ts';
import { roomFor } from './room.ts';
import { type RoomAmongRuns, roomAmongRuns } from './room-among-runs.ts';
import { rulingOn } from './ruling.ts';
import { count, orCounted, type Standing, type Tally } from './standing.ts';
import type { StopAlarm } from './stop-alarm.ts';
import { type Told, tellingBacklog } from './tell-backlog.ts';
import { endless, mayBegin, type TimeLeft } from './time-left.ts';
import { type Found, userOrGone } from './user-or-gone.ts';

export interface TickShell extends PerformShell {
  readonly users: Users;
  readonly witness: Witness;
  /** Runs in flight at most, over all accounts. */
  readonly capacity: number;
  /** Of them, in one account and Region. */
  readonly accountCapacity: number;
  readonly stopAlarm: StopAlarm;
  readonly accountAlarm: Pick<AccountAlarm, 'heed'>;
}

/** At most so many rotations of each need a tick. */
const batch = 200;

/**
 * Those who wait for a run stay in the queue while their account has no room, and so do those whose
 * waking fails: behind so many of them a tick still looks for others.
 */
const farthest = 3200;

/**
 * Of the time before the wakes: however much has to be told, those who need a key back have their
 * turn, and one slow account leaves some for the others.
 */
const shareForTelling = 1 / 3;

/** Whoever is told of accounts is told within that. */
const alarmMillis = 10_000;

export type Ticked =
  | ({ readonly woken: number; readonly effects: number } & Standing)
  | { readonly woken: 0; readonly effects: 0; readonly stopped: string };

interface Ticking extends TickShell {
  readonly room: RoomAmongRuns;
  readonly standing: Tally;
  readonly time: TimeLeft;
  readonly patience: Patience;
}

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
    for (const need of needs) woken += await wakeAll(shell, need, unexpected);
    after = await performOutstanding(shell, time, 0, before.messages.length > 0);
  } finally {
    // What went on after a tick that fails would be told again by the next one.
    told = await backlog.end();
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

/** Returns how many were woken. */
async function wakeAll(shell: Ticking, need: Need, unexpected: unknown[]): Promise<number> {
  const seen = new Set<string>();
  let failed = 0;
  for (let limit = batch; limit <= farthest; limit *= 2) {
    const listed = await listedInTurns(shell, need, limit);
    for (const id of listed.filter((each) => !seen.has(each))) {
      if ((await shell.stopSwitch.read()).stopped) return seen.size;
      if (!mayBegin(shell.time)) return seen.size;
      seen.add(id);
      if (!(await wakeSafely(shell, id, unexpected))) failed += 1;
    }
    if (listed.length < limit) break;
    if (need === 'admission' ? !(await shell.room.isAnyLeft()) : failed === 0) break;
  }
  return seen.size;
}

/** Whether nothing failed. */
async function wakeSafely(shell: Ticking, id: string, unexpected: unknown[]): Promise<boolean> {
  try {
    await wake(shell, id);
    return true;
  } catch (error) {
    shell.log.error('wake failed', { rotationId: id, problem: messageOf(error) });
    if (!isExpected(error)) unexpected.push(error);
    return false;
  }
}

/** What the store listed is a hint: what is needed follows from the rotation itself. */
async function wake(shell: Ticking, id: string): Promise<void> {
  const rotation = await orCounted(shell.standing, shell.store.load(id));
  const wake = rotation === undefined ? null : wakeOf(rotation);
  if (rotation === undefined || wake === null || !isDue(wake.at, shell.clock.now())) return;
  count(shell.standing, rotation, wake.at, shell.clock.now());
  await shell.patience.spend(rotation, () => attend(shell, rotation, wake.need));
}

async function attend(shell: Ticking, rotation: Rotation, need: Need): Promise<void> {
  switch (need) {
    case 'deadline':
      await advance(shell, rotation.id, { type: 'deadline passed' });
      return;
    case 'admission':
      return admit(shell, rotation);
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
  if (!(await shell.room.isLeftFor(rotation))) return;
  const event = await orWhatIsWrong(shell, rotation, (found) => admission(shell, rotation, found));
  await shell.room.counting(rotation, () => advance(shell, rotation.id, event));
}

async function admission(
  shell: TickShell,
  rotation: Rotation,
  { user, keys }: Found,
): Promise<RotationEvent> {
  const ruling = await rulingOn(shell, user);
  if (ruling.exempt !== null) return { type: 'exempted', why: ruling.exempt };
  const { stage } = rotation;
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

async function look(shell: Ticking, rotation: Rotation): Promise<void> {
  const examination = probeOf(rotation);
  if (examination === null) {
    const deadline = async () => ({ type: 'deadline passed' }) as const;
    const event = await orWhatIsWrong(shell, rotation, deadline);
    await advance(shell, rotation.id, event);
    return;
  }
  const exempt = mayStartRun(rotation, shell.clock.now())
    ? await exemptByNow(shell, rotation)
    : null;
  const event = exempt ?? (await probe(shell, rotation, examination));
  await shell.room.counting(rotation, () => advance(shell, rotation.id, event));
}

/** However full it is, what is needed or changed shows; only what would start a run has to wait. */
async function probe(
  shell: Ticking,
  rotation: Rotation,
  examination: Examination,
): Promise<RotationEvent> {
  const evidence = await examine(shell, placeOf(rotation), rotation.id, examination);
  const wouldStart = mayStartRun(rotation, shell.clock.now()) && evidence.verdict === 'safe';
  return wouldStart && !(await shell.room.isLeftFor(rotation))
    ? { type: 'crowded' }
    : { type: 'evidence gathered', evidence };
}

/** Nothing is switched off or deleted of a user of whom that cannot be told: it is no evidence. */
async function exemptByNow(shell: TickShell, rotation: Rotation): Promise<RotationEvent | null> {
  const { user } = rotation.key;
  try {
    const now = await shell.users.byName(user.partition, user.account, user.userName);
    // Somebody else by now, or nobody: the witness says so, and nothing is touched.
    return now?.userId === user.userId ? await exemption(shell, now) : null;
  } catch (error) {
    const problem = `whether the user is exempt by now is not known: ${problemOf(error)}`;
    shell.log.error('look failed', { rotationId: rotation.id, problem });
    return { type: 'evidence gathered', evidence: noEvidence(problem, shell.clock.now()) };
  }
}

async function exemption(shell: TickShell, user: IamUser): Promise<RotationEvent | null> {
  const { exempt } = await rulingOn(shell, user);
  return exempt === null ? null : { type: 'exempted', why: exempt };
}

/** Looks between deadlines go on however full it is, and so does what gives a key back. */
function mayStartRun({ stage }: Rotation, now: Instant): boolean {
  if (stage.name === 'proposed') return isDue(stage.due, now);
  if (stage.name === 'overlapping') return isDue(stage.deactivateAt, now);
  return stage.name === 'soaking' && isDue(stage.deleteAt, now);
}

/** What follows from the user's keys, unless key or user are gone or cannot be read. */
async function orWhatIsWrong(
  shell: TickShell,
  rotation: Rotation,
  follows: (found: Found) => Promise<RotationEvent>,
): Promise<RotationEvent> {
  try {
    const found = await userOrGone(shell, rotation);
    return 'type' in found ? found : await follows(found);
  } catch (error) {
    const problem = problemOf(error);
    shell.log.error('look failed', { rotationId: rotation.id, problem });
    return { type: 'look failed', problem };
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
  await advance(shell, rotation.id, { type: 'deadline passed' });
}

function placeOf(rotation: Rotation): Place {
  const { partition, account } = rotation.key.user;
  return { partition, account, region: rotation.region };
}

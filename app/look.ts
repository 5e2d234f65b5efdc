/**
 * A look at who uses a rotation's keys, which the witness beside them takes. Safe at a deadline, it
 * starts the next run, if there is room: nobody is asked what could not be acted on anyway.
 */
import type { Rotation } from '../domain/case.ts';
import { probeHours } from '../domain/decision.ts';
import type { RotationEvent } from '../domain/event.ts';
import type { Examination } from '../domain/examination.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import { noEvidence } from '../domain/judge.ts';
import type { IamUser } from '../domain/key.ts';
import type { Place } from '../domain/ports.ts';
import { probeOf } from '../domain/runbook-order.ts';
import { advance } from './advance.ts';
import { examine } from './examine.ts';
import { problemOf } from './problem-of.ts';
import { whyRingClosed } from './rings.ts';
import type { HasRoom } from './room-among-runs.ts';
import { rulingOn } from './ruling.ts';
import type { Ticking, TickShell } from './ticking.ts';
import { orWhatIsWrong } from './what-is-wrong.ts';

/**
 * Looks, and decides on what is seen. Whoever waits for room alone stays in the queue, but is
 * looked at as often as between deadlines: what is needed or changed shows however full it is.
 */
export async function look(shell: Ticking, rotation: Rotation): Promise<void> {
  const examination = probeOf(rotation);
  if (examination === null) {
    const deadline = async () => ({ type: 'deadline passed' }) as const;
    const event = await orWhatIsWrong(shell, rotation, deadline);
    await advance(shell, rotation.id, event);
    return;
  }
  const now = shell.clock.now();
  const isDeadline = mayStartRun(rotation, now);
  await shell.room.counting(rotation, async (hasRoom) => {
    if (isDeadline && isLookedAt(rotation, now) && !(await hasRoom())) return null;
    const barred = isDeadline ? await barredByNow(shell, rotation) : null;
    const event = barred ?? (await probe(shell, rotation, examination, hasRoom));
    return advance(shell, rotation.id, event);
  });
}

/** What a look comes to that did not end in time. */
export function seenNothing(
  { clock }: Pick<TickShell, 'clock'>,
  rotation: Rotation,
  problem: string,
): RotationEvent {
  return probeOf(rotation) === null
    ? { type: 'look failed', problem }
    : { type: 'evidence gathered', evidence: noEvidence(problem, clock.now()) };
}

/** Whether it was looked at within the time between two looks. */
function isLookedAt({ stage }: Rotation, now: Instant): boolean {
  const seen = evidenceIn(stage);
  return seen !== null && !isDue(plus(seen.at, { hours: probeHours }), now);
}

function evidenceIn(stage: Rotation['stage']) {
  switch (stage.name) {
    case 'proposed':
      return stage.plan.kind === 'retire' ? stage.plan.evidence : null;
    case 'overlapping':
    case 'soaking':
      return stage.evidence;
    default:
      return null;
  }
}

/** However full it is, what is needed or changed shows; only what would start a run has to wait. */
async function probe(
  shell: Ticking,
  rotation: Rotation,
  examination: Examination,
  hasRoom: HasRoom,
): Promise<RotationEvent> {
  const evidence = await examine(shell, placeOf(rotation), rotation, examination);
  const wouldStart = mayStartRun(rotation, shell.clock.now()) && evidence.verdict === 'safe';
  return wouldStart && !(await hasRoom())
    ? { type: 'crowded' }
    : { type: 'evidence gathered', evidence };
}

/** Nothing is switched off or deleted of a user of whom that cannot be told: it is no evidence. */
async function barredByNow(shell: TickShell, rotation: Rotation): Promise<RotationEvent | null> {
  const { user } = rotation.key;
  try {
    const now = await shell.users.byName(user.partition, user.account, user.userName);
    // Somebody else by now, or nobody: the witness says so, and nothing is touched.
    return now?.userId === user.userId ? await barring(shell, rotation, now) : null;
  } catch (error) {
    const what = 'whether the user is exempt by now, and its ring open, is not known';
    const problem = `${what}: ${problemOf(error)}`;
    shell.log.error('look failed', { rotationId: rotation.id, problem });
    return { type: 'evidence gathered', evidence: noEvidence(problem, shell.clock.now()) };
  }
}

async function barring(
  shell: TickShell,
  { stage }: Rotation,
  user: IamUser,
): Promise<RotationEvent | null> {
  const { exempt, policy } = await rulingOn(shell, user);
  if (exempt !== null) return { type: 'exempted', why: exempt };
  // Whose key is off, or has another beside it, goes on: to stop half way helps nobody.
  const why = stage.name === 'proposed' ? await whyRingClosed(shell, policy) : null;
  return why === null ? null : { type: 'ring closed', why };
}

/** Looks between deadlines go on however full it is, and so does what gives a key back. */
function mayStartRun({ stage }: Rotation, now: Instant): boolean {
  if (stage.name === 'proposed') return isDue(stage.due, now);
  if (stage.name === 'overlapping') return isDue(stage.deactivateAt, now);
  return stage.name === 'soaking' && isDue(stage.deleteAt, now);
}

/** Where the rotation's runs and witness are. */
export function placeOf(rotation: Rotation): Place {
  const { partition, account } = rotation.key.user;
  return { partition, account, region: rotation.region };
}

/**
 * Rotations driven by random events: deterministic from a seed, so that a failure replays. Events
 * fit the stage often enough to reach every stage, and are nonsense often enough to matter.
 */
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent, RunResult } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { type Decision, decide } from '../../domain/rotation.ts';
import type { Spare, Stage } from '../../domain/stage.ts';
import { runInFlight, wakeOf } from '../../domain/wake.ts';
import {
  admin,
  approver,
  executionId,
  hubFinding,
  inUse,
  issued,
  nightWindow,
  notPicked,
  overlapping,
  policyWith,
  proposed,
  retirement,
  rotationAt,
  safe,
  soaking,
  staleKey,
  story,
  unknown,
  use,
} from '../builders.ts';

export interface Step {
  readonly before: Rotation;
  readonly event: RotationEvent;
  readonly now: Instant;
  readonly decision: Decision;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One life of a rotation, at most so many events long. */
export function life(seed: number, length: number): readonly Step[] {
  const random = randomFrom(seed);
  const window = random() < 0.3 ? nightWindow : ('any time' as const);
  const policy = policyWith({ window, snoozeCapHours: random() < 0.5 ? 30 : 168 });
  const [kind, stage, start] = pick(beginnings, random);
  const foundAs = kind === 'retire' && random() < 0.3 ? 'Inactive' : 'Active';
  const key = { ...staleKey, foundAs } as const;
  let rotation: Rotation = rotationAt<Stage>(stage, { policy, kind, key });
  let now: Instant = start;
  const steps: Step[] = [];
  while (steps.length < length && rotation.stage.name !== 'done') {
    now = nextMoment(rotation, now, random);
    const event = nextEvent(rotation, now, random);
    const decision = decide(rotation, event, now);
    steps.push({ before: rotation, event, now, decision });
    if (decision.ignored === undefined) {
      rotation = { ...decision.rotation, version: rotation.version + 1 };
    }
  }
  return steps;
}

/** Late stages are seldom reached from the first one: some lives begin there. */
type Beginning = readonly [Rotation['kind'], Stage, Instant];
const beginnings: readonly [Beginning, ...Beginning[]] = [
  ['replace', proposed(), story.opened],
  ['replace', overlapping(), story.issued],
  ['replace', soaking(), story.deactivated],
  ['replace', soaking(), story.deactivated],
  ['retire', retirement({ approval: { given: false } }), story.opened],
  ['retire', retirement(), story.approved],
  ['retire', soaking({ before: retirement() }), story.deactivated],
];

/** Often the very moment at which something is due, else some time later, or no later at all. */
function nextMoment(rotation: Rotation, now: Instant, random: () => number): Instant {
  const wake = wakeOf(rotation);
  const chance = random();
  if (wake !== null && wake.at > now && chance < 0.5) return wake.at;
  if (chance < 0.55) return plus(now, { hours: 24 });
  return chance < 0.8 ? plus(now, { minutes: Math.floor(random() * 400) }) : now;
}

type Maker = (rotation: Rotation, now: Instant, random: () => number) => RotationEvent;

function pick<const T>(from: readonly [T, ...T[]], random: () => number): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

const system: readonly [Maker, ...Maker[]] = [
  () => ({ type: 'admitted' }),
  () => ({ type: 'deadline passed' }),
  (rotation) => ({ type: 'run started', effectId: effectIdOf(rotation), executionId }),
  (rotation) => ({ type: 'run started', effectId: effectIdOf(rotation), executionId }),
  () => ({ type: 'run still going', executionId }),
  finished,
  finished,
  gathered,
  gathered,
  gathered,
];

const spares: readonly [Spare, ...Spare[]] = [
  { keyId: 'AKIAEXAMPLESPAREKEY0', rotationId: '00000000-0000-5000-8000-0000000000aa' },
  { keyId: 'AKIAEXAMPLESPAREKEY1', rotationId: '00000000-0000-5000-8000-0000000000bb' },
];

const seldom: readonly [Maker, ...Maker[]] = [
  () => ({ type: 'finding reported', finding: hubFinding }),
  (rotation) => ({
    type: 'run not started',
    effectId: effectIdOf(rotation),
    problem: 'the document is missing',
  }),
  (_, __, random) =>
    random() < 0.1 ? { type: 'key gone', what: 'key' } : { type: 'deadline passed' },
  () => ({ type: 'look failed', problem: 'IAM did not answer' }),
  (_, __, random) => ({ type: 'ring closed', why: random() < 0.5 ? 'closed' : 'still closed' }),
  (_, __, random) => ({ type: 'room awaited', spare: pick(spares, random) }),
  () => ({ type: 'no room', problem: 'the second key is in use.' }),
  (_, __, random) =>
    random() < 0.1
      ? { type: 'exempted', why: 'The policy exempts this user.' }
      : { type: 'deadline passed' },
  (_, now) => ({
    ...{ type: 'incident answered', about: 'held', what: 'acknowledged' },
    ...{ by: approver, at: now, eventId: now },
  }),
  () => ({ type: 'press refused', by: approver, press: 'force', why: 'only an admin may force' }),
];

const human: readonly [Maker, ...Maker[]] = [
  () => ({ type: 'approved', by: approver }),
  () => ({ type: 'approved', by: approver }),
  (_, __, random) => ({ type: 'snoozed', by: approver, hours: pick([4, 24, 72, 1000], random) }),
  (_, __, random) => ({ type: 'snoozed', by: approver, hours: pick([-5, 0, Number.NaN], random) }),
  () => ({ type: 'paused', by: approver }),
  () => ({ type: 'resumed', by: approver }),
  () => ({ type: 'resumed', by: approver }),
  () => ({ type: 'resumed', by: approver }),
  () => ({ type: 'rolled back', by: approver }),
  () => ({ type: 'attested', by: approver }),
  () => ({ type: 'forced', by: admin }),
  (_, __, random) =>
    random() < 0.05 ? { type: 'abandoned', by: admin } : { type: 'resumed', by: admin },
];

function nextEvent(rotation: Rotation, now: Instant, random: () => number): RotationEvent {
  const chance = random();
  const makers = chance < 0.8 ? system : chance < 0.85 ? seldom : human;
  return pick(makers, random)(rotation, now, random);
}

function effectIdOf(rotation: Rotation): string {
  return runInFlight(rotation)?.effectId ?? `${rotation.id}/1/0`;
}

const fitting: Readonly<Record<string, RunResult['status']>> = {
  issuing: 'issued',
  deactivating: 'deactivated',
  deleting: 'deleted',
  restoring: 'restored',
};

function finished(rotation: Rotation, now: Instant, random: () => number): RotationEvent {
  const fits = fitting[rotation.stage.name] ?? 'failed';
  const status = random() < 0.8 ? fits : pick(['refused', 'failed', 'deleted', 'issued'], random);
  const result = resultOf(status, now);
  return { type: 'run finished', executionId, result };
}

function resultOf(status: RunResult['status'], now: Instant): RunResult {
  switch (status) {
    case 'issued':
      return { status, issued: { ...issued, currentSince: now } };
    case 'refused':
    case 'failed':
      return { status, problem: 'a step did not succeed' };
    default:
      return { status, at: now };
  }
}

function gathered(rotation: Rotation, now: Instant, random: () => number): RotationEvent {
  return { type: 'evidence gathered', evidence: someEvidence(rotation, now, random) };
}

function someEvidence({ stage, key }: Rotation, now: Instant, random: () => number): Evidence {
  const at = random() < 0.9 ? now : plus(now, { minutes: pick([-60, -10, 1, 2], random) });
  const isOff =
    stage.name === 'soaking' ||
    (stage.name === 'held' && stage.oldKey !== 'Active') ||
    (stage.name === 'proposed' && key.foundAs === 'Inactive');
  const swapped = random() < 0.05;
  const oldKey = isOff === swapped ? ('Active' as const) : ('Inactive' as const);
  const told = { at, oldKey, quietHours: pick([24, 37, 100], random) };
  const chance = random();
  if (chance < 0.65) return safe(told, pick(['evidence', 'attested', 'forced'], random));
  if (chance < 0.8) {
    const uses = [use(plus(now, { hours: -Math.floor(random() * 60) }))];
    const quietAt = plus(now, { hours: Math.floor(random() * 1000) });
    return inUse({ ...told, uses, quietAt });
  }
  if (chance < 0.83) return unknown({ at, oldKey: 'unknown' }, 'standing');
  if (chance < 0.99) {
    const about = pick(['last-used', 'cloudtrail', 'pickup', 'standing'], random);
    return unknown({ ...told, pickup: notPicked }, about);
  }
  return unknown({ at, oldKey: 'Gone' }, 'standing');
}

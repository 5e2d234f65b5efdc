/**
 * What an owner is told directly, as whole plain sentences with absolute UTC times: why now, where
 * the rotation stands, what to change. Outside text stands in it as it came; adapters escape it.
 */
import { evidenceOf } from './at-a-glance.ts';
import type { Rotation } from './case.ts';
import { asSentence, subjectOf } from './decision.ts';
import type { Effect } from './effect.ts';
import { type Instant, inUtcWords } from './instant.ts';
import { type Occasion, switchOffAt } from './notices.ts';
import { headline, reasons, whatToDo } from './status-text.ts';

/** All of it as one plain text, for notifications, threads, pagers and mails. */
export function noticeText(rotation: Rotation, occasion: Occasion): string {
  const why = reasons(rotation).map(asSentence);
  const start = openingOf(rotation, occasion);
  const parts = [...start, ...why, whatToDo(rotation), pickupInWords(rotation)];
  return parts.filter((part) => part !== '').join(' ');
}

/** Why the owner hears of it now, and where it stands. */
function openingOf(rotation: Rotation, occasion: Occasion): readonly string[] {
  const { stage } = rotation;
  if (occasion === 'given') return [whose(rotation), headline(rotation)];
  if (occasion === 'missed' && stage.name === 'held') {
    return ['The deadline passed.', headline(rotation)];
  }
  const until = switchOffAt(stage);
  return [until === null ? headline(rotation) : ofDeadline(rotation, occasion, until)];
}

function ofDeadline(
  rotation: Rotation,
  occasion: Exclude<Occasion, 'given'>,
  until: Instant,
): string {
  const key = subjectOf(rotation);
  const at = `at ${inUtcWords(until)}`;
  switch (occasion) {
    case 'begun':
      return rotation.kind === 'replace'
        ? `A new key replaces ${key}, which is switched off ${at}.`
        : `Nobody seems to use ${key}, which is switched off ${at}.`;
    case 'half-time':
      return `Half of the time is over: ${key} is switched off ${at}.`;
    case 'soon':
      return `A few hours are left: ${key} is switched off ${at}.`;
    case 'missed':
      return `The deadline passed and was moved: ${key} is switched off ${at} instead.`;
  }
}

/** To whoever owns it because somebody said so. */
function whose(rotation: Rotation): string {
  const { owner, handover } = rotation;
  const key = subjectOf(rotation);
  if (!owner.known) return `Nobody is known to own ${key}.`;
  return handover?.assigned === false
    ? `It is said that ${key} is yours, ${owner.name}. Until an approver or an admin confirms ` +
        'it, you may press “Not mine…” alone.'
    : `You own ${key} now, ${owner.name}. If that is wrong, press “Not mine…”.`;
}

/** Whether the new key is used already; empty where there is none. */
export function pickupInWords(rotation: Rotation): string {
  if (rotation.stage.name !== 'overlapping') return '';
  const pickup = evidenceOf(rotation)?.pickup;
  return pickup?.seen
    ? `The new key is in use since ${inUtcWords(pickup.at)}.`
    : 'Nobody has been seen with the new key yet.';
}

/** What is missing where nobody is known as the owner. */
export const ownerWanted =
  'Nobody is known as its owner: tag the IAM user keyturn:owner with the Slack id of somebody ' +
  'among the people of the policy file.';

/** How programs hold a key, by what they say of themselves. */
export type Holder = 'profile' | 'environment' | 'start-up';

/**
 * Who holds the old key, judged by user agents: the AWS CLI reads a profile, what runs in ECS, EC2
 * or Lambda can read the secret as it starts, and of all others nobody knows.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html (2026-11)
 */
export function holdersOf(rotation: Rotation): readonly Holder[] {
  const agents = (evidenceOf(rotation)?.uses ?? []).map(({ userAgent }) => userAgent);
  const found = new Set(agents.map(holderOf));
  const all: readonly Holder[] = ['profile', 'environment', 'start-up'];
  return found.size === 0 ? all : all.filter((each) => found.has(each));
}

function holderOf(userAgent: string): Holder {
  if (/\bexec-env\/(?:AWS_ECS|AWS_Lambda|EC2|AWS_App)/i.test(userAgent)) return 'start-up';
  return /\baws-cli\//i.test(userAgent) ? 'profile' : 'environment';
}

/** One line of a digest. */
export function digestLine(rotation: Rotation): string {
  const until = switchOffAt(rotation.stage);
  const when = until === null ? headline(rotation) : `switched off at ${inUtcWords(until)}`;
  return `${subjectOf(rotation)}: ${when}`;
}

/** Of so many a digest names each. */
export const mostInDigest = 20;

/** The digest as one plain text. */
export function digestText(rotations: readonly Rotation[]): string {
  const named = rotations.slice(0, mostInDigest).map(digestLine);
  const more = rotations.length - named.length;
  const rest = more > 0 ? [`and ${more} more`] : [];
  const all = [...named, ...rest].join('; ');
  return `${rotations.length} of your access keys are being rotated. ${all}.`;
}

type ToldOf = Pick<Extract<Effect, { type: 'tell owner' }>, 'occasion' | 'until' | 'to'>;

/** Whether there is nothing to tell of that any more; why, or undefined. */
export function whyNotTold(
  { stage, notices, owner }: Rotation,
  { occasion, until, to }: ToldOf,
  now: Instant,
): string | undefined {
  if (stage.name === 'done') return 'the rotation is done';
  const isTheirs = to === (owner.known ? owner.slackUserId : null);
  // Whoever got it was told of it anew; where nobody did and no deadline runs, nobody was.
  if (!isTheirs && (owner.known || notices?.running)) return 'it was given to somebody else since';
  if (occasion !== 'half-time' && occasion !== 'soon') return undefined;
  if (notices?.running?.until !== until) return 'that deadline has moved, or runs no more';
  return until <= now ? 'that deadline has passed' : undefined;
}

/**
 * Rings: a roll-out in steps, say a sandbox account, then what is of low risk, then everything. A
 * ring opens once enough rotations in the ring before went well, counted from their journals since
 * the last one that went wrong in it or before. The first ring is always open: somebody has to go
 * first. Pure.
 */
import type { Rotation } from './case.ts';
import { subjectOf } from './decision.ts';
import { type Instant, inUtcWords } from './instant.ts';
import type { JournalEntry } from './journal.ts';
import { actorName } from './people.ts';
import type { Policy } from './policy.ts';
import type { HoldCode } from './stage.ts';

/** So many clean cycles in a ring open the next. */
export const cyclesToOpen = 5;
export const mostRings = 10;
/** A ring's name stands in keys of the table. */
export const ringForm = /^[a-z0-9][a-z0-9 -]{0,38}[a-z0-9]$/;
export const ringAdvice = 'name it in 2 to 40 small letters, digits, blanks and dashes';

/** What a rotation showed of its ring. */
export interface RingMark {
  readonly ring: string;
  readonly is: 'clean' | 'bad';
  readonly rotationId: string;
  /** clean: when it was opened, since all of it has to come after what went wrong. */
  readonly at: Instant;
  /** What is told of it, as a sentence. */
  readonly what: string;
  /** Whether people were told what it means for the rings. */
  readonly told: boolean;
}

/** What is known of a ring: its latest bad mark, and its latest clean ones, newest first. */
export interface RingMarks {
  readonly bad: RingMark | undefined;
  readonly clean: readonly RingMark[];
}

export interface RingStanding {
  readonly ring: string;
  readonly isOpen: boolean;
  /** How it stands, in words. */
  readonly why: string;
}

/** The ring of a policy; the last one where it names none that there is. */
export function ringOf({ ring }: Pick<Policy, 'ring'>, rings: readonly string[]): string {
  return rings.find((each) => each === ring) ?? rings.at(-1) ?? '';
}

/** Holds after which nobody would go on to more keys. What waits for its owner is none of them. */
const badHolds: ReadonlySet<HoldCode> = new Set([
  'issue failed',
  'runbook failed',
  'restore failed',
  'reactivated',
  'changed outside',
]);

/** What went wrong with a step, as a sentence; undefined if nothing did. */
export function whatWentWrong(
  before: Pick<Rotation, 'stage'> | undefined,
  event: JournalEntry['event'],
  after: Rotation,
): string | undefined {
  const { stage } = after;
  if (event.type === 'forced') return `${actorName(event.by)} forced it.`;
  if (event.type === 'rolled back') return `${actorName(event.by)} rolled it back.`;
  if (stage.name === 'restoring' && before?.stage.name !== 'restoring') return stage.because;
  const isHeldAnew =
    stage.name === 'held' &&
    badHolds.has(stage.reason.code) &&
    !(before?.stage.name === 'held' && before.stage.reason.code === stage.reason.code);
  return isHeldAnew ? stage.reason.text : undefined;
}

/**
 * What a journal says of its ring: the latest that went wrong; else that it went well from end to
 * end, on evidence and not on somebody's word; else nothing. Nothing, too, of a rotation without a
 * ring.
 */
export function markOf(entries: readonly JournalEntry[]): RingMark | undefined {
  const last = entries.at(-1)?.state;
  const ring = last?.policy.ring;
  if (last === undefined || ring === undefined) return undefined;
  const about = { ring, rotationId: last.id, told: false };
  const wrong = entries.flatMap(({ event, ignored, state, at }, index) => {
    if (ignored !== null) return [];
    const what = whatWentWrong(entries[index - 1]?.state, event, state);
    return what === undefined ? [] : [{ at, what: `${capital(subjectOf(state))}: ${what}` }];
  });
  const worst = wrong.at(-1);
  if (worst !== undefined) return { ...about, is: 'bad', ...worst };
  const { stage } = last;
  const isOver = stage.name === 'done' && ['rotated', 'retired'].includes(stage.outcome);
  const isWord = ({ event, ignored }: JournalEntry) =>
    event.type === 'attested' && ignored === null;
  if (!isOver || entries.some(isWord)) return undefined;
  const what = `${capital(subjectOf(last))} is ${stage.outcome}.`;
  return { ...about, is: 'clean', at: last.openedAt, what };
}

/** How each ring stands, in their order. `marks` are by ring; none is as good as no mark. */
export function standings(
  rings: readonly string[],
  marks: ReadonlyMap<string, RingMarks>,
): readonly RingStanding[] {
  const all: RingStanding[] = [];
  for (const [place, ring] of rings.entries()) {
    const before = rings[place - 1];
    const bad = latestBad(rings.slice(0, place + 1), marks);
    if (before === undefined) {
      all.push({ ring, isOpen: true, why: `${ring}: open, as the first ring always is` });
      continue;
    }
    const clean = (marks.get(before)?.clean ?? []).filter(({ at }) => !bad || at > bad.at).length;
    const shown = Math.min(clean, cyclesToOpen);
    const count = `${shown} of ${cyclesToOpen} clean rotations in ${before}`;
    const since = bad === undefined ? '' : ` since ${inUtcWords(bad.at)} (${bad.what})`;
    const isBeforeOpen = all.at(-1)?.isOpen === true;
    const isOpen = isBeforeOpen && clean >= cyclesToOpen;
    const shut = isBeforeOpen ? '' : `, and ${before} is closed itself`;
    all.push({
      ring,
      isOpen,
      why: `${ring}: ${isOpen ? 'open' : 'closed'}, ${count}${since}${shut}`,
    });
  }
  return all;
}

function latestBad(
  rings: readonly string[],
  marks: ReadonlyMap<string, RingMarks>,
): RingMark | undefined {
  return rings
    .flatMap((ring) => marks.get(ring)?.bad ?? [])
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .at(-1);
}

/** What people are told once a mark was noted; undefined if no ring stands otherwise for it. */
export function ringNews(
  before: readonly RingStanding[],
  after: readonly RingStanding[],
  { is, ring, what }: RingMark,
): string | undefined {
  const changed = after.filter(({ isOpen }, place) => isOpen !== before[place]?.isOpen);
  if (changed.length === 0 && is === 'clean') return undefined;
  const lines = changed.map(({ isOpen, ring: name }) => `Ring ${name} is ${openWord(isOpen)} now.`);
  return is === 'bad'
    ? [`A rotation in ring ${ring} went wrong. ${what}`, ...lines, startAnew].join(' ')
    : [`A rotation in ring ${ring} went well. ${what}`, ...lines].join(' ');
}

const startAnew =
  `Where a ring is closed no other key begins until ${cyclesToOpen} of the ring before went ` +
  'well; what is under way goes on.';

function openWord(isOpen: boolean): string {
  return isOpen ? 'open' : 'closed';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

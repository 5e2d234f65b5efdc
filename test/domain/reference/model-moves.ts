/** The reference model's few ways of getting from one story to the next. */
import { type Book, day, type OldKey, type Place, type Rest, rowOf, type Story } from './story.ts';

/** What becomes of the story, and the runbook that is ordered with it. */
export interface Books {
  readonly story: Story;
  readonly starts: Book | null;
  /** The old key was needed while it is off: somebody is woken. */
  readonly needed?: true;
}

/** The same story with other facts at a place. */
export function restAt(story: Story, place: Place, facts: Partial<Rest>): Story {
  return { ...story, at: { ...story.at, [place]: { ...story.at[place], ...facts } } };
}

/** Nothing is ordered but that people hear of it: the message is of the next version. */
export function told(story: Story): Books {
  return { story: { ...story, shown: story.version + 1 }, starts: null };
}

export function orderRun(story: Story, book: Book, now: number): Books {
  const order = `${story.id}/${story.version + 1}/0`;
  const run = { book, order, execution: null, since: now, pollAt: now + 15 * 60_000 };
  return { story: { ...told(story).story, run, hold: null }, starts: book };
}

const lookedAtOnce: readonly string[] = ['runbook refused', 'runbook failed', 'restore failed'];

export function hold(story: Story, code: string, oldKey: OldKey, now: number): Books {
  const lookAt = lookedAtOnce.includes(code) ? now : now + day;
  return told({ ...story, retryAt: null, hold: { code, since: now, oldKey, lookAt } });
}

export function end(story: Story, outcome: string): Books {
  return told({ ...story, retryAt: null, hold: null, run: null, end: outcome });
}

/** Tokens of attempts are never used again: those that are over stay counted. */
export function beforeRetry(story: Story): Story {
  return story.retryAt === null ? story : { ...story, retryAt: null, attempts: story.attempt - 1 };
}

/** The old key is on: what was ordered and seen while a key to retire was off is forgotten. */
export function onAgain(story: Story): Story {
  const back = { ...story, stood: null, seen: null };
  return story.kind === 'retire'
    ? restAt({ ...back, where: 'proposed' }, 'proposed', { memory: null })
    : { ...back, where: 'overlapping' };
}

/** Whether the old key is off, or may be, and it was not somebody else who switched it off. */
function isLeftOff({ hold: held, where, stood, soakStood }: Story): boolean {
  if (held?.oldKey === 'Active') return false;
  if (where === 'overlapping') return held !== null && held.code !== 'changed outside';
  return (where === 'soaking' ? soakStood : stood) === 'Active';
}

/** The orders beside a runbook that people must see: pages raised and cleared, and the record. */
export function ordersOf(before: Story, { story, starts, needed }: Books): readonly string[] {
  const isMove = rowOf(before) !== rowOf(story) || starts !== null;
  const isDone = story.end !== null;
  const isLeft = story.end === 'abandoned' || story.end === 'exempt';
  const isPaged = story.hold !== null && story.hold.code !== 'paused' && isMove;
  const isWarned = story.end === 'exempt' && isLeftOff(before);
  const wasHeld = before.hold !== null && story.hold === null;
  return [
    ...(starts === null ? [] : [`start ${starts}`]),
    ...(isPaged || isWarned ? ['page held'] : []),
    ...(wasHeld && !isWarned ? ['clear held'] : []),
    ...(wasHeld ? ['clear old-key-used'] : []),
    ...(needed === true ? ['page old-key-used'] : []),
    ...(isMove ? ['announce', 'publish'] : []),
    ...(isMove || story.findings !== before.findings
      ? [`record ${isDone && !isLeft ? 'RESOLVED' : 'NOTIFIED'}`]
      : []),
    ...(isDone ? ['report change'] : []),
  ];
}

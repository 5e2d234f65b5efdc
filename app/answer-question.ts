/**
 * Answers what people ask after /keyturn, and fills their Home tab. It only reads. Who is not among
 * the people of the policy learns how to get in, and nothing else.
 */
import { type Answer, dueAhead, mostTold, type Told } from '../domain/answer.ts';
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { endingOf, placeInLine, stagesWithDeadlines } from '../domain/line.ts';
import type { RotationReads } from '../domain/lists.ts';
import type { Person } from '../domain/people.ts';
import type { Clock } from '../domain/ports.ts';
import { maySee, type Question, seesAll, type Which } from '../domain/question.ts';

export interface AnswerDeps {
  readonly store: RotationReads;
  readonly clock: Pick<Clock, 'now'>;
  readonly people: readonly Person[];
}

/** So many rotations of keys that end alike are looked at. */
const mostAlike = 50;

/** Throws Transient or Permanent if the store does. */
export async function answerTo(
  deps: AnswerDeps,
  slackUserId: string,
  question: Question,
): Promise<Answer> {
  const person = deps.people.find((each) => each.slackUserId === slackUserId);
  if (person === undefined) return { to: 'stranger' };
  switch (question.about) {
    case 'help':
      return { to: 'help' };
    case 'unknown':
      return { to: 'help', problem: question.problem };
    case 'mine':
      return mine(deps, person);
    case 'due':
      return due(deps, person);
    case 'status':
      return status(deps, person, question.which);
  }
}

async function mine({ store }: AnswerDeps, person: Person): Promise<Answer> {
  const [ids, all] = await Promise.all([
    store.ownedBy(person.slackUserId, mostTold),
    store.howManyOwnedBy(person.slackUserId),
  ]);
  const found = (await loaded(store, ids)).filter((rotation) => isOpenOf(person, rotation));
  return { to: 'mine', told: await told(store, found), more: Math.max(0, all - ids.length) };
}

async function due(deps: AnswerDeps, person: Person): Promise<Answer> {
  const until = plus(deps.clock.now(), dueAhead);
  const own = !seesAll(person);
  const { found, all } = own
    ? await ownDue(deps.store, person, until)
    : await dueUntil(deps.store, until, mostTold);
  const shown = found.slice(0, mostTold);
  const more = Math.max(0, all - shown.length);
  return { to: 'due', until, own, told: await told(deps.store, shown), more };
}

/** Whoever owns more than so many is shown what stands first among these. */
const mostOwned = 100;

async function ownDue(store: RotationReads, person: Person, until: Instant) {
  const ids = await store.ownedBy(person.slackUserId, mostOwned);
  const found = (await loaded(store, ids))
    .filter((rotation) => isOpenOf(person, rotation) && isDueBy(rotation, until))
    .sort(byPlace);
  return { found, all: found.length };
}

/** Whose deadline comes by then: the first of them, and how many there are. */
export async function dueUntil(store: RotationReads, until: Instant, limit: number) {
  const asked = { until, limit };
  const [ids, counts] = await Promise.all([
    Promise.all(stagesWithDeadlines.map((stage) => store.standingAt(stage, asked))),
    Promise.all(stagesWithDeadlines.map((stage) => store.howManyStandAt(stage, until))),
  ]);
  const found = (await loaded(store, ids.flat()))
    .filter((rotation) => isDueBy(rotation, until))
    .sort(byPlace)
    .slice(0, limit);
  const all = counts.reduce((sum, each) => sum + each, 0);
  return { found, all: found.length < limit ? found.length : Math.max(all, found.length) };
}

async function status({ store }: AnswerDeps, person: Person, which: Which): Promise<Answer> {
  const ids =
    which.by === 'rotation'
      ? [which.id]
      : await store.ofKeysEnding(
          which.by === 'key' ? endingOf(which.keyId) : which.ending,
          mostAlike,
        );
  const found = (await loaded(store, ids)).filter(
    (rotation) =>
      maySee(person, rotation) && (which.by !== 'key' || rotation.key.keyId === which.keyId),
  );
  // Who asks by a short name hardly means what is over, while something else is not.
  const open = found.filter(({ stage }) => stage.name !== 'done');
  const meant = which.by === 'ending' && open.length > 0 ? open : found;
  const shown = meant.slice(0, mostTold);
  return { to: 'status', told: await told(store, shown), more: meant.length - shown.length };
}

/** What lists name is loaded before it is told; what is gone is left out. */
export async function loaded(
  store: Pick<RotationReads, 'load'>,
  ids: readonly string[],
): Promise<readonly Rotation[]> {
  const found = await Promise.all([...new Set(ids)].map((id) => store.load(id)));
  return found.filter((rotation) => rotation !== undefined);
}

/** So many at once. */
const readAtOnce = 50;

/** The same of a long list, a part at a time. */
export async function loadedInParts(
  store: Pick<RotationReads, 'load'>,
  ids: readonly string[],
): Promise<readonly Rotation[]> {
  const read: Rotation[] = [];
  for (let next = 0; next < ids.length; next += readAtOnce) {
    read.push(...(await loaded(store, ids.slice(next, next + readAtOnce))));
  }
  return read;
}

/** With the channels of their messages. */
export async function told(
  store: Pick<RotationReads, 'messageOf'>,
  rotations: readonly Rotation[],
): Promise<readonly Told[]> {
  return Promise.all(
    rotations.map(async (rotation) => ({
      rotation,
      channel: (await store.messageOf(rotation.id))?.channel,
    })),
  );
}

function isOpenOf(person: Person, { owner, stage }: Rotation): boolean {
  return stage.name !== 'done' && owner.known && owner.slackUserId === person.slackUserId;
}

export function isDueBy(rotation: Rotation, until: Instant): boolean {
  const deadline = deadlineOf(rotation);
  return deadline !== null && deadline.at <= until;
}

/** Soonest first. */
export function byPlace(a: Rotation, b: Rotation): number {
  const [one, other] = [placeInLine(a)?.moment ?? '', placeInLine(b)?.moment ?? ''];
  return one < other ? -1 : 1;
}

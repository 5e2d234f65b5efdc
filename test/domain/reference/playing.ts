/**
 * A story played act by act, on the machine and on the reference model side by side. Any difference
 * throws, in words: what was known, what happened, what was expected, what came.
 */
import type { Rotation } from '../../../domain/case.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { RotationEvent } from '../../../domain/event.ts';
import { fromMillis } from '../../../domain/instant.ts';
import { actorOf } from '../../../domain/journal.ts';
import { mayPress as machineLetsPress } from '../../../domain/permission.ts';
import { eventOf } from '../../../domain/press.ts';
import { decide } from '../../../domain/rotation.ts';
import { runInFlight } from '../../../domain/wake.ts';
import type { Act } from './acts.ts';
import { type Beginning, firstMoment, rotationFrom, storyFrom } from './beginning.ts';
import { executionOf, type Happening, happening, pressOf, type Scene } from './happening.ts';
import { ordersInWords, rotationInWords, rowIn, storyInWords } from './in-words.ts';
import { expected, type Outcome } from './model.ts';
import { ordersOf } from './model-moves.ts';
import { mayPress } from './model-presses.ts';
import { people, personOf, presserOf } from './people-here.ts';
import { ms, type Story } from './story.ts';

/** Where a story stands. */
export interface Play {
  scene: Scene;
  rotation: Rotation;
}

/** What the machine made of an event, committed. */
export interface Answer {
  readonly rotation: Rotation;
  readonly effects: readonly Effect[];
  readonly ignored: string | null;
}

/** Counts what the stories have reached. */
export interface Reached {
  readonly moves: Map<string, number>;
  readonly holds: Map<string, number>;
  readonly outcomes: Map<string, number>;
  /** Types of events that changed something. */
  readonly events: Map<string, number>;
}

export function nothingReached(): Reached {
  return { moves: new Map(), holds: new Map(), outcomes: new Map(), events: new Map() };
}

export function begin(beginning: Beginning): Play {
  const story = storyFrom(beginning);
  const rotation = rotationFrom(beginning);
  same('a story begins', storyInWords(story), rotationInWords(rotation));
  const older = { order: `${story.id}/1/0`, execution: executionOf(`${story.id}/1/0`) };
  return { scene: { story, now: ms(firstMoment), stopped: false, older }, rotation };
}

/** The next act, decided by `decide` alone. */
export function play(play: Play, act: Act, reached: Reached): void {
  const next = happening(act, play.scene);
  const event = eventIn(play, next);
  if (event === null) return;
  const now = 'now' in next ? next.now : play.scene.now;
  const before = play.rotation;
  const { rotation, effects, ignored = null } = decide(before, event, fromMillis(now));
  const isKept = ignored === null || actorOf(event).kind === 'person';
  const version = before.version + (isKept ? 1 : 0);
  if (ignored !== null)
    same('what is ignored leaves all as it was', stated(before), stated(rotation));
  const after = isKept ? { ...rotation, version } : before;
  concluded(play, event, now, { rotation: after, effects, ignored }, reached);
}

const stated = (rotation: Rotation) => JSON.stringify(rotation);

/** What happens, to both; null if only time passes, or the stop switch moves. */
export function eventIn(play: Play, next: Happening): RotationEvent | null {
  const { scene } = play;
  if (next.is === 'stop') {
    play.scene = { ...scene, stopped: !scene.stopped };
    return null;
  }
  if (next.is === 'time') {
    play.scene = { ...scene, now: next.now };
    return null;
  }
  if (next.is === 'event') return next.event;
  const { story } = scene;
  const { who, message } = next.press;
  const press = pressOf(next.press, scene);
  const person = people[who];
  const may = person !== undefined && mayPress(presserOf(person), press.type, story);
  same('may press', String(may), String(machineLetsPress(person, press, play.rotation).ok));
  const by = { kind: 'person', ...personOf(who) } as const;
  if (may && message === 'current' && !scene.stopped) return eventOf(press, by);
  return { type: 'press refused', by, press: press.type, why: 'it does not count' };
}

/** Compares the machine's answer with the model's, and goes on from there. */
export function concluded(
  play: Play,
  event: RotationEvent,
  now: number,
  answer: Answer,
  reached: Reached,
): void {
  const { story } = play.scene;
  const outcome = expected(story, event, now);
  const isKept = outcome !== null || actorOf(event).kind === 'person';
  const version = story.version + (isKept ? 1 : 0);
  const next: Story = { ...(outcome?.story ?? story), version };
  const what = () => `${fromMillis(now)} ${JSON.stringify(event)}\n    upon ${storyInWords(story)}`;
  const shown = isShown(next, answer) ? { ...next, shown: version } : next;
  same(what, ignoredInWords(outcome), answer.ignored === null ? 'something' : 'nothing');
  same(what, storyInWords(shown), rotationInWords(answer.rotation));
  const orders = outcome === null ? [] : ordersOf(story, outcome).toSorted();
  same(what, orders.join(', '), ordersInWords(answer.effects).toSorted().join(', '));
  same(what, shown.shown, answer.rotation.shownVersion);
  runIsFirst(what, answer);
  count(reached, play.rotation, answer, event);
  const { run } = story;
  const older =
    run === null || shown.run?.order === run.order
      ? play.scene.older
      : { order: run.order, execution: executionOf(run.order) };
  play.scene = { ...play.scene, story: shown, now: Math.max(now, play.scene.now), older };
  play.rotation = answer.rotation;
}

const ignoredInWords = (outcome: Outcome) => (outcome === null ? 'nothing' : 'something');

/** Whether to show a look anew is the machine's own choice; a change of stage or a press always. */
function isShown({ version }: Story, { effects, ignored }: Answer): boolean {
  return ignored === null && version > 0 && effects.some(({ type }) => type === 'update message');
}

/** One runbook at most is in flight, and its order is the first effect of that version. */
function runIsFirst(what: () => string, { rotation, effects }: Answer): void {
  const starts = effects.flatMap(({ type }, index) => (type === 'start runbook' ? [index] : []));
  if (starts.length === 0) return;
  same(what, '0', starts.join());
  same(what, `${rotation.id}/${rotation.version}/0`, runInFlight(rotation)?.effectId ?? 'none');
}

function same(what: string | (() => string), wanted: string | number, got: string | number): void {
  if (wanted === got) return;
  const before = typeof what === 'string' ? what : what();
  throw new Error(`${before}\n    expected ${wanted}\n    but got  ${got}`);
}

function count(reached: Reached, before: Rotation, answer: Answer, event: RotationEvent): void {
  if (answer.ignored !== null) return;
  const { rotation } = answer;
  const { stage } = rotation;
  const [from, to] = [rowIn(before), rowIn(rotation)];
  if (from !== to) tally(reached.moves, `${before.kind}: ${from} → ${to}`);
  if (from !== to && stage.name === 'held') tally(reached.holds, stage.reason.code);
  if (stage.name === 'done') tally(reached.outcomes, stage.outcome);
  tally(reached.events, event.type);
}

function tally(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

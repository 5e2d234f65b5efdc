/**
 * Whether a genuine press counts, however it was made: from the configured app and workspace, on
 * the rotation's current message, while nothing is stopped, by somebody who may, on the version
 * that the message showed, and legal now. It is journalled whatever comes of it.
 */
import type { Rotation } from '../domain/case.ts';
import type { HumanEvent } from '../domain/event.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { type Actor, actorName, type Person } from '../domain/people.ts';
import { mayPress } from '../domain/permission.ts';
import type { MessagePlace, StopState } from '../domain/ports.ts';
import {
  eventOf,
  type FormName,
  type Press,
  pressName,
  whyNoForm,
  whyNotLegal,
} from '../domain/press.ts';
import type { SentFrom } from '../domain/requests.ts';
import { stageInWords } from '../domain/status-text.ts';
import { advance, type Shell } from './advance.ts';
import type { Desk } from './desk.ts';

export interface Refusal {
  readonly about:
    | 'origin'
    | 'message'
    | 'permission'
    | 'stopped'
    | 'outdated'
    | 'illegal'
    | 'answers';
  readonly why: string;
}

/** What a press is judged by. */
export interface Before {
  readonly rotation: Rotation;
  readonly place: MessagePlace | undefined;
  readonly now: Instant;
  readonly person: Person | undefined;
  readonly stop: StopState;
}

/** What a press came to; `ignored`: it was allowed, and changed nothing all the same. */
export interface Counted {
  readonly rotation: Rotation;
  readonly refusal?: Refusal;
  readonly ignored?: string;
}

/** Undefined: Keyturn has no such rotation. */
export async function lookUp(desk: Desk, sent: SentFrom): Promise<Before | undefined> {
  const { shell } = desk;
  const rotation = await shell.store.load(sent.rotationId);
  if (rotation === undefined) {
    desk.log.error('a press on an unknown rotation', { rotationId: sent.rotationId });
    return undefined;
  }
  const place = await shell.store.messageOf(sent.rotationId);
  const now = shell.clock.now();
  const person = desk.people.find((each) => each.slackUserId === sent.slackUserId);
  const stop = await desk.stopSwitch.read();
  return { rotation, place, now, person, stop };
}

/** Why the press does not count on this very state; undefined if it does. */
export function refusalOf(
  desk: Desk,
  sent: SentFrom,
  press: Press | FormName,
  { place, now, person, stop }: Before,
  rotation: Rotation,
): Refusal | undefined {
  return (
    originProblem(desk, sent) ??
    messageProblem(sent, place) ??
    stopProblem(stop) ??
    pressProblem(sent, person, press, rotation, now)
  );
}

/** Lets the press happen, if it counts. */
export async function count(
  desk: Desk,
  sent: SentFrom,
  press: Press,
  before: Before,
): Promise<Counted> {
  const { shell } = desk;
  const event = eventOf(press, actorFor(sent, before.person));
  const about = (each: Rotation) => refusalOf(desk, sent, press, before, each);
  const result = await advance(shell, sent.rotationId, event, (each) => about(each)?.why);
  const { rotation, ignored } = result;
  if (result.refused === undefined) {
    return ignored === undefined ? { rotation } : { rotation, ignored };
  }
  const found = about(rotation) ?? { about: 'illegal' as const, why: result.refused };
  const refusal =
    found.about === 'outdated'
      ? { ...found, why: await whatCameBetween(shell, sent, rotation) }
      : { ...found, why: result.refused };
  await record(desk, sent, pressName(press), before, refusal);
  return { rotation, refusal };
}

/** Keeps a press that was refused for the record. */
export async function record(
  desk: Desk,
  sent: SentFrom,
  name: string,
  { person }: Before,
  { why }: Refusal,
): Promise<void> {
  const event: HumanEvent = {
    type: 'press refused',
    by: actorFor(sent, person),
    press: name,
    why,
  };
  await advance(desk.shell, sent.rotationId, event);
}

/** Whether the message may have been behind: then it is shown anew. */
export function isStale({ about }: Refusal): boolean {
  return about === 'outdated' || about === 'illegal';
}

function actorFor(sent: SentFrom, person: Person | undefined): Actor {
  const id = sent.slackUserId;
  return { kind: 'person', id, name: person?.name ?? `Slack user ${id}` };
}

function originProblem({ slack }: Desk, sent: SentFrom): Refusal | undefined {
  if (slack.appId !== undefined && slack.appId !== sent.appId) {
    return { about: 'origin', why: 'The press came from another Slack app.' };
  }
  return slack.teamId === sent.teamId
    ? undefined
    : { about: 'origin', why: 'The press came from another Slack workspace.' };
}

function messageProblem(sent: SentFrom, place: MessagePlace | undefined): Refusal | undefined {
  const isIts = place?.channel === sent.message.channel && place.ts === sent.message.ts;
  if (isIts) return undefined;
  const why = 'This is not the current message of the rotation. Press on its newest one.';
  return { about: 'message', why };
}

/** Whatever is pressed would start something, or let something start later. */
function stopProblem(stop: StopState): Refusal | undefined {
  if (!stop.stopped) return undefined;
  const why = `Keyturn is stopped: ${stop.why}. Lift that first, or act in IAM by hand.`;
  return { about: 'stopped', why };
}

function pressProblem(
  sent: SentFrom,
  person: Person | undefined,
  press: Press | FormName,
  rotation: Rotation,
  now: Instant,
): Refusal | undefined {
  const permission = mayPress(person, press, rotation);
  if (!permission.ok) return { about: 'permission', why: permission.why };
  if (sent.shownVersion !== rotation.shownVersion) {
    return { about: 'outdated', why: 'The message was outdated.' };
  }
  const why =
    typeof press === 'string' ? whyNoForm(press, rotation, now) : whyNotLegal(press, rotation, now);
  return why === undefined ? undefined : { about: 'illegal', why };
}

/** Who did what since the pressed message was shown, so that two who pressed at once both know. */
export async function whatCameBetween(
  shell: Shell,
  sent: SentFrom,
  current: Rotation,
): Promise<string> {
  const entries = await shell.store.journal(current.id);
  const last = entries.findLast(
    (entry) => entry.version > sent.shownVersion && isDeedOfPerson(entry),
  );
  const stands = `It stands at: ${stageInWords(current)}.`;
  if (last === undefined) return `The rotation has moved on meanwhile. ${stands}`;
  const who = actorName(last.actor);
  return `Already done by ${who}: ${last.event.type} at ${inUtcWords(last.at)}. ${stands}`;
}

function isDeedOfPerson({ actor, event, ignored }: JournalEntry): boolean {
  const isNone = event.type === 'press refused' || event.type === 'incident answered';
  return actor.kind === 'person' && !isNone && ignored === null;
}

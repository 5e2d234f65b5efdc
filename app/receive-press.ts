/**
 * What becomes of a genuine press on a button. It is authorised by the explicit mapping of people,
 * counted on the version that the message showed, and journalled whatever comes of it. Whoever
 * pressed in vain hears why, and the message is shown anew: never silence.
 */
import type { Rotation } from '../domain/case.ts';
import { asSentence } from '../domain/decision.ts';
import { Bug, Conflict, messageOf } from '../domain/errors.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { type Actor, actorName, type Person } from '../domain/people.ts';
import { mayPress } from '../domain/permission.ts';
import type {
  Log,
  MessagePlace,
  Messenger,
  StopState,
  StopSwitch,
  Whisper,
} from '../domain/ports.ts';
import { eventOf, pressName, whyNotLegal } from '../domain/press.ts';
import type { SentPress } from '../domain/requests.ts';
import { stageInWords } from '../domain/status-text.ts';
import { advance, type Shell } from './advance.ts';

export interface Desk {
  readonly shell: Shell;
  /** Everybody who may press anything. */
  readonly people: readonly Person[];
  /** Whose presses count. Without an app id, every app that signs with our secret is ours. */
  readonly slack: { readonly appId?: string; readonly teamId: string };
  readonly messenger: Pick<Messenger, 'update'>;
  readonly whisper: Whisper;
  readonly stopSwitch: StopSwitch;
  readonly log: Log;
  /** Slack wants an answer within 3 s: telling is cut off after this, deciding never. */
  readonly patienceMillis?: number;
}

/** `refused` when the press did not come from the configured app and workspace at all. */
export type Receipt = 'heard' | 'refused';

interface Refusal {
  readonly about: 'origin' | 'message' | 'permission' | 'stopped' | 'outdated' | 'illegal';
  readonly why: string;
}

/** Throws only what is a Bug: any other failure is logged, and told to whoever pressed. */
export async function receivePress(desk: Desk, sent: SentPress): Promise<Receipt> {
  try {
    return await decideOn(desk, sent);
  } catch (error) {
    if (error instanceof Bug) throw error;
    desk.log.error('a press could not be decided', {
      rotationId: sent.rotationId,
      press: pressName(sent.press),
      problem: messageOf(error),
    });
    const why =
      error instanceof Conflict
        ? 'the rotation kept changing. Look at it again, then press again.'
        : 'Keyturn could not reach its records. Press again in a minute.';
    await tell(desk, [answer(desk, sent, why)]);
    return 'heard';
  }
}

async function decideOn(desk: Desk, sent: SentPress): Promise<Receipt> {
  const { shell } = desk;
  const rotation = await shell.store.load(sent.rotationId);
  if (rotation === undefined) {
    desk.log.error('a press on an unknown rotation', { rotationId: sent.rotationId });
    await tell(desk, [answer(desk, sent, 'Keyturn has no such rotation.')]);
    return 'heard';
  }
  const place = await shell.store.messageOf(sent.rotationId);
  const now = shell.clock.now();
  const person = desk.people.find((each) => each.slackUserId === sent.slackUserId);
  const actor = actorFor(sent, person);
  const stop = await desk.stopSwitch.read();
  const refusalOf = (current: Rotation) =>
    originProblem(desk, sent) ??
    messageProblem(sent, place) ??
    stopProblem(stop) ??
    pressProblem(sent, person, current, now);

  const event = eventOf(sent.press, actor);
  const result = await advance(shell, rotation.id, event, (each) => refusalOf(each)?.why);
  if (result.refused === undefined) {
    const { ignored } = result;
    const heard = ignored === undefined ? [] : [answer(desk, sent, ignored)];
    await tell(desk, [...heard, showAnew(desk, place, result.rotation, now)]);
    return 'heard';
  }
  const refusal = refusalOf(result.rotation);
  const why =
    refusal?.about === 'outdated'
      ? await whatCameBetween(shell, sent, result.rotation)
      : result.refused;
  await advance(shell, rotation.id, {
    type: 'press refused',
    by: actor,
    press: pressName(sent.press),
    why,
  });
  if (refusal?.about === 'origin') return 'refused';
  const isStale = refusal?.about === 'outdated' || refusal?.about === 'illegal';
  await tell(desk, [
    answer(desk, sent, why),
    ...(isStale ? [showAnew(desk, place, result.rotation, now)] : []),
  ]);
  return 'heard';
}

function actorFor(sent: SentPress, person: Person | undefined): Actor {
  const id = sent.slackUserId;
  return { kind: 'person', id, name: person?.name ?? `Slack user ${id}` };
}

function originProblem({ slack }: Desk, sent: SentPress): Refusal | undefined {
  if (slack.appId !== undefined && slack.appId !== sent.appId) {
    return { about: 'origin', why: 'The press came from another Slack app.' };
  }
  return slack.teamId === sent.teamId
    ? undefined
    : { about: 'origin', why: 'The press came from another Slack workspace.' };
}

function messageProblem(sent: SentPress, place: MessagePlace | undefined): Refusal | undefined {
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
  sent: SentPress,
  person: Person | undefined,
  rotation: Rotation,
  now: Instant,
): Refusal | undefined {
  const permission = mayPress(person, sent.press, rotation);
  if (!permission.ok) return { about: 'permission', why: permission.why };
  if (sent.shownVersion !== rotation.shownVersion) {
    return { about: 'outdated', why: 'The message was outdated.' };
  }
  const why = whyNotLegal(sent.press, rotation, now);
  return why === undefined ? undefined : { about: 'illegal', why };
}

/** Who did what since the pressed message was shown, so that two who pressed at once both know. */
async function whatCameBetween(shell: Shell, sent: SentPress, current: Rotation): Promise<string> {
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

async function answer(desk: Desk, sent: SentPress, why: string): Promise<void> {
  const text = `Your press (${pressName(sent.press)}) changed nothing: ${asSentence(why)}`;
  await desk.whisper.whisper(sent.message.channel, sent.slackUserId, text);
}

/** The journal's own order to re-render comes later; this is so that people see it at once. */
async function showAnew(
  desk: Desk,
  place: MessagePlace | undefined,
  rotation: Rotation,
  now: Instant,
): Promise<void> {
  if (place !== undefined) await desk.messenger.update(place, rotation, now);
}

/** Tells what there is to tell, as far as time allows. A failure here undoes no decision. */
async function tell(desk: Desk, telling: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, desk.patienceMillis ?? 1500);
  });
  const all = Promise.all(
    telling.map((each) =>
      each.catch((error) =>
        desk.log.error('Slack could not be told about a press', { problem: messageOf(error) }),
      ),
    ),
  );
  await Promise.race([all, enough]);
  clearTimeout(timer);
}

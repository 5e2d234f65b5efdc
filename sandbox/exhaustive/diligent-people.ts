/**
 * The people of a story. They look at Slack every hour, do what the story says once it is offered,
 * press again where Keyturn could not hear them, and resume what is on hold, so that a world with a
 * fault can end as one without.
 */
import { formId, formOf, pressOfAction, readBlockId } from '../../adapters/slack-buttons.ts';
import { formModal, readPrivateMetadata } from '../../adapters/slack-forms.ts';
import type { Modal } from '../../adapters/slack-message.ts';
import type { Rotation } from '../../domain/case.ts';
import { fromMillis, type Instant, isDue, plus, toMillis } from '../../domain/instant.ts';
import type { FormName } from '../../domain/press.ts';
import { snoozedFrom } from '../../domain/snooze-until.ts';
import { buttonsOf, type Finger, type HttpEvent, press } from '../clicker.ts';
import { submit } from '../form-filler.ts';
import { integrationSecret, slackSetup } from '../settings.ts';
import { outside } from '../simulation/invocation.ts';
import type { FilledIn, Ledger } from '../simulation/ledger.ts';
import type { ShownMessage } from '../slack.ts';
import { ruleView } from '../slack-rules.ts';
import type { ShownModal } from '../slack-views.ts';
import type { World } from '../world.ts';

/** What somebody does as soon as it is offered, at most so often. */
export interface Wish {
  /** The button's action, `keyturn:approve`. */
  readonly action: string;
  readonly slackUserId: string;
  readonly times: number;
  /** Only while the rotation is like that. */
  readonly when?: (rotation: Rotation) => boolean;
}

export interface Parts {
  readonly world: World;
  readonly ledger: Ledger;
  readonly tell: (line: string) => void;
}

/** A press in vain is tried again, but not for ever: some are in vain whatever happens. */
const triesInVain = 3;

/** Holds that somebody meant, or that want another answer than to go on. */
const noResuming: ReadonlySet<string> = new Set(['rolled back', 'paused', 'restore failed']);

/** What everybody does with a rotation that is on hold, as its message asks them to. */
export const answersToHolds: readonly Wish[] = [
  {
    action: 'keyturn:roll back',
    slackUserId: 'U0SAM',
    times: 6,
    when: ({ stage }) => stage.name === 'held' && stage.reason.code === 'restore failed',
  },
  {
    action: 'keyturn:resume',
    slackUserId: 'U0ADA',
    times: 6,
    when: ({ stage }) => stage.name === 'held' && !noResuming.has(stage.reason.code),
  },
];

/** Lets everybody look at Slack, on and on. */
export function letPeopleLook(parts: Parts, wishes: readonly Wish[]): void {
  const { clock } = parts.world;
  const done: Done = { counted: new Map(), inVain: new Map() };
  const look = async (): Promise<void> => {
    clock.at(plus(clock.now(), { hours: 1 }), look);
    for (const message of currentMessages(parts)) await answer(parts, wishes, done, message);
  };
  clock.at(plus(clock.now(), { hours: 1 }), look);
}

/** How often each wish about a rotation came to something, and how often to nothing. */
interface Done {
  readonly counted: Map<string, number>;
  readonly inVain: Map<string, number>;
}

/** The newest message of each rotation. */
export function currentMessages({ world, ledger }: Parts): readonly ShownMessage[] {
  const newest = new Map(ledger.places.map(({ rotationId, place }) => [rotationId, place.ts]));
  return [...newest.values()].flatMap((ts) => world.slack.message(ts) ?? []);
}

async function answer(
  parts: Parts,
  wishes: readonly Wish[],
  { counted, inVain }: Done,
  message: ShownMessage,
): Promise<void> {
  const id = rotationIn(message)?.rotationId ?? '';
  const rotation = parts.ledger.rotations.get(id)?.rotation;
  if (rotation === undefined) return;
  for (const [number, { action, slackUserId, times, when }] of wishes.entries()) {
    const name = `${number} ${id}`;
    const [before, vain] = [counted.get(name) ?? 0, inVain.get(name) ?? 0];
    const isOffered = buttonsOf(message).some(({ button }) => button.action_id === action);
    if (!isOffered || before >= times || vain >= triesInVain) continue;
    if (when?.(rotation) === false) continue;
    if (await sendPress(parts, message, action, slackUserId)) counted.set(name, before + 1);
    else inVain.set(name, vain + 1);
    await parts.world.wake();
    return;
  }
}

/**
 * Presses a button of a message, as somebody; twice at the same moment if so asked. Whether it
 * changed something.
 */
export async function sendPress(
  parts: Parts,
  message: ShownMessage,
  action: string,
  slackUserId: string,
  isDouble = false,
): Promise<boolean> {
  const { world, tell } = parts;
  const event = press(message, action, fingerOf(parts, slackUserId));
  record(parts, event, { message, action, slackUserId, at: world.clock.now() });
  tell(`${slackUserId} presses ${action}${isDouble ? ' twice at once' : ''}`);
  const once = () => hearNothing(world.handlers.onSlackAction(event));
  await outside(() => Promise.all(isDouble ? [once(), once()] : [once()]));
  return (parts.ledger.presses.get(event.body)?.changes ?? 0) > 0;
}

/**
 * Sends a form that was opened under a message, as somebody: with an end or a moment in a day, and
 * nobody's name. Where it was not shown, one is made out to be it, for the rotation as it is now: a
 * request that no screen would send. It counts by the version that the form shows, whatever the
 * message showed.
 */
export async function sendFilled(
  parts: Parts,
  message: ShownMessage,
  form: FormName,
  slackUserId: string,
  isDouble: boolean,
): Promise<void> {
  const { world, ledger, tell } = parts;
  const rotation = ledger.rotations.get(rotationIn(message)?.rotationId ?? '')?.rotation;
  if (rotation === undefined) return;
  const now = world.clock.now();
  const from = form === 'exempt' ? now : (snoozedFrom(rotation, now) ?? now);
  const until = fromMillis(Math.floor(toMillis(plus(from, { days: 1 })) / 60_000) * 60_000);
  const given = {
    'snooze until': { answers: { until: toMillis(until) / 1000 }, filled: { until } },
    'not mine': { answers: { owner: null }, filled: { owner: null } },
    exempt: {
      answers: { reason: 'It is a drill.', until: toMillis(until) / 1000 },
      filled: { until },
    },
  }[form];
  const shown = world.slack.modals().findLast((each) => each.view.callback_id === formId(form));
  const view = shown?.openedAt === now ? shown.view : undefined;
  const made = formModal(form, rotation, { channel: message.channel, ts: message.ts }, now);
  const modal = { slackUserId, openedAt: now, view: view ?? ruledView(made) };
  const event = submit(modal, given.answers, fingerOf(parts, slackUserId));
  const action = `filled:${form}`;
  const { shownVersion } = readPrivateMetadata(modal.view.private_metadata ?? '') ?? {};
  const pressed = { message, action, slackUserId, at: now, filled: given.filled };
  record(parts, event, { ...pressed, ...(shownVersion !== undefined && { shownVersion }) });
  tell(`${slackUserId} sends ${action}${isDouble ? ' twice at once' : ''}`);
  const once = () => hearNothing(world.handlers.onSlackAction(event));
  await outside(() => Promise.all(isDouble ? [once(), once()] : [once()]));
}

function ruledView(modal: Modal): ShownModal['view'] {
  const ruling = ruleView(JSON.stringify(modal));
  if (!ruling.ok) throw new Error(ruling.messages.join('; '));
  return ruling.view;
}

function fingerOf({ world }: Parts, slackUserId: string): Finger {
  return {
    slackUserId,
    appId: slackSetup.appId,
    teamId: slackSetup.teamId,
    signingSecret: integrationSecret.slackSigningSecrets[0],
    now: world.clock.now(),
  };
}

/** Slack shows whoever pressed that it did not work; they may press again. */
async function hearNothing(answer: Promise<unknown>): Promise<void> {
  await answer.catch(() => undefined);
}

function record(
  { ledger }: Parts,
  { body }: HttpEvent,
  pressed: {
    readonly message: ShownMessage;
    readonly action: string;
    readonly slackUserId: string;
    readonly at: Instant;
    readonly filled?: FilledIn;
    /** That of a form; by default that of the message. */
    readonly shownVersion?: number;
  },
): void {
  const { message, ...rest } = pressed;
  const { rotationId = '', shownVersion = 0 } = rotationIn(message) ?? {};
  const { ts } = message;
  const known = ledger.presses.get(body);
  if (known !== undefined) return;
  const press = { rotationId, shownVersion, ...rest, ts, genuine: true };
  ledger.presses.set(body, { ...press, changes: 0 });
}

function rotationIn(message: ShownMessage) {
  for (const { blockId, button } of buttonsOf(message)) {
    const { action_id } = button;
    const isOurs = pressOfAction(action_id) !== undefined || formOf(action_id) !== undefined;
    if (isOurs) return readBlockId(blockId);
  }
  return undefined;
}

/** Whether a rotation has been in that stage for so many hours. */
export function isIn(name: string, hours: number, now: () => Instant) {
  return ({ stage }: Rotation): boolean =>
    stage.name === name && 'since' in stage && isDue(plus(stage.since, { hours }), now());
}

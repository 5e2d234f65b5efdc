/**
 * How the people of a simulated world press and send forms: as Slack would, or forged, from another
 * workspace, too late, twice, or once more what was sent before. All of it stands in the ledger.
 */
import { formOf, pressOfAction, readBlockId } from '../../adapters/slack-buttons.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { FormName } from '../../domain/press.ts';
import { buttonsOf, type Finger, type HttpEvent, press } from '../clicker.ts';
import { type Answers, submit } from '../form-filler.ts';
import { integrationSecret, slackSetup } from '../settings.ts';
import type { ShownMessage } from '../slack.ts';
import type { ShownModal } from '../slack-views.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { outside } from './invocation.ts';
import type { FilledIn, Ledger, PressRecord } from './ledger.ts';
import { odds } from './odds.ts';
import type { WorldPlan } from './plan.ts';

export interface Crowd {
  readonly plan: WorldPlan;
  readonly world: World;
  readonly ledger: Ledger;
  readonly dice: Dice;
  readonly tell: (line: string) => void;
  /** Whether a program of that user fails because its key is off. */
  readonly isBroken: (user: IamUser) => boolean;
}

/** What people have seen and sent. */
export interface Memory {
  readonly old: ShownMessage[];
  readonly resumes: Map<string, number>;
  readonly sent: HttpEvent[];
  /** Forms that were left open. */
  readonly forms: OpenForm[];
}

/** A form that somebody has before them, and what they mean to say. */
export interface OpenForm {
  readonly modal: ShownModal;
  readonly message: ShownMessage;
  readonly form: FormName;
  readonly answers: Answers;
  readonly filled: FilledIn;
}

export type Manner = 'once' | 'twice' | 'at once' | 'forged' | 'elsewhere' | 'long ago' | 'again';
/** Presses a button of a message, as somebody. */
export async function send(
  crowd: Crowd,
  memory: Memory,
  message: ShownMessage,
  action: string,
  slackUserId: string,
  manner: Manner = crowd.dice.chance(odds.doubleClick) ? 'at once' : 'once',
): Promise<void> {
  const { world, tell } = crowd;
  const made = press(message, action, fingerOf(crowd, slackUserId, manner));
  const record = { ...recordOf(message, world.clock.now()), slackUserId, action };
  tell(`${slackUserId} presses ${action} (${manner}) on ${record.rotationId}`);
  await pass(crowd, memory, made, record, manner);
}

/** Sends a form that was opened under a message, as somebody. */
export async function sendForm(
  crowd: Crowd,
  memory: Memory,
  { modal, message, form, filled, answers }: OpenForm,
  slackUserId: string,
  manner: Manner = 'once',
): Promise<void> {
  const { world, tell } = crowd;
  const made = submit(modal, answers, fingerOf(crowd, slackUserId, manner));
  const action = `filled:${form}`;
  const record = { ...recordOf(message, world.clock.now()), slackUserId, action, filled };
  tell(`${slackUserId} sends ${action} (${manner}) on ${record.rotationId}`);
  await pass(crowd, memory, made, record, manner);
}

function fingerOf({ world }: Crowd, slackUserId: string, manner: Manner): Finger {
  const now = world.clock.now();
  return {
    slackUserId,
    appId: slackSetup.appId,
    teamId: manner === 'elsewhere' ? 'T0ELSEWHERE' : slackSetup.teamId,
    signingSecret: manner === 'forged' ? 'somebody-else' : integrationSecret.slackSigningSecrets[0],
    now: manner === 'long ago' ? plus(now, { minutes: -20 }) : now,
  };
}

async function pass(
  { world, ledger, dice }: Crowd,
  memory: Memory,
  made: HttpEvent,
  record: Omit<PressRecord, 'changes' | 'genuine'>,
  manner: Manner,
): Promise<void> {
  const isAgain = manner === 'again' && memory.sent.length > 0;
  const event = isAgain ? dice.pick(memory.sent) : made;
  if (!isAgain) {
    const genuine = !['forged', 'elsewhere', 'long ago'].includes(manner);
    if (!ledger.presses.has(event.body)) {
      ledger.presses.set(event.body, { ...record, genuine, changes: 0 });
    }
    memory.sent.push(event);
  }
  await deliver(world, ledger, event, manner);
}

function recordOf(message: ShownMessage, at: Instant) {
  const { rotationId = '', shownVersion = 0 } = rotationIn(message) ?? {};
  return { at, rotationId, shownVersion, ts: message.ts };
}

async function deliver(
  world: World,
  { presses }: Ledger,
  event: HttpEvent,
  manner: Manner,
): Promise<void> {
  const once = async (): Promise<void> => {
    try {
      const answer = await world.handlers.onSlackAction(event);
      const record = presses.get(event.body);
      const isForm = record?.filled !== undefined && 'statusCode' in answer;
      if (isForm && answer.statusCode === 200 && answer.body === '') record.closed = true;
    } catch {
      // Slack shows whoever pressed that it did not work; they may press again.
    }
  };
  await outside(async () => {
    if (manner === 'at once') await Promise.all([once(), once()]);
    else await once();
    if (manner === 'twice') await once();
  });
  await world.wake();
}

/** Which rotation the message shows, and at which version. */
export function rotationIn(message: ShownMessage) {
  for (const { blockId, button } of buttonsOf(message)) {
    const { action_id } = button;
    const isOurs = pressOfAction(action_id) !== undefined || formOf(action_id) !== undefined;
    if (isOurs) return readBlockId(blockId);
  }
  return undefined;
}

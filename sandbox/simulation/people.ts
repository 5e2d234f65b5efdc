/**
 * The people of a simulated world. They look at Slack now and then and press what it offers, or
 * what it offered earlier; some press twice, some have no role, and some requests are forged.
 */
import { pressOfAction, readBlockId } from '../../adapters/slack-buttons.ts';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { buttonsOf, type HttpEvent, press } from '../clicker.ts';
import { integrationSecret, people, slackSetup } from '../settings.ts';
import type { ShownMessage } from '../slack.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { outside } from './invocation.ts';
import type { Ledger, PressRecord } from './ledger.ts';
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

const everybody = [...Object.values(people).map((each) => each.slackUserId), 'U0MALLORY'];
/** Snapshots of messages as they were, for presses from a screen that was not refreshed. */
const mostOldMessages = 40;
/** So often somebody resumes what is on hold; then it stays there. */
const mostResumes = 3;
const calmDaysOfResuming = 6;

interface Memory {
  readonly old: ShownMessage[];
  readonly resumes: Map<string, number>;
  readonly sent: HttpEvent[];
}

/** Lets everybody look at Slack, on and on. */
export function startCrowd(crowd: Crowd): void {
  const { plan, world, dice } = crowd;
  const memory: Memory = { old: [], resumes: new Map(), sent: [] };
  const look = async (): Promise<void> => {
    const isCalm = isDue(plan.calmFrom, world.clock.now());
    const hours = isCalm ? 12 : plan.manners.looksEveryHours;
    const minutes = Math.round(60 * hours * (0.5 + dice.fraction()));
    world.clock.at(plus(world.clock.now(), { minutes }), look);
    for (const message of currentMessages(crowd)) {
      keepOld(memory, message);
      await answer(crowd, memory, message, isCalm);
    }
    if (!isCalm && dice.chance(plan.manners.meddles)) await meddle(crowd, memory);
  };
  world.clock.at(plus(plan.start, { hours: 1 }), look);
}

/** The newest message of each rotation. */
function currentMessages({ world, ledger }: Crowd): readonly ShownMessage[] {
  const newest = new Map(ledger.places.map(({ rotationId, place }) => [rotationId, place.ts]));
  return [...newest.values()].flatMap((ts) => world.slack.message(ts) ?? []);
}

function keepOld({ old }: Memory, message: ShownMessage): void {
  if (buttonsOf(message).length === 0 || old.includes(message)) return;
  old.push(message);
  if (old.length > mostOldMessages) old.shift();
}

async function answer(
  crowd: Crowd,
  memory: Memory,
  message: ShownMessage,
  isCalm: boolean,
): Promise<void> {
  const { plan, dice, world } = crowd;
  const answers = isCalm ? 0.95 : plan.manners.answers;
  const offers = new Set(buttonsOf(message).map(({ button }) => button.action_id));
  const id = rotationIn(message)?.rotationId ?? '';
  const resumed = memory.resumes.get(id) ?? 0;
  const mayResume =
    resumed < mostResumes &&
    !isDue(plus(plan.calmFrom, { days: calmDaysOfResuming }), world.clock.now());
  if (offers.has('keyturn:approve') && dice.chance(answers)) {
    await send(crowd, memory, message, 'keyturn:approve', 'U0ADA');
    return;
  }
  const user = crowd.ledger.rotations.get(id)?.rotation.key.user;
  const isBroken = user !== undefined && crowd.isBroken(user);
  const rollsBack = isBroken ? 0.4 : isCalm ? 0 : odds.fright * plan.manners.answers;
  if (offers.has('keyturn:roll back') && dice.chance(rollsBack)) {
    await send(crowd, memory, message, 'keyturn:roll back', 'U0SAM');
    return;
  }
  if (offers.has('keyturn:resume') && mayResume && dice.chance(answers * 0.5)) {
    memory.resumes.set(id, resumed + 1);
    await send(crowd, memory, message, 'keyturn:resume', dice.pick(['U0ADA', 'U0SAM', 'U0OLIVIA']));
    return;
  }
  if (!isCalm && plan.manners.snoozes && offers.has('keyturn:snooze 24 h')) {
    await send(crowd, memory, message, 'keyturn:snooze 24 h', 'U0ADA');
    return;
  }
  if (!isCalm && offers.has('keyturn:attest') && dice.chance(answers * 0.05)) {
    await send(crowd, memory, message, 'keyturn:attest', dice.pick(['U0ADA', 'U0OMAR']));
  }
}

/** Anybody presses anything, on any message that was ever on a screen. */
async function meddle(crowd: Crowd, memory: Memory): Promise<void> {
  const { dice } = crowd;
  const current = currentMessages(crowd);
  const from = dice.chance(0.7) && current.length > 0 ? current : memory.old;
  if (from.length === 0) return;
  const message = dice.pick(from);
  const buttons = buttonsOf(message);
  if (buttons.length === 0) return;
  const { action_id } = dice.pick(buttons).button;
  await send(crowd, memory, message, action_id, dice.pick(everybody), dice.pick(manners));
}

type Manner = 'once' | 'twice' | 'at once' | 'forged' | 'elsewhere' | 'long ago' | 'again';
const manners: readonly Manner[] = [
  ...(['once', 'once', 'once', 'twice', 'at once'] as const),
  ...(['forged', 'elsewhere', 'long ago', 'again'] as const),
];

async function send(
  crowd: Crowd,
  memory: Memory,
  message: ShownMessage,
  action: string,
  slackUserId: string,
  manner: Manner = crowd.dice.chance(odds.doubleClick) ? 'at once' : 'once',
): Promise<void> {
  const { world, ledger, dice, tell } = crowd;
  const now = world.clock.now();
  const signedAt: Instant = manner === 'long ago' ? plus(now, { minutes: -20 }) : now;
  const made = press(message, action, {
    slackUserId,
    appId: slackSetup.appId,
    teamId: manner === 'elsewhere' ? 'T0ELSEWHERE' : slackSetup.teamId,
    signingSecret: manner === 'forged' ? 'somebody-else' : integrationSecret.slackSigningSecrets[0],
    now: signedAt,
  });
  const isAgain = manner === 'again' && memory.sent.length > 0;
  const event = isAgain ? dice.pick(memory.sent) : made;
  if (!isAgain) {
    const genuine = !['forged', 'elsewhere', 'long ago'].includes(manner);
    const record = recordOf(message, action, slackUserId, now, genuine);
    if (!ledger.presses.has(event.body)) ledger.presses.set(event.body, record);
    memory.sent.push(event);
  }
  tell(`${slackUserId} presses ${action} (${manner}) on ${rotationIn(message)?.rotationId}`);
  await deliver(world, event, manner);
}

function recordOf(
  message: ShownMessage,
  action: string,
  slackUserId: string,
  at: Instant,
  genuine: boolean,
): PressRecord {
  const { rotationId = '', shownVersion = 0 } = rotationIn(message) ?? {};
  const { ts } = message;
  return { at, slackUserId, action, rotationId, shownVersion, ts, genuine, changes: 0 };
}

async function deliver(world: World, event: HttpEvent, manner: Manner): Promise<void> {
  const once = async (): Promise<void> => {
    try {
      await world.handlers.onSlackAction(event);
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

function rotationIn(message: ShownMessage) {
  for (const { blockId, button } of buttonsOf(message)) {
    if (pressOfAction(button.action_id) !== undefined) return readBlockId(blockId);
  }
  return undefined;
}

/**
 * The people of a simulated world. They look at Slack now and then and press what it offers, or
 * what it offered earlier; some press twice, some have no role, and some requests are forged.
 */
import { formOf } from '../../adapters/slack-buttons.ts';
import { isDue, plus } from '../../domain/instant.ts';
import type { FormName } from '../../domain/press.ts';
import { buttonsOf } from '../clicker.ts';
import { people } from '../settings.ts';
import type { ShownMessage } from '../slack.ts';
import { fillIn, sendLeftOpen } from './form-people.ts';
import { odds } from './odds.ts';
import { type Crowd, type Manner, type Memory, rotationIn, send } from './sent-presses.ts';

/** Who fills in what, as a rule: who may. */
const formPeople: Readonly<Record<FormName, readonly string[]>> = {
  'snooze until': ['U0ADA', 'U0OLIVIA'],
  'not mine': ['U0OLIVIA', 'U0OMAR', 'U0ADA'],
  exempt: ['U0ADA', 'U0SAM'],
};

const everybody = [...Object.values(people).map((each) => each.slackUserId), 'U0MALLORY'];
/** Snapshots of messages as they were, for presses from a screen that was not refreshed. */
const mostOldMessages = 40;
/** So often somebody resumes what is on hold; then it stays there. */
const mostResumes = 3;
const calmDaysOfResuming = 6;

/** Lets everybody look at Slack, on and on. */
export function startCrowd(crowd: Crowd): void {
  const { plan, world, dice } = crowd;
  const memory: Memory = { old: [], resumes: new Map(), sent: [], forms: [] };
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
  const shown = formsOf(message);
  // An exemption is rare: it ends the rotation before anything has come of it.
  const asked = dice.chance(0.25) ? shown : shown.filter((each) => each !== 'exempt');
  if (!isCalm && asked.length > 0 && dice.chance(odds.fillsIn * plan.manners.answers)) {
    const form = dice.pick(asked);
    return fillIn(crowd, memory, message, form, dice.pick(formPeople[form]));
  }
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

function formsOf(message: ShownMessage): readonly FormName[] {
  return buttonsOf(message).flatMap(({ button }) => formOf(button.action_id) ?? []);
}

/** Anybody presses anything, on any message that was ever on a screen. */
async function meddle(crowd: Crowd, memory: Memory): Promise<void> {
  const { dice } = crowd;
  const current = currentMessages(crowd);
  if (memory.forms.length > 0 && dice.chance(0.3)) {
    return sendLeftOpen(crowd, memory, dice.pick(everybody), dice.pick(manners));
  }
  const from = dice.chance(0.7) && current.length > 0 ? current : memory.old;
  if (from.length === 0) return;
  const message = dice.pick(from);
  const buttons = buttonsOf(message);
  if (buttons.length === 0) return;
  const { action_id } = dice.pick(buttons).button;
  const who = dice.pick(everybody);
  const form = formOf(action_id);
  if (form !== undefined) return fillIn(crowd, memory, message, form, who, dice.pick(manners));
  await send(crowd, memory, message, action_id, who, dice.pick(manners));
}

const manners: readonly Manner[] = [
  ...(['once', 'once', 'once', 'twice', 'at once'] as const),
  ...(['forged', 'elsewhere', 'long ago', 'again'] as const),
];

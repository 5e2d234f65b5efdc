/**
 * What the people of a simulated world fill in: mostly what makes sense, sometimes more than may be
 * asked for, and not always at once.
 */
import { formId } from '../../adapters/slack-buttons.ts';
import { fromMillis, type Instant, plus, toMillis } from '../../domain/instant.ts';
import type { FormName } from '../../domain/press.ts';
import { people } from '../settings.ts';
import type { ShownMessage } from '../slack.ts';
import type { ShownModal } from '../slack-views.ts';
import type { FilledIn } from './ledger.ts';
import { odds } from './odds.ts';
import { type Crowd, type Manner, type Memory, send, sendForm } from './sent-presses.ts';

const mostLeftOpen = 20;
const somebody = [...Object.values(people).map((each) => each.slackUserId), 'U0MALLORY', null];

/** Opens a form, and sends it if it is shown: at once, or some day. */
export async function fillIn(
  crowd: Crowd,
  memory: Memory,
  message: ShownMessage,
  form: FormName,
  slackUserId: string,
  manner?: Manner,
): Promise<void> {
  const { slack } = crowd.world;
  const before = slack.modals().length;
  await send(crowd, memory, message, formId(form), slackUserId, manner);
  const modal = slack.modals()[before];
  if (modal === undefined) return;
  const open = { modal, message, form, ...answersTo(crowd, form, modal) };
  if (crowd.dice.chance(odds.sendsForm)) {
    return sendForm(crowd, memory, open, slackUserId, manner);
  }
  memory.forms.push(open);
  if (memory.forms.length > mostLeftOpen) memory.forms.shift();
}

/** Somebody sends what was left open, by whomever. */
export async function sendLeftOpen(
  crowd: Crowd,
  memory: Memory,
  slackUserId: string,
  manner: Manner,
): Promise<void> {
  const open = crowd.dice.pick(memory.forms);
  const who = crowd.dice.chance(0.5) ? open.modal.slackUserId : slackUserId;
  await sendForm(crowd, memory, open, who, manner);
}

function answersTo(
  { plan, world, dice }: Crowd,
  form: FormName,
  { view }: ShownModal,
): { readonly answers: Record<string, string | number | null>; readonly filled: FilledIn } {
  switch (form) {
    case 'snooze until': {
      const until = plus(shownMoment(view), { hours: dice.pick([0, 0, -20, 5, 30, 200]) });
      return { answers: { until: seconds(until) }, filled: { until } };
    }
    case 'not mine': {
      const owner = dice.pick(somebody);
      return { answers: { owner }, filled: { owner } };
    }
    case 'exempt': {
      // Early enough for what is reported after it to come to an end as well.
      const wanted = plus(world.clock.now(), { days: dice.pick([1, 3, 10, 20]) });
      const until = minute(wanted < plan.calmFrom ? wanted : plan.calmFrom);
      const reason = dice.pick(['The vendor sets it up anew.', 'It is a drill.']);
      return { answers: { reason, until: seconds(until) }, filled: { until } };
    }
  }
}

function shownMoment(view: ShownModal['view']): Instant {
  for (const block of view.blocks) {
    if (block.type !== 'input' || block.element.type !== 'datetimepicker') continue;
    return fromMillis((block.element.initial_date_time ?? 0) * 1000);
  }
  throw new Error('the form asks for no moment');
}

function minute(moment: Instant): Instant {
  return fromMillis(Math.floor(toMillis(moment) / 60_000) * 60_000);
}

function seconds(moment: Instant): number {
  return toMillis(moment) / 1000;
}

/**
 * Buttons that open a form, and the forms that come back. To open one decides nothing, and is
 * refused all the same to whoever may not press what it comes to. A form that was filled in is
 * counted like any other press; what is wrong is said in the form itself, under its first field
 * unless it is about another.
 */
import { asSentence } from '../domain/decision.ts';
import { Bug, messageOf } from '../domain/errors.ts';
import type { Owner, Person } from '../domain/people.ts';
import { mayAssign } from '../domain/permission.ts';
import type { FormPress } from '../domain/press.ts';
import type { Filled, SentForm, SentOpening } from '../domain/requests.ts';
import {
  type Before,
  count,
  isStale,
  lookUp,
  type Refusal,
  record,
  refusalOf,
  whatCameBetween,
} from './count-press.ts';
import { answer, type Desk, type Receipt, showAnew, tell, undecided } from './desk.ts';

/** Throws only what is a Bug: any other failure is logged, and told to whoever pressed. */
export async function openForm(desk: Desk, sent: SentOpening): Promise<Receipt> {
  try {
    return await openOrRefuse(desk, sent);
  } catch (error) {
    if (error instanceof Bug) throw error;
    const why = undecided(desk, sent, sent.form, error);
    await tell(desk, [answer(desk, sent, sent.form, why)]);
    return 'heard';
  }
}

async function openOrRefuse(desk: Desk, sent: SentOpening): Promise<Receipt> {
  const { form, triggerId } = sent;
  const before = await lookUp(desk, sent);
  if (before === undefined) {
    await tell(desk, [answer(desk, sent, form, 'Keyturn has no such rotation.')]);
    return 'heard';
  }
  const { rotation, place, now } = before;
  const found = refusalOf(desk, sent, form, before, rotation);
  if (found === undefined) {
    const about = { rotation, place: sent.message };
    await tell(desk, [
      desk.forms.open(triggerId, form, about, now).catch(async (error) => {
        desk.log.error('a form could not be opened', { form, problem: messageOf(error) });
        await answer(desk, sent, form, 'Slack did not show the form. Press again.');
      }),
    ]);
    return 'heard';
  }
  const refusal =
    found.about === 'outdated'
      ? { ...found, why: await whatCameBetween(desk.shell, sent, rotation) }
      : found;
  await record(desk, sent, form, before, refusal);
  if (refusal.about === 'origin') return 'refused';
  await tell(desk, [
    answer(desk, sent, form, refusal.why),
    ...(isStale(refusal) ? [showAnew(desk, place, rotation, now)] : []),
  ]);
  return 'heard';
}

/** What whoever sent a form is told: nothing, and it closes; or what is wrong with a field. */
export type FormReceipt = Receipt | { readonly field: Field; readonly problem: string };

type Field = 'until' | 'owner' | 'reason';

const firstField = {
  'snooze until': 'until',
  'not mine': 'owner',
  exempt: 'until',
} as const satisfies Readonly<Record<Filled['form'], Field>>;

/** Throws only what is a Bug: any other failure is logged, and told in the form. */
export async function receiveForm(desk: Desk, sent: SentForm): Promise<FormReceipt> {
  const { form } = sent.filled;
  try {
    return await decideOn(desk, sent);
  } catch (error) {
    if (error instanceof Bug) throw error;
    return { field: firstField[form], problem: asSentence(undecided(desk, sent, form, error)) };
  }
}

async function decideOn(desk: Desk, sent: SentForm): Promise<FormReceipt> {
  const { form } = sent.filled;
  const before = await lookUp(desk, sent);
  if (before === undefined) {
    return { field: firstField[form], problem: 'Keyturn has no such rotation.' };
  }
  const meant = pressOf(desk, sent.filled, before.person);
  if ('problem' in meant) return refuseAnswers(desk, sent, before, meant);
  const { rotation, refusal, ignored } = await count(desk, sent, meant, before);
  if (refusal?.about === 'origin') return 'refused';
  if (refusal === undefined || isStale(refusal)) {
    await tell(desk, [showAnew(desk, before.place, rotation, before.now)]);
  }
  const why = refusal?.why ?? ignored;
  return why === undefined ? 'heard' : { field: firstField[form], problem: asSentence(why) };
}

/** Whoever may not press hears that, and not what is wrong with what they filled in. */
async function refuseAnswers(
  desk: Desk,
  sent: SentForm,
  before: Before,
  wrong: Wrong,
): Promise<FormReceipt> {
  const { form } = sent.filled;
  const other = refusalOf(desk, sent, form, before, before.rotation);
  const refusal: Refusal = other ?? { about: 'answers', why: wrong.problem };
  await record(desk, sent, form, before, refusal);
  if (refusal.about === 'origin') return 'refused';
  return other === undefined ? wrong : { field: firstField[form], problem: asSentence(other.why) };
}

interface Wrong {
  readonly field: Field;
  readonly problem: string;
}

/** Only somebody of the configuration can be named: nobody else could own a key. */
function pressOf(desk: Desk, filled: Filled, person: Person | undefined): FormPress | Wrong {
  switch (filled.form) {
    case 'snooze until':
      return { type: filled.form, until: filled.until };
    case 'exempt': {
      const { form, reason, until } = filled;
      const problem = reasonProblem(reason);
      return problem === undefined ? { type: form, reason, until } : { field: 'reason', problem };
    }
    case 'not mine': {
      const owner = ownerNamed(desk.people, filled.namedId);
      return owner === undefined
        ? { field: 'owner', problem: 'Keyturn does not know them: an admin adds people and roles.' }
        : { type: filled.form, owner, assigns: mayAssign(person) };
    }
  }
}

function ownerNamed(people: readonly Person[], id: string | null): Owner | undefined {
  if (id === null) return { known: false };
  const person = people.find(({ slackUserId }) => slackUserId === id);
  return person && { known: true, slackUserId: person.slackUserId, name: person.name };
}

/** It is kept for good and shown to everybody: a secret has no place in it. */
function reasonProblem(reason: string): string | undefined {
  if (reason === '') return 'Say why, in a sentence.';
  return /[A-Za-z0-9/+]{40}/.test(reason)
    ? 'This looks like a secret access key. Leave it out; if it is one, have it replaced.'
    : undefined;
}

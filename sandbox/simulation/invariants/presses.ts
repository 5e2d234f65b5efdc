/** S11: whose word counts, and that it counts once. */
import { isDeepStrictEqual } from 'node:util';
import type { IncidentAnswered } from '../../../domain/incident.ts';
import { people } from '../../settings.ts';
import type { Committed, Ledger, PressRecord } from '../ledger.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const pressesCountOnce: Invariant = {
  id: 'S11',
  text: 'A human action is authenticated, authorised, fresh, counted once.',
  onCommit: (committed, ledger) => {
    const { entry } = committed;
    const { actor, event } = entry;
    if (actor.kind !== 'person' || entry.ignored !== null) return fine;
    if (event.type === 'press refused') return fine;
    if (event.type === 'incident answered') return answerProblems(committed, event, ledger);
    const press = pressOf(committed, ledger);
    if (press === undefined) return [`${event.type} by ${actor.name}: nobody had pressed anything`];
    press.changes += 1;
    return problemsOf(press, committed);
  },
};

/** The request that this very invocation was made with. */
function pressOf({ invocation }: Committed, { presses }: Ledger): PressRecord | undefined {
  const { body } = Object(invocation?.event) as { readonly body?: string };
  return body === undefined ? undefined : presses.get(body);
}

/** Told by PagerDuty, once, and nothing is any different for it. */
function answerProblems(
  { entry, before, invocation }: Committed,
  { eventId }: IncidentAnswered,
  { answers }: Ledger,
): Problems {
  const { body } = Object(invocation?.event) as { readonly body?: string };
  const told = answers.get(body ?? '');
  if (told?.eventId !== eventId) return [`${eventId} was noted: PagerDuty never told of it`];
  told.changes += 1;
  const [old, now] = [entry.state, before].map((each) => ({ ...each, version: 0, incidents: [] }));
  const orders = entry.effects.map(({ effect }) => effect.type).join();
  return [
    ...(told.genuine ? [] : [`${eventId} was noted: PagerDuty did not sign it`]),
    ...(told.changes === 1 ? [] : [`${eventId} was noted ${told.changes} times`]),
    ...(isDeepStrictEqual(old, now) ? [] : [`${eventId} changed more than what is told of it`]),
    ...(orders === 'update message' ? [] : [`${eventId} ordered ${orders}`]),
  ];
}

/** What each press comes to, and who may make it: force and abandon are for admins. */
const meanings: Readonly<Record<string, { readonly action: RegExp; readonly admin: boolean }>> = {
  approved: { action: /^keyturn:approve$/, admin: false },
  snoozed: { action: /^keyturn:snooze /, admin: false },
  paused: { action: /^keyturn:pause$/, admin: false },
  resumed: { action: /^keyturn:resume$/, admin: false },
  'rolled back': { action: /^keyturn:roll back$/, admin: false },
  attested: { action: /^keyturn:attest$/, admin: false },
  forced: { action: /^keyturn:force$/, admin: true },
  abandoned: { action: /^keyturn:abandon$/, admin: true },
};

function problemsOf(press: PressRecord, { entry, before }: Committed): Problems {
  const who = entry.actor.kind === 'person' ? entry.actor.id : '';
  const what = `${entry.event.type} by ${who}`;
  const meaning = meanings[entry.event.type];
  return [
    ...(press.genuine ? [] : [`${what}: the request was not genuine or too old`]),
    ...(press.changes === 1 ? [] : [`${what}: counted ${press.changes} times`]),
    ...(press.slackUserId === who ? [] : [`${what}: pressed by ${press.slackUserId}`]),
    ...(press.rotationId === entry.rotationId ? [] : [`${what}: pressed on another rotation`]),
    ...(meaning?.action.test(press.action) === true ? [] : [`${what}: pressed ${press.action}`]),
    ...(press.shownVersion === before?.shownVersion
      ? []
      : [`${what}: pressed on version ${press.shownVersion}, shown was ${before?.shownVersion}`]),
    ...(isAllowed(who, meaning?.admin === true, entry.event.type, before)
      ? []
      : [`${what}: no role`]),
  ];
}

function isAllowed(
  slackUserId: string,
  adminOnly: boolean,
  what: string,
  before: Committed['before'],
): boolean {
  const person = Object.values(people).find((each) => each.slackUserId === slackUserId);
  if (person === undefined || before === undefined) return false;
  const roles: readonly string[] = person.roles;
  if (adminOnly) return roles.includes('admin');
  const owns = before.owner.known && before.owner.slackUserId === slackUserId;
  if (what === 'approved' && owns && !before.policy.selfApproval) return false;
  return owns || roles.includes('approver') || roles.includes('admin');
}

/** S11: whose word counts, and that it counts once. */
import { isDeepStrictEqual } from 'node:util';
import type { IncidentAnswered } from '../../../domain/incident.ts';
import type { Committed, Ledger, PressRecord } from '../ledger.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { byWhom, givenUpBy, mayBeOwner } from './owners.ts';

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
    const { until } = press.filled ?? {};
    if (event.type === 'key exempted' && until !== undefined) {
      ledger.exempted.push({ keyId: entry.state.key.keyId, since: committed.at, until });
    }
    return [...problemsOf(press, committed, ledger), ...filledProblems(press, committed)];
  },
  atEnd: async ({ presses }) =>
    [...presses.values()].flatMap(({ closed, changes, action, slackUserId }) =>
      closed === true && changes === 0
        ? [`${action} of ${slackUserId}: the form closed, and nothing came of it`]
        : [],
    ),
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
  'snoozed until': { action: /^filled:snooze until$/, admin: false },
  reassigned: { action: /^filled:not mine$/, admin: false },
  'key exempted': { action: /^filled:exempt$/, admin: false },
};

/** What was filled in, and nothing else; whom an owner alone names has no rights by that. */
function filledProblems({ filled = {} }: PressRecord, { entry }: Committed): Problems {
  const { event, actor } = entry;
  const id = actor.kind === 'person' ? actor.id : '';
  if (event.type === 'reassigned') {
    const named = event.owner.known ? event.owner.slackUserId : null;
    return [
      ...(named === filled.owner ? [] : [`${id} named ${filled.owner}, not ${named}`]),
      ...(named === null || mayBeOwner(named) ? [] : [`${named} is nobody of the configuration`]),
      ...(event.assigned === byWhom(id).isSenior ? [] : [`${id} gave ${named} rights`]),
    ];
  }
  return 'until' in event && event.until !== filled.until
    ? [`${id} asked until ${filled.until}, not ${event.until}`]
    : fine;
}

function problemsOf(press: PressRecord, { entry, before }: Committed, ledger: Ledger): Problems {
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
    ...(isAllowed(who, meaning?.admin === true, entry.event.type, before, ledger)
      ? []
      : [`${what}: no role`]),
  ];
}

function isAllowed(
  slackUserId: string,
  adminOnly: boolean,
  what: string,
  before: Committed['before'],
  ledger: Ledger,
): boolean {
  if (!mayBeOwner(slackUserId) || before === undefined) return false;
  const { isAdmin, isSenior, isOwner } = byWhom(slackUserId);
  if (adminOnly) return isAdmin;
  const names = before.owner.known && before.owner.slackUserId === slackUserId;
  const { isSure, gaveUp } = givenUpBy(ledger, before.id);
  if (what === 'approved' || what === 'key exempted') {
    if ((names || gaveUp.has(slackUserId)) && !before.policy.selfApproval) return false;
  }
  const owns = names && isOwner && (isSure || what === 'reassigned');
  return isSenior || (owns && what !== 'key exempted');
}

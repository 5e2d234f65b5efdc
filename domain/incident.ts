/**
 * The PagerDuty incidents of a rotation, as far as Keyturn knows: opened and closed by its own
 * orders, answered by people. What somebody says there is shown and decides nothing.
 */
import type { Rotation } from './case.ts';
import { byName, type Decision, ignore } from './decision.ts';
import type { Effect } from './effect.ts';
import type { RotationEvent } from './event.ts';
import type { Instant } from './instant.ts';
import { actorOf } from './journal.ts';
import type { Actor } from './people.ts';

/** What an incident is about; a rotation has at most one open incident about each. */
export const concerns = ['held', 'old-key-used'] as const;

export type Concern = (typeof concerns)[number];

export const incidentAnswers = ['acknowledged', 'unacknowledged', 'resolved', 'reopened'] as const;

/** What happened to an incident in PagerDuty. */
export interface IncidentAnswer {
  readonly what: (typeof incidentAnswers)[number];
  /** Of PagerDuty, not authorised for anything. */
  readonly by: Actor;
  /** When, by PagerDuty's clock. */
  readonly at: Instant;
  /** PagerDuty's id of what it told: it may tell the same twice. */
  readonly eventId: string;
}

export interface Incident {
  readonly about: Concern;
  /** When it was ordered: what was answered before that was about another one. */
  readonly since: Instant;
  /** The newest one; null while nobody answered. */
  readonly answer: IncidentAnswer | null;
}

export interface IncidentAnswered extends IncidentAnswer {
  readonly type: 'incident answered';
  readonly about: Concern;
}

/** Which incident of a rotation. */
export interface NamedIncident {
  readonly rotationId: string;
  readonly about: Concern;
  /** 1 for the first incident about it, one more after each that was cleared. */
  readonly occasion: number;
}

/**
 * PagerDuty's name for it: `rot/<id>/held`, then `rot/<id>/held/2` and so on. What is cleared late
 * is then never what somebody was paged for since; and who acknowledged the one before is woken.
 */
export function dedupKey({ rotationId, about, occasion }: NamedIncident): string {
  return `rot/${rotationId}/${about}${occasion === 1 ? '' : `/${occasion}`}`;
}

/** The incident that a name stands for; undefined if it is none of ours. */
export function incidentNamed(name: string): NamedIncident | undefined {
  const form = /^rot\/([0-9a-f-]{36})\/([a-z-]+)(?:\/([1-9]\d{0,5}))?$/;
  const [, rotationId = '', rest, later] = form.exec(name) ?? [];
  const about = concerns.find((each) => each === rest);
  if (about === undefined || later === '1') return undefined;
  return { rotationId, about, occasion: later === undefined ? 1 : Number(later) };
}

/** What orders came to, as PagerDuty has it once all of them have got through. */
export interface Ordered {
  /** The newest incident, or the next one while none is open. */
  readonly occasion: number;
  readonly isOpen: boolean;
}

/** Of the orders given before it, oldest first: which incident an order is about. */
export function incidentAfter(orders: readonly Effect[], about: Concern): Ordered {
  let isOpen = false;
  let cleared = 0;
  for (const order of orders) {
    if (order.type === 'page' && order.about === about) isOpen = true;
    if (order.type === 'clear page' && order.about === about && isOpen) {
      isOpen = false;
      cleared += 1;
    }
  }
  return { occasion: cleared + 1, isOpen };
}

/**
 * Whoever acts in Slack is at it: what is open then need not call for more people. Whoever says
 * that a key is not theirs acts on nothing; and what an act itself pages for, nobody is at yet.
 */
export function acknowledgements(
  before: Rotation,
  { rotation: after, effects }: Pick<Decision, 'rotation' | 'effects'>,
  event: RotationEvent,
): readonly Effect[] {
  if (event.type === 'reassigned' || actorOf(event).kind !== 'person') return [];
  const wasOpen = new Set((before.incidents ?? []).map(({ about }) => about));
  const isPaged = (about: Concern) =>
    effects.some((effect) => effect.type === 'page' && effect.about === about);
  return (after.incidents ?? [])
    .filter(({ about, answer }) => wasOpen.has(about) && !isPaged(about) && !isSettled(answer))
    .map(({ about }) => ({ type: 'acknowledge page', about }));
}

/** Somebody in PagerDuty has it in hand, or says that it is over. */
function isSettled(answer: IncidentAnswer | null): boolean {
  return answer?.what === 'acknowledged' || answer?.what === 'resolved';
}

/** The rotation with its incidents as the orders of a decision of `now` leave them. */
export function withIncidents(
  rotation: Rotation,
  effects: readonly Effect[],
  now: Instant,
): Rotation {
  const before = rotation.incidents ?? [];
  const after = effects.reduce((open, effect) => withEffect(open, effect, now), before);
  return after === before ? rotation : { ...rotation, incidents: after };
}

function withEffect(open: readonly Incident[], effect: Effect, now: Instant): readonly Incident[] {
  if (effect.type !== 'page' && effect.type !== 'clear page') return open;
  const { about } = effect;
  const known = open.find((each) => each.about === about);
  const others = open.filter((each) => each !== known);
  if (effect.type === 'clear page') return known === undefined ? open : others;
  // Who has acknowledged is not woken anew; what somebody resolved is opened anew.
  const goesOn = known !== undefined && known.answer?.what !== 'resolved';
  return goesOn ? open : [...others, { about, since: now, answer: null }];
}

/** Why an answer tells nothing; undefined if it does. */
export function whyNoNews(rotation: Rotation, answered: IncidentAnswered): string | undefined {
  const incident = rotation.incidents?.find(({ about }) => about === answered.about);
  if (incident === undefined) return 'no such incident is open';
  if (answered.at < incident.since) return 'that was about an incident before this one';
  const { answer } = incident;
  return answer === null || isLater(answered, answer)
    ? undefined
    : 'it was told already, or something newer was';
}

/** Whatever order they are told in, and however often, the same one comes out as the newest. */
function isLater(one: IncidentAnswer, other: IncidentAnswer): boolean {
  return one.at === other.at ? one.eventId > other.eventId : one.at > other.at;
}

/** Shows the answer: people press the same buttons as before. */
export function answer(rotation: Rotation, answered: IncidentAnswered): Decision {
  const why = whyNoNews(rotation, answered);
  if (why !== undefined) return ignore(rotation, why);
  const { type: _, about, ...said } = answered;
  const incidents = (rotation.incidents ?? []).map((each) =>
    each.about === about ? { ...each, answer: said } : each,
  );
  return {
    rotation: { ...rotation, incidents },
    effects: [{ type: 'update message', news: `${answerInWords(about, said)}.` }],
  };
}

const subjects: Readonly<Record<Concern, string>> = {
  held: 'on hold',
  'old-key-used': 'old key used',
};

const verbs: Readonly<Record<IncidentAnswer['what'], string>> = {
  acknowledged: 'Acknowledged',
  unacknowledged: 'No longer acknowledged',
  resolved: 'Resolved',
  reopened: 'Reopened',
};

/** `Acknowledged in PagerDuty by Noa Night (on hold)`. */
export function answerInWords(about: Concern, { what, by }: IncidentAnswer): string {
  const whose = what === 'unacknowledged' ? '' : ` ${byName(by)}`;
  return `${verbs[what]} in PagerDuty${whose} (${subjects[about]})`;
}

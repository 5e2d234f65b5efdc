/**
 * The PagerDuty incidents of a rotation, as far as Keyturn knows: opened and closed by its own
 * orders, answered by people. What somebody says there is shown and decides nothing.
 */
import type { Rotation } from './case.ts';
import { byName, type Decision, ignore } from './decision.ts';
import type { Effect } from './effect.ts';
import type { Instant } from './instant.ts';
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

/** PagerDuty's name for the incident of a rotation. */
export function dedupKey(rotationId: string, about: Concern): string {
  return `rot/${rotationId}/${about}`;
}

/** The rotation and the concern that a name stands for; undefined if it is none of ours. */
export function incidentNamed(
  name: string,
): { readonly rotationId: string; readonly about: Concern } | undefined {
  const [, rotationId = '', rest] = /^rot\/([0-9a-f-]{36})\/([a-z-]+)$/.exec(name) ?? [];
  const about = concerns.find((each) => each === rest);
  return about === undefined ? undefined : { rotationId, about };
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

/**
 * What PagerDuty tells of an incident of ours (webhooks v3), read from the body of a request that
 * has been verified. https://developer.pagerduty.com/docs/webhooks-overview (2026-11)
 */
import * as v from 'valibot';
import {
  type IncidentAnswer,
  type IncidentAnswered,
  incidentAnswers,
  incidentNamed,
} from '../domain/incident.ts';
import { instant, parseInstant } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Actor } from '../domain/people.ts';
import type { HttpRequest, IncidentReader, ToldIncident } from '../domain/requests.ts';
import { cutText, oneLine } from './cut-text.ts';
import type { Kept } from './kept-secret.ts';
import { carriesSignature, signedByPagerDuty } from './pagerduty-signature.ts';

/** Reads requests to the PagerDuty endpoint. Two secrets are valid while one is exchanged. */
export function pagerDutyReader(
  read: () => Promise<readonly string[]>,
  readAgain = read,
): IncidentReader {
  return {
    read: async (request) => {
      const body = carriesSignature(request) && (await signedByKept(request, { read, readAgain }));
      return body ? { genuine: true, told: parseIncident(body) } : { genuine: false };
    },
  };
}

/** A signature that none of the secrets made may be of one that was exchanged since. */
async function signedByKept(request: HttpRequest, secrets: Kept<readonly string[]>) {
  const signed = signedByPagerDuty(request, await secrets.read());
  return signed ?? signedByPagerDuty(request, await secrets.readAgain());
}

/** Of a person, as it is shown. */
const longestName = 40;

const eventId = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/u));

const envelope = v.looseObject({
  event: v.looseObject({ id: eventId, event_type: v.string() }),
});

/** Somebody answered: `agent` is a user, or what else acted, or nobody. */
const answered = v.looseObject({
  event: v.looseObject({
    id: eventId,
    event_type: v.string(),
    occurred_at: v.pipe(
      v.string(),
      v.check((text) => parseInstant(text) !== undefined),
    ),
    agent: v.nullish(
      v.looseObject({ id: v.string(), type: v.string(), summary: v.nullish(v.string()) }),
    ),
    data: v.looseObject({ incident_key: v.nullish(v.string()) }),
  }),
});

/** What it tells, null if that is no news of ours. No problem quotes what the body says. */
export function parseIncident(body: Buffer): Parsed<ToldIncident | null> {
  const json = jsonOf(body);
  if (!json.ok) return json;
  const any = v.safeParse(envelope, json.value);
  if (!any.success) return missing(any.issues);
  const what = incidentAnswers.find((each) => any.output.event.event_type === `incident.${each}`);
  if (what === undefined) return parsed(null);
  const read = v.safeParse(answered, json.value);
  return read.success ? parsed(toldBy(read.output.event, what)) : missing(read.issues);
}

type AnsweredEvent = v.InferOutput<typeof answered>['event'];

function toldBy(event: AnsweredEvent, what: IncidentAnswer['what']): ToldIncident | null {
  const incident = incidentNamed(event.data.incident_key ?? '');
  if (incident === undefined || isOwn(event)) return null;
  const { rotationId, about, occasion } = incident;
  const answer: IncidentAnswered = {
    type: 'incident answered',
    ...{ about, what, by: actorOf(event), at: instant(event.occurred_at), eventId: event.id },
  };
  return { rotationId, occasion, answered: answer };
}

/**
 * Keyturn's own word, come back: what an Events API integration did is what somebody who holds its
 * routing key sent. Those are `inbound_integration_reference`, or of a kind of them.
 */
function isOwn({ agent }: AnsweredEvent): boolean {
  return agent?.type.endsWith('inbound_integration_reference') ?? false;
}

/** As PagerDuty calls them: nobody of the policy's people. A rule or a service may be it. */
function actorOf({ agent }: AnsweredEvent): Actor {
  const id = /^\w{1,50}$/u.exec(agent?.id ?? '')?.[0];
  const isUser = agent?.type === 'user_reference';
  const name = isUser ? cutText(oneLine(agent.summary ?? '').trim(), longestName) : '';
  return {
    kind: 'person',
    id: id === undefined ? 'pagerduty' : `pagerduty:${id}`,
    name: name === '' ? (isUser ? 'somebody' : 'PagerDuty itself') : name,
  };
}

function jsonOf(body: Buffer): Parsed<unknown> {
  try {
    return parsed(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch {
    // The parser's own message would quote the body.
    return refused('the body is not JSON in UTF-8');
  }
}

function missing(issues: Parameters<typeof v.getDotPath>[0][]): Parsed<never> {
  const places = new Set(issues.map((issue) => v.getDotPath(issue) ?? 'the body as a whole'));
  return refused(...[...places].map((place) => `${place} is missing or not as PagerDuty sends it`));
}

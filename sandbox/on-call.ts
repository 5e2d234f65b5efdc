/**
 * Somebody on call answers a page: makes the request that PagerDuty would send of it (webhooks v3),
 * signed, in the shape in which API Gateway hands it to the function.
 * https://developer.pagerduty.com/docs/webhooks-overview (2026-11)
 */
import { pagerDutySignature } from '../adapters/pagerduty-signature.ts';
import type { IncidentAnswer } from '../domain/incident.ts';
import type { Instant } from '../domain/instant.ts';
import type { HttpEvent } from './clicker.ts';

export interface PageAnswer {
  readonly what: IncidentAnswer['what'];
  readonly dedupKey: string;
  /** Absent where nobody answered: an acknowledgement that timed out. */
  readonly who?: { readonly id: string; readonly name: string };
  readonly at: Instant;
  readonly eventId: string;
}

/** The request, signed with each of the secrets. */
export function told(answer: PageAnswer, secrets: readonly string[]): HttpEvent {
  return signedByAll(JSON.stringify(webhookOf(answer)), secrets);
}

/** A request with that body as PagerDuty signs it and API Gateway passes it on: in base64. */
export function signedByAll(body: string, secrets: readonly string[]): HttpEvent {
  const bytes = Buffer.from(body, 'utf8');
  return {
    version: '2.0',
    routeKey: 'POST /pagerduty/events',
    rawPath: '/pagerduty/events',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-webhook-subscription': 'PSANDBOX',
      'x-pagerduty-signature': secrets.map((each) => pagerDutySignature(each, bytes)).join(','),
    },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}

/** The body of a request. */
export function webhookOf({ what, dedupKey, who, at, eventId }: PageAnswer): object {
  const self = (kind: string, id: string) => ({
    html_url: `https://sandbox.pagerduty.com/${kind}/${id}`,
    id,
    self: `https://api.pagerduty.com/${kind}/${id}`,
  });
  const service = { ...self('services', 'PSERVICE'), summary: 'Access keys' };
  return {
    event: {
      id: eventId,
      event_type: `incident.${what}`,
      resource_type: 'incident',
      occurred_at: at,
      agent:
        who === undefined
          ? null
          : { ...self('users', who.id), summary: who.name, type: 'user_reference' },
      client: null,
      data: {
        ...self('incidents', 'PINCIDENT'),
        type: 'incident',
        number: 1,
        status: what === 'unacknowledged' ? 'triggered' : what,
        incident_key: dedupKey,
        title: 'A page of Keyturn',
        service: { ...service, type: 'service_reference' },
        urgency: 'high',
      },
    },
  };
}

/**
 * Whether an HTTP request really comes from PagerDuty, decided over the raw bytes before anything
 * in them is looked at. https://developer.pagerduty.com/docs/verifying-webhook-signatures (2026-11)
 *
 * PagerDuty signs no time, so a request can be sent again by whoever saw it: what it tells is read
 * so that telling it twice changes nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../domain/requests.ts';
import { bytesOf, headerOf } from './http-request.ts';

/** PagerDuty sends one signature per secret of the subscription: two while it is exchanged. */
const mostSignatures = 8;
const form = /^v1=[0-9a-f]{64}$/u;

/** The body of a request that PagerDuty signed with any of the secrets; undefined for any other. */
export function signedByPagerDuty(
  request: HttpRequest,
  secrets: readonly string[],
): Buffer | undefined {
  const signatures = signaturesOf(request);
  const body = bytesOf(request);
  if (signatures.length === 0 || body === undefined) return undefined;
  const expected = secrets
    .filter((secret) => secret.trim() !== '')
    .map((secret) => Buffer.from(pagerDutySignature(secret, body)));
  // Everything is compared with everything, so that the time taken does not tell what matched.
  const matches = expected.flatMap((one) => signatures.map((each) => timingSafeEqual(one, each)));
  return matches.includes(true) ? body : undefined;
}

/** Whether a request says at all that it is signed: reading the secrets for any other is vain. */
export function carriesSignature(request: HttpRequest): boolean {
  return signaturesOf(request).length > 0;
}

/** Those of version v1, of which alone there is one; others are there to be ignored. */
function signaturesOf(request: HttpRequest): readonly Buffer[] {
  const header = headerOf(request, 'x-pagerduty-signature');
  if (typeof header !== 'string' || header.length > 1000) return [];
  const given = header.split(',', mostSignatures).map((each) => each.trim());
  return given.filter((each) => form.test(each)).map((each) => Buffer.from(each));
}

/** The signature that PagerDuty would send. */
export function pagerDutySignature(secret: string, body: Buffer): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

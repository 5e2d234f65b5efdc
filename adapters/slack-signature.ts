/**
 * Whether an HTTP request really comes from Slack, decided over the raw bytes before anything in
 * them is looked at. https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toMillis } from '../domain/instant.ts';
import type { HttpRequest } from '../domain/requests.ts';
import { bytesOf, headerOf } from './http-request.ts';
import type { Kept } from './kept-secret.ts';

export type Verdict =
  | { readonly genuine: true; readonly body: Buffer }
  /** `why` is for tests and operators; it quotes nothing of the request. */
  | {
      readonly genuine: false;
      readonly why: string;
      /** It is as Slack signs, in time, and of none of the secrets. */
      readonly unmatched: boolean;
    };

/** A request older, or further in the future, is refused: it may be a replay. */
const allowedSeconds = 300;

/**
 * Verifies the signature against any of the secrets: two are valid while the signing secret is
 * rotated. Without a secret nothing is genuine.
 */
export function verifySlackRequest(
  request: HttpRequest,
  signingSecrets: readonly string[],
  now: Instant,
): Verdict {
  const signature = headerOf(request, 'x-slack-signature');
  const timestamp = headerOf(request, 'x-slack-request-timestamp');
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/u.test(signature)) {
    return fake('it carries no signature of version v0');
  }
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/u.test(timestamp)) {
    return fake('it carries no timestamp');
  }
  if (Math.abs(toMillis(now) / 1000 - Number(timestamp)) > allowedSeconds) {
    return fake(`its timestamp is more than ${allowedSeconds} seconds off`);
  }
  const body = bytesOf(request);
  if (body === undefined) return fake('its body is no text');
  const usable = signingSecrets.filter((secret) => secret.trim() !== '');
  // Every secret is tried, so that the time taken does not tell which one matched.
  const matches = usable.map((secret) => isSignedWith(secret, timestamp, body, signature));
  if (matches.includes(true)) return { genuine: true, body };
  return { genuine: false, why: 'its signature does not match', unmatched: true };
}

/**
 * The same by secrets that are kept in memory: where none matches, one may have been exchanged
 * since, and they are read again. Throws what reading them throws.
 */
export async function verifyByKept(
  request: HttpRequest,
  secrets: Kept<readonly string[]>,
  now: Instant,
): Promise<Verdict> {
  const verdict = verifySlackRequest(request, await secrets.read(), now);
  if (verdict.genuine || !verdict.unmatched) return verdict;
  return verifySlackRequest(request, await secrets.readAgain(), now);
}

function isSignedWith(secret: string, timestamp: string, body: Buffer, given: string): boolean {
  return timingSafeEqual(Buffer.from(slackSignature(secret, timestamp, body)), Buffer.from(given));
}

/** The signature that Slack would send. `timestamp` is seconds since 1970 in digits. */
export function slackSignature(secret: string, timestamp: string, body: Buffer): string {
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body);
  return `v0=${mac.digest('hex')}`;
}

function fake(why: string): Verdict {
  return { genuine: false, why, unmatched: false };
}

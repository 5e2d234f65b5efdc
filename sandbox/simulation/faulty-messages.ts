/** Slack and PagerDuty as they fail, behind the very `fetch` that the adapters call. */
import type { FetchFunction } from '@slack/web-api';
import type { HttpPost } from '../../adapters/pagerduty-alerts.ts';
import { type Invocation, running } from './invocation.ts';
import type { Ledger } from './ledger.ts';
import type { Target } from './plan.ts';
import type { FaultKind, Strikes } from './strikes.ts';

export interface FaultyMessages {
  readonly ledger: () => Ledger;
  readonly strikes: Strikes;
  readonly isDown: (target: Target) => boolean;
}

const kinds: readonly FaultKind[] = ['refused', 'throttled', 'reply lost', 'died'];

export function faultySlack(parts: FaultyMessages, fetch: FetchFunction): FetchFunction {
  return (url, request) => {
    const method = String(url).split('/').at(-1) ?? '';
    return struck(parts, 'slack', `slack:${method}`, {
      go: () => fetch(url, request),
      refused: () => slackSays(200, { ok: false, error: 'internal_error' }),
      throttled: () => slackSays(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '30' }),
    });
  };
}

export function faultyPagerDuty(parts: FaultyMessages, fetch: HttpPost): HttpPost {
  return (url, request) => {
    const { event_action } = JSON.parse(request.body) as { readonly event_action?: string };
    return struck(parts, 'pagerduty', `pagerduty:${event_action}`, {
      go: () => fetch(url, request),
      refused: () => ({ status: 503, text: async () => 'unavailable' }),
      throttled: () => ({ status: 429, text: async () => 'too many' }),
    });
  };
}

interface Ways<T> {
  readonly go: () => Promise<T>;
  readonly refused: () => T;
  readonly throttled: () => T;
}

export async function struck<T>(
  { ledger, strikes, isDown }: FaultyMessages,
  target: Target,
  effect: string,
  { go, refused, throttled }: Ways<T>,
): Promise<T> {
  const who = running();
  const inside = who === 'outside' ? undefined : who;
  if (inside?.dead === true) throw broken();
  if (inside?.throttled.has(effect) === true) return throttled();
  if (isDown(target)) {
    strikes.struck('down', effect);
    return refused();
  }
  const kind = strikes.decide(effect, kinds);
  if (kind !== undefined) strikes.struck(kind, effect);
  if (kind === 'refused') return refused();
  if (kind === 'throttled') {
    inside?.throttled.add(effect);
    return throttled();
  }
  const answer = await (strikes.around?.(go) ?? go());
  ledger().effects += 1;
  if (kind === 'reply lost') throw broken();
  if (kind === 'died') kill(inside);
  return answer;
}

function kill(invocation: Invocation | undefined): void {
  if (invocation !== undefined) invocation.dead = true;
}

function broken(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function slackSays(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const json = { 'content-type': 'application/json', ...headers };
  return new Response(JSON.stringify(body), { status, headers: json });
}

/**
 * PagerDuty through its Events API v2: an incident per dedup key, triggered, acknowledged and
 * resolved, and change events. https://developer.pagerduty.com/docs/events-api-v2-overview
 * (2026-11): 202 is accepted; 400 is refused for good; 429, 5xx and a broken connection are to be
 * tried again. More triggers for an incident that somebody acknowledged notify nobody: hence a key
 * per concern, not per rotation. Acknowledging or resolving what is not open is accepted, too.
 * Change events have no dedup key: one that is sent again shows again.
 */
import { deadlinesOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import type { Pager } from '../domain/ports.ts';
import { stageInWords } from '../domain/status-text.ts';
import { cutText, oneLine } from './cut-text.ts';
import { secretConsoleUrl } from './secret-console.ts';

/** As much of the standard `fetch` as is used here. */
export type HttpPost = (
  url: string,
  request: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

export interface PagerDutySettings {
  /**
   * The integration's routing key, asked for at every call so that a rotated one is picked up: the
   * one of that name, or the default one.
   */
  readonly routingKey: (name?: string) => Promise<string>;
  /** The same, read anew: asked for where PagerDuty refused an event. */
  readonly routingKeyAgain?: (name?: string) => Promise<string>;
  /** Is told of a routing key that PagerDuty refused, where the other one took the event. */
  readonly onRefused?: (name: string, problem: string) => void;
  /** Instead of the network: the sandbox's PagerDuty. */
  readonly fetch?: HttpPost;
  /** `https://events.pagerduty.com`, or `https://events.eu.pagerduty.com` in the EU. */
  readonly origin?: string;
}

/** PagerDuty limits an event as a whole; no detail of one is longer than a summary. */
export const pagerDutyLimits = {
  dedupKey: 255,
  summary: 1024,
  source: 1024,
  detail: 1024,
} as const;

const timeoutMillis = 5000;

/** The pager. Throws Transient or Permanent; no message quotes the routing key. */
export function pagerDutyAlerts(settings: PagerDutySettings): Pager {
  return {
    trigger: ({ dedupKey, summary, severity, ...about }) => {
      const said = { summary: cutText(oneLine(summary), pagerDutyLimits.summary), severity };
      const { payload, ...more } =
        'rotation' in about ? ofRotation(about.rotation) : ofDeployment(about.deployment);
      const alert = { client: 'Keyturn', payload: { ...said, ...payload }, ...more };
      const route = 'rotation' in about ? about.rotation.policy.pagerDuty : undefined;
      return orUsual({ settings, route }, (to) => send(to, 'trigger', dedupKey, alert));
    },
    acknowledge: (dedupKey, route) => answer(settings, 'acknowledge', dedupKey, route),
    resolve: (dedupKey, route) => answer(settings, 'resolve', dedupKey, route),
    reportChange: (change) => report(settings, change),
  };
}

/**
 * Wherever it may have been triggered: where the named routing key was missing then, or refused,
 * that was with the default one. The same dedup key under another routing key is another incident,
 * or none. A default one that PagerDuty refuses is no reason to try again what the named one took:
 * with it nobody was paged. https://support.pagerduty.com/main/docs/event-management (2026-11)
 */
async function answer(
  settings: PagerDutySettings,
  action: 'acknowledge' | 'resolve',
  dedupKey: string,
  route: string | undefined,
): Promise<void> {
  const [named, usual] = [await settings.routingKey(route), await settings.routingKey()];
  const answerAt = (each: string | undefined) =>
    send({ settings, route: each }, action, dedupKey, {});
  if (named === usual) return answerAt(undefined);
  const [own, other] = await Promise.allSettled([answerAt(route), answerAt(undefined)]);
  const failures = [own, other].flatMap((each) =>
    each.status === 'rejected' ? [each.reason] : [],
  );
  const passing = failures.find((each) => !(each instanceof Permanent));
  if (passing !== undefined) throw passing;
  if (own.status === 'rejected') throw own.reason;
  if (other.status === 'rejected') settings.onRefused?.('default', messageOf(other.reason));
}

/** A named routing key that PagerDuty refuses leaves nobody unpaged: the default one stands in. */
async function orUsual(
  { settings, route }: Sender,
  go: (sender: Sender) => Promise<void>,
): Promise<void> {
  try {
    await go({ settings, route });
  } catch (error) {
    const isNamed = route !== undefined && route !== 'default';
    if (!isNamed || !(error instanceof Permanent)) throw error;
    await go({ settings, route: undefined });
    settings.onRefused?.(route, messageOf(error));
  }
}

function ofRotation(rotation: Rotation) {
  const { user, keyId } = rotation.key;
  return {
    payload: {
      source: sourceOf(rotation),
      component: shortKey(keyId),
      group: user.account,
      class: 'access key rotation',
      custom_details: details(rotation),
    },
    links: links(rotation),
  };
}

function sourceOf({ key }: Rotation): string {
  return cutText(oneLine(userLabel(key.user)), pagerDutyLimits.source);
}

function ofDeployment(deployment: string) {
  const source = cutText(deployment, pagerDutyLimits.source);
  return { payload: { source, class: 'deployment' } };
}

interface Sender {
  readonly settings: PagerDutySettings;
  readonly route: string | undefined;
}

async function send(
  sender: Sender,
  action: 'trigger' | 'acknowledge' | 'resolve',
  dedupKey: string,
  more: object,
): Promise<void> {
  const tried = `${action} the PagerDuty incident ${dedupKey}`;
  if (dedupKey === '' || dedupKey.length > pagerDutyLimits.dedupKey) {
    throw new Permanent(`${tried}: a key has 1 to ${pagerDutyLimits.dedupKey} characters`);
  }
  const event = { event_action: action, dedup_key: dedupKey, ...more };
  await enqueue(sender, tried, '/v2/enqueue', event);
}

/** https://developer.pagerduty.com/docs/send-change-event (2026-11) */
async function report(
  settings: PagerDutySettings,
  { summary, at, rotation }: Parameters<Pager['reportChange']>[0],
): Promise<void> {
  const payload = {
    summary: cutText(oneLine(summary), pagerDutyLimits.summary),
    timestamp: at,
    source: sourceOf(rotation),
    custom_details: details(rotation),
  };
  const tried = `report the change of rotation ${rotation.id} to PagerDuty`;
  const route = rotation.policy.pagerDuty;
  const path = '/v2/change/enqueue';
  await orUsual({ settings, route }, (to) => enqueue(to, tried, path, { payload }));
}

async function enqueue(
  { settings, route }: Sender,
  tried: string,
  path: string,
  event: object,
): Promise<void> {
  const send = (routing_key: string) =>
    post(settings, tried, path, JSON.stringify({ routing_key, ...event }));
  const first = await settings.routingKey(route);
  const answered = await send(first);
  if (!isRefusal(answered.status)) return taken(tried, answered, first);
  // The routing key may have been exchanged since it was read.
  const key = (await settings.routingKeyAgain?.(route)) ?? first;
  taken(tried, key === first ? answered : await send(key), key);
}

/** PagerDuty took it not, and will not for as long as it stays as it is. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !mayPass(status);
}

function mayPass(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/** Throws unless PagerDuty took it. */
function taken(tried: string, { status, answer }: Answered, routingKey: string): void {
  if (status === 202) return;
  if (mayPass(status)) {
    throw new Transient(`${tried}: PagerDuty answered ${status}; it is tried again`);
  }
  const why = errorsIn(answer).replaceAll(routingKey, '(routing key)');
  throw new Permanent(
    `${tried}: PagerDuty answered ${status}${why}; check the routing key and the integration`,
  );
}

interface Answered {
  readonly status: number;
  readonly answer: string;
}

async function post(
  settings: PagerDutySettings,
  tried: string,
  path: string,
  body: string,
): Promise<Answered> {
  const call: HttpPost = settings.fetch ?? fetch;
  const url = `${settings.origin ?? 'https://events.pagerduty.com'}${path}`;
  try {
    const response = await call(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMillis),
    });
    return { status: response.status, answer: await response.text() };
  } catch (error) {
    throw new Transient(`${tried}: no answer (${messageOf(error)}); it is tried again`, {
      cause: error,
    });
  }
}

/** What PagerDuty found wrong with the event, if it said so. */
function errorsIn(answer: string): string {
  try {
    const { errors } = JSON.parse(answer) as { errors?: unknown };
    if (!Array.isArray(errors) || errors.length === 0) return '';
    return ` (${cutText(oneLine(errors.map(String).join('; ')), 300)})`;
  } catch {
    return '';
  }
}

function details(rotation: Rotation): Readonly<Record<string, string>> {
  const { key, owner } = rotation;
  const all = {
    rotation: rotation.id,
    stage: stageInWords(rotation),
    account: key.user.account,
    user: key.user.userName,
    old_key: shortKey(key.keyId),
    owner: owner.known ? owner.name : 'unknown',
    ...deadlinesOf(rotation),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, text]) => [
      name,
      cutText(oneLine(text), pagerDutyLimits.detail),
    ]),
  );
}

function links(rotation: Rotation): readonly { readonly href: string; readonly text: string }[] {
  const issued = issuedOf(rotation);
  const href = issued === null ? undefined : secretConsoleUrl(issued.secretArn);
  return href === undefined ? [] : [{ href, text: 'Secret with the new key' }];
}

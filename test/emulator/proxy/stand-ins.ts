/**
 * Slack and PagerDuty, at addresses of the proxy: the functions' preload sends what is meant for
 * them there. They are the sandbox's own.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { VirtualClock } from '../../../sandbox/clock.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from '../../../sandbox/pagerduty.ts';
import { integrationSecret, slackSetup } from '../../../sandbox/settings.ts';
import { type SlackStandIn, slackStandIn } from '../../../sandbox/slack.ts';
import type { WireAnswer } from './answer.ts';

export interface StandIns {
  readonly slack: SlackStandIn;
  readonly pagerDuty: PagerDutyStandIn;
  /** Undefined for what is not meant for them. */
  answer(request: {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
  }): Promise<WireAnswer | undefined>;
}

const prefix = '/-/';
const json = { 'content-type': 'application/json' };

export function standIns(clock: VirtualClock): StandIns {
  const slack = slackStandIn({
    now: clock.now,
    botToken: integrationSecret.slackBotToken,
    ...slackSetup,
  });
  const pagerDuty = pagerDutyStandIn(integrationSecret.pagerDutyRoutingKey);
  return {
    slack,
    pagerDuty,
    answer: async ({ path, headers, body }) => {
      if (!path.startsWith(prefix)) return undefined;
      const url = `https://${path.slice(prefix.length)}`;
      const text = body.toString();
      if (url.startsWith('https://slack.com/')) {
        const Authorization = headers.authorization ?? '';
        const answer = await slack.fetch(url, { body: text, headers: { Authorization } });
        return { status: answer.status, headers: json, body: Buffer.from(await answer.text()) };
      }
      const answer = await pagerDuty.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      return { status: answer.status, headers: json, body: Buffer.from(await answer.text()) };
    },
  };
}

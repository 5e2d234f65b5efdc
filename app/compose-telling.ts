/** Puts together what tells people: Slack and PagerDuty, with the secrets that both need. */
import type { FetchFunction } from '@slack/web-api';
import { type IntegrationSecrets, integrationSecrets } from '../adapters/integration-secrets.ts';
import { type HttpPost, pagerDutyAlerts } from '../adapters/pagerduty-alerts.ts';
import { slackNotifier } from '../adapters/slack-notifier.ts';
import type { Wires } from './compose-wires.ts';
import type { HubSettings } from './config.ts';

type Told = Pick<HubSettings, 'connections' | 'slack'>;

/** Wires, and what may stand in for Slack's network. */
export type SlackWires = Omit<Wires, 'store'> & { readonly slackFetch?: FetchFunction };

/** Slack alone. */
export function composeMessenger(settings: Told, { clock, log, home, slackFetch }: SlackWires) {
  const secrets = integrationSecrets(home, settings.connections, clock);
  const messenger = slackNotifier({
    botToken: secrets.botToken,
    botTokenAgain: secrets.again.botToken,
    channel: settings.slack.channel,
    onRefused: (channel, problem) => log.error('channel refused', { channel, problem }),
    // Like the AWS clients there: what stands in for the network is not asked twice.
    ...(slackFetch === undefined ? {} : { fetch: slackFetch, retries: 0 }),
  });
  return { secrets, messenger };
}

export function composeTelling(
  settings: Told,
  wires: SlackWires & { readonly pagerDutyFetch?: HttpPost },
) {
  const { secrets, messenger } = composeMessenger(settings, wires);
  const routingKey = (from: Pick<IntegrationSecrets, 'routingKey'>) => async (name?: string) => {
    const { key, isKnown } = await from.routingKey(name);
    if (!isKnown) wires.log.error('routing key unknown: the default one is used', { name });
    return key;
  };
  const pager = pagerDutyAlerts({
    routingKey: routingKey(secrets),
    routingKeyAgain: routingKey(secrets.again),
    onRefused: (name, problem) => wires.log.error('routing key refused', { name, problem }),
    ...(wires.pagerDutyFetch === undefined ? {} : { fetch: wires.pagerDutyFetch }),
  });
  return { messenger, pager };
}

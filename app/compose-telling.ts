/** Puts together what tells people: Slack and PagerDuty, with the secrets that both need. */
import { type IntegrationSecrets, integrationSecrets } from '../adapters/integration-secrets.ts';
import { pagerDutyAlerts } from '../adapters/pagerduty-alerts.ts';
import { slackNotifier } from '../adapters/slack-notifier.ts';
import type { HubWires } from './compose.ts';
import type { HubSettings } from './config.ts';

export function composeTelling(settings: HubSettings, wires: HubWires) {
  const { clock, log, home } = wires;
  const secrets = integrationSecrets(home, settings.connectionsSecret, clock);
  const messenger = slackNotifier({
    botToken: secrets.botToken,
    botTokenAgain: secrets.again.botToken,
    channel: settings.slack.channel,
    onRefused: (channel, problem) => log.error('channel refused', { channel, problem }),
    // Like the AWS clients there: what stands in for the network is not asked twice.
    ...(wires.slackFetch === undefined ? {} : { fetch: wires.slackFetch, retries: 0 }),
  });
  const routingKey = (from: Pick<IntegrationSecrets, 'routingKey'>) => async (name?: string) => {
    const { key, isKnown } = await from.routingKey(name);
    if (!isKnown) log.error('routing key unknown: the default one is used', { name });
    return key;
  };
  const pager = pagerDutyAlerts({
    routingKey: routingKey(secrets),
    routingKeyAgain: routingKey(secrets.again),
    ...(wires.pagerDutyFetch === undefined ? {} : { fetch: wires.pagerDutyFetch }),
  });
  return { secrets, messenger, pager };
}

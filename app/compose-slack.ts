/** What answers presses and forms: put together of the adapters that speak to Slack. */
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { policyIn } from '../adapters/policy-on-disk.ts';
import { slackFieldError, slackFormOpener } from '../adapters/slack-form-opener.ts';
import { slackPressReader } from '../adapters/slack-request.ts';
import { ssmStopSwitch } from '../adapters/ssm-stop-switch.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { PressReader } from '../domain/requests.ts';
import { composeMessenger, type SlackWires } from './compose-telling.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, type HubSettings, readHubSettings } from './config.ts';
import type { Desk } from './desk.ts';
import { required } from './required.ts';

/** What the handler of presses and forms is made of. */
export type SlackActionDesk = Desk & {
  readonly reader: PressReader;
  readonly fieldError: (field: string, problem: string) => string;
};

export function composeSlackAction(
  settings: Pick<HubSettings, 'book' | 'slack' | 'connections' | 'stopParameter'>,
  wires: Wires & SlackWires,
): SlackActionDesk {
  const { book, slack, stopParameter } = settings;
  const { store, clock, log, home, slackFetch } = wires;
  const { secrets, messenger } = composeMessenger(settings, wires);
  return {
    shell: { store, clock, ids: cryptoIds },
    people: book.people,
    slack: { teamId: slack.teamId },
    messenger,
    whisper: messenger,
    stopSwitch: ssmStopSwitch(home, stopParameter, clock),
    log,
    forms: slackFormOpener({
      botToken: secrets.botToken,
      botTokenAgain: secrets.again.botToken,
      ...(slackFetch === undefined ? {} : { fetch: slackFetch }),
    }),
    fieldError: slackFieldError,
    reader: slackPressReader(secrets.signingSecrets, secrets.again.signingSecrets),
  };
}

/** As it is deployed. Throws Permanent naming everything wrong with how it is set. */
export function slackActionFromEnvironment(env: Environment): SlackActionDesk {
  const settings = required(readHubSettings(env, policyIn));
  const home = { region: settings.place.region };
  const log = consoleLog();
  const store = dynamoDbStore(home, settings.tableName, log);
  return composeSlackAction(settings, { store, clock: systemClock, log, home });
}

/** Puts the daily summary together, apart from the hub: it reads, takes notes, and posts. */
import type { FetchFunction } from '@slack/web-api';
import * as v from 'valibot';
import { consoleLog } from '../adapters/console-log.ts';
import { dynamoDbNotebook } from '../adapters/dynamodb-notebook.ts';
import { dynamoDbReads } from '../adapters/dynamodb-reads.ts';
import { integrationSecrets } from '../adapters/integration-secrets.ts';
import { slackSummary } from '../adapters/slack-summary.ts';
import { slackWarnings } from '../adapters/slack-warnings.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { ConnectionNames } from '../domain/connections.ts';
import type { Notebook, RotationReads } from '../domain/lists.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, given, readSettings, tableName, timeZone } from './config.ts';
import type { SummaryShell } from './daily-summary.ts';
import { required } from './required.ts';

export interface SummarySettings {
  readonly connections: Pick<ConnectionNames, 'slackToken'>;
  readonly slack: { readonly channel: string };
  readonly timeZone: string;
}

export interface SummaryWires extends Omit<Wires, 'store'> {
  readonly store: RotationReads & Notebook;
  /** Instead of the network. */
  readonly slackFetch?: FetchFunction;
}

export function composeSummary(
  { connections, slack, timeZone: zone }: SummarySettings,
  { store, clock, log, home, slackFetch }: SummaryWires,
): SummaryShell {
  const { botToken } = integrationSecrets(home, connections, clock);
  const access = {
    botToken,
    channel: slack.channel,
    onRefused: (channel: string, problem: string) =>
      log.error('channel refused', { channel, problem }),
    ...(slackFetch === undefined ? {} : { fetch: slackFetch }),
  };
  const tellers = { teller: slackSummary(access), warner: slackWarnings(access) };
  return { store, clock, log, ...tellers, timeZone: zone, usual: slack.channel };
}

const schema = v.object(
  {
    AWS_REGION: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_SLACK_TOKEN_IN: given,
    KEYTURN_SLACK_CHANNEL: given,
    KEYTURN_TIME_ZONE: timeZone,
  },
  'is not set',
);

/** As it is deployed. Throws Permanent naming every missing setting. */
export function summaryFromEnvironment(env: Environment): SummaryShell {
  const told = required(readSettings(schema, env));
  const home = { region: told.AWS_REGION };
  const settings = {
    connections: { slackToken: told.KEYTURN_SLACK_TOKEN_IN },
    slack: { channel: told.KEYTURN_SLACK_CHANNEL },
    timeZone: told.KEYTURN_TIME_ZONE,
  };
  return composeSummary(settings, {
    store: {
      ...dynamoDbReads(home, told.KEYTURN_TABLE),
      ...dynamoDbNotebook(home, told.KEYTURN_TABLE),
    },
    ...{ clock: systemClock, log: consoleLog(), home },
  });
}

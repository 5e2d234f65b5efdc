/**
 * Puts together what answers questions in Slack, apart from the hub: it reads a table and two
 * secrets' worth of one secret, and holds nothing of what decides or acts.
 */
import type { FetchFunction } from '@slack/web-api';
import * as v from 'valibot';
import { consoleLog } from '../adapters/console-log.ts';
import { dynamoDbReads } from '../adapters/dynamodb-reads.ts';
import { integrationSecrets } from '../adapters/integration-secrets.ts';
import { policyIn } from '../adapters/policy-on-disk.ts';
import { answerMessage } from '../adapters/slack-answers.ts';
import { slackHome } from '../adapters/slack-home.ts';
import { slackInquiryReader } from '../adapters/slack-inquiry.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Answer } from '../domain/answer.ts';
import type { ConnectionNames } from '../domain/connections.ts';
import type { InquiryReader } from '../domain/inquiry.ts';
import type { RotationReads } from '../domain/lists.ts';
import type { Person } from '../domain/people.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, given, readSettings, tableName } from './config.ts';
import type { InquiryDesk } from './receive-inquiry.ts';
import { required } from './required.ts';

export interface CommandSettings {
  readonly people: readonly Person[];
  readonly connections: Pick<ConnectionNames, 'slackToken' | 'slackSigning'>;
  readonly slack: { readonly teamId: string };
}

export interface CommandWires extends Omit<Wires, 'store'> {
  readonly store: RotationReads;
  /** Instead of the network. */
  readonly slackFetch?: FetchFunction;
}

export function composeSlackCommand(
  { people, connections, slack }: CommandSettings,
  { store, clock, log, home, slackFetch }: CommandWires,
): InquiryDesk & {
  readonly reader: InquiryReader;
  readonly render: (answer: Answer, slackUserId: string) => object;
} {
  const secrets = integrationSecrets(home, connections, clock);
  const { botToken } = secrets;
  return {
    ...{ store, clock, log, people },
    slack: { teamId: slack.teamId },
    reader: slackInquiryReader(secrets.signingSecrets, secrets.again.signingSecrets),
    publishHome: slackHome({
      botToken,
      ...(slackFetch === undefined ? {} : { fetch: slackFetch }),
    }),
    render: answerMessage,
  };
}

const schema = v.object(
  {
    AWS_REGION: given,
    KEYTURN_TABLE: tableName,
    KEYTURN_POLICY_FILE: given,
    KEYTURN_SLACK_TOKEN_IN: given,
    KEYTURN_SLACK_SIGNING_IN: given,
    KEYTURN_SLACK_TEAM: given,
  },
  'is not set',
);

/** As it is deployed. Throws Permanent naming everything wrong with how it is set. */
export function slackCommandFromEnvironment(
  env: Environment,
): ReturnType<typeof composeSlackCommand> {
  const told = required(readSettings(schema, env));
  const book = required(policyIn(told.KEYTURN_POLICY_FILE));
  const [home, log] = [{ region: told.AWS_REGION }, consoleLog()];
  const settings = {
    people: book.people,
    connections: {
      slackToken: told.KEYTURN_SLACK_TOKEN_IN,
      slackSigning: told.KEYTURN_SLACK_SIGNING_IN,
    },
    slack: { teamId: told.KEYTURN_SLACK_TEAM },
  };
  const store = dynamoDbReads(home, told.KEYTURN_TABLE);
  return composeSlackCommand(settings, { store, clock: systemClock, log, home });
}

/**
 * Accounts to be examined: a hub and one that only has keys, with everything that a deployment
 * makes; or broken, with something wrong of every kind.
 */
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { stageNames } from '../app/doctor/names.ts';
import { instant } from '../domain/instant.ts';
import type { Place } from '../domain/ports.ts';
import { type Cloud, createCloud } from './account/cloud.ts';
import { type AccountFacts, descriptionModels } from './account/descriptions.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { runbookNames, runbookText } from './runbook-files.ts';
import { integrationSecret, slackSetup } from './settings.ts';
import { type SlackStandIn, slackStandIn } from './slack.ts';
import type { SlackAppSetup } from './slack-app.ts';

export const modelAccounts = { hub: '111122223333', member: '444455556666' } as const;
export const modelRegion = 'us-east-1';
export const modelStage = 'prod';
/** The role in the member account that lets the hub's operator look. */
export const modelAuditor = 'audit';

/** `new`: nothing is deployed yet. */
export type Health = 'healthy' | 'new' | 'broken';

export interface ModelAccount {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly slack: SlackStandIn;
  /** With the credentials of an operator. */
  readonly connectionIn: (region: string) => AwsConnection;
}

export async function modelAccount(health: Health): Promise<ModelAccount> {
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const cloud = createCloud({ clock, partition: 'aws', seed: 'model account' });
  const { hub, member } = modelAccounts;
  const operator = cloud.createRole(hub, 'operator');
  cloud.createRole(member, modelAuditor, { trusts: [{ principalArn: operator }] });
  const facts = new Map<string, AccountFacts>([
    [hub, hubFacts(health)],
    [member, { ...nothing, ...besideKeys(health) }],
  ]);
  const factsOf = ({ account }: Pick<Place, 'account'>) => facts.get(account) ?? nothing;
  for (const [service, model] of descriptionModels(factsOf)) cloud.register(service, model);
  const credentials = cloud.roleCredentials(hub, 'operator', 'somebody');
  const call = (service: string, operation: string, input: object) =>
    cloud.call({ service, operation, input, region: modelRegion, credentials });
  const { connections, stopParameter } = stageNames(modelStage);
  const broken = health === 'broken';
  const { slackBotToken, ...rest } = integrationSecret;
  const SecretString = JSON.stringify(broken ? rest : { slackBotToken, ...rest });
  await call('secretsmanager', 'CreateSecret', { Name: connections.slackToken, SecretString });
  if (health !== 'new') {
    const Value = broken ? 'incident 42' : 'go';
    await call('ssm', 'PutParameter', { Name: stopParameter, Value, Type: 'String' });
  }
  const { channel } = slackSetup;
  const members = broken ? [] : ['U0KEYTURN'];
  return {
    cloud,
    clock,
    slack: slackStandIn({
      ...slackSetup,
      channel,
      members,
      now: clock.now,
      botToken: slackBotToken,
      app: modelApp(broken),
    }),
    connectionIn: (region) => cloud.connection({ region, credentials }),
  };
}

const modelApi = 'a1b2c3d4e5';

/** Its configuration token; of this process only, like all that it is asked for. */
export const modelConfiguration = {
  appId: slackSetup.appId,
  token: ['xoxe', 'sandbox', 'token'].join('-'),
} as const;

/** What the app's pages say; where broken, forms still go to where the last deployment was. */
function modelApp(broken: boolean): SlackAppSetup {
  const to = (path: string, api = modelApi) =>
    `https://${api}.execute-api.${modelRegion}.amazonaws.com/slack/${path}`;
  return {
    configuration: modelConfiguration,
    manifest: {
      features: { slash_commands: [{ command: '/keyturn', url: to('commands') }] },
      settings: {
        event_subscriptions: { request_url: to('events') },
        interactivity: {
          is_enabled: true,
          request_url: broken ? to('actions', 'f6g7h8i9j0') : to('actions'),
        },
      },
    },
  };
}

const nothing: AccountFacts = {
  recorder: null,
  configRules: [],
  securityHub: null,
  securityHubV2: false,
  concurrency: 1000,
  adaptiveAutomation: false,
  functions: [],
  httpApi: null,
  documents: new Map(),
  queues: new Map(),
  tables: new Map(),
  roles: new Map(),
  denied: [],
};

const names = stageNames(modelStage);

function hubFacts(health: Health): AccountFacts {
  const broken = health === 'broken';
  const ground: AccountFacts = {
    ...nothing,
    recorder: { recording: true, users: !broken },
    configRules: broken ? ['our-own-access-keys-rotated-check'] : ['access-keys-rotated'],
    securityHub: broken
      ? null
      : { standards: ['standards/aws-foundational-security-best-practices/v/1.0.0'], iam3: true },
    denied: broken ? ['GetAccountSettings'] : [],
  };
  if (health === 'new') return ground;
  const { functions = [], ...beside } = besideKeys(health);
  const [rejected = '', undelivered = '', missedReports = ''] = names.failedQueues;
  return {
    ...ground,
    ...beside,
    functions: [...names.handlers, ...functions],
    httpApi: modelApi,
    queues: new Map([
      [rejected, 0],
      [undelivered, broken ? 3 : 0],
      [missedReports, 0],
    ]),
    tables: new Map([[names.table, { deletionProtection: true, pointInTimeRecovery: !broken }]]),
  };
}

/** What stands in every account with users. */
function besideKeys(health: Health): Partial<AccountFacts> {
  if (health === 'new') return {};
  const broken = health === 'broken';
  const doors = names.doors.map((name) => [name, modelAccounts.hub] as const);
  const runs = names.runbookRoles.map((name) => [name, 'ssm.amazonaws.com'] as const);
  return {
    functions: broken ? [names.witness] : [names.custodian, names.witness],
    roles: new Map([...(broken ? doors.slice(1) : doors), ...runs]),
    documents: new Map(
      runbookNames().map(({ file, title }) => {
        const text = runbookText(file);
        const changed = broken && file === 'delete-key';
        return [`${names.documentPrefix}-${title}`, changed ? edited(text) : text];
      }),
    ),
  };
}

/** As somebody might edit a runbook by hand. */
function edited(text: string): string {
  return text.replace(/^description: .*$/m, 'description: Deletes a key at once');
}

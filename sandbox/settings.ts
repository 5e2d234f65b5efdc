/** How the sandbox's deployment is configured: names, people, and secrets that are none. */
import { defaultAccountCapacity, defaultCapacity, type HubSettings } from '../app/config.ts';
import { allIn } from '../domain/connections.ts';
import type { Person } from '../domain/people.ts';
import type { Mode, Policy } from '../domain/policy.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Place } from '../domain/ports.ts';
import { documentPrefix } from './runbook-files.ts';

/** Everybody who appears in the sandbox. Mallory is in the channel and may do nothing, nor Vera. */
export const people = {
  olivia: { slackUserId: 'U0OLIVIA', name: 'Olivia Owens', roles: ['owner'] },
  omar: { slackUserId: 'U0OMAR', name: 'Omar Haddad', roles: ['owner'] },
  ada: { slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver'] },
  vera: { slackUserId: 'U0VERA', name: 'Vera Viewer', roles: ['viewer'] },
  sam: { slackUserId: 'U0SAM', name: 'Sam Oncall', roles: ['admin', 'approver'] },
} as const satisfies Record<string, Person>;

export const slackSetup = {
  appId: 'A0KEYTURN',
  teamId: 'T0SANDBOX',
  channel: { id: 'C0ACCESSKEYS', name: 'access-keys' },
  channels: [{ id: 'C0PAYMENTS', name: 'payments' }],
} as const;

/** Of this process only; nothing outside would accept them. */
export const integrationSecret = {
  slackBotToken: ['xoxb', 'sandbox', 'token'].join('-'),
  slackSigningSecrets: ['sandbox-signing-secret'],
  pagerDutyRoutingKey: 'sandbox'.padEnd(32, '0'),
} as const;

/** Of PagerDuty's webhook subscription: of this process only, too. */
export const webhookSecret = { signingSecrets: ['sandbox-webhook-secret'] } as const;

/** For repositories on GitHub: of this process only, too. */
export const gitHubToken = 'github_pat_sandbox_token_of_nobody';

export const names = {
  /** Of whoever asks from outside of a function, as a command does. */
  hubRole: 'keyturn-hub',
  onFindingRole: 'keyturn-on-finding',
  onRunbookFinishedRole: 'keyturn-on-runbook-finished',
  onSlackActionRole: 'keyturn-on-slack-action',
  onSlackCommandRole: 'keyturn-on-slack-command',
  dailySummaryRole: 'keyturn-daily-summary',
  onPagerDutyEventRole: 'keyturn-on-pagerduty-event',
  onTickRole: 'keyturn-on-tick',
  evidenceReportRole: 'keyturn-evidence-report',
  evidenceBucketPrefix: 'keyturn-evidence',
  onInventoryRole: 'keyturn-on-inventory',
  /** Doors are named `keyturn-reader` and so on. */
  doorPrefix: 'keyturn',
  readerRole: 'keyturn-reader',
  launcherRole: 'keyturn-launcher',
  findingsRole: 'keyturn-findings',
  externalId: 'keyturn-sandbox',
  runbookRolePrefix: 'keyturn-runbook',
  custodianRole: 'keyturn-custodian',
  keyMakerRole: 'keyturn-key-maker',
  witnessRole: 'keyturn-witness',
  custodian: 'keyturn-custodian',
  witness: 'keyturn-witness',
  table: 'keyturn',
  topic: 'keyturn',
  bus: 'keyturn',
  queue: 'keyturn-rejected',
  connections: 'keyturn-connections',
  webhookSecret: 'keyturn-pagerduty-webhook',
  gitHubToken: 'keyturn-github-token',
  stopParameter: '/keyturn/sandbox/stop',
} as const;

/** Roles that the hub acts under: each function has its own, as deployed. */
export const hubRoles = [
  names.hubRole,
  names.onFindingRole,
  names.onRunbookFinishedRole,
  names.onSlackActionRole,
  names.onSlackCommandRole,
  names.dailySummaryRole,
  names.onPagerDutyEventRole,
  names.onTickRole,
  names.onInventoryRole,
] as const;

/** Everybody who appears in the sandbox, and one policy for everything. */
export function sandboxBook(mode: Mode, changes: Partial<Policy> = {}): PolicyBook {
  return {
    defaults: { ...changes, mode },
    rules: [],
    exemptions: [],
    people: Object.values(people),
  };
}

export function hubSettings(
  place: Place,
  book: PolicyBook,
  made: {
    readonly topicArn: string;
    readonly rejectedQueueUrl: string;
    readonly accounts: readonly string[];
  },
): HubSettings {
  return {
    stage: 'sandbox',
    place,
    tableName: names.table,
    book,
    drills: 'none',
    documentPrefix,
    runbookRolePrefix: names.runbookRolePrefix,
    doors: { prefix: names.doorPrefix, externalId: names.externalId, findingsPlace: null },
    members: made.accounts,
    notMembers: [],
    keyMakerRoleName: names.keyMakerRole,
    custodianFunction: names.custodian,
    witnessFunction: names.witness,
    topicArn: made.topicArn,
    busName: names.bus,
    rejectedQueueUrl: made.rejectedQueueUrl,
    connections: allIn(names.connections),
    customAction: 'keyturn',
    stopParameter: names.stopParameter,
    slack: { teamId: slackSetup.teamId, channel: slackSetup.channel.id },
    capacity: defaultCapacity,
    accountCapacity: defaultAccountCapacity,
  };
}

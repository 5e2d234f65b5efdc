/**
 * Puts the system together: the only place that knows which adapter plays which role. The Lambda
 * entries and the sandbox call the same functions with other wires.
 */
import type { FetchFunction } from '@slack/web-api';
import { accountRegions } from '../adapters/account-regions.ts';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { cloudTrailKeyCreators, cloudTrailKeyOrigin } from '../adapters/cloudtrail-key-origin.ts';
import { cloudTrailUsage } from '../adapters/cloudtrail-usage.ts';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { secretDescriptions } from '../adapters/describe-secret.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { eventBridgeAnnouncer } from '../adapters/eventbridge-announcer.ts';
import { type HubDoors, hubDoors } from '../adapters/hub-doors.ts';
import { iamKeyMaker, keyMakerSessions } from '../adapters/iam-key-maker.ts';
import { iamKeyUses } from '../adapters/iam-key-uses.ts';
import { iamProfiles } from '../adapters/iam-profiles.ts';
import { iamUsers } from '../adapters/iam-users.ts';
import { eventReader } from '../adapters/inbound-event.ts';
import { integrationSecrets } from '../adapters/integration-secrets.ts';
import { issuedKeys } from '../adapters/issued-keys.ts';
import { keyStanding } from '../adapters/key-standing.ts';
import { lambdaHealthCheck } from '../adapters/lambda-health-check.ts';
import { lambdaWitness } from '../adapters/lambda-witness.ts';
import { lastUsedSource } from '../adapters/last-used.ts';
import { memberAccounts } from '../adapters/member-accounts.ts';
import { organizationUnits } from '../adapters/organizations-accounts.ts';
import { type HttpPost, pagerDutyAlerts } from '../adapters/pagerduty-alerts.ts';
import { parameterStoreVault } from '../adapters/parameter-store-vault.ts';
import { parameterTags } from '../adapters/parameter-tags.ts';
import { policyIn } from '../adapters/policy-on-disk.ts';
import { secretsManagerTags } from '../adapters/secrets-manager-tags.ts';
import { secretsManagerVault } from '../adapters/secrets-manager-vault.ts';
import { securityHubFindings } from '../adapters/security-hub-findings.ts';
import { securityHubV2Findings } from '../adapters/security-hub-v2-findings.ts';
import { slackNotifier } from '../adapters/slack-notifier.ts';
import { slackPressReader } from '../adapters/slack-request.ts';
import { snsAnnouncer } from '../adapters/sns-announcer.ts';
import { sqsDeadLetters } from '../adapters/sqs-dead-letters.ts';
import { ssmClaims } from '../adapters/ssm-claims.ts';
import { ssmRunbooks } from '../adapters/ssm-runbooks.ts';
import { ssmStopSwitch } from '../adapters/ssm-stop-switch.ts';
import { stsKeyTester } from '../adapters/sts-key-tester.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Permanent } from '../domain/errors.ts';
import { ownerOf } from '../domain/owner.ts';
import type { Parsed } from '../domain/parsed.ts';
import type { AccountUnits, Clock, Log, Messenger, Place, RotationStore } from '../domain/ports.ts';
import type { UsageSources } from '../domain/usage-sources.ts';
import { accountAlarm } from './account-alarm.ts';
import {
  type Environment,
  type HubSettings,
  readCustodianSettings,
  readHubSettings,
  readWitnessPlace,
} from './config.ts';
import type { Custodian, NativePrivilege } from './custody/deps.ts';
import type { FollowDeps } from './follow-run.ts';
import type { Hub } from './hub.ts';
import { observedNews } from './observed-news.ts';
import type { Observed, OpenDeps } from './open.ts';
import type { PlanDeps } from './plan.ts';
import type { ReceiveDeps } from './receive.ts';
import { recordEverywhere } from './record-everywhere.ts';
import { policyResolver } from './resolve-policy.ts';
import type { RunbookRole } from './run-parameters.ts';
import { deploymentOf, stopAlarm } from './stop-alarm.ts';
import { unreadTeller } from './tell-unread.ts';

/** What differs between AWS and a laptop. */
export interface HubWires {
  readonly store: RotationStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The hub's own, in its account and Region: through its doors it goes everywhere else. */
  readonly home: AwsConnection;
  /** Instead of the network. */
  readonly slackFetch?: FetchFunction;
  readonly pagerDutyFetch?: HttpPost;
}

export function composeHub(settings: HubSettings, wires: HubWires): Hub {
  const { store, clock, log, home } = wires;
  const { book } = settings;
  const secrets = integrationSecrets(home, settings.connectionsSecret, clock);
  const messenger = slackNotifier({
    botToken: secrets.botToken,
    channel: settings.slack.channel,
    // Like the AWS clients there: what stands in for the network is not asked twice.
    ...(wires.slackFetch === undefined ? {} : { fetch: wires.slackFetch, retries: 0 }),
  });
  const pager = pagerDutyAlerts({
    routingKey: secrets.routingKey,
    ...(wires.pagerDutyFetch === undefined ? {} : { fetch: wires.pagerDutyFetch }),
  });
  const alarmed = { pager, messenger, clock, log, deployment: deploymentOf(settings) };
  const alarm = accountAlarm(alarmed);
  const doors = hubDoors({
    ...settings.doors,
    home: settings.place,
    connection: home,
    clock,
    doorkeeper: alarm,
  });
  const runbooks = ssmRunbooks({
    launching: doors.launcher,
    reading: doors.reader,
    documentPrefix: settings.documentPrefix,
    custodianFunction: settings.custodianFunction,
    witnessFunction: settings.witnessFunction,
  });
  const stopSwitch = ssmStopSwitch(home, settings.stopParameter, clock);
  const inside = { ...wires, messenger, doors, units: organizationUnits(home, clock) };
  const announceObserved = (found: Observed) => messenger.tellTeam(observedNews(found));
  const opening = composeOpening(settings, { ...inside, announceObserved });
  const runbookRole: RunbookRole = ({ partition, account }, runbook) =>
    `arn:${partition}:iam::${account}:role/${settings.runbookRolePrefix}-${runbook}`;
  const following = { runbooks, runbookRole, stopSwitch };
  return {
    finding: { ...opening, ...composeReceiving(settings, inside), ...following },
    tick: {
      ...opening,
      ...following,
      messenger,
      witness: lambdaWitness(doors.launcher, settings.witnessFunction),
      pager,
      subscribers: snsAnnouncer(home, settings.topicArn),
      bus: eventBridgeAnnouncer(home, settings.busName),
      recorder: recordEverywhere([
        securityHubFindings(doors.findings),
        securityHubV2Findings(doors.findings),
      ]),
      capacity: settings.capacity,
      accountCapacity: settings.accountCapacity,
      stopAlarm: stopAlarm(alarmed),
      accountAlarm: alarm,
    },
    plan: { ...opening, people: book.people },
    slackAction: {
      shell: { store, clock, ids: cryptoIds },
      people: book.people,
      slack: { teamId: settings.slack.teamId },
      messenger,
      whisper: messenger,
      stopSwitch,
      log,
      reader: slackPressReader(secrets.signingSecrets),
    },
  };
}

/** The wires, and what was made of them once for all. */
interface Inside extends HubWires {
  readonly messenger: Messenger;
  readonly doors: HubDoors;
  readonly units: AccountUnits;
}

/** What it takes to understand events, beside claiming keys and following runs. */
function composeReceiving(
  settings: HubSettings,
  { clock, home, messenger, doors, units }: Inside,
): Omit<ReceiveDeps, keyof OpenDeps | keyof FollowDeps | 'stopSwitch'> {
  const { place, customAction, keyMakerRoleName, rejectedQueueUrl } = settings;
  return {
    accounts: memberAccounts({ ...settings, home: place.account }, units),
    secrets: secretDescriptions(doors.reader),
    creators: cloudTrailKeyCreators(doors.reader, clock),
    keyMakerSession: keyMakerSessions(keyMakerRoleName),
    tellTeam: (news) => messenger.tellTeam(news),
    readEvent: eventReader({ partition: place.partition, customAction }),
    deadLetters: sqsDeadLetters(home, rejectedQueueUrl),
    tellUnread: unreadTeller(messenger, clock),
  };
}

/** What it takes to claim a key. */
export function composeOpening(
  { place, book }: HubSettings,
  wires: Omit<Inside, 'home' | 'messenger'> & Pick<OpenDeps, 'announceObserved'>,
): OpenDeps & Pick<PlanDeps, 'policyFor'> {
  const { store, clock, log, units, announceObserved } = wires;
  const { reader } = wires.doors;
  return {
    store,
    clock,
    ids: cryptoIds,
    log,
    users: iamUsers(reader, place.region),
    uses: iamKeyUses(reader, place.region, clock),
    issued: issuedKeys(reader, place.region),
    profiles: iamProfiles(reader, place.region, clock),
    policyFor: policyResolver(book, units, clock),
    ownerOf: (user) => ownerOf(user, book.people),
    regionFor: () => place.region,
    announceObserved,
  };
}

/** What the witness reads, beside the keys of one account. */
export function composeSources(
  place: Place,
  clock: Clock,
  connectionIn: (region: string) => AwsConnection,
): UsageSources {
  const { region, partition } = place;
  const here = connectionIn(region);
  return {
    lastUsed: lastUsedSource(here, clock),
    trail: cloudTrailUsage({ connectionIn, region, partition, clock }),
    regions: accountRegions(here, partition, clock),
    standing: keyStanding(here),
  };
}

export interface CustodyWires {
  readonly clock: Clock;
  readonly log: Log;
  readonly keyMakerRoleArn: string;
  readonly stopParameter: string;
  readonly nativePrivilege: NativePrivilege;
  readonly connectionIn: (region: string) => AwsConnection;
}

/** What the custodian works with, beside the keys of one account. */
export function composeCustody(place: Place, wires: CustodyWires): Custodian {
  const { clock, log, keyMakerRoleArn, stopParameter, nativePrivilege, connectionIn } = wires;
  const { partition, region } = place;
  const connection = connectionIn(region);
  return {
    tagsIn: {
      'secrets-manager': secretsManagerTags(connection),
      'parameter-store': parameterTags(connection),
    },
    stopSwitch: ssmStopSwitch(connection, stopParameter, clock, { seconds: 0 }),
    profiles: iamProfiles(() => connection, region, clock),
    nativePrivilege,
    claims: ssmClaims(connection, clock),
    vaults: {
      'secrets-manager': secretsManagerVault(connection),
      'parameter-store': parameterStoreVault(connection, clock),
    },
    copyIn: (other) => secretsManagerVault(connectionIn(other)),
    healthCheck: lambdaHealthCheck(connection),
    maker: iamKeyMaker(connection, keyMakerRoleArn),
    tester: stsKeyTester(connection),
    origins: cloudTrailKeyOrigin({ connection, partition, clock }),
    lastUsed: lastUsedSource(connection, clock),
    users: iamUsers(() => connection, region),
    clock,
    ids: cryptoIds,
    home: place,
    log,
  };
}

/** The hub as it is deployed. Throws Permanent naming everything wrong with how it is set. */
export function hubFromEnvironment(env: Environment): Hub {
  const settings = required(readHubSettings(env, policyIn));
  const home = { region: settings.place.region };
  const log = consoleLog();
  return composeHub(settings, {
    store: dynamoDbStore(home, settings.tableName, log),
    clock: systemClock,
    log,
    home,
  });
}

/** The rotations of a deployed stage, for an operator's commands. */
export function storeForOperator(stage: string, region: string): RotationStore {
  return dynamoDbStore({ region }, `keyturn-${stage}`, consoleLog());
}

/** The custodian as it is deployed. Throws Permanent naming every missing setting. */
export function custodyFromEnvironment(env: Environment): Custodian {
  const { place, ...told } = required(readCustodianSettings(env));
  const connectionIn = (region: string) => ({ region });
  return composeCustody(place, { ...told, clock: systemClock, log: consoleLog(), connectionIn });
}

/** The witness as it is deployed. Throws Permanent naming every missing setting. */
export function witnessFromEnvironment(env: Environment): {
  readonly sources: UsageSources;
  readonly clock: Clock;
  readonly home: Place;
  readonly log: Log;
} {
  const home = required(readWitnessPlace(env));
  const sources = composeSources(home, systemClock, (region) => ({ region }));
  return { sources, clock: systemClock, home, log: consoleLog() };
}

/** The settings. Throws Permanent naming everything wrong with them. */
export function required<T>(settings: Parsed<T>): T {
  if (settings.ok) return settings.value;
  throw new Permanent(`the function is not configured: ${settings.problems.join('; ')}`);
}

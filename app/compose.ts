/**
 * Puts the system together: the only place that knows which adapter plays which role. The Lambda
 * entries and the sandbox call the same functions with other wires.
 */
import { readFileSync } from 'node:fs';
import type { FetchFunction } from '@slack/web-api';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { cloudTrailKeyCreators, cloudTrailKeyOrigin } from '../adapters/cloudtrail-key-origin.ts';
import { cloudTrailUsage } from '../adapters/cloudtrail-usage.ts';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { secretDescriptions } from '../adapters/describe-secret.ts';
import { eventBridgeAnnouncer } from '../adapters/eventbridge-announcer.ts';
import { iamKeyMaker, keyMakerSessions } from '../adapters/iam-key-maker.ts';
import { iamKeyUses } from '../adapters/iam-key-uses.ts';
import { iamProfiles } from '../adapters/iam-profiles.ts';
import { iamUsers } from '../adapters/iam-users.ts';
import { eventReader } from '../adapters/inbound-event.ts';
import { integrationSecrets } from '../adapters/integration-secrets.ts';
import { keyStanding } from '../adapters/key-standing.ts';
import { lambdaHealthCheck } from '../adapters/lambda-health-check.ts';
import { lambdaWitness } from '../adapters/lambda-witness.ts';
import { lastUsedSource } from '../adapters/last-used.ts';
import { organizationUnits } from '../adapters/organizations-accounts.ts';
import { type HttpPost, pagerDutyAlerts } from '../adapters/pagerduty-alerts.ts';
import { parameterStoreVault } from '../adapters/parameter-store-vault.ts';
import { parameterTags } from '../adapters/parameter-tags.ts';
import { readPolicyFile } from '../adapters/policy-file.ts';
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
import { messageOf, Permanent } from '../domain/errors.ts';
import { ownerOf } from '../domain/owner.ts';
import { type Parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Clock, Log, Messenger, Place, RotationStore } from '../domain/ports.ts';
import type { UsageSources } from '../domain/usage-sources.ts';
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
import type { OpenDeps } from './open.ts';
import type { PlanDeps } from './plan.ts';
import type { ReceiveDeps } from './receive.ts';
import { recordEverywhere } from './record-everywhere.ts';
import { policyResolver } from './resolve-policy.ts';
import { deploymentOf, stopAlarm } from './stop-alarm.ts';
import { unreadTeller } from './tell-unread.ts';

/** What differs between AWS and a laptop. */
export interface HubWires {
  readonly store: RotationStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectionFor: (place: Place) => AwsConnection;
  /** Instead of the network. */
  readonly slackFetch?: FetchFunction;
  readonly pagerDutyFetch?: HttpPost;
}

export function composeHub(settings: HubSettings, wires: HubWires): Hub {
  const { store, clock, log, connectionFor } = wires;
  const { book } = settings;
  const home = connectionFor(settings.place);
  const secrets = integrationSecrets(home, settings.connectionsSecret, clock);
  const messenger = slackNotifier({
    botToken: secrets.botToken,
    channel: settings.slack.channel,
    // Like the AWS clients there: what stands in for the network is not asked twice.
    ...(wires.slackFetch === undefined ? {} : { fetch: wires.slackFetch, retries: 0 }),
  });
  const runbooks = ssmRunbooks({
    connectionFor,
    documentPrefix: settings.documentPrefix,
    custodianFunction: settings.custodianFunction,
    witnessFunction: settings.witnessFunction,
  });
  const stopSwitch = ssmStopSwitch(home, settings.stopParameter, clock);
  const opening = composeOpening(settings, wires, messenger);
  const runbookRole = ({ partition, account }: Place) =>
    `arn:${partition}:iam::${account}:role/${settings.runbookRoleName}`;
  const following = { runbooks, runbookRole, stopSwitch };
  const pager = pagerDutyAlerts({
    routingKey: secrets.routingKey,
    ...(wires.pagerDutyFetch === undefined ? {} : { fetch: wires.pagerDutyFetch }),
  });
  return {
    finding: { ...opening, ...composeReceiving(settings, wires, messenger), ...following },
    tick: {
      ...opening,
      ...following,
      messenger,
      witness: lambdaWitness(connectionFor, settings.witnessFunction),
      pager,
      subscribers: snsAnnouncer(home, settings.topicArn),
      bus: eventBridgeAnnouncer(home, settings.busName),
      recorder: recordEverywhere([
        securityHubFindings(connectionFor),
        securityHubV2Findings(connectionFor),
      ]),
      capacity: settings.capacity,
      stopAlarm: stopAlarm({ pager, clock, log, deployment: deploymentOf(settings) }),
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

/** What it takes to understand events, beside claiming keys and following runs. */
function composeReceiving(
  settings: HubSettings,
  { clock, connectionFor }: HubWires,
  messenger: Messenger,
): Omit<ReceiveDeps, keyof OpenDeps | keyof FollowDeps | 'stopSwitch'> {
  const { place, customAction, keyMakerRoleName, rejectedQueueUrl } = settings;
  return {
    secrets: secretDescriptions(connectionFor),
    creators: cloudTrailKeyCreators(connectionFor, clock),
    keyMakerSession: keyMakerSessions(keyMakerRoleName),
    tellTeam: (news) => messenger.tellTeam(news),
    readEvent: eventReader({ partition: place.partition, customAction }),
    deadLetters: sqsDeadLetters(connectionFor(place), rejectedQueueUrl),
    tellUnread: unreadTeller(messenger, clock),
  };
}

/** What it takes to claim a key. */
function composeOpening(
  { place, book }: HubSettings,
  { store, clock, log, connectionFor }: HubWires,
  messenger: Messenger,
): OpenDeps & Pick<PlanDeps, 'policyFor'> {
  return {
    store,
    clock,
    ids: cryptoIds,
    log,
    users: iamUsers(connectionFor, place.region),
    uses: iamKeyUses(connectionFor, place.region, clock),
    profiles: iamProfiles(connectionFor, place.region, clock),
    policyFor: policyResolver(book, organizationUnits(connectionFor(place), clock), clock),
    ownerOf: (user) => ownerOf(user, book.people),
    regionFor: () => place.region,
    announceObserved: (observed) => messenger.tellTeam(observedNews(observed)),
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
  const settings = required(readHubSettings(env, bookFromFile));
  return composeHub(settings, {
    store: durableStore(settings),
    clock: systemClock,
    log: consoleLog(),
    connectionFor: (place) => ownAccount(settings.place, place),
  });
}

/** The policy file beside the function's code, by its path from there. */
function bookFromFile(fileName: string): Parsed<PolicyBook> {
  try {
    return readPolicyFile(readFileSync(fileName, 'utf8'), fileName);
  } catch (error) {
    return refused(`the policy file ${fileName} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Rotations must outlive a function, and the only store so far does not: the hub refuses to start
 * rather than forget a claim.
 */
function durableStore({ stage }: Pick<HubSettings, 'stage'>): RotationStore {
  throw new Permanent(
    `stage ${stage} has no durable store: this version runs in the sandbox only, where rotations ` +
      'are kept in memory. Deploy a version that lists a store in CHANGELOG.md.',
  );
}

/** The rotations of a deployed stage, for an operator's commands. Throws Permanent. */
export function storeForOperator(stage: string, _region: string): RotationStore {
  return durableStore({ stage });
}

/** The function's own role, which is let into no other account. */
function ownAccount(home: Place, { account, region }: Place): AwsConnection {
  if (account === home.account) return { region };
  throw new Permanent(
    `account ${account} is not that of the hub, ${home.account}: this version serves its own only`,
  );
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

function required<T>(settings: Parsed<T>): T {
  if (settings.ok) return settings.value;
  throw new Permanent(`the function is not configured: ${settings.problems.join('; ')}`);
}

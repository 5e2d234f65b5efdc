/**
 * Puts the system together: the only place that knows which adapter plays which role. The Lambda
 * entries and the sandbox call the same functions with other wires.
 */
import type { FetchFunction } from '@slack/web-api';
import { cloudTrailKeyCreators } from '../adapters/cloudtrail-key-origin.ts';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { secretDescriptions } from '../adapters/describe-secret.ts';
import { dynamoDbStore } from '../adapters/dynamodb-store.ts';
import { eventBridgeAnnouncer } from '../adapters/eventbridge-announcer.ts';
import { type HubDoors, hubDoors } from '../adapters/hub-doors.ts';
import { keyMakerSessions } from '../adapters/iam-key-maker.ts';
import { iamKeyUses } from '../adapters/iam-key-uses.ts';
import { iamProfiles } from '../adapters/iam-profiles.ts';
import { iamUsers } from '../adapters/iam-users.ts';
import { eventReader } from '../adapters/inbound-event.ts';
import { issuedKeys } from '../adapters/issued-keys.ts';
import { lambdaWitness } from '../adapters/lambda-witness.ts';
import { memberAccounts } from '../adapters/member-accounts.ts';
import { organizationUnits } from '../adapters/organizations-accounts.ts';
import type { HttpPost } from '../adapters/pagerduty-alerts.ts';
import { policyIn } from '../adapters/policy-on-disk.ts';
import { securityHubFindings } from '../adapters/security-hub-findings.ts';
import { securityHubV2Findings } from '../adapters/security-hub-v2-findings.ts';
import { snsAnnouncer } from '../adapters/sns-announcer.ts';
import { sqsDeadLetters } from '../adapters/sqs-dead-letters.ts';
import { ssmRunbooks } from '../adapters/ssm-runbooks.ts';
import { ssmStopSwitch } from '../adapters/ssm-stop-switch.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { ownerOf } from '../domain/owner.ts';
import type { AccountUnits, Messenger, RotationStore } from '../domain/ports.ts';
import { accountAlarm } from './account-alarm.ts';
import { composeTelling } from './compose-telling.ts';
import type { Wires } from './compose-wires.ts';
import { type Environment, type HubSettings, readHubSettings } from './config.ts';
import type { FollowDeps } from './follow-run.ts';
import type { Hub } from './hub.ts';
import { observedNoter } from './note-observed.ts';
import type { OpenDeps } from './open.ts';
import { messagePaces, pacedMessenger } from './paced-messenger.ts';
import type { PlanDeps } from './plan.ts';
import type { ReceiveDeps } from './receive.ts';
import { recordEverywhere } from './record-everywhere.ts';
import { required } from './required.ts';
import { policyResolver } from './resolve-policy.ts';
import type { RunbookRole } from './run-parameters.ts';
import { deploymentOf, stopAlarm } from './stop-alarm.ts';
import { credentialsTeller } from './tell-credentials.ts';
import { unreadTeller } from './tell-unread.ts';

/** And what stands in for the network. */
export interface HubWires extends Wires {
  /** Instead of the network. */
  readonly slackFetch?: FetchFunction;
  readonly pagerDutyFetch?: HttpPost;
}

/** All of it, for a world in which everything is in one process. */
export function composeHub(settings: HubSettings, wires: HubWires): Hub {
  const base = composeBase(settings, wires);
  return {
    finding: findingOf(settings, base),
    tick: tickOf(settings, base),
    plan: { ...base.opening, people: settings.book.people },
  };
}

type Base = ReturnType<typeof composeBase>;

/** What both the handlers of events and the tick are made of. */
function composeBase(settings: HubSettings, wires: HubWires) {
  const { clock, log, home } = wires;
  const { messenger, pager } = composeTelling(settings, wires);
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
  const noteObserved = observedNoter(wires.store, clock);
  const opening = composeOpening(settings, { ...inside, announceObserved: noteObserved });
  const runbookRole: RunbookRole = ({ partition, account }, runbook) =>
    `arn:${partition}:iam::${account}:role/${settings.runbookRolePrefix}-${runbook}`;
  const following = { runbooks, runbookRole, stopSwitch };
  return { inside, opening, following, pager, alarm, alarmed };
}

function findingOf(settings: HubSettings, { inside, opening, following }: Base): Hub['finding'] {
  return { ...opening, ...composeReceiving(settings, inside), ...following };
}

function tickOf(
  settings: HubSettings,
  { inside, opening, following, pager, alarm, alarmed }: Base,
): Hub['tick'] {
  const { clock, home, messenger, doors } = inside;
  return {
    ...opening,
    ...following,
    messenger: pacedMessenger(messenger, messagePaces(clock), settings.slack.channel),
    witness: lambdaWitness(doors.launcher, settings.witnessFunction),
    pager,
    subscribers: snsAnnouncer(home, settings.topicArn),
    bus: eventBridgeAnnouncer(home, settings.busName),
    recorder: recordEverywhere([
      securityHubFindings(doors.findings),
      securityHubV2Findings(doors.findings),
    ]),
    rings: settings.book.rings ?? [],
    capacity: settings.capacity,
    accountCapacity: settings.accountCapacity,
    stopAlarm: stopAlarm(alarmed),
    accountAlarm: alarm,
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
    tellCredentials: credentialsTeller(messenger, clock),
  };
}

/** What it takes to claim a key. */
export function composeOpening(
  {
    place,
    book,
    drills,
  }: Pick<HubSettings, 'place' | 'book'> & Partial<Pick<HubSettings, 'drills'>>,
  wires: Pick<Inside, 'store' | 'clock' | 'log' | 'units'> &
    Pick<OpenDeps, 'announceObserved'> & { readonly doors: Pick<HubDoors, 'reader'> },
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
    policyFor: policyResolver(book, units, clock, drills),
    ownerOf: (user, policy) => ownerOf(user, book.people, policy),
    regionFor: () => place.region,
    announceObserved,
  };
}

/** What takes events in, as deployed. Throws Permanent naming all that is wrong with it. */
export function findingFromEnvironment(env: Environment): Hub['finding'] {
  const { settings, wires } = deployed(env);
  return findingOf(settings, composeBase(settings, wires));
}

/** The tick as deployed. Throws Permanent naming everything wrong with its settings. */
export function tickFromEnvironment(env: Environment): Hub['tick'] {
  const { settings, wires } = deployed(env);
  return tickOf(settings, composeBase(settings, wires));
}

function deployed(env: Environment): {
  readonly settings: HubSettings;
  readonly wires: HubWires;
} {
  const settings = required(readHubSettings(env, policyIn));
  const home = { region: settings.place.region };
  const log = consoleLog();
  const store = dynamoDbStore(home, settings.tableName, log);
  return { settings, wires: { store, clock: systemClock, log, home } };
}

/** The rotations of a deployed stage, for an operator's commands. */
export function storeForOperator(stage: string, region: string): RotationStore {
  return dynamoDbStore({ region }, `keyturn-${stage}`, consoleLog());
}

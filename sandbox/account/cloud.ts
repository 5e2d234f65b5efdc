/**
 * A whole AWS partition in one process: a strict model of exactly the API operations that are used.
 * Everything that happens in it is a call through one door, which authenticates the caller, asks
 * the service's model, and writes CloudTrail and last-used. Time is the virtual clock's; everything
 * else follows from the seed. What is not modelled fails by name.
 */
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { Answering, AwsConnection } from '../../adapters/aws-connection.ts';
import type { Partition } from '../../domain/key.ts';
import type { VirtualClock } from '../clock.ts';
import { accountModel } from './account.ts';
import { type Tables, tables } from './athena.ts';
import { cloudtrailModel } from './cloudtrail.ts';
import { credentialReportModel } from './credential-report.ts';
import { type Directory, directory } from './directory.ts';
import { type Door, type DoorParts, door } from './door.ts';
import { type Buses, buses } from './eventbridge.ts';
import { type Emit, type EventListener, emitter, type Ground } from './ground.ts';
import { iamModel } from './iam.ts';
import { iamPoliciesModel } from './iam-policies.ts';
import { type Identity, identity } from './identity.ts';
import { type Functions, functions } from './lambda.ts';
import { type LastUsedBook, lastUsedBook } from './last-used.ts';
import { type LogGroups, logGroups } from './logs-insights.ts';
import { type Organization, organization } from './organizations.ts';
import { type Outsiders, outsiders } from './outsiders.ts';
import { type ParameterBook, parameterBook } from './parameters.ts';
import { type Origin, sandboxConnection, sandboxPlugin } from './plugin.ts';
import { type PolicyBook, type PolicyScene, policyBook } from './policies.ts';
import { type QueryableTrail, queryableTrail } from './queryable-trail.ts';
import { type Buckets, buckets } from './s3.ts';
import { rotations } from './secret-rotation.ts';
import { secretsManagerModel } from './secrets-manager.ts';
import { type Findings, type SecurityHub, securityHub } from './securityhub.ts';
import type { FindingsV2 } from './securityhub-v2.ts';
import { seeded } from './seeded.ts';
import type { ServiceModel } from './service.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { type Published, type Topics, topics } from './sns.ts';
import { type Queues, queues } from './sqs.ts';
import { ssmParametersModel } from './ssm-parameters.ts';
import { stsModel } from './sts.ts';
import { type Trail, trail } from './trail.ts';
import { type Vault, vault } from './vault.ts';

export interface CloudOptions extends Partial<Settings> {
  readonly clock: VirtualClock;
  readonly partition: Partition;
  readonly seed: string;
  /** Embedded in every generated secret value, so that a search finds it where it must not be. */
  readonly sentinel?: string;
}

export interface Cloud extends Door, Outsiders, PolicyScene {
  readonly partition: Partition;
  readonly settings: Settings;
  /** For AwsConnection.plugin: it answers for the Region and credentials of each client. */
  readonly plugin: Answering;
  /** What an adapter's `connect` takes. Spread with other credentials, those are used. */
  connection(
    where: Origin & {
      readonly region: string;
      readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
    },
  ): AwsConnection;
  /** Adds a service, or operations to one: `ssm` has parameters, and runs where they are added. */
  register(service: string, model: ServiceModel): void;
  registerFunction: Functions['register'];
  /** Hears the events that services emit by themselves, when they are delivered. */
  onEvent(listener: EventListener): void;
  readonly emit: Emit;
  readonly findings: Findings;
  /** The tree in which the accounts are. */
  readonly organization: Omit<Organization, 'model'>;
  readonly findingsV2: FindingsV2;
  /** Returns the ARN. */
  readonly addTopic: Topics['add'];
  readonly published: readonly Published[];
  /** Returns the ARN. */
  readonly addBus: Buses['add'];
  readonly busEvents: Buses['events'];
  readonly lostBusEvents: Buses['lost'];
  /** Returns the URL. */
  readonly addQueue: Queues['add'];
  readonly queueMessages: Queues['messages'];
  readonly addBucket: Buckets['add'];
  readonly objectVersions: Buckets['versions'];
  /** Whatever happens from then on in the account is delivered there, data events included. */
  readonly addTrailLogGroup: LogGroups['add'];
  readonly addTrailTable: Tables['add'];
}

/** Everything that the services share. */
export interface Parts {
  readonly ground: Ground;
  readonly people: Directory;
  readonly identity: Identity;
  readonly lastUsed: LastUsedBook;
  readonly trail: Trail;
  readonly queryable: QueryableTrail;
  readonly vault: Vault;
  readonly policies: PolicyBook;
  readonly parameters: ParameterBook;
}

export function createCloud(options: CloudOptions): Cloud {
  const listeners: EventListener[] = [];
  const parts = partsOf(options, listeners);
  const { ground } = parts;
  const sent = {
    topics: topics(ground),
    buses: buses(ground),
    queues: queues(ground),
    buckets: buckets(),
    logs: logGroups(ground, parts.queryable),
    tables: tables(ground, parts.queryable),
  };
  const lambdas = functions(ground);
  const hub = securityHub(ground);
  const tree = organization();
  const services = modelsOf(parts, { ...sent, lambdas, hub, tree });
  const gate = door({ ...parts, services } satisfies DoorParts);
  return {
    ...gate,
    ...outsiders(parts),
    ...sceneOf(parts.policies),
    partition: ground.partition,
    settings: ground.settings,
    plugin: sandboxPlugin(gate.call),
    connection: (where) => sandboxConnection(gate.call, where),
    register: (service, model) => {
      services.set(service, { ...services.get(service), ...model });
    },
    registerFunction: lambdas.register,
    onEvent: (listener) => {
      listeners.push(listener);
    },
    emit: ground.emit,
    findings: hub.findings,
    organization: tree,
    findingsV2: hub.findingsV2,
    addTopic: sent.topics.add,
    published: sent.topics.published,
    addBus: sent.buses.add,
    busEvents: sent.buses.events,
    lostBusEvents: sent.buses.lost,
    addQueue: sent.queues.add,
    queueMessages: sent.queues.messages,
    addBucket: sent.buckets.add,
    objectVersions: sent.buckets.versions,
    addTrailLogGroup: sent.logs.add,
    addTrailTable: sent.tables.add,
  };
}

function sceneOf(book: PolicyBook): PolicyScene {
  const { addPolicy, addPolicyVersion, attachPolicy, putUserPolicy, addGroup, addToGroup } = book;
  return { addPolicy, addPolicyVersion, attachPolicy, putUserPolicy, addGroup, addToGroup };
}

function partsOf(options: CloudOptions, listeners: readonly EventListener[]): Parts {
  const { clock, partition, seed, sentinel = '', ...settings } = options;
  const names = seeded(seed);
  const ground: Ground = {
    partition,
    clock,
    names,
    settings: { ...defaultSettings, ...settings },
    sentinel,
    emit: emitter(clock, names, listeners),
  };
  const people = directory(ground);
  const events = trail(ground);
  return {
    ground,
    people,
    identity: identity(ground, people),
    lastUsed: lastUsedBook(ground),
    trail: events,
    queryable: queryableTrail(ground, events),
    vault: vault(ground),
    policies: policyBook(ground, people),
    parameters: parameterBook(),
  };
}

interface Targets {
  readonly topics: Topics;
  readonly buses: Buses;
  readonly queues: Queues;
  readonly buckets: Buckets;
  readonly logs: LogGroups;
  readonly tables: Tables;
  readonly lambdas: Functions;
  readonly hub: SecurityHub;
  readonly tree: Organization;
}

function modelsOf(parts: Parts, targets: Targets): Map<string, ServiceModel> {
  return new Map([
    ['iam', { ...iamModel(parts), ...iamPoliciesModel(parts), ...credentialReportModel(parts) }],
    ['sts', stsModel(parts.people, parts.identity)],
    [
      'secretsmanager',
      secretsManagerModel(
        parts.ground,
        parts.vault,
        rotations(parts.ground, parts.vault, targets.lambdas),
      ),
    ],
    ['cloudtrail', cloudtrailModel(parts.ground, parts.trail)],
    ['account', accountModel(parts.ground, parts.trail)],
    ['securityhub', targets.hub.model],
    ['organizations', targets.tree.model],
    ['sns', targets.topics.model],
    ['events', targets.buses.model],
    ['sqs', targets.queues.model],
    ['lambda', targets.lambdas.model],
    ['ssm', ssmParametersModel(parts.ground, parts.parameters)],
    ['s3', targets.buckets.model],
    ['logs', targets.logs.model],
    ['athena', targets.tables.model],
  ]);
}

/**
 * Puts together what runs beside the keys, in every account that has users: custodian and witness.
 */
import { accountRegions } from '../adapters/account-regions.ts';
import { type AthenaSetup, athenaUsage } from '../adapters/athena-usage.ts';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { cloudTrailKeyOrigin } from '../adapters/cloudtrail-key-origin.ts';
import { cloudTrailUsage } from '../adapters/cloudtrail-usage.ts';
import { consoleLog } from '../adapters/console-log.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { type GitHubFetch, gitHubActionsSecrets } from '../adapters/github-actions-secrets.ts';
import { gitHubToken } from '../adapters/github-token.ts';
import { iamKeyMaker } from '../adapters/iam-key-maker.ts';
import { iamProfiles } from '../adapters/iam-profiles.ts';
import { iamUsers } from '../adapters/iam-users.ts';
import { keyStanding } from '../adapters/key-standing.ts';
import { lambdaHealthCheck } from '../adapters/lambda-health-check.ts';
import { lastUsedSource } from '../adapters/last-used.ts';
import { logsInsightsUsage } from '../adapters/logs-insights-usage.ts';
import { parameterStoreVault } from '../adapters/parameter-store-vault.ts';
import { parameterTags } from '../adapters/parameter-tags.ts';
import { secretsManagerTags } from '../adapters/secrets-manager-tags.ts';
import { secretsManagerVault } from '../adapters/secrets-manager-vault.ts';
import { ssmClaims } from '../adapters/ssm-claims.ts';
import { ssmStopSwitch } from '../adapters/ssm-stop-switch.ts';
import { stsKeyTester } from '../adapters/sts-key-tester.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { RepositorySecrets } from '../domain/custody.ts';
import type { Drills } from '../domain/drill.ts';
import type { Clock, Log, Place } from '../domain/ports.ts';
import type { TrailQuery } from '../domain/trail-query.ts';
import type { TrailQuerySource, UsageSources } from '../domain/usage-sources.ts';
import { type Environment, readCustodianSettings, readWitnessSettings } from './config.ts';
import type { Custodian, NativePrivilege } from './custody/deps.ts';
import { required } from './required.ts';

export interface Looking {
  readonly trailQuery?: TrailQuery | undefined;
  readonly drills?: Drills;
}

/** What the witness reads, beside the keys of one account. */
export function composeSources(
  place: Place,
  clock: Clock,
  connectionIn: (region: string) => AwsConnection,
  { trailQuery, drills = 'none' }: Looking = {},
): UsageSources {
  const { region, partition } = place;
  const here = connectionIn(region);
  return {
    lastUsed: lastUsedSource(here, clock),
    trail: cloudTrailUsage({ connectionIn, region, partition, clock }),
    regions: accountRegions(here, partition, clock),
    standing: keyStanding(here, drills),
    ...(trailQuery === undefined
      ? {}
      : { trailQuery: queryOf(trailQuery, { connection: here, account: place.account, clock }) }),
  };
}

function queryOf(
  query: TrailQuery,
  where: Pick<AthenaSetup, 'connection' | 'account' | 'clock'>,
): TrailQuerySource {
  switch (query.kind) {
    case 'athena':
      return athenaUsage({ ...where, ...query });
    case 'logs-insights':
      return logsInsightsUsage({ ...where, ...query });
  }
}

export interface CustodyWires {
  readonly clock: Clock;
  readonly log: Log;
  readonly keyMakerRoleArn: string;
  readonly stopParameter: string;
  readonly nativePrivilege: NativePrivilege;
  readonly connectionIn: (region: string) => AwsConnection;
  /** Which secret or parameter holds the token for GitHub; null for none. */
  readonly gitHubTokenIn: string | null;
  /** Instead of the network: the sandbox's GitHub. */
  readonly gitHubFetch?: GitHubFetch;
}

/** Secrets of repositories, where there is a token for them. */
function repositoriesOf(
  connection: AwsConnection,
  { clock, gitHubTokenIn, gitHubFetch }: CustodyWires,
): RepositorySecrets | null {
  if (gitHubTokenIn === null) return null;
  const token = gitHubToken(connection, gitHubTokenIn, clock);
  const network = gitHubFetch === undefined ? {} : { fetch: gitHubFetch };
  return gitHubActionsSecrets({ token, clock, ...network });
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
    copyIn: ({ kind, region: other }) =>
      kind === 'secrets-manager'
        ? secretsManagerVault(connectionIn(other))
        : parameterStoreVault(connectionIn(other), clock),
    repositories: repositoriesOf(connection, wires),
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
  const { place: home, ...looking } = required(readWitnessSettings(env));
  const sources = composeSources(home, systemClock, (region) => ({ region }), looking);
  return { sources, clock: systemClock, home, log: consoleLog() };
}

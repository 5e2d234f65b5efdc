/** What a deployment makes: roles and functions beside the keys, and the hub's own resources. */
import type { AwsConnection } from '../adapters/aws-connection.ts';
import type { GitHubFetch } from '../adapters/github-call.ts';
import { composeCustody, composeSources } from '../app/compose-beside-keys.ts';
import type { Log, Place } from '../domain/ports.ts';
import { custodianHandler } from '../functions/custodian.ts';
import { witnessHandler } from '../functions/witness.ts';
import type { Cloud } from './account/cloud.ts';
import { rotator } from './account/secret-rotation.ts';
import { actingRole } from './acting-role.ts';
import type { VirtualClock } from './clock.ts';
import type { Interposed } from './interposed.ts';
import { deployDoors, deployRunbookRoles } from './member-roles.ts';
import { hubRoles, integrationSecret, names, webhookSecret } from './settings.ts';

/** Connections of one session per account and role; each call asks anew which role that is. */
function connector(cloud: Cloud, roleNow: () => string, userAgent: string) {
  const sessions = new Map<string, ReturnType<Cloud['roleCredentials']>>();
  const connections = new Map<string, AwsConnection>();
  const sessionIn = (account: string) => {
    const roleName = roleNow();
    const known = sessions.get(`${account}/${roleName}`);
    const credentials = known ?? cloud.roleCredentials(account, roleName, roleName);
    sessions.set(`${account}/${roleName}`, credentials);
    return credentials;
  };
  return ({ account, region }: Pick<Place, 'account' | 'region'>): AwsConnection => {
    const known = connections.get(`${account}/${region}`);
    if (known !== undefined) return known;
    const credentials = async () => sessionIn(account);
    const connection = cloud.connection({ region, credentials, userAgent });
    connections.set(`${account}/${region}`, connection);
    return connection;
  };
}

/**
 * The hub's connection in its own account, under the role of the function that is running: from
 * there it goes through the doors of all.
 */
export function homeOf(cloud: Cloud, place: Place): AwsConnection {
  return connector(cloud, () => actingRole() ?? names.hubRole, 'keyturn-hub')(place);
}

/** Who stands before the functions, and the GitHub that the custodian reaches. */
export interface BesideKeys {
  readonly beside: Required<Interposed>['beside'];
  readonly gitHubFetch: GitHubFetch;
}

/** Roles, custodian and witness in one account; `hub` is the account that its doors let in. */
export function deployBesideKeys(
  cloud: Cloud,
  clock: VirtualClock,
  log: Log,
  place: Place,
  hub: string,
  { beside: around, gitHubFetch }: BesideKeys,
): void {
  const { account, region } = place;
  cloud.createRole(account, 'operator');
  if (account === hub) for (const role of hubRoles) cloud.createRole(account, role);
  deployDoors(cloud, account, hub);
  deployRunbookRoles(cloud, account);
  cloud.createRole(account, names.witnessRole);
  const custodianArn = cloud.createRole(account, names.custodianRole);
  const keyMakerRoleArn = cloud.createRole(account, names.keyMakerRole, {
    trusts: [{ principalArn: custodianArn }],
  });
  const custodianConnection = connector(cloud, () => names.custodianRole, 'keyturn-custodian');
  const witnessConnection = connector(cloud, () => names.witnessRole, 'keyturn-witness');
  const custodian = custodianHandler(
    composeCustody(place, {
      clock,
      log,
      keyMakerRoleArn,
      stopParameter: names.stopParameter,
      nativePrivilege: 'refuse',
      gitHubTokenIn: names.gitHubToken,
      gitHubFetch,
      connectionIn: (other) => custodianConnection({ account, region: other }),
    }),
  );
  const witness = witnessHandler({
    clock,
    home: place,
    sources: composeSources(place, clock, (other) => witnessConnection({ account, region: other })),
  });
  const where = { account, region };
  const custody = around(names.custodian, custodian);
  cloud.registerFunction({ ...where, name: names.custodian }, custody, [rotator]);
  cloud.registerFunction({ ...where, name: names.witness }, around(names.witness, witness));
}

/** Topic, bus, queue, integration secrets and stop switch of the hub. */
export async function deployHub(
  cloud: Cloud,
  place: Place,
): Promise<{ readonly topicArn: string; readonly rejectedQueueUrl: string }> {
  const { account, region } = place;
  const topicArn = cloud.addTopic({ account, region, name: names.topic });
  cloud.addBus({ account, region, name: names.bus });
  const rejectedQueueUrl = cloud.addQueue({ account, region, name: names.queue });
  const credentials = cloud.roleCredentials(account, 'operator', 'deployment');
  const secrets = [
    [names.connections, integrationSecret],
    [names.webhookSecret, webhookSecret],
  ] as const;
  for (const [Name, contents] of secrets) {
    const input = { Name, SecretString: JSON.stringify(contents) };
    await cloud.call({
      ...{ service: 'secretsmanager', operation: 'CreateSecret', input },
      ...{ region, credentials },
    });
  }
  return { topicArn, rejectedQueueUrl };
}

/** An operator writes the switch: `go`, or why to stop. */
export async function setStopSwitch(
  cloud: Cloud,
  { region }: Place,
  accounts: readonly string[],
  value: string,
): Promise<void> {
  for (const account of accounts) await putStop(cloud, account, region, value);
}

async function putStop(cloud: Cloud, account: string, region: string, value: string) {
  await cloud.call({
    service: 'ssm',
    operation: 'PutParameter',
    input: { Name: names.stopParameter, Value: value, Type: 'String', Overwrite: true },
    region,
    credentials: cloud.roleCredentials(account, 'operator', 'somebody'),
  });
}

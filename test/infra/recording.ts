/**
 * What roles were seen to do, as permissions: role, action, resource. Recorded from the sandbox's
 * calls, written as JSON lines, so that recordings of other runs can be put beside it:
 *
 *   {"role":"witness","action":"iam:GetUser","resource":"arn:aws:iam::111122223333:user/svc-app"}
 *
 * What differs from run to run is made the same: the account that called is `home`, users, secrets
 * and executions have example names, and names bear the stage that permissions are judged in.
 */
import type { Cloud } from '../../sandbox/account/cloud.ts';
import { type Needed, neededFor, type Surroundings } from './iam-actions.ts';

export interface Use extends Needed {
  /** Without product and stage: `on-tick`. */
  readonly role: string;
}

/** The account that every recorded caller is said to be in, and the stage of every name. */
export const home = '111122223333';
export const stage = 'dev';
export const region = 'us-east-1';

/** Whose calls a history shows, beside Keyturn's own. */
const strangers: ReadonlySet<string> = new Set(['application', 'operator', 'hub']);

/** What Keyturn's roles did in a world, each once. */
export function recorded(cloud: Cloud): readonly Use[] {
  const surroundings = surroundingsOf(cloud);
  return distinct(
    cloud.history.flatMap((call) => {
      const role = /:assumed-role\/(?:keyturn-)?([^/]+)\//.exec(call.arn ?? '')?.[1];
      if (role === undefined || strangers.has(role)) return [];
      return neededFor(call, surroundings).map((needed) => ({
        role,
        ...needed,
        resource: comparable(needed.resource, call.account ?? ''),
      }));
    }),
  );
}

/** As JSON lines, which `readRecording` reads. */
export function writeRecording(uses: readonly Use[]): string {
  return distinct(uses)
    .map((use) => `${JSON.stringify(use)}\n`)
    .join('');
}

/** JSON lines of another run; what is no such line is refused. */
export function readRecording(text: string): readonly Use[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { role, action, resource, context } = JSON.parse(line);
      if ([role, action, resource].some((each) => typeof each !== 'string')) {
        throw new Error(`no recorded use: ${line}`);
      }
      return { role, action, resource, ...(context === undefined ? {} : { context }) };
    });
}

/** The same uses in a settled order, each once. */
export function distinct(uses: readonly Use[]): readonly Use[] {
  const byKey = new Map(uses.map((use) => [JSON.stringify(Object.values(use)), use]));
  return [...byKey.keys()].toSorted().flatMap((key) => byKey.get(key) ?? []);
}

function surroundingsOf(cloud: Cloud): Surroundings {
  const { partition } = cloud;
  const users = new Map<string, string>();
  const owners = new Map<string, string>();
  return {
    partition,
    userArn: (account, userName) => {
      const plain = `arn:${partition}:iam::${account}:user/${userName}`;
      return found(users, `${account}/${userName.toLowerCase()}`, plain, () =>
        cloud
          .truth(account)
          .users.map((each) => [`${account}/${each.userName.toLowerCase()}`, each.arn]),
      );
    },
    keyOwnerArn: (account, keyId) =>
      found(owners, keyId, `arn:${partition}:iam::${account}:user/nobody`, () => {
        const { users: all, keys } = cloud.truth(account);
        return keys.map((key) => [
          key.keyId,
          all.find(({ userId }) => userId === key.userId)?.arn ?? key.userName,
        ]);
      }),
  };
}

/** What is known under a name; looked for once more, then the other. */
function found(
  known: Map<string, string>,
  name: string,
  otherwise: string,
  look: () => readonly (readonly [string, string])[],
): string {
  if (!known.has(name)) for (const [key, value] of look()) known.set(key, value);
  if (!known.has(name)) known.set(name, otherwise);
  return known.get(name) ?? otherwise;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The resource with example names, in the home account if it is in the account of its caller. */
export function comparable(resource: string, caller: string): string {
  return staged(resource)
    .replace(new RegExp(`(?<=:)${caller}(?=:)`), home)
    .replaceAll(uuid, '73c8eef8-f4ee-4a05-820c-e354fexample')
    .replace(/(?<=:user\/(?:.*\/)?)[^/]+$/, 'svc-app')
    .replace(/(?<=:group\/(?:.*\/)?)[^/]+$/, 'developers')
    .replace(/(?<=:secret:keyturn\/).*$/, 'svc-app-AbCdEf')
    .replace(/(?<=:secret:[^/]*-)[A-Za-z0-9]{6}$/, 'AbCdEf')
    .replace(/(?<=:parameter\/keyturn\/(users|pending)\/)[^/]+/, 'svc-app')
    .replace(/(?<=:parameter\/keyturn\/claims\/)[^/]+/, 'AIDACKCEVSQ6C2EXAMPLE')
    .replace(/(?<=:policy\/(?:.*\/)?)[^/]+$/, 'ExamplePolicy');
}

/** Names in the sandbox as the stack has them. Health checks are named by the operator. */
function staged(resource: string): string {
  return resource
    .replace(/(?<=[:/])keyturn(?=-(?!health-|sandbox-)|\/index\/|$)/, `keyturn-${stage}`)
    .replace(/(?<=[:/])keyturn-sandbox-/, `keyturn-${stage}-`)
    .replace('/keyturn/sandbox/', `/keyturn/${stage}/`)
    .replace(/(?<=\/)Keyturn-(?:sandbox-)?/, `Keyturn-${stage}-`);
}

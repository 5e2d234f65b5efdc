/**
 * A program that uses an access key: now and then it calls AWS, and some time after its team has
 * been told in Slack it reads the new key from the secret. A forgetful one never does.
 */
import { liveName } from '../adapters/parameter-names.ts';
import { messageOf } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import { type IamUser, shortKey } from '../domain/key.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import type { World } from './world.ts';

export interface Habit {
  readonly service: 's3' | 'sts';
  readonly operation: 'GetObject' | 'ListBuckets' | 'GetCallerIdentity';
  readonly everyHours: number;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Hours from the notice to the changeover; null: never. */
  readonly changesOverAfterHours: number | null;
}

export interface Consumer {
  readonly habit: Habit;
  readonly user: IamUser;
  /** Calls that failed, by the error that AWS gave. */
  readonly failures: { readonly at: Instant; readonly problem: string }[];
  /** When it took up the new key; null before. */
  changedOverAt(): Instant | null;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The inputs with which the modelled operations are called. */
const inputs: Readonly<Record<Habit['operation'], object>> = {
  GetObject: { Bucket: 'exports', Key: 'latest.csv' },
  ListBuckets: {},
  GetCallerIdentity: {},
};

/** Uses of a key before the story begins, so that its cadence is known. */
export function pastUses(
  world: World,
  keyId: string,
  habits: readonly Habit[],
  days: number,
): void {
  const now = world.clock.now();
  const uses = habits.flatMap((habit) => {
    const { service, operation: eventName, region, sourceIp, userAgent, everyHours } = habit;
    const count = Math.floor((days * 24) / everyHours);
    return Array.from({ length: count }, (_, index) => {
      const at = plus(now, { hours: -everyHours * (count - index) });
      return { at, service, region, sourceIp, userAgent, eventName };
    });
  });
  for (const use of uses.toSorted((a, b) => a.at.localeCompare(b.at))) {
    world.cloud.recordPastUse(keyId, use);
  }
}

/** Starts using the key, on and on. */
export function startConsumer(
  world: World,
  user: IamUser,
  key: { readonly keyId: string; readonly secret: string },
  habit: Habit,
): Consumer {
  const { clock, cloud } = world;
  const failures: Consumer['failures'] = [];
  let credentials: Credentials = { accessKeyId: key.keyId, secretAccessKey: key.secret };
  let changedOver: Instant | null = null;

  const run = async (): Promise<void> => {
    clock.at(plus(clock.now(), { hours: habit.everyHours }), run);
    if (changedOver === null && isTold(world, key.keyId, habit)) {
      credentials = await readSecret(world, user);
      changedOver = clock.now();
    }
    const { service, operation, region, sourceIp, userAgent } = habit;
    try {
      const input = inputs[operation];
      const call = { service, operation, input, region, credentials, sourceIp, userAgent };
      await cloud.call(call);
    } catch (error) {
      failures.push({ at: clock.now(), problem: messageOf(error) });
    }
  };
  clock.at(clock.now(), run);
  return { habit, user, failures, changedOverAt: () => changedOver };
}

/** Whether the thread said long enough ago that a new key is in the secret. */
export function isTold(
  world: World,
  oldKeyId: string,
  { changesOverAfterHours: hours }: Pick<Habit, 'changesOverAfterHours'>,
): boolean {
  if (hours === null) return false;
  const notice = world.slack
    .messages()
    .find(
      ({ text, threadTs }) =>
        threadTs !== null && text.includes('New key') && text.includes(shortKey(oldKeyId)),
    );
  return notice !== undefined && isDue(plus(notice.postedAt, { hours }), world.clock.now());
}

/** Reads the secret with the role of the machine that it runs on, as the notice says. */
export async function readSecret(world: World, user: IamUser): Promise<Credentials> {
  const { cloud, place, hub } = world;
  const { region } = place;
  const credentials = cloud.roleCredentials(user.account, applicationRole, user.userName);
  const name = secretNameOf(user);
  const { policy } = await hub.tick.policyFor(user);
  if (policy.vault === 'parameter-store') {
    const input = { Name: liveName(name), WithDecryption: true };
    const call = { service: 'ssm', operation: 'GetParameter', input, region, credentials };
    const answer = (await cloud.call(call)) as { readonly Parameter: { readonly Value: string } };
    return JSON.parse(answer.Parameter.Value) as Credentials;
  }
  const input = { SecretId: name };
  const operation = 'GetSecretValue';
  const call = { service: 'secretsmanager', operation, input, region, credentials };
  const answer = (await cloud.call(call)) as { readonly SecretString: string };
  return JSON.parse(answer.SecretString) as Credentials;
}

/** The role of the machines that programs run on: a second reader of every secret. */
export const applicationRole = 'application';

/**
 * Programs with a mind of their own: they change over when told, or read the secret only when they
 * start, or are moved to another key by hand. Every failed call is remembered.
 */
import { messageOf } from '../../domain/errors.ts';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { type Credentials, isTold, readSecret } from '../../sandbox/consumer.ts';
import type { World } from '../../sandbox/world.ts';
import { currentKeyId } from './promises.ts';

export interface Habits {
  readonly everyHours: number;
  /** Hours from the notice in Slack to the changeover; null: never. */
  readonly changesOverAfterHours: number | null;
  /** It reads the secret whenever it starts, and only then; null: it never restarts. */
  readonly restartsEveryDays: number | null;
  readonly userAgent: string;
  readonly sourceIp: string;
}

export const usual: Habits = {
  everyHours: 6,
  changesOverAfterHours: 8,
  restartsEveryDays: null,
  userAgent: 'aws-sdk-js/3',
  sourceIp: '203.0.113.17',
};

export interface Program {
  /** The key that it uses now; null once it has stopped. */
  keyId(): string | null;
  readonly failures: readonly string[];
  /** Somebody gives it another key, by hand. */
  take(credentials: Credentials): void;
  stop(): void;
}

const place = { region: 'us-east-1', service: 's3' } as const;

/** Two weeks of uses before the story begins. */
export function pastOf(world: World, keyId: string, { everyHours, ...habits }: Habits): void {
  const { userAgent, sourceIp } = habits;
  const count = Math.floor((14 * 24) / everyHours);
  for (let back = count; back > 0; back--) {
    const at = plus(world.clock.now(), { hours: -everyHours * back });
    const use = { at, ...place, userAgent, sourceIp, eventName: 'ListBuckets' };
    world.cloud.recordPastUse(keyId, use);
  }
}

/** Uses the key, on and on, from now or from a later moment. */
export function startProgram(
  world: World,
  user: IamUser,
  key: { readonly keyId: string; readonly secret: string },
  habits: Habits,
  from: Instant = world.clock.now(),
): Program {
  const { clock, cloud } = world;
  const failures: string[] = [];
  let credentials: Credentials | null = { accessKeyId: key.keyId, secretAccessKey: key.secret };
  let hasChanged = false;
  let restartAt = plus(from, { days: habits.restartsEveryDays ?? 36_500 });

  const mayRead = (): boolean => {
    if (isDue(restartAt, clock.now())) {
      restartAt = plus(restartAt, { days: habits.restartsEveryDays ?? 36_500 });
      return currentKeyId(world, user) !== null;
    }
    return !hasChanged && isTold(world, key.keyId, habits);
  };
  const run = async (): Promise<void> => {
    if (credentials === null) return;
    clock.at(plus(clock.now(), { hours: habits.everyHours }), run);
    if (mayRead()) {
      credentials = await readSecret(world, user);
      hasChanged = true;
    }
    const { userAgent, sourceIp } = habits;
    const call = { ...place, operation: 'ListBuckets', input: {}, userAgent, sourceIp };
    try {
      await cloud.call({ ...call, credentials });
    } catch (error) {
      failures.push(`${clock.now()}: ${credentials.accessKeyId}: ${messageOf(error)}`);
    }
  };
  clock.at(from, run);
  return {
    keyId: () => credentials?.accessKeyId ?? null,
    failures,
    take: (other) => {
      credentials = other;
      hasChanged = true;
    },
    stop: () => {
      credentials = null;
    },
  };
}

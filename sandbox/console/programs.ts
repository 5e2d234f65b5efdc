/**
 * The programs of a console's world. They use keys as those of the story do, and each can be made
 * forgetful, or reminded, while it runs: a forgetful one never reads the new key.
 */
import { messageOf } from '../../domain/errors.ts';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import { type IamUser, shortKey } from '../../domain/key.ts';
import { type Credentials, type Habit, readSecret } from '../consumer.ts';
import type { World } from '../world.ts';

export interface Programs {
  start(
    user: IamUser,
    key: { readonly keyId: string; readonly secret: string },
    habit: Habit,
  ): void;
  isForgetful(userId: string): boolean;
  /** From now on the programs of that user never change over; or do, two hours after they hear. */
  setForgetful(userId: string, forgetful: boolean): void;
  /** What went wrong for programs, oldest first. */
  readonly failures: readonly {
    readonly at: Instant;
    readonly userId: string;
    readonly problem: string;
  }[];
}

const inputs: Readonly<Record<Habit['operation'], object>> = {
  GetObject: { Bucket: 'exports', Key: 'latest.csv' },
  ListBuckets: {},
  GetCallerIdentity: {},
};

/** Reminded programs change over so long after the notice. */
const remindedHours = 2;

export function programsIn(world: World): Programs {
  const { clock, cloud } = world;
  const forgetful = new Map<string, boolean>();
  const failures: { at: Instant; userId: string; problem: string }[] = [];
  const noticed = notices(world);
  let started = 0;

  return {
    failures,
    isForgetful: (userId) => forgetful.get(userId) ?? false,
    setForgetful: (userId, is) => {
      forgetful.set(userId, is);
    },
    start: (user, key, habit) => {
      let credentials: Credentials = { accessKeyId: key.keyId, secretAccessKey: key.secret };
      let changedOver = false;
      if (habit.changesOverAfterHours === null) forgetful.set(user.userId, true);
      const { service, operation, region, sourceIp, userAgent } = habit;
      const run = async (): Promise<void> => {
        clock.at(plus(clock.now(), { hours: habit.everyHours }), run);
        const hours = habit.changesOverAfterHours ?? remindedHours;
        const told = noticed(key.keyId);
        const isTime = told !== undefined && isDue(plus(told, { hours }), clock.now());
        try {
          if (!changedOver && isTime && forgetful.get(user.userId) !== true) {
            credentials = await readSecret(world, user);
            changedOver = true;
          }
          const input = inputs[operation];
          await cloud.call({ service, operation, input, region, credentials, sourceIp, userAgent });
        } catch (error) {
          failures.push({ at: clock.now(), userId: user.userId, problem: messageOf(error) });
        }
      };
      // Not all of a fleet in the same minute.
      clock.at(plus(clock.now(), { minutes: 1 + (started++ % (habit.everyHours * 60)) }), run);
    },
  };
}

/** When a thread said that a new key is in the secret, by the old key. Each text is read once. */
function notices(world: World): (oldKeyId: string) => Instant | undefined {
  const told = new Map<string, Instant>();
  let read = 0;
  return (oldKeyId) => {
    const history = world.slack.history();
    for (; read < history.length; read++) {
      const { text = '', threadTs = null, at } = history[read] ?? {};
      if (threadTs === null || at === undefined || !text.includes('New key')) continue;
      for (const [named] of text.matchAll(/…[A-Z0-9]{4}/g)) told.set(named, told.get(named) ?? at);
    }
    return told.get(shortKey(oldKeyId));
  };
}

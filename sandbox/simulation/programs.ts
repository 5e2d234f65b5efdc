/**
 * The programs of a simulated world: each uses its key in its rhythm, changes over to the secret
 * some time after a new key is in it, and reacts or not when its key fails.
 */
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import { applicationRole } from '../consumer.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { outside } from './invocation.ts';
import { type Ledger, noteUse } from './ledger.ts';
import type { ProgramPlan } from './plan.ts';
import { currentKeyId, pairIn } from './truth.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Program {
  readonly plan: ProgramPlan;
  /** Calls that failed in a row. */
  failing(): number;
}

export interface Programs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly dice: Dice;
  readonly tell: (line: string) => void;
}

const inputs: Readonly<Record<ProgramPlan['operation'], object>> = {
  GetObject: { Bucket: 'exports', Key: 'latest.csv' },
  ListBuckets: {},
  GetCallerIdentity: {},
  GetSessionToken: {},
};

/** What it did with the key in the last 90 days before the story, so that its rhythm is known. */
export function pastUsesOf(
  { world, ledger }: Pick<Programs, 'world' | 'ledger'>,
  keyId: string,
  programs: readonly ProgramPlan[],
): void {
  const now = world.clock.now();
  const uses = programs.flatMap((plan) => {
    const { service, operation, region, sourceIp, userAgent, everyHours } = plan;
    const stopped = plan.stoppedDaysAgo ?? 0;
    // A few dozen show the rhythm as well as thousands would.
    const count = Math.min(30, Math.floor(((89 - stopped) * 24) / everyHours));
    return Array.from({ length: count }, (_, index) => ({
      at: plus(now, { days: -stopped, hours: -everyHours * (count - index) }),
      use: { service, eventName: operation, region, sourceIp, userAgent },
    }));
  });
  for (const { at, use } of uses.toSorted((a, b) => a.at.localeCompare(b.at))) {
    world.cloud.recordPastUse(keyId, { at, ...use });
    const { service, eventName: operation, region, userAgent } = use;
    const past = { at, service, operation, region, userAgent, own: false, invocation: undefined };
    noteUse(ledger, keyId, past);
  }
}

/** Starts a program of a user with a key; it goes on to the end of the world. */
export function startProgram(
  parts: Programs,
  user: IamUser,
  key: { readonly keyId: string; readonly secret: string },
  plan: ProgramPlan,
): Program {
  const { world, dice, tell } = parts;
  const { clock } = world;
  const first: Credentials = { accessKeyId: key.keyId, secretAccessKey: key.secret };
  let credentials = first;
  let offered: Instant | undefined;
  let changedOver: Instant | undefined;
  let hasRelapsed = false;
  let failing = 0;

  const read = async (): Promise<void> => {
    const pair = await readSecret(world, user);
    if (pair === undefined) return;
    credentials = pair;
    changedOver ??= clock.now();
    tell(`program of ${user.userName} reads ${pair.accessKeyId} from the secret`);
  };

  const isTime = (): boolean => {
    const { changesOverAfterHours: hours } = plan;
    if (hours === null || changedOver !== undefined) return false;
    const current = currentKeyId(world, user.account, user.userName);
    if (current === null || current === key.keyId) return false;
    offered ??= clock.now();
    return isDue(plus(offered, { hours }), clock.now());
  };

  const relapses = (): boolean => {
    const { relapsesAfterHours: hours } = plan;
    if (hours === null || hasRelapsed || changedOver === undefined) return false;
    hasRelapsed = isDue(plus(changedOver, { hours }), clock.now());
    return hasRelapsed;
  };

  const run = async (): Promise<void> => {
    const wait = plan.everyHours * (0.97 + 0.06 * dice.fraction());
    clock.at(plus(clock.now(), { minutes: Math.round(60 * wait) }), run);
    if (isTime()) await read();
    const worked = await use(world, plan, relapses() ? first : credentials);
    failing = worked ? 0 : failing + 1;
    if (failing === 1) tell(`program of ${user.userName} fails with ${credentials.accessKeyId}`);
    if (failing > 0 && plan.onFailure === 'reads the secret') await read();
  };
  clock.at(plus(clock.now(), { minutes: dice.between(0, 60 * plan.everyHours) }), run);
  return { plan, failing: () => failing };
}

async function use(world: World, plan: ProgramPlan, credentials: Credentials): Promise<boolean> {
  const { service, operation, region, sourceIp, userAgent } = plan;
  const input = inputs[operation];
  try {
    await outside(() =>
      world.cloud.call({ service, operation, input, region, credentials, sourceIp, userAgent }),
    );
    return true;
  } catch {
    return false;
  }
}

/** With the role of the machine that it runs on. */
async function readSecret(world: World, user: IamUser): Promise<Credentials | undefined> {
  try {
    const answer = (await outside(() =>
      world.cloud.call({
        service: 'secretsmanager',
        operation: 'GetSecretValue',
        input: { SecretId: secretNameOf(user) },
        region: world.place.region,
        credentials: world.cloud.roleCredentials(user.account, applicationRole, 'program'),
      }),
    )) as { readonly SecretString?: string };
    return pairIn(answer.SecretString);
  } catch {
    return undefined;
  }
}

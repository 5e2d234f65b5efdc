/**
 * The programs of a simulated world: each uses its key in its rhythm, changes over to the secret
 * some time after a new key is in it, and reacts or not when its key fails.
 */
import { liveName } from '../../adapters/parameter-names.ts';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import { applicationRole } from '../consumer.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { outside } from './invocation.ts';
import { type Ledger, noteUse } from './ledger.ts';
import type { KeyPlan, ProgramPlan } from './plan.ts';
import { keyIdOn, pairIn, pairOnGitHub, type Shelf } from './truth.ts';

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

/** What was done with the key in the last days before the story, so that its rhythm is known. */
export function pastUsesOf(
  { world, ledger }: Pick<Programs, 'world' | 'ledger'>,
  keyId: string,
  { ageDays, programs, lastUsedDaysAgo }: KeyPlan,
): void {
  const now = world.clock.now();
  const uses = programs.flatMap((plan) => {
    const { everyHours } = plan;
    const stopped = plan.stoppedDaysAgo ?? 0;
    // A few dozen show the rhythm as well as thousands would.
    const days = Math.max(0, Math.min(89, ageDays) - stopped);
    const count = Math.min(30, Math.max(0, Math.floor((days * 24 - 1) / everyHours)));
    return Array.from({ length: count }, (_, index) => ({
      at: plus(now, { days: -stopped, hours: -everyHours * (count - index) }),
      use: pastUse(plan),
    }));
  });
  if (lastUsedDaysAgo !== null) {
    uses.push({ at: plus(now, { days: -lastUsedDaysAgo }), use: pastUse(formerly) });
  }
  for (const { at, use } of uses.toSorted((a, b) => a.at.localeCompare(b.at))) {
    world.cloud.recordPastUse(keyId, { at, ...use });
    const { service, eventName: operation, region, userAgent } = use;
    const past = { at, service, operation, region, userAgent, own: false, invocation: undefined };
    noteUse(ledger, keyId, past);
  }
}

/** What used a key that nothing uses any more. */
const formerly = {
  service: 's3',
  operation: 'ListBuckets',
  region: 'us-east-1',
  sourceIp: '192.0.2.80',
  userAgent: 'aws-cli/2.31 formerly',
} as const;

function pastUse(of: Pick<ProgramPlan, keyof typeof formerly>) {
  const { service, operation, region, sourceIp, userAgent } = of;
  return { service, eventName: operation, region, sourceIp, userAgent };
}

/** Starts a program of a user with a key; it goes on to the end of the world. */
export function startProgram(
  parts: Programs,
  user: IamUser,
  key: { readonly keyId: string; readonly secret: string },
  plan: ProgramPlan,
  shelf: Shelf,
): Program {
  const { world, dice, tell } = parts;
  const { clock } = world;
  const first: Credentials = { accessKeyId: key.keyId, secretAccessKey: key.secret };
  let credentials = first;
  let offered: { readonly keyId: string; readonly at: Instant } | undefined;
  let changedOver: Instant | undefined;
  let hasRelapsed = false;
  let failing = 0;

  const read = async (): Promise<void> => {
    const pair = await readSecret(parts, user, shelf);
    if (pair === undefined) return;
    credentials = pair;
    changedOver ??= clock.now();
    tell(`program of ${user.userName} reads ${pair.accessKeyId} from the secret`);
  };

  const isTime = (): boolean => {
    const { changesOverAfterHours: hours } = plan;
    if (hours === null) return false;
    const current = keyIdOn(world, user.account, user.userName, shelf);
    if (current === null || current === credentials.accessKeyId) return false;
    if (offered?.keyId !== current) offered = { keyId: current, at: clock.now() };
    return isDue(plus(offered.at, { hours }), clock.now());
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
async function readSecret(
  { world }: Programs,
  user: IamUser,
  shelf: Shelf,
): Promise<Credentials | undefined> {
  if (shelf.kind === 'github-actions') return pairOnGitHub(world, shelf);
  const { kind, region } = shelf;
  const { account } = user;
  const credentials = world.cloud.roleCredentials(account, applicationRole, 'program');
  const name = secretNameOf(user);
  const read =
    kind === 'parameter-store'
      ? {
          ...{ service: 'ssm', operation: 'GetParameter' },
          input: { Name: liveName(name), WithDecryption: true },
        }
      : {
          ...{ service: 'secretsmanager', operation: 'GetSecretValue' },
          input: { SecretId: name },
        };
  try {
    const answer = await outside(() => world.cloud.call({ ...read, region, credentials }));
    const { SecretString, Parameter } = answer as {
      readonly SecretString?: string;
      readonly Parameter?: { readonly Value?: string };
    };
    return pairIn(SecretString ?? Parameter?.Value);
  } catch {
    return undefined;
  }
}

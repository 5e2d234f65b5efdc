/**
 * A deployment in the emulator: moto behind the proxy, the packaged stack deployed into its
 * CloudFormation, roles enforced, functions out of their zips. Everything that happens in it goes
 * over HTTP.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as v from 'valibot';
import { type Duration, fromMillis, type Instant, plus } from '../../domain/instant.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type AskMoto, askMoto } from './deployed/ask-moto.ts';
import { automation, documentsOf } from './deployed/automation.ts';
import { type Deploying, deployHub, type Stack } from './deployed/deploy.ts';
import { type Delivery, deliver, drainQueue, type Routes } from './deployed/event-rules.ts';
import { operators } from './deployed/operators.ts';
import type { Packages } from './deployed/package.ts';
import { grants, type KnownRole, lets, widenRoles } from './deployed/roles.ts';
import {
  type Credentials,
  type DeployedFunction,
  type Invocations,
  invocations,
} from './functions/invocations.ts';
import { type Moto, startMoto } from './moto/start.ts';
import { type Models, models } from './proxy/models.ts';
import { type ProxyServer, startProxy } from './proxy/server.ts';
import { type StandIns, standIns } from './proxy/stand-ins.ts';
import { type Tally, tally } from './proxy/tally.ts';
import { hubAccount, operator, region } from './stage.ts';

/** The suite's own requests are signed by the machine's clock, which must never be ahead. */
export const start = fromMillis(Date.now());

export interface World {
  readonly clock: VirtualClock;
  readonly proxy: ProxyServer;
  readonly models: Models;
  readonly standIns: StandIns;
  readonly tally: Tally;
  readonly lambda: Invocations;
  readonly hub: Stack;
  readonly deliveries: readonly Delivery[];
  /** An SDK client's settings for somebody with everything allowed in an account. */
  operatorOf(account: string): ClientSettings;
  /** The same for a user with that key. */
  as(credentials: Omit<Credentials, 'sessionToken'>): ClientSettings;
  function(name: string): DeployedFunction;
  /** An event arrives at the hub's rules. */
  deliver(event: unknown): Promise<readonly Delivery[]>;
  /** Hears what services say, until it is stopped; nothing of it is delivered meanwhile. */
  hear(listener: (event: unknown) => void): { stop(): void };
  /** What the invocations of a function came to, as its log has it. */
  outcomes(name: string): string[];
  /** A request with that key. */
  useOf(key: Omit<Credentials, 'sessionToken'>): Promise<unknown>;
  tick(): Promise<unknown>;
  /** What waits in that queue of the hub's goes to the function that reads it. */
  drain(queue: string): Promise<void>;
  /** Lets time pass, with a tick so often. */
  pass(duration: Duration, every: Duration): Promise<void>;
  /** What moto has written. */
  motoSaid(): string;
  stop(): Promise<void>;
}

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Omit<Credentials, 'sessionToken'>;
  readonly maxAttempts: number;
}

/** The parts that need no stack yet. */
interface Ground {
  readonly moto: Moto;
  readonly clock: VirtualClock;
  readonly models: Models;
  readonly standIns: StandIns;
  readonly tally: Tally;
  readonly proxy: ProxyServer;
  readonly roles: KnownRole[];
}

async function startGround(calledAt: number | undefined): Promise<Ground> {
  const clock = virtualClock(start);
  const parts = {
    models: models(clock),
    standIns: standIns(clock),
    tally: tally(process.env.KEYTURN_EMULATOR_RECORD),
  };
  const moto = await startMoto(start, calledAt);
  const roles: KnownRole[] = [];
  const proxy = await startProxy({
    ...parts,
    motoPort: moto.port,
    mayAct: (principal, action) => {
      if (principal.kind === 'user') return true;
      if (principal.role.roleName === operator) return true;
      const role = roles.find(({ arn }) => arn === principal.role.arn);
      return role !== undefined && grants(role, action);
    },
    mayAssume: (principal, roleArn, externalId) => {
      if (principal.kind === 'user' || principal.role.roleName === operator) return true;
      const role = roles.find(({ arn }) => arn === roleArn);
      return role !== undefined && lets(role, principal.role.arn, externalId);
    },
  });
  return { ...parts, moto, clock, proxy, roles };
}

/** Past the proxy: for what only the suite asks. */
function directly({ moto }: Ground): string {
  return `http://127.0.0.1:${moto.port}`;
}

/** What is deployed where, beyond the hub's stack, before permissions are enforced. */
export type Deploy = (deploying: {
  readonly hub: Stack;
  readonly into: (account: string) => Deploying;
  readonly settingsOf: (account: string) => ClientSettings;
}) => Promise<readonly Stack[]>;

export async function createWorld(
  packages: Packages,
  stackName: string,
  accounts: readonly string[],
  deployFurther: Deploy,
  beforeEnforcing: (deployed: {
    readonly stacks: readonly Stack[];
    readonly ask: (account: string) => AskMoto;
  }) => Promise<void> = async () => {},
  calledAt?: number,
): Promise<World> {
  const ground = await startGround(calledAt);
  const { proxy, models, clock, roles } = ground;
  const direct = directly(ground);
  const sessions = await operators({ endpoint: proxy.endpoint, direct, models }, accounts);
  const settingsOf = (account: string): ClientSettings => {
    const credentials = sessions.get(account);
    if (credentials === undefined) throw new Error(`nobody operates account ${account}`);
    return { endpoint: proxy.endpoint, region, credentials, maxAttempts: 1 };
  };
  const ask = (account: string) =>
    askMoto(directly(ground), region, settingsOf(account).credentials.accessKeyId);
  const sessionOf = async (account: string, roleArn: string, session: string) => {
    const sts = new STSClient(settingsOf(account));
    const order = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session });
    const { Credentials: made } = await sts.send(order);
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {};
    models.callers.keepOpen(AccessKeyId);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
  };
  const into = (account: string): Deploying => ({
    ask: ask(account),
    account,
    region,
    sessionOf: (roleArn, session) => sessionOf(account, roleArn, session),
  });
  const hub = await deployHub(into(hubAccount), stackName, packages);
  const further = await deployFurther({ hub, into, settingsOf });
  const lambda = invocations(proxy.endpoint, clock);
  for (const { functions } of [hub, ...further]) {
    for (const each of functions) {
      models.functions.register(each, (payload) => lambda.invoke(each, payload));
    }
  }
  const documents = documentsOf(hub.resources);
  models.runDocuments(automation(proxy.endpoint, models, sessionOf), documents);
  const stacks = [hub, ...further];
  await beforeEnforcing({ stacks, ask });
  for (const stack of stacks) {
    roles.push(...(await widenRoles(ask(stack.account), stack)));
  }
  await enforce(ground.moto);
  const sqs = new SQSClient(settingsOf(hubAccount));
  const routes = { hub, members: further, sqs, clock, invoke: lambda.invoke };
  return living(ground, routes, lambda, settingsOf);
}

/** From now on moto checks signatures and permissions of every request. */
async function enforce({ port }: Moto): Promise<void> {
  const url = `http://127.0.0.1:${port}/moto-api/reset-auth`;
  const answer = await fetch(url, { method: 'POST', body: '0' });
  if (!answer.ok) throw new Error(`moto would not enforce permissions: ${await answer.text()}`);
}

const logged = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ function: v.string(), outcome: v.string() }),
);

function living(
  { proxy, models, clock, standIns, tally, moto }: Ground,
  routes: Routes,
  lambda: Invocations,
  operatorOf: (account: string) => ClientSettings,
): World {
  const { hub } = routes;
  const deliveries: Delivery[] = [];
  const deployed = (name: string): DeployedFunction => {
    const found = hub.functions.find((each) => each.name.endsWith(name));
    if (found === undefined) throw new Error(`the hub's stack has no function ${name}`);
    return found;
  };
  const deliverNow = async (event: unknown) => {
    const made = await deliver(routes, event);
    deliveries.push(...made);
    return made;
  };
  let listener: ((event: unknown) => void) | undefined;
  models.onEvent(async (event) => {
    if (listener === undefined) await deliverNow(event);
    else listener(event);
  });
  const as = (credentials: Omit<Credentials, 'sessionToken'>): ClientSettings => ({
    endpoint: proxy.endpoint,
    region,
    credentials,
    maxAttempts: 1,
  });
  const tick = () => lambda.invoke(deployed('on-tick'), {});
  return {
    proxy,
    models,
    clock,
    standIns,
    tally,
    hub,
    lambda,
    deliveries,
    operatorOf,
    as,
    useOf: (key) => new STSClient(as(key)).send(new GetCallerIdentityCommand({})),
    hear: (next) => {
      listener = next;
      return {
        stop: () => {
          listener = undefined;
        },
      };
    },
    outcomes: (name) =>
      lambda.log
        .map((line) => v.safeParse(logged, line))
        .flatMap((read) =>
          read.success && read.output.function === name ? [read.output.outcome].flat() : [],
        ),
    function: deployed,
    deliver: deliverNow,
    tick,
    drain: async (queue) => {
      deliveries.push(...(await drainQueue(routes, hub, queue)));
    },
    pass: async (duration, every) => {
      const until: Instant = plus(clock.now(), duration);
      while (clock.now() < until) {
        await clock.runUntil(plus(clock.now(), every));
        await tick();
      }
    },
    motoSaid: moto.said,
    stop: async () => {
      await proxy.stop();
      await moto.stop();
    },
  };
}

/**
 * A deployment in the emulator: moto behind the proxy, the packaged stack deployed into its
 * CloudFormation, roles enforced, functions out of their zips. Everything that happens in it goes
 * over HTTP.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Duration, fromMillis, type Instant, plus } from '../../domain/instant.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type AskMoto, askMoto } from './deployed/ask-moto.ts';
import { automation, documentsOf } from './deployed/automation.ts';
import { type Deploying, deployHub, type Stack } from './deployed/deploy.ts';
import { type Delivery, deliver } from './deployed/event-rules.ts';
import type { Packages } from './deployed/package.ts';
import { grants, type KnownRole, lets, widenRoles } from './deployed/roles.ts';
import {
  type Credentials,
  type DeployedFunction,
  type Invocations,
  invocations,
} from './functions/invocations.ts';
import { type Moto, startMoto } from './moto/start.ts';
import { element } from './proxy/callers.ts';
import { type Models, models } from './proxy/models.ts';
import { type Proxy, startProxy } from './proxy/server.ts';
import { type StandIns, standIns } from './proxy/stand-ins.ts';
import { type Tally, tally } from './proxy/tally.ts';

export const region = 'us-east-1';
export const hubAccount = '111122223333';
/** The suite's own requests are signed by the machine's clock, which must never be ahead. */
export const start = fromMillis(Date.now());
const operator = 'operator';

export interface World {
  readonly clock: VirtualClock;
  readonly proxy: Proxy;
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
  ask(account: string): AskMoto;
  function(name: string): DeployedFunction;
  /** An event arrives at the hub's rules. */
  deliver(event: unknown): Promise<readonly Delivery[]>;
  tick(): Promise<unknown>;
  /** Lets time pass, with a tick so often. */
  pass(duration: Duration, every: Duration): Promise<void>;
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
  readonly proxy: Proxy;
  readonly roles: KnownRole[];
}

async function startGround(): Promise<Ground> {
  const clock = virtualClock(start);
  const parts = {
    models: models(clock),
    standIns: standIns(clock),
    tally: tally(process.env.KEYTURN_EMULATOR_RECORD),
  };
  const moto = await startMoto(start);
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

/** Roles of an operator in each account, and sessions of them. */
async function operators(ground: Ground, accounts: readonly string[]) {
  const { proxy, models } = ground;
  const sessions = new Map<string, Credentials>();
  const outside = askMoto(proxy.endpoint, region, 'AKIAIOSFODNN7EXAMPLE');
  for (const account of accounts) {
    const xml = await outside.query('sts', {
      Action: 'AssumeRole',
      RoleArn: `arn:aws:iam::${account}:role/${operator}`,
      RoleSessionName: operator,
    });
    const credentials = credentialsIn(xml);
    models.callers.keepOpen(credentials.accessKeyId);
    sessions.set(account, credentials);
    const ask = askMoto(directly(ground), region, credentials.accessKeyId);
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
    const nobody = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    const text = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await ask.query('iam', {
      Action: 'CreateRole',
      RoleName: operator,
      AssumeRolePolicyDocument: text(nobody),
    });
    await ask.query('iam', {
      Action: 'PutRolePolicy',
      RoleName: operator,
      PolicyName: 'everything',
      PolicyDocument: text(everything),
    });
  }
  return sessions;
}

function credentialsIn(xml: string): Credentials {
  return {
    accessKeyId: element(xml, 'AccessKeyId'),
    secretAccessKey: element(xml, 'SecretAccessKey'),
    sessionToken: element(xml, 'SessionToken'),
  };
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
): Promise<World> {
  const ground = await startGround();
  const { proxy, models, clock, roles } = ground;
  const sessions = await operators(ground, accounts);
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
  for (const stack of [hub, ...further]) {
    roles.push(...(await widenRoles(ask(stack.account), stack)));
  }
  await enforce(ground.moto);
  return { ...living(ground, hub, lambda, settingsOf), ask };
}

/** From now on moto checks signatures and permissions of every request. */
async function enforce({ port }: Moto): Promise<void> {
  const url = `http://127.0.0.1:${port}/moto-api/reset-auth`;
  const answer = await fetch(url, { method: 'POST', body: '0' });
  if (!answer.ok) throw new Error(`moto would not enforce permissions: ${await answer.text()}`);
}

function living(
  { proxy, models, clock, standIns, tally, moto }: Ground,
  hub: Stack,
  lambda: Invocations,
  operatorOf: (account: string) => ClientSettings,
): Omit<World, 'ask'> {
  const deliveries: Delivery[] = [];
  const deployed = (name: string): DeployedFunction => {
    const found = hub.functions.find((each) => each.name.endsWith(name));
    if (found === undefined) throw new Error(`the hub's stack has no function ${name}`);
    return found;
  };
  const sqs = new SQSClient(operatorOf(hubAccount));
  const deliverNow = async (event: unknown) => {
    const made = await deliver(hub, sqs, lambda.invoke, event);
    deliveries.push(...made);
    return made;
  };
  models.onEvent(async (event) => {
    await deliverNow(event);
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
    as: (credentials) => ({ endpoint: proxy.endpoint, region, credentials, maxAttempts: 1 }),
    function: deployed,
    deliver: deliverNow,
    tick,
    pass: async (duration, every) => {
      const until: Instant = plus(clock.now(), duration);
      while (clock.now() < until) {
        await clock.runUntil(plus(clock.now(), every));
        await tick();
      }
    },
    stop: async () => {
      await proxy.stop();
      await moto.stop();
    },
  };
}

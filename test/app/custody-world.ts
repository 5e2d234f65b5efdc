/**
 * A sandbox account with one user, one stale key and the custodian with its real adapters, driven
 * as the runbook issue-replacement-key drives it. Faults strike single AWS calls; what must always
 * hold is checked after every call, on the account's truth.
 */
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { cloudTrailKeyOrigin } from '../../adapters/cloudtrail-key-origin.ts';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { gitHubActionsSecrets } from '../../adapters/github-actions-secrets.ts';
import { iamKeyMaker } from '../../adapters/iam-key-maker.ts';
import { iamProfiles } from '../../adapters/iam-profiles.ts';
import { iamUsers } from '../../adapters/iam-users.ts';
import { lambdaHealthCheck } from '../../adapters/lambda-health-check.ts';
import { lastUsedSource } from '../../adapters/last-used.ts';
import { parameterStoreVault } from '../../adapters/parameter-store-vault.ts';
import { parameterTags } from '../../adapters/parameter-tags.ts';
import { secretsManagerTags } from '../../adapters/secrets-manager-tags.ts';
import { secretsManagerVault } from '../../adapters/secrets-manager-vault.ts';
import { ssmClaims } from '../../adapters/ssm-claims.ts';
import { ssmStopSwitch } from '../../adapters/ssm-stop-switch.ts';
import { stsKeyTester } from '../../adapters/sts-key-tester.ts';
import type { Custodian } from '../../app/custody/deps.ts';
import type { CustodyStep, VaultKind } from '../../domain/custody.ts';
import { type Duration, instant, plus } from '../../domain/instant.ts';
import type { Partition } from '../../domain/key.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import { type CustodianAnswer, custodianHandler } from '../../functions/custodian.ts';
import { type Cloud, type CloudOptions, createCloud } from '../../sandbox/account/cloud.ts';
import type { Interceptor } from '../../sandbox/account/door.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type GitHubFailure, type GitHubStandIn, gitHubStandIn } from '../../sandbox/github.ts';
import { account, oldKeyId, repository, truthOf } from './custody-truth.ts';

export { account, oldKeyId, repository } from './custody-truth.ts';

export const sentinel = 'SENTINEL';
export const rotationId = '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b';
const stopParameter = '/keyturn/dev/stop';
const userName = 'svc-billing';
const start = instant('2026-11-02T03:14:07.250Z');

/**
 * How a call fails: `lost request`, `throttled` and `denied` without effect, `lost answer` after
 * its effect; `died`: after its effect, and the whole process with it: nothing can be called any
 * more.
 */
export const faultKinds = ['lost request', 'throttled', 'denied', 'lost answer', 'died'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** The number of the call, from 1, counted while the fault is set. */
  readonly call: number;
  readonly kind: FaultKind;
}

export type Outcome =
  | { readonly ok: true; readonly answer: CustodianAnswer }
  | { readonly ok: false; readonly error: Error };

export type CustodyWorld = ReturnType<typeof custodyWorld>;

/** What policy says of a rotation, as runbooks are told it. */
export interface Told {
  readonly Vault?: VaultKind;
  readonly HealthCheck?: string;
  /** Comma-joined further places. */
  readonly Copies?: string;
}

export function custodyWorld(options: Partial<CloudOptions> = {}, told: Told = {}) {
  const scene = setScene(options);
  const { cloud, clock, user, region, deps } = scene;
  const truth = truthOf(scene, told.Vault ?? 'secrets-manager');
  const faults = faultsIn(scene, truth);
  const payloadOf = (step: CustodyStep, attempt: number) => ({
    Step: step,
    SecretId: secretNameOf(user),
    ClientRequestToken: token(attempt),
    RotationId: rotationId,
    Attempt: String(attempt),
    UserName: user.userName,
    UserId: user.userId,
    OldKeyId: oldKeyId,
    ...told,
  });
  const run: RunStep = async (step, attempt = 1, strike = null, changes = {}) => {
    faults.set(strike);
    const before = truth.created().length;
    const payload = { ...payloadOf(step, attempt), ...changes };
    const outcome = await custodianHandler(deps)(payload).then(
      (answer): Outcome => ({ ok: true, answer }),
      (error): Outcome => ({ ok: false, error }),
    );
    faults.end();
    const made = truth.created().length - before;
    expect(made, 'CreateAccessKey calls in one step').toBeLessThanOrEqual(1);
    checkSecrecy([outcome, ...scene.said.splice(0)]);
    truth.check();
    return outcome;
  };
  return {
    cloud,
    clock,
    deps,
    user,
    region,
    ...truth,
    run,
    runbook: runbookWith(run, faults.calls),
    payloadOf,
    callsOfLastRun: faults.calls,
    meddle: faults.meddle,
    faults,
    gitHub: scene.gitHub,
    /** What was logged since the last time. */
    saidSince: () => scene.said.splice(0),
    pass: (duration: Duration) => clock.runUntil(plus(clock.now(), duration)),
  };
}

type RunStep = (
  step: CustodyStep,
  attempt?: number,
  strike?: Fault | null,
  changes?: Readonly<Record<string, string>>,
) => Promise<Outcome>;

type Scene = ReturnType<typeof setScene>;

function setScene(options: Partial<CloudOptions>) {
  const clock = virtualClock(start);
  const partition: Partition = options.partition ?? 'aws';
  const region = partition === 'aws-us-gov' ? 'us-gov-east-1' : 'eu-west-1';
  const cloud = createCloud({ partition, seed: 'custody', sentinel, ...options, clock });
  const user = cloud.addUser({ account, userName, path: '/apps/', createdAt: daysAgo(400) });
  cloud.addKey(account, userName, { createdAt: daysAgo(120), keyId: oldKeyId });
  const custodianRole = cloud.createRole(account, 'keyturn-custodian');
  const trusts = [{ principalArn: custodianRole }];
  const keyMakerRole = cloud.createRole(account, 'keyturn-key-maker', { trusts });
  const credentials = cloud.roleCredentials(account, 'keyturn-custodian', 'keyturn-custodian');
  const connection = cloud.connection({ region, credentials });
  const said: unknown[] = [];
  const gitHub = repositoryOnGitHub();
  const stopSwitch = ssmStopSwitch(connection, stopParameter, clock, { seconds: 0 });
  const ready = setSwitch(cloud, region, 'go');
  const deps: Custodian = {
    tagsIn: {
      'secrets-manager': secretsManagerTags(connection),
      'parameter-store': parameterTags(connection),
    },
    stopSwitch: {
      read: async () => {
        await ready;
        return stopSwitch.read();
      },
    },
    profiles: iamProfiles(() => connection, region, clock),
    nativePrivilege: 'refuse',
    claims: ssmClaims(connection, clock),
    vaults: {
      'secrets-manager': secretsManagerVault(connection),
      'parameter-store': parameterStoreVault(connection, clock),
    },
    copyIn: ({ kind, region: other }) =>
      kind === 'secrets-manager'
        ? secretsManagerVault({ ...connection, region: other })
        : parameterStoreVault({ ...connection, region: other }, clock),
    repositories: gitHubActionsSecrets({ token: keptToken, clock, fetch: gitHub.fetch }),
    healthCheck: lambdaHealthCheck(connection, 30),
    maker: iamKeyMaker(connection, keyMakerRole),
    tester: stsKeyTester(connection),
    origins: cloudTrailKeyOrigin({ connection, partition, clock }),
    lastUsed: lastUsedSource(connection, clock),
    users: iamUsers((where) => ({ ...connection, region: where.region }), region),
    clock,
    ids: cryptoIds,
    home: { partition, account, region },
    log: { info: (...line) => said.push(line), error: (...line) => said.push(line) },
  };
  return { cloud, clock, user, region, deps, said, gitHub };
}

const gitHubToken = `github_pat_${sentinel}`;
const keptToken = { read: async () => gitHubToken, readAgain: async () => gitHubToken };

/** A GitHub with one repository, which the custodian's token may write to. */
function repositoryOnGitHub(): GitHubStandIn {
  const gitHub = gitHubStandIn();
  gitHub.addRepository(repository);
  gitHub.setToken(gitHubToken, 'write');
  return gitHub;
}

/** An operator writes the stop switch. */
export async function setSwitch(cloud: Cloud, region: string, value: string): Promise<void> {
  cloud.createRole(account, 'operator');
  const credentials = cloud.roleCredentials(account, 'operator', 'somebody');
  const input = { Name: stopParameter, Value: value, Type: 'String', Overwrite: true };
  await cloud.call({ service: 'ssm', operation: 'PutParameter', input, region, credentials });
}

type Truth = ReturnType<typeof truthOf>;

/** Faults and meddlers between the custodian and AWS; the truth is checked after every call. */
function faultsIn({ cloud, gitHub }: Scene, truth: Truth) {
  let fault: Fault | null = null;
  let calls = 0;
  let dead = false;
  let violation: unknown;
  let meddler: Interceptor = (_call, proceed) => proceed();
  cloud.setInterceptor(async (call, proceed) => {
    calls += 1;
    if (dead) throw noAnswer();
    const struck = fault?.call === calls ? fault.kind : null;
    if (struck === 'lost request') throw noAnswer();
    if (struck === 'denied') throw awsError('AccessDeniedException', 'no', 403);
    if (struck === 'throttled') throw awsError('ThrottlingException', 'Rate exceeded', 400);
    const answer = await meddler(call, proceed);
    try {
      truth.check();
    } catch (found) {
      // Thrown here, the custodian would take it for an answer of AWS.
      violation ??= found;
    }
    if (struck === 'died') dead = true;
    if (struck !== null) throw noAnswer();
    return answer;
  });
  gitHub.failWith(() => {
    calls += 1;
    if (dead) return { kind: 'lost request' };
    const struck = fault?.call === calls ? fault.kind : null;
    if (struck === 'died') dead = true;
    return struck === null ? undefined : gitHubFailures[struck];
  });
  return {
    calls: () => calls,
    set: (strike: Fault | null) => {
      fault = strike;
      calls = 0;
    },
    end: () => {
      fault = null;
      dead = false;
      if (violation !== undefined) throw violation;
    },
    /** A process that died is followed by another; a fault that did not strike yet stays. */
    revive: () => {
      dead = false;
    },
    /** Lets a test stand between the custodian and AWS. */
    meddle: (by: Interceptor) => {
      meddler = by;
    },
  };
}

const gitHubFailures: Readonly<Record<FaultKind, GitHubFailure>> = {
  'lost request': { kind: 'lost request' },
  throttled: { kind: 'status', status: 429, headers: { 'retry-after': '600' } },
  denied: { kind: 'status', status: 403 },
  'lost answer': { kind: 'lost answer' },
  died: { kind: 'lost answer' },
};

/** S6: neither answers, nor errors with all their causes, nor log lines show a secret. */
export function checkSecrecy(things: readonly unknown[]): void {
  for (const thing of things) {
    expect(inspect(thing, { depth: 20, showHidden: true })).not.toContain(sentinel);
    expect(JSON.stringify(thing)).not.toContain(sentinel);
  }
}

/** How often the runbook tries each step. */
const triesOf = { createSecret: 1, setSecret: 2, testSecret: 2, finishSecret: 2, undo: 3 };

/**
 * One run of the runbook: four steps, and undo after a failure. Faults strike a step's first try.
 */
function runbookWith(run: RunStep, calls: () => number) {
  return async (attempt: number, strikes: Partial<Record<CustodyStep, Fault>> = {}) => {
    const counts: number[] = [];
    const trying = async (step: CustodyStep): Promise<Outcome> => {
      let outcome = await run(step, attempt, strikes[step] ?? null);
      counts.push(calls());
      for (let n = 1; n < triesOf[step] && !outcome.ok; n++) outcome = await run(step, attempt);
      return outcome;
    };
    let last: Outcome | undefined;
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      last = await trying(step);
      if (!last.ok) break;
    }
    if (last?.ok !== true) last = await trying('undo');
    return { issued: last.ok && last.answer.Issued === 'true', last, calls: counts };
  };
}

export function token(attempt: number): string {
  return cryptoIds.uuid(attemptName(rotationId, attempt));
}

export function daysAgo(days: number) {
  return plus(start, { days: -days });
}

/** The answer, or the error thrown. */
export function answerOf(outcome: Outcome): CustodianAnswer {
  if (!outcome.ok) throw outcome.error;
  return outcome.answer;
}

export function errorOf(outcome: Outcome): Error {
  if (outcome.ok) throw new Error(`expected a refusal, got ${JSON.stringify(outcome.answer)}`);
  return outcome.error;
}

function noAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
}

/**
 * Rotation by Secrets Manager itself: RotateSecret makes an empty AWSPENDING version and has the
 * function called four times, at once and then on schedule. A rotation that fails is tried again
 * whole, with the same token; its AWSPENDING stays, and no other rotation starts meanwhile.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * (2026-11)
 */
import type {
  CancelRotateSecretRequest,
  CancelRotateSecretResponse,
  DescribeSecretResponse,
  RotateSecretRequest,
  RotateSecretResponse,
  RotationRulesType,
} from '@aws-sdk/client-secrets-manager';
import { type Instant, plus } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import type { Functions } from './lambda.ts';
import { type Interval, intervalOf, isRule, ruleProblem } from './rotation-rules.ts';
import { awsError, type CallContext } from './service.ts';
import { current, holderOf, pending, type SecretRecord, type Vault } from './vault.ts';

/** The principal that a function's policy must let in. */
export const rotator = 'secretsmanager.amazonaws.com';

/** Minutes until a rotation that failed is tried again; after the last, on its next due date. */
const retryMinutes = [1, 5, 15, 60, 240] as const;

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

interface Rotation {
  readonly functionArn: string;
  readonly rules: RotationRulesType | undefined;
  readonly every: Interval | undefined;
  readonly enabled: boolean;
  readonly lastAt: Instant | undefined;
  readonly nextAt: Instant | undefined;
}

export interface Rotations {
  rotate(
    secret: SecretRecord,
    input: RotateSecretRequest,
    context: CallContext,
  ): RotateSecretResponse;
  cancel(secret: SecretRecord, input: CancelRotateSecretRequest): CancelRotateSecretResponse;
  /** What DescribeSecret says of it. */
  described(secret: SecretRecord): Partial<DescribeSecretResponse>;
}

/** Everything that rotations need, and what is known of each secret's, by its ARN. */
interface Engine {
  readonly ground: Ground;
  readonly vault: Vault;
  readonly lambdas: Functions;
  readonly all: Map<string, Rotation>;
  readonly underWay: Set<string>;
}

export function rotations(ground: Ground, vault: Vault, lambdas: Functions): Rotations {
  const all = new Map<string, Rotation>();
  const engine: Engine = { ground, vault, lambdas, all, underWay: new Set() };
  return {
    rotate: (secret, input, { now }) => {
      const rotation = configured(input, all.get(secret.arn));
      refuse(engine, secret, input, rotation);
      const token = input.ClientRequestToken ?? ground.names.uuid('version');
      schedule(engine, secret, rotation, now);
      if (input.RotateImmediately ?? true) begin(engine, secret, token);
      else tryFunction(engine, secret, token);
      return { ARN: secret.arn, Name: secret.name, VersionId: token };
    },
    cancel: (secret) => {
      const rotation = all.get(secret.arn);
      if (rotation !== undefined) {
        all.set(secret.arn, { ...rotation, enabled: false, nextAt: undefined });
      }
      const left = unfinished(secret);
      return {
        ARN: secret.arn,
        Name: secret.name,
        ...(left === undefined ? {} : { VersionId: left.versionId }),
      };
    },
    described: (secret) => description(all.get(secret.arn)),
  };
}

function refuse(
  { lambdas }: Engine,
  secret: SecretRecord,
  { ClientRequestToken: token }: RotateSecretRequest,
  { functionArn }: Rotation,
): void {
  if (!lambdas.lets(rotator, functionArn)) {
    throw awsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function ' +
        `policy grants access to the principal ${rotator}`,
    );
  }
  if (unfinished(secret) !== undefined) {
    const problem = "A previous rotation isn't complete. That rotation will be reattempted.";
    throw awsError('InvalidRequestException', problem);
  }
  if (token !== undefined && secret.versions.has(token)) {
    const problem = `You can't use ClientRequestToken ${token}: it is already in use.`;
    throw awsError('InvalidRequestException', problem);
  }
}

function schedule(engine: Engine, secret: SecretRecord, rotation: Rotation, from: Instant): void {
  const { all, ground } = engine;
  const { every } = rotation;
  const nextAt = every === undefined ? undefined : plus(from, every);
  all.set(secret.arn, { ...rotation, nextAt });
  if (nextAt === undefined) return;
  ground.clock.at(nextAt, () => {
    // A schedule that was changed or cancelled since has another date, or none.
    const now = all.get(secret.arn);
    if (now?.enabled !== true || now.nextAt !== nextAt) return;
    // What is left of a rotation that failed is tried again; else a new one begins.
    const left = unfinished(secret);
    if (left === undefined) begin(engine, secret, ground.names.uuid('version'));
    else soon(engine, () => attempt(engine, secret, left.versionId, 0));
  });
}

function begin(engine: Engine, secret: SecretRecord, token: string): void {
  makePending(engine, secret, token);
  soon(engine, () => attempt(engine, secret, token, 0));
}

/** Without a rotation, only the function is tried, on a version that is taken away again. */
function tryFunction(engine: Engine, secret: SecretRecord, token: string): void {
  makePending(engine, secret, token);
  soon(engine, async () => {
    await call(engine, secret, 'testSecret', token);
    secret.versions.delete(token);
  });
}

function makePending({ vault, ground }: Engine, secret: SecretRecord, token: string): void {
  vault.addVersion(secret, token, undefined, ground.clock.now());
  vault.moveLabel(secret, pending, token);
}

function soon({ ground: { clock } }: Engine, run: () => Promise<void>): void {
  clock.at(plus(clock.now(), { seconds: 1 }), run);
}

async function attempt(
  engine: Engine,
  secret: SecretRecord,
  token: string,
  failures: number,
): Promise<void> {
  const { all, underWay, ground } = engine;
  // Only the rotation that AWSPENDING still stands for, and only once at a time.
  if (underWay.has(secret.arn) || holderOf(secret, pending)?.versionId !== token) return;
  underWay.add(secret.arn);
  const done = await tryAll(engine, secret, token).finally(() => underWay.delete(secret.arn));
  const rotation = all.get(secret.arn);
  if (rotation?.enabled !== true) return;
  const now = ground.clock.now();
  if (done) {
    schedule(engine, secret, { ...rotation, lastAt: now }, now);
    return;
  }
  const pause = retryMinutes[failures];
  if (pause === undefined) {
    schedule(engine, secret, rotation, now);
    return;
  }
  const again = plus(now, { minutes: pause });
  ground.clock.at(again, () => attempt(engine, secret, token, failures + 1));
}

/** All steps; whether AWSPENDING is where a rotation that is over leaves it. */
async function tryAll(engine: Engine, secret: SecretRecord, token: string): Promise<boolean> {
  for (const step of steps) {
    if (engine.all.get(secret.arn)?.enabled !== true) return false;
    if (!(await call(engine, secret, step, token))) return false;
  }
  return unfinished(secret) === undefined;
}

async function call(
  { ground, lambdas, all }: Engine,
  secret: SecretRecord,
  Step: string,
  token: string,
): Promise<boolean> {
  const payload = {
    Step,
    SecretId: secret.arn,
    ClientRequestToken: token,
    // Sensitive, and sent to functions of other accounts only: whoever shows one is found out.
    RotationToken: `${ground.sentinel}${ground.names.uuid('rotation token')}`,
  };
  const arn = all.get(secret.arn)?.functionArn ?? '';
  return (await lambdas.callFor(rotator, arn, payload)) === 'succeeded';
}

/** The version of a rotation that is not complete: AWSPENDING, and not what is current. */
function unfinished(secret: SecretRecord) {
  const holder = holderOf(secret, pending);
  return holder?.stages.has(current) === true ? undefined : holder;
}

function configured(
  { RotationLambdaARN, RotationRules, ClientRequestToken }: RotateSecretRequest,
  before: Rotation | undefined,
): Rotation {
  const functionArn = RotationLambdaARN ?? before?.functionArn;
  if (functionArn === undefined) {
    throw awsError(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    );
  }
  const invalid = (problem: string) => awsError('InvalidParameterException', problem);
  if (ClientRequestToken !== undefined && !/^.{32,64}$/s.test(ClientRequestToken)) {
    throw invalid('ClientRequestToken must be 32-64 characters long.');
  }
  const rules = RotationRules ?? before?.rules;
  if (rules !== undefined && !isRule(rules)) throw invalid(ruleProblem(rules));
  return {
    functionArn,
    rules,
    every: rules === undefined ? undefined : intervalOf(rules),
    enabled: true,
    lastAt: before?.lastAt,
    nextAt: before?.nextAt,
  };
}

function description(rotation: Rotation | undefined): Partial<DescribeSecretResponse> {
  if (rotation === undefined) return {};
  const { functionArn, rules, enabled, lastAt, nextAt } = rotation;
  return {
    RotationEnabled: enabled,
    RotationLambdaARN: functionArn,
    ...(rules === undefined ? {} : { RotationRules: rules }),
    ...(lastAt === undefined ? {} : { LastRotatedDate: new Date(lastAt) }),
    ...(nextAt === undefined ? {} : { NextRotationDate: new Date(nextAt) }),
  };
}

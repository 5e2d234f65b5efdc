/**
 * A drill, whole: the packaged state machine in moto's interpreter of the States Language, the
 * packaged function, and Keyturn as packaged beside it. Time passes between two looks. A witness
 * that takes a key in use for safe makes it fail.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { integrationSecret } from '../../sandbox/settings.ts';
import { type Packages, packageStage } from './deployed/package.ts';
import { refused } from './proxy/answer.ts';
import { type Door, openDoor } from './proxy/interpreter-door.ts';
import { hubAccount, region } from './stage.ts';
import { createWorld, type World } from './world.ts';

const stage = 'dev';
const machineArn = `arn:aws:states:${region}:${hubAccount}:stateMachine:keyturn-${stage}-drill`;

let packages: Packages;
let door: Door;
let world: World;
let states: SFNClient;
/** Minutes until the next look. */
let between = 0;

beforeAll(async () => {
  packages = packageStage(stage, {}, ['drill=yes']);
  door = await openDoor();
  world = await createWorld(
    packages,
    `keyturn-${stage}`,
    [hubAccount],
    async ({ hub, into }) => {
      const { ask } = into(hubAccount);
      // Only what is made from now on is interpreted, and CloudFormation's is not.
      const config = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
      await ask.rest('moto-api', 'POST', '/moto-api/config', config);
      const { DefinitionString, StateMachineName } = hub.resources.DrillMachine?.Properties ?? {};
      const functionArn = `arn:aws:lambda:${region}:${hubAccount}:function:keyturn-${stage}-drill`;
      const definition = String(DefinitionString['Fn::Sub'])
        .replaceAll(`\${DrillLambdaFunction.Arn}`, functionArn)
        .replaceAll(`\${AWS::Partition}`, 'aws')
        // AWS wants it in Pascal case, moto as the service's own API has it.
        .replace('"StateMachineArn.$"', '"stateMachineArn.$"')
        .replace('"MaxResults"', '"maxResults"')
        .replace('$.Executions[*].Status', '$.executions[*].status');
      await ask.json('states', 'AWSStepFunctions.CreateStateMachine', {
        name: StateMachineName,
        definition,
        roleArn: `arn:aws:iam::${hubAccount}:role/keyturn-${stage}-drill-machine`,
      });
      return [];
    },
    undefined,
    door.port,
  );
  states = new SFNClient(world.operatorOf(hubAccount));
  door.serve({
    invoke: async (name, payload) => {
      const { act } = payload as { readonly act: string };
      // New keys get known; then it is followed at once, and between later looks time passes.
      if (act === 'report') await world.clock.runUntil(plus(world.clock.now(), { minutes: 1 }));
      if (act === 'follow')
        await world.pass({ minutes: between }, { minutes: Math.min(10, between) });
      const answer = await world.lambda.invoke(world.function(name), payload);
      if (act === 'report') await world.drain('Inbound');
      between = act === 'report' ? 0 : (answer as { readonly busy?: boolean }).busy ? 5 : 30;
      return answer;
    },
    listExecutions: async (input) => {
      const { stateMachineArn } = input as { readonly stateMachineArn: string };
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      return { executions };
    },
  });
  const secrets = new SecretsManagerClient(world.operatorOf(hubAccount));
  const SecretString = JSON.stringify(integrationSecret);
  const Name = `keyturn-${stage}-connections`;
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  await world.clock.runUntil(plus(world.clock.now(), { minutes: 5 }));
});

afterAll(async () => {
  if (process.env.KEYTURN_EMULATOR_LOG) {
    writeFileSync(process.env.KEYTURN_EMULATOR_LOG, world.lambda.log.join('\n'));
  }
  await world?.stop();
  await door?.stop();
  packages?.remove();
});

/** As Step Functions has it when it has ended. */
async function drill(name: string): Promise<DescribeExecutionOutput> {
  const input = JSON.stringify({ settleSeconds: 0, everySeconds: 0, crowdSeconds: 0 });
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn: machineArn, name, input }),
  );
  for (;;) {
    const told = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (told.status !== 'RUNNING') return told;
    await setTimeout(200);
  }
}

async function leftOver(): Promise<readonly (string | undefined)[]> {
  const iam = new IAMClient(world.operatorOf(hubAccount));
  const { Users = [] } = await iam.send(new ListUsersCommand({ PathPrefix: '/keyturn-drill/' }));
  const secrets = new SecretsManagerClient(world.operatorOf(hubAccount));
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  return [
    ...Users.map(({ UserName }) => UserName),
    ...SecretList.map(({ Name }) => Name).filter((name) => /keyturn-drill/.test(name ?? '')),
  ];
}

/** Secrets Manager is as busy for all as for those who keep it so. */
function busyVault() {
  const writes = new Map<string, number>();
  const hit = { custodian: 0, drill: 0 };
  /** So many writes of the custodian's are refused: more than the SDK tries. */
  let left = 0;
  world.proxy.intercept(async ({ request, principal }, proceed) => {
    const isWrite = ['PutSecretValue', 'UpdateSecretVersionStage'].includes(request.operation);
    if (request.service !== 'secretsmanager' || !isWrite) return proceed();
    const by = principal?.kind === 'session' ? principal.sessionName : '';
    const isDrill = by.endsWith('-drill');
    const second = world.clock.now().slice(0, 19);
    const count = (writes.get(second) ?? 0) + 1;
    if (isDrill) writes.set(second, count);
    if (isDrill ? count <= 50 : left === 0) return proceed();
    hit[isDrill ? 'drill' : 'custodian'] += 1;
    left = isDrill ? 5 : left - 1;
    return refused(request, 'busy', awsError('ThrottlingException', 'Rate exceeded'));
  });
  return hit;
}

test('a witness that takes a key in use for safe makes it fail, and all is removed', async () => {
  const file = join(packages.unpacked('witness.zip'), 'functions/lambda/witness.mjs');
  const whole = readFileSync(file, 'utf8');
  const blind = whole.replaceAll('verdict:"in use"', 'verdict:"safe",basis:"evidence"');
  expect(blind).not.toBe(whole);
  writeFileSync(file, blind);
  const told = await drill('planted1-defect').finally(() => writeFileSync(file, whole));
  expect(told).toMatchObject({ status: 'FAILED', error: 'NotClean' });
  expect(told.cause).toMatch(/forgetful-app","problems":\["[^\]]*does not work any more/);
  expect(await leftOver()).toEqual([]);
});

test('a drill that breaks off half-way removes what it made', async () => {
  world.proxy.intercept(async ({ request }, proceed) => {
    const isThird = JSON.stringify(request.input).includes('broken01-throttled-vault');
    if (request.operation !== 'CreateAccessKey' || !isThird) return proceed();
    return refused(request, 'broken', awsError('LimitExceededException', 'Cannot exceed quota'));
  });
  const told = await drill('broken01-drill').finally(() => world.proxy.intercept(undefined));
  expect(told).toMatchObject({ status: 'FAILED', error: 'BrokenOff' });
  expect(told.cause).toContain('LimitExceeded');
  expect(await leftOver()).toEqual([]);
});

test('as it is, every case is clean, the vault was busy, and nothing is left', async () => {
  const hit = busyVault();
  const told = await drill('whole001-drill').finally(() => world.proxy.intercept(undefined));
  expect(told.cause).toBeUndefined();
  expect(told.status).toBe('SUCCEEDED');
  const output = JSON.parse(told.output ?? '{}');
  expect(output.checked.told.cases).toEqual([
    { case: 'plain', problems: [] },
    { case: 'two-keys', problems: [] },
    { case: 'throttled-vault', problems: [] },
    { case: 'forgetful-app', problems: [] },
  ]);
  expect(output.counted.told).toEqual({ cleanCycles: 1 });
  expect(hit.drill).toBeGreaterThan(0);
  expect(hit.custodian).toBeGreaterThan(0);
  expect(await leftOver()).toEqual([]);
});

test('no secret of a key is in what Step Functions keeps', async () => {
  const { executions = [] } = await states.send(
    new ListExecutionsCommand({ stateMachineArn: machineArn }),
  );
  expect(executions.map(({ status }) => status).toSorted()).toEqual([
    'FAILED',
    'FAILED',
    'SUCCEEDED',
  ]);
  for (const { executionArn } of executions) {
    const told = await states.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.stringify(told)).not.toMatch(/secretAccessKey|SecretAccessKey/);
  }
});

test('the proxy had no fault of its own', () => {
  expect(world.proxy.faults).toEqual([]);
});

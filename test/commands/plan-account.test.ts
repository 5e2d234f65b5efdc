/**
 * `npm run plan` of an account by the caller's own credentials: the same as the sandbox's plan of
 * the same fleet, with the permissions that it prints and no others.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, describe, expect, test } from 'vitest';
import { type AwsConnection, connect } from '../../adapters/aws-connection.ts';
import { type PlanPolicy, planPolicy } from '../../app/plan-permissions.ts';
import { planCommand } from '../../commands/plan.ts';
import type { PlanReport } from '../../commands/plan-report.ts';
import { fleetBook, fleetStart, fleetWorld } from '../../sandbox/fleet.ts';
import type { World } from '../../sandbox/world.ts';
import { may } from '../infra/may.ts';
import { recorded } from '../infra/recording.ts';
import { faultsIn } from '../sandbox/faults.ts';

const account = '111122223333';
const folder = mkdtempSync(join(tmpdir(), 'plan-account-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function given() {
  const world = await fleetWorld(fleetBook('approve', fleetStart));
  world.cloud.createRole(account, 'planner');
  const credentials = world.cloud.roleCredentials(account, 'planner', 'plan');
  const wires = {
    env: {},
    clock: world.clock,
    connectionIn: (region: string) => world.cloud.connection({ region, credentials }),
  };
  const run = (...args: readonly string[]) =>
    planCommand(args, undefined, () => Promise.reject(new Error('no sandbox')), wires);
  const json = async (...args: readonly string[]): Promise<PlanReport> => {
    const { out } = await run('--json', ...args);
    return JSON.parse(out.at(-1) ?? '');
  };
  return { world, wires, run, json };
}

const policyFile = (text: string) => {
  const file = join(folder, `${text.length}.yml`);
  writeFileSync(file, text);
  return file;
};

/** As the sandbox's plan has it, but for what its policy file says by name. */
const comparable = ({ keys }: PlanReport) =>
  keys
    .filter(({ userName }) => userName !== 'break-glass')
    .map(({ userName, keyId, action, ageDays, lastUsed, because }) => {
      return { userName, keyId, action, ageDays, lastUsed, because };
    });

test('it says what the plan of the sandbox says of the same users', async () => {
  const { json } = await given();
  const { out } = await planCommand(['--sandbox', '--json', '--account', account]);
  const sandbox: PlanReport = JSON.parse(out.at(-1) ?? '');
  const real = await json();
  expect(comparable(real)).toEqual(comparable(sandbox));
  expect(real).toMatchObject({ policy: 'asking before every rotation', unreadable: [] });
  expect(real.keys.find(({ userName }) => userName === 'break-glass')?.action).toBe('replace');
});

test('it plans for nobody where the credentials are of another account', async () => {
  const { run, world } = await given();
  const { status, out, errors } = await run('--account', '444455556666');
  expect([status, out]).toEqual([1, []]);
  expect(errors).toEqual([expect.stringContaining(`of account ${account}, not 444455556666`)]);
  faultsIn(world.cloud).fail({ service: 'sts', operation: 'GetCallerIdentity' }, 'denied');
  expect((await run()).errors).toEqual([expect.stringContaining('whose credentials')]);
});

test('it tells how far it is, user by user', async () => {
  const { wires } = await given();
  const told: string[] = [];
  const sandbox = () => Promise.reject(new Error('no sandbox'));
  await planCommand([], (of, done, all) => told.push(`${of} ${done}/${all}`), sandbox, wires);
  expect(told[0]).toBe(`${account} 1/17`);
  expect(told.at(-1)).toBe(`${account} 17/17`);
});

describe('the page', () => {
  test('holds every key, runs nothing, and overwrites nothing', async () => {
    const { run, json } = await given();
    const file = join(folder, 'plan.html');
    expect((await run('--html', file)).out.at(-1)).toBe(file);
    const page = readFileSync(file, 'utf8');
    const { keys } = await json();
    expect(page.match(/<tr>/g)?.length).toBeGreaterThan(keys.length);
    expect(page).toContain('stale-and-unused');
    expect(page).not.toMatch(/<script|AKIA[A-Z0-9]{16}|https?:/);
    const again = await run('--html', file);
    expect(again).toMatchObject({ status: 1, errors: [expect.stringContaining('EEXIST')] });
  });
});

describe('--policy without a file', () => {
  const granted = async (...args: readonly string[]): Promise<PlanPolicy> => {
    const { out } = await planCommand([...args, '--policy']);
    return JSON.parse(out.join('\n'));
  };

  test('prints what planning needs, in each partition', async () => {
    expect(await granted()).toEqual(
      planPolicy({ partition: 'aws', units: false, stage: undefined }),
    );
    const china = JSON.stringify(await granted('--region', 'cn-north-1'));
    expect(china).toContain('arn:aws-cn:iam::*:user/*');
    expect(JSON.stringify(await granted('--stage', 'prod'))).toContain('table/keyturn-prod');
    const people = 'people: [{ name: Ada, slackUserId: U0ADA, roles: [approver] }]\n';
    const units = `${people}rules: [{ match: { unit: ou-ab12-abcd1234 }, graceHours: 24 }]\n`;
    const file = policyFile(units);
    expect(JSON.stringify(await granted('--policy-file', file))).toContain('ListParents');
    expect((await planCommand(['--sandbox', '--policy'])).status).toBe(2);
  });

  test('it is enough for every call, and nothing of it is for nothing', async () => {
    const { world, run, wires } = await given();
    await furnish(world, wires.connectionIn('us-east-1'));
    const until = world.cloud.history.length;
    await run();
    const history = world.cloud.history.slice(until);
    const uses = recorded({ ...world.cloud, history }).filter(({ role }) => role === 'planner');
    const policy = await granted();
    const role = {
      ...{ arn: `arn:aws:iam::${account}:role/planner`, trust: nobody, boundary: undefined },
      policies: [{ name: 'plan', policy: policy as never }],
    };
    const denied: string[] = [];
    for (const { action, resource } of uses.filter(
      (use) => use.action !== 'sts:GetCallerIdentity',
    )) {
      const answer = await may(role as never, { action, resource });
      if (answer !== 'allowed') denied.push(`${action} on ${resource}: ${answer}`);
    }
    expect(denied).toEqual([]);
    const used = new Set(uses.map(({ action }) => action));
    const idle = policy.Statement.flatMap(({ Action }) => Action).filter((each) => !used.has(each));
    expect(idle).toEqual([]);
  });
});

const nobody = { Version: '2012-10-17', Statement: [] };

const reading = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

/** Policies wherever they can hang, and a parameter that holds somebody's key. */
async function furnish({ cloud }: World, connection: AwsConnection): Promise<void> {
  const userName = 'one-used';
  const own = cloud.addPolicy(account, 'read', reading, '/apps/');
  cloud.attachPolicy(account, userName, own);
  cloud.putUserPolicy(account, userName, 'read', reading);
  cloud.addGroup(account, 'readers', { attached: [own], inline: { read: reading } });
  cloud.addToGroup(account, userName, 'readers');
  const Name = `/keyturn/users/${userName}`;
  const parameter = { Name, Type: 'SecureString', Value: 'a placeholder' } as const;
  await connect(SSMClient, connection).send(new PutParameterCommand(parameter));
}

/**
 * A plan over HTTP, by the caller's own credentials, of a fleet in an IAM not written here: it says
 * what the plan of the sandbox says of the same users.
 */
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Pluggable } from '@smithy/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planCommand } from '../../commands/plan.ts';
import type { KeyReport, PlanReport } from '../../commands/plan-report.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type FleetUser, fleet, fleetStart } from '../../sandbox/fleet.ts';
import { type Moto, startMoto } from './moto/start.ts';
import { region } from './stage.ts';

/**
 * Three keys are left by races alone, break-glass is exempt by the sandbox's policy file, and a
 * name of two accounts is there once: all are in one account here.
 */
const members = fleet.filter(
  ({ keys, userName }, index) =>
    keys.length < 3 &&
    userName !== 'break-glass' &&
    fleet.findIndex((each) => each.userName === userName) === index,
);

/** Of keys that moto does not know. */
const motoAccount = '123456789012';

const caller = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of nobody' };

let moto: Moto;

beforeAll(async () => {
  moto = await startMoto(fleetStart);
  // Adapters take no endpoint: like the functions', theirs stands in the environment.
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${moto.port}`;
  for (const member of members) await settle(member);
});

afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await moto.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: the stack's types differ per service
type Hears = { readonly middlewareStack: { use(plugin: Pluggable<any, any>): void } };

/** Tells moto at which moment it hears what a client says. */
function heardAt<C extends Hears>(client: C, at: Instant): C {
  client.middlewareStack.use({
    applyToStack: (stack) =>
      stack.add(
        (next) => (args) => {
          const { request } = args as { request: { headers: Record<string, string> } };
          request.headers['x-keyturn-now'] = at;
          return next(args);
        },
        { step: 'build' },
      ),
  });
  return client;
}

const iamAt = (at: Instant) => heardAt(new IAMClient({ region, credentials: caller }), at);

async function settle(member: FleetUser): Promise<void> {
  const { userName: UserName, path: Path, tags = {}, keys, may } = member;
  const oldest = Math.max(1, ...keys.map(({ ageDays }) => ageDays));
  const iam = iamAt(plus(fleetStart, { days: -oldest }));
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await iam.send(new CreateUserCommand({ UserName, ...(Path && { Path }), Tags }));
  await allow(iam, UserName, may);
  for (const { ageDays, status = 'Active', usedDaysAgo } of keys) {
    const created = iamAt(plus(fleetStart, { days: -ageDays }));
    const { AccessKey } = await created.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {};
    if (usedDaysAgo !== null) {
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
      const at = plus(fleetStart, { hours: -24 * usedDaysAgo });
      await heardAt(new STSClient({ region, credentials }), at).send(
        new GetCallerIdentityCommand({}),
      );
    }
    if (status === 'Inactive') {
      const off = new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' });
      await iamAt(fleetStart).send(off);
    }
  }
}

const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';

async function allow(iam: IAMClient, UserName: string, may: FleetUser['may']): Promise<void> {
  if (may === 'everything') await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  if (may === 'everything, by a group') {
    const GroupName = 'operators';
    await iam.send(new CreateGroupCommand({ GroupName }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  }
  if (may === 'send mail') {
    const Statement = [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const PolicyName = 'AmazonSesSendingAccess';
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  }
}

/** Without what differs between any two accounts: ids, and the account's own. */
function comparable({ keys }: PlanReport) {
  const isMember = ({ userName, account }: KeyReport) =>
    members.some(
      (each) => each.userName === userName && [each.account, motoAccount].includes(account),
    );
  const plain = (text: string | null) => text?.replaceAll(/…\w{4}|\d{12}/g, '…') ?? null;
  const each = ({
    userName,
    status,
    ageDays,
    lastUsed,
    action,
    steps,
    exempt,
    ...key
  }: KeyReport) => {
    const words = { because: plain(key.because), standsInTheWay: plain(key.standsInTheWay) };
    return { userName, status, ageDays, lastUsed, action, steps, exempt, ...words };
  };
  return keys
    .filter(isMember)
    .map(each)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ userName, ageDays }: Pick<KeyReport, 'userName' | 'ageDays'>) =>
  `${userName} ${String(ageDays).padStart(5, '0')}`;

test('plan and plan --sandbox agree on the same fleet', async () => {
  const wires = {
    env: { AWS_REGION: region },
    clock: virtualClock(fleetStart),
    connectionIn: (where: string) => ({ region: where, credentials: async () => caller }),
  };
  const noSandbox = () => Promise.reject(new Error('no sandbox'));
  const real = await planCommand(['--json'], undefined, noSandbox, wires);
  const sandbox = await planCommand(['--sandbox', '--json']);
  const [found, expected] = [real, sandbox].map(
    ({ out }): PlanReport => JSON.parse(out.at(-1) ?? '{}'),
  );
  expect(real.errors).toEqual([]);
  expect(found?.unreadable).toEqual([]);
  if (found === undefined || expected === undefined) throw new Error('there is no plan');
  expect(comparable(found)).toEqual(comparable(expected));
  expect(comparable(found).length).toBeGreaterThan(15);
});

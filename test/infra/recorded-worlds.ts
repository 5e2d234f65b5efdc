/**
 * The worlds in which the permissions of each role are recorded: between them, everything happens
 * that Keyturn ever calls AWS for. Deterministic, so that what is recorded changes with the code
 * alone.
 */
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import type { Exemption } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import { tables } from '../../sandbox/account/dynamodb.ts';
import { askAs, openHomeAs } from '../../sandbox/asker.ts';
import { acknowledge, pressAs } from '../../sandbox/cast.ts';
import { playDemo } from '../../sandbox/demo.ts';
import { deployEvidence } from '../../sandbox/evidence.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import type { World, WorldOptions } from '../../sandbox/world.ts';
import { given as givenNative, start as nativeStart, rotate } from '../sandbox/given-native.ts';
import { account, type GivenWorld, givenWorld } from '../sandbox/given-world.ts';
import { distinct, recorded, type Use } from './recording.ts';

/** What each world is there for, and the world when all of it has happened. */
export const recordedWorlds: Readonly<Record<string, () => Promise<World>>> = {
  'the story of the sandbox': async () => (await playDemo()).world,
  'a rotation kept in the table, approved by two at once': kept,
  'questions in Slack, and the summary of a day': asked,
  'a page about one that nobody answers, acknowledged': paged,
  'one that is abandoned, and claimed again': abandoned,
  'a finding that is only told of, and an event that makes no sense': observed,
  'policies of every form, and a rule for a unit': policiesOfEveryForm,
  'keys that only the inventory finds, twice, in a unit of the organisation': inventoried,
  'keys in Parameter Store, copied, with a health check, twice': rotatedTwice,
  'keys in Secrets Manager, copied, with a health check': () => rotated(copied),
  'a new key that nobody heard of, undone': () => lost(copied),
  'the same in Parameter Store': () => lost(inParameters),
  'a reply that never came': neverHeard,
  'a user renamed while its key was made': renamed,
  'a user renamed before its old key was switched off': renamedLater,
  'a rollback': rolledBack,
  'a spare key beside one that a parameter gave': spared,
  'a run whose start nobody heard of': begunUnheard,
  'runs whose end no event tells of': unheardRuns,
  'a user who changes while its claim waits': changedMeanwhile,
  'rotations by Secrets Manager': rotatedNatively,
  'one by Secrets Manager of a user who is only observed': nativelyObserved,
  'one of a user whose policies are many': nativelyRefused,
  'the evidence of two weeks': evidenced,
};

let uses: Promise<readonly Use[]> | undefined;

/** What all of them showed; recorded once a process. */
export function recordedUses(): Promise<readonly Use[]> {
  uses ??= record();
  return uses;
}

async function record(): Promise<readonly Use[]> {
  const all: Use[] = [];
  for (const live of Object.values(recordedWorlds)) all.push(...recorded((await live()).cloud));
  return distinct(all);
}

/** The store that is deployed; the other worlds keep rotations in memory, which is faster. */
const store: NonNullable<WorldOptions['store']> = (cloud, home) => {
  const dynamodb = tables();
  dynamodb.add({ account, region: home.region, name: 'keyturn' }, tableDefinition);
  cloud.register('dynamodb', dynamodb.model);
  return dynamoDbStore(home, 'keyturn', { error: () => undefined });
};

async function kept(): Promise<World> {
  const given = await givenWorld({ mode: 'approve', made: { store } });
  await given.pass({ minutes: 5 });
  const { world } = given;
  const outdated = given.message();
  await given.press('ada', 'Approve');
  await pressAs(world, 'sam', outdated, 'Approve');
  await given.until('done', { days: 20 });
  return world;
}

/** Nobody approves; whoever is on call acknowledges that it is on hold. */
async function paged(): Promise<World> {
  const given = await givenWorld({ mode: 'approve', made: { store } });
  await given.pass({ days: 8 });
  const { world } = given;
  for (const { dedupKey } of world.pagerDuty.incidents()) await acknowledge(world, dedupKey, 'ONE');
  await given.pass({ minutes: 5 });
  return world;
}

/** One that ended, and after it a week in which nothing happened. */
async function evidenced(): Promise<World> {
  const given = await givenWorld({ made: { store } });
  await given.until('done', { days: 20 });
  const { evidenceReport, inventory } = deployEvidence(given.world);
  for (const days of [7, 7]) {
    await given.pass({ days });
    await inventory({});
    await evidenceReport({});
  }
  return given.world;
}

/** What was abandoned is claimed again, in the table. */
async function abandoned(): Promise<World> {
  const given = await givenWorld({ mode: 'approve', made: { store } });
  await given.pass({ minutes: 5 });
  await given.press('sam', 'Abandon');
  await given.pass({ days: 1 });
  reportStaleUser(given.world, given.user, ['config']);
  await given.pass({ hours: 2 });
  return given.world;
}

const healthCheck = 'keyturn-health-billing';
const copies: Policy['copies'] = [{ kind: 'secrets-manager', region: 'us-east-2' }];
const copied: Partial<Policy> = { copies, healthCheck };
const inParameters: Partial<Policy> = { ...copied, vault: 'parameter-store' };

async function settled(policy: Partial<Policy>): Promise<GivenWorld> {
  const given = await givenWorld({ policy });
  const { cloud, place } = given.world;
  cloud.registerFunction({ account, region: place.region, name: healthCheck }, async () => ({
    Healthy: true,
  }));
  return given;
}

async function rotated(policy: Partial<Policy>): Promise<World> {
  const given = await settled(policy);
  await given.until('done', { days: 20 });
  return given.world;
}

/** What the first rotation left behind is cleared away by the second, a quarter later. */
async function rotatedTwice(): Promise<World> {
  const given = await settled(inParameters);
  const { world, user } = given;
  await given.until('done', { days: 20 });
  await world.runUntil(plus(world.clock.now(), { days: 92 }));
  reportStaleUser(world, user, ['security hub v2']);
  await world.runUntil(plus(world.clock.now(), { days: 12 }));
  return world;
}

/** The value cannot be kept, so the key that was made goes again. */
async function lost(policy: Partial<Policy>): Promise<World> {
  const given = await settled(policy);
  given.faults.fail({ service: 'secretsmanager', operation: 'PutSecretValue' }, 'denied', 9);
  given.faults.fail({ service: 'ssm', operation: 'PutParameter', naming: 'pending' }, 'denied', 9);
  await given.until('issuing');
  await given.pass({ days: 3 });
  return given.world;
}

/** Whether readers of the parameter may have got the spare is looked at before it is retired. */
async function spared(): Promise<World> {
  const given = await settled({ vault: 'parameter-store' });
  const { world, user } = given;
  await given.until('done', { days: 20 });
  const createdAt = plus(world.clock.now(), { days: -200 });
  world.cloud.addKey(account, user.userName, { createdAt });
  reportStaleUser(world, user, ['security hub']);
  await world.runUntil(plus(world.clock.now(), { days: 6 }));
  return world;
}

/** Before an order is withdrawn, it is looked whether a run of it began. */
async function begunUnheard(): Promise<World> {
  const exemptions: Exemption[] = [];
  const given = await givenWorld({ book: { ...sandboxBook('auto'), exemptions } });
  await given.until('overlapping');
  given.world.setCourier(() => {});
  const start = { service: 'ssm', operation: 'StartAutomationExecution' };
  const lostReply = given.faults.fail(start, 'reply lost');
  await given.until('deactivating');
  while (lostReply.struck() === 0) await given.step();
  const from = given.world.clock.now();
  const whom = { by: 'name', userName: given.user.userName } as const;
  const until = plus(from, { days: 30 });
  exemptions.push({ index: 0, account, whom, reason: 'Freeze.', by: 'Sam Oncall', from, until });
  await given.pass({ days: 1 });
  return given.world;
}

/** Whether the key that was left is ours, CloudTrail says. */
async function neverHeard(): Promise<World> {
  const given = await settled({});
  given.faults.fail({ service: 'iam', operation: 'CreateAccessKey' }, 'reply lost', 1);
  await given.until('issuing');
  await given.pass({ days: 3 });
  return given.world;
}

async function renamed(): Promise<World> {
  const given = await settled({});
  const { world, user } = given;
  given.faults.during({ service: 'iam', operation: 'CreateAccessKey' }, () =>
    world.cloud.renameUser(account, user.userName, 'svc-invoicing'),
  );
  await given.until('issuing');
  await given.pass({ days: 3 });
  return world;
}

async function renamedLater(): Promise<World> {
  const given = await settled({});
  await given.until('overlapping');
  given.world.cloud.renameUser(account, given.user.userName, 'svc-invoicing');
  await given.pass({ days: 4 });
  return given.world;
}

async function unheardRuns(): Promise<World> {
  const given = await settled({});
  given.world.setCourier((event, deliver) =>
    Object(event).source === 'aws.ssm' ? undefined : deliver(),
  );
  await given.until('done', { days: 20 });
  return given.world;
}

/** A second key and another policy come to light between the claim and the first run. */
async function changedMeanwhile(): Promise<World> {
  const given = await settled({});
  const { cloud, clock } = given.world;
  await given.until('proposed');
  cloud.addKey(account, given.user.userName, { createdAt: plus(clock.now(), { days: -300 }) });
  cloud.addPolicy('aws', 'ReadOnlyAccess', reading);
  cloud.attachPolicy(account, given.user.userName, readOnly);
  await given.pass({ days: 12 });
  return given.world;
}

async function rolledBack(): Promise<World> {
  const given = await settled({});
  await given.until('soaking');
  await given.press('sam', 'Roll back');
  await given.until('held');
  return given.world;
}

/** By source, what an event must be to be taken for one of ours. */
const understood = {
  'aws.config': 'Config Rules Compliance Change',
  'aws.ssm': 'EC2 Automation Execution Status-change Notification',
};

/** People ask of a rotation in every way, and are told of the day. */
async function asked(): Promise<World> {
  const given = await givenWorld({ mode: 'approve', made: { store } });
  await given.pass({ minutes: 5 });
  const { world } = given;
  for (const question of ['mine', 'due', 'status MPLE']) {
    for (const who of ['olivia', 'ada'] as const) await askAs(world, who, question);
  }
  await openHomeAs(world, 'olivia');
  await world.handlers.dailySummary({});
  await world.handlers.dailySummary({});
  return world;
}

async function observed(): Promise<World> {
  const given = await givenWorld({ mode: 'observe', made: { store } });
  await given.pass({ hours: 1 });
  await given.world.handlers.dailySummary({});
  for (const [source, kind] of Object.entries(understood)) {
    await given.world.deliver({ source, 'detail-type': kind, detail: 'torn' });
  }
  return given.world;
}

const reading = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** Inline and attached, of the user itself and of a group that it is in. */
function manyPolicies({ cloud }: World, userName: string): void {
  const own = cloud.addPolicy(account, 'read', reading, '/apps/');
  cloud.addPolicy('aws', 'ReadOnlyAccess', reading);
  cloud.attachPolicy(account, userName, own);
  cloud.attachPolicy(account, userName, readOnly);
  cloud.putUserPolicy(account, userName, 'read', reading);
  cloud.addGroup(account, 'readers', { attached: [own], inline: { read: reading } });
  cloud.addToGroup(account, userName, 'readers');
}

const unit = 'ou-ab12-c3d4e5f6';

/** Claimed, exempt before it is switched off, claimed anew once the exemption has ended. */
async function inventoried(): Promise<World> {
  const exemptions: Exemption[] = [];
  const rules = [{ index: 0, scope: { unit }, changes: { graceHours: 24 } }];
  const { world } = await givenWorld({
    book: { ...sandboxBook('auto'), rules, exemptions },
    made: { store, interposed: { settings: (all) => ({ ...all, members: [unit] }) } },
  });
  const { cloud, clock, handlers } = world;
  cloud.organization.putUnit(unit, 'r-ab12');
  cloud.organization.putAccount(account, unit);
  const [from, userName] = [clock.now(), 'svc-unreported'];
  const createdAt = plus(from, { days: -200 });
  cloud.addUser({ account, userName, createdAt });
  cloud.addKey(account, userName, { createdAt });
  // And one that becomes a finding soon.
  const youngAt = plus(from, { days: -82 });
  cloud.addUser({ account, userName: 'svc-soon', createdAt: youngAt });
  cloud.addKey(account, 'svc-soon', { createdAt: youngAt });
  await handlers.onInventory({});
  await world.runUntil(plus(from, { hours: 1 }));
  await handlers.dailySummary({});
  const whom = { by: 'name', userName } as const;
  const until = plus(from, { days: 3 });
  exemptions.push({ index: 0, account, whom, reason: 'Freeze.', by: 'Sam Oncall', from, until });
  await world.runUntil(plus(from, { days: 4 }));
  await handlers.onInventory({});
  return world;
}

async function policiesOfEveryForm(): Promise<World> {
  const rules = [{ index: 0, scope: { unit }, changes: { graceHours: 24 } }];
  const book = { ...sandboxBook('auto'), rules };
  const given = await givenWorld({ book });
  const { cloud } = given.world;
  cloud.organization.putUnit(unit, 'r-ab12');
  cloud.organization.putAccount(account, unit);
  manyPolicies(given.world, given.user.userName);
  await given.until('done', { days: 20 });
  return given.world;
}

async function rotatedNatively(): Promise<World> {
  const { world } = await givenNative();
  await rotate(world);
  await world.runUntil(plus(nativeStart, { days: 31 }));
  return world;
}

/** Its old key stays on, so people are told at once: two keys work until somebody acts. */
async function nativelyObserved(): Promise<World> {
  const { world } = await givenNative('observe');
  await rotate(world);
  await world.runUntil(plus(nativeStart, { hours: 1 }));
  return world;
}

async function nativelyRefused(): Promise<World> {
  const { world, user } = await givenNative();
  manyPolicies(world, user.userName);
  await rotate(world);
  await world.runUntil(plus(nativeStart, { hours: 3 }));
  return world;
}

/**
 * The story of a key, over HTTP: the packaged functions against moto, in several accounts, from the
 * finding to the deleted key. What is checked is what IAM, Secrets Manager, Security Hub, Slack and
 * the functions' own logs show.
 */
import { writeFileSync } from 'node:fs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { press } from '../../sandbox/clicker.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { integrationSecret, slackSetup } from '../../sandbox/settings.ts';
import { deployMembers, servedAccounts } from './deployed/members.ts';
import { readPackages } from './deployed/package.ts';
import { stackName } from './stage.ts';
import { givenSubject, type Subject } from './subjects.ts';
import { createWorld, hubAccount, region, type World } from './world.ts';

let world: World;
let subjects: readonly Subject[];

beforeAll(async () => {
  const packages = readPackages(inject('packages'));
  world = await createWorld(packages, stackName, servedAccounts, deployMembers(packages));
  const secrets = new SecretsManagerClient(world.operatorOf(hubAccount));
  const SecretString = JSON.stringify(integrationSecret);
  const Name = `${stackName}-connections`;
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  subjects = await Promise.all(
    servedAccounts.map((account, index) => givenSubject(world, account, `deploy-${index}`)),
  );
  // What the keys were used for, and how often: once a day, until the finding.
  await world.clock.runUntil(days(90));
  for (let day = 91; day <= 100; day++) {
    await world.clock.runUntil(days(day));
    for (const { use } of subjects) await use();
  }
});

afterAll(async () => {
  process.stdout.write(`\n${world?.tally.table()}\n${world?.lambda.count()} invocations\n`);
  if (process.env.KEYTURN_EMULATOR_LOG) {
    writeFileSync(process.env.KEYTURN_EMULATOR_LOG, world.lambda.log.join('\n'));
  }
  await world?.stop();
});

const dayMillis = 24 * 60 * 60 * 1000;
let begun: number | undefined;
function days(count: number) {
  begun ??= Date.parse(world.clock.now());
  return new Date(begun + count * dayMillis).toISOString() as ReturnType<World['clock']['now']>;
}

/** As the world of the sandbox reports them. */
function report(subject: Subject, ...by: Parameters<typeof reportStaleUser>[2]): void {
  const { clock, models } = world;
  const { hub, ground } = models;
  const cloud = { findings: hub.findings, findingsV2: hub.findingsV2, emit: ground.emit };
  const place = { partition: 'aws', account: hubAccount, region } as const;
  reportStaleUser({ clock, cloud, place }, subject.user, by);
}

const minutes = (count: number) => ({ minutes: count });
const hours = (count: number) => ({ hours: count });

test('a finding claims each key once, however often and by whomever it is reported', async () => {
  for (const subject of subjects) report(subject, 'security hub', 'config', 'cis 5.0.0');
  await world.pass(minutes(5), minutes(5));
  const story = world.standIns.slack.messages().filter(({ threadTs }) => threadTs === null);
  for (const { user } of subjects) {
    const about = story.filter(({ text }) => text.includes(user.userName));
    expect(about.map(({ text }) => text)).toHaveLength(1);
  }
});

test('an account whose policy asks waits for the press of a person', async () => {
  await world.pass(minutes(10), minutes(5));
  const asked = subjects.find(({ user }) => user.account === '444455556666');
  if (asked === undefined) return;
  expect(Object.keys(await asked.keys())).toEqual([asked.oldKey.accessKeyId]);
  const message = world.standIns.slack
    .messages()
    .find(({ text, threadTs }) => threadTs === null && text.includes(asked.user.userName));
  if (message === undefined) throw new Error('Slack shows nothing of the user');
  const request = press(message, 'Approve', {
    ...slackSetup,
    slackUserId: 'U0ADA',
    signingSecret: integrationSecret.slackSigningSecrets[0] ?? '',
    now: world.clock.now(),
  });
  expect(await world.lambda.invoke(world.function('on-slack-action'), request)).toMatchObject({
    statusCode: 200,
  });
});

test('a replacement key stands beside the old one, and is what consumers read', async () => {
  await world.pass(minutes(25), minutes(5));
  for (const subject of subjects) {
    const { accessKeyId } = await subject.changeOver();
    expect(accessKeyId).not.toBe(subject.oldKey.accessKeyId);
    expect(await subject.keys()).toEqual({
      [subject.oldKey.accessKeyId]: 'Active',
      [accessKeyId]: 'Active',
    });
    expect(await subject.use()).toContain(subject.user.userName);
  }
});

test('after the overlap the old key is switched off, and after the soak it is deleted', async () => {
  await useFor(54);
  for (const { keys, oldKey } of subjects) {
    expect(await keys()).toMatchObject({ [oldKey.accessKeyId]: 'Inactive' });
  }
  await useFor(30);
  for (const { keys, oldKey } of subjects) {
    expect(Object.values(await keys())).toEqual(['Active']);
    expect(await keys()).not.toHaveProperty(oldKey.accessKeyId);
  }
});

/** The programs go on working, every six hours. */
async function useFor(count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 6) {
    for (const { use } of subjects) await use();
    await world.pass(hours(6), hours(6));
    await world.pass(minutes(10), minutes(10));
  }
}

test('Security Hub hears of it', () => {
  for (const { user } of subjects) {
    const found = world.models.hub.findings.list(user.account, region);
    expect(found.map(({ Workflow }) => Workflow)).toEqual([
      { Status: 'RESOLVED' },
      { Status: 'RESOLVED' },
    ]);
  }
});

test('no secret access key stands in a log, and nothing went past the proxy', async () => {
  const written = world.lambda.log.join('\n');
  for (const { oldKey, changeOver } of subjects) {
    const { secretAccessKey } = await changeOver();
    expect(written).not.toContain(oldKey.secretAccessKey);
    expect(written).not.toContain(secretAccessKey);
  }
  expect(world.proxy.faults).toEqual([]);
});

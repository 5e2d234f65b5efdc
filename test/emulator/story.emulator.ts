/**
 * The story of a key, over HTTP: the packaged functions against moto, in several accounts, from the
 * finding to the deleted key. What is checked is what IAM, Secrets Manager, Security Hub, Slack and
 * the functions' own logs show.
 */
import { writeFileSync } from 'node:fs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { homeOpened, typed } from '../../sandbox/asker.ts';
import { buttonsOf, press } from '../../sandbox/clicker.ts';
import { told } from '../../sandbox/on-call.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { integrationSecret, slackSetup, webhookSecret } from '../../sandbox/settings.ts';
import malformed from '../fixtures/events/malformed-findings-not-a-list.json' with { type: 'json' };
import { deployMembers, members } from './deployed/members.ts';
import { readPackages } from './deployed/package.ts';
import { hubAccount, region, stackName } from './stage.ts';
import { givenSubject, type Subject } from './subjects.ts';
import { createWorld, type World } from './world.ts';

let world: World;
const servedAccounts = [hubAccount, ...members];
let subjects: readonly Subject[];
/** Whose policy asks, and who owns the key there. */
const [asksFirst, owner] = ['444455556666', 'U0OLIVIA'];

beforeAll(async () => {
  const packages = readPackages(inject('packages'));
  world = await createWorld(packages, stackName, servedAccounts, deployMembers(packages));
  const secrets = new SecretsManagerClient(world.operatorOf(hubAccount));
  const SecretString = JSON.stringify(integrationSecret);
  const Name = `${stackName}-connections`;
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  subjects = await Promise.all(
    servedAccounts.map((account, index) =>
      // One of them has somebody who is told, and asks.
      givenSubject(world, account, `deploy-${index}`, account === asksFirst ? owner : undefined),
    ),
  );
  // What the keys were used for, and how often: every eight hours, until the finding.
  await world.clock.runUntil(plus(world.clock.now(), { days: 97 }));
  for (let use = 1; use <= 9; use++) {
    await world.clock.runUntil(plus(world.clock.now(), hours(8)));
    await everybodyWorks();
  }
});

afterAll(async () => {
  process.stdout.write(`\n${world?.tally.table()}\n${world?.lambda.count()} invocations\n`);
  if (process.env.KEYTURN_EMULATOR_LOG) {
    writeFileSync(process.env.KEYTURN_EMULATOR_LOG, world.lambda.log.join('\n'));
  }
  await world?.stop();
});

async function everybodyWorks(): Promise<void> {
  for (const { use } of subjects) await use();
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

test('of two invocations with one event, at the same time, one claims and one joins', async () => {
  const [first] = subjects;
  if (first === undefined) throw new Error('nobody has a key');
  const events: unknown[] = [];
  const listening = world.hear((event) => events.push(event));
  report(first, 'security hub');
  await world.clock.runUntil(plus(world.clock.now(), { seconds: 5 }));
  listening.stop();
  const deployed = world.function('on-finding');
  const batch = queued(events[0]);
  await Promise.all([world.lambda.invoke(deployed, batch), world.lambda.invoke(deployed, batch)]);
  expect(world.outcomes('on-finding').sort()).toEqual(['claimed', 'joined']);
});

/** As SQS hands over a message. */
const queued = (event: unknown) => ({
  Records: [
    { messageId: 'one', eventSource: 'aws:sqs', body: JSON.stringify(event), attributes: {} },
  ],
});

test('a finding claims each key once, however often and by whomever it is reported', async () => {
  for (const subject of subjects) report(subject, 'security hub', 'config', 'cis 5.0.0');
  await world.clock.runUntil(plus(world.clock.now(), minutes(2)));
  expect(world.outcomes('on-finding').filter((each) => each === 'claimed')).toHaveLength(
    subjects.length,
  );
});

test('what no finding is comes into the queue for rejected events, whole', async () => {
  const event = malformed;
  await world.lambda.invoke(world.function('on-finding'), queued(event));
  await world.clock.sleep(1000);
  const sqs = new SQSClient(world.operatorOf(hubAccount));
  const QueueUrl = `${world.proxy.endpoint}/${hubAccount}/${stackName}-rejected`;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
    expect.objectContaining({ event }),
  ]);
});

test('a tick that dies right after a commit has lost nothing', async () => {
  let died = 0;
  const name = world.function('on-tick').name;
  world.proxy.intercept(async ({ request, principal }, proceed) => {
    const answer = await proceed();
    const byTick = principal?.kind === 'session' && principal.sessionName === name;
    if (died === 0 && byTick && request.operation === 'TransactWriteItems') {
      died += 1;
      world.lambda.kill(name);
    }
    return answer;
  });
  await expect(world.tick()).rejects.toMatchObject({ name: 'Runtime.ExitError' });
  world.proxy.intercept(undefined);
  expect(died).toBe(1);
  await world.pass(minutes(5), minutes(5));
  const story = world.standIns.slack.messages().filter(({ threadTs }) => threadTs === null);
  for (const { user } of subjects) {
    const about = story.filter(({ text }) => text.includes(user.userName));
    expect(about.map(({ text }) => text)).toHaveLength(1);
  }
});

test('an account whose policy asks waits for the press of a person', async () => {
  await world.pass(minutes(10), minutes(5));
  const asked = subjects.find(({ user }) => user.account === asksFirst);
  if (asked === undefined) return;
  expect(Object.keys(await asked.keys())).toEqual([asked.oldKey.accessKeyId]);
  const message = world.standIns.slack
    .messages()
    .find(({ text, threadTs }) => threadTs === null && text.includes(asked.user.userName));
  if (message === undefined) throw new Error('Slack shows nothing of the user');
  const request = press(message, 'Approve', finger('U0ADA'));
  expect(await world.lambda.invoke(world.function('on-slack-action'), request)).toMatchObject({
    statusCode: 200,
  });
});

/** Somebody at Slack, now. */
function finger(slackUserId: string) {
  const [signingSecret] = integrationSecret.slackSigningSecrets;
  return { ...slackSetup, slackUserId, signingSecret, now: world.clock.now() };
}

const command = v.pipe(v.string(), v.parseJson(), v.object({ text: v.string() }));

/** What `/keyturn` and that answers somebody. */
async function asked(text: string, slackUserId: string): Promise<string> {
  const deployed = world.function('on-slack-command');
  const answer = await world.lambda.invoke(deployed, typed(text, finger(slackUserId)));
  const { statusCode, body } = v.parse(
    v.object({ statusCode: v.number(), body: v.string() }),
    answer,
  );
  expect(statusCode).toBe(200);
  return v.parse(command, body).text;
}

test('whoever asks by /keyturn is told, from the indexes of the table', async () => {
  const mine = subjects.filter(({ user }) => user.account === asksFirst);
  const others = subjects.filter(({ user }) => user.account !== asksFirst);
  const said = await asked('mine', owner);
  for (const { user } of mine) expect(said).toContain(user.userName);
  for (const { user } of others) expect(said).not.toContain(user.userName);
  for (const { oldKey, user } of subjects) {
    const ending = oldKey.accessKeyId.slice(-4);
    expect(await asked(`status ${ending}`, 'U0ADA')).toContain(user.userName);
  }
  const due = await asked('due', 'U0ADA');
  for (const { user } of others) expect(due).toContain(user.userName);
  expect(await asked('mine', 'U0STRANGER')).toContain('does not know you');
});

test('the Home tab shows what somebody owns, to a request that Slack signed', async () => {
  const deployed = world.function('on-slack-command');
  const opened = homeOpened(finger(owner));
  expect(await world.lambda.invoke(deployed, opened)).toMatchObject({ statusCode: 200 });
  const [mine] = subjects.filter(({ user }) => user.account === asksFirst);
  const { slack } = world.standIns;
  expect(JSON.stringify(slack.home(owner))).toContain(mine?.user.userName);
  const forged = homeOpened({ ...finger('U0ADA'), signingSecret: 'of somebody else' });
  expect(await world.lambda.invoke(deployed, forged)).toMatchObject({ statusCode: 401 });
  expect(slack.home('U0ADA')).toBeUndefined();
});

test('the summary of the day is told once, whoever else begins it', async () => {
  const summary = () => world.lambda.invoke(world.function('daily-summary'), {});
  await summary();
  await summary();
  const told = world.standIns.slack
    .messages()
    .filter(({ text }) => text.startsWith('Key rotations on'));
  expect(told.map(({ threadTs }) => threadTs)).toEqual([null]);
  expect(world.outcomes('daily-summary')).toEqual(['told', 'told before']);
  for (const { user } of subjects) expect(JSON.stringify(told[0]?.blocks)).toContain(user.userName);
});

test('what PagerDuty tells is heard if it signed it with the secret of the webhook', async () => {
  const [message] = world.standIns.slack.messages();
  if (message === undefined) throw new Error('Slack shows nothing');
  const [, rotationId = ''] = (buttonsOf(message)[0]?.blockId ?? '').split(':');
  const answer = {
    what: 'acknowledged' as const,
    dedupKey: `rot/${rotationId}/held`,
    who: { id: 'PSAM', name: 'Sam Oncall' },
    at: world.clock.now(),
    eventId: 'ONE',
  };
  const deployed = world.function('on-pagerduty-event');
  const tell = (secrets: readonly string[]) => world.lambda.invoke(deployed, told(answer, secrets));
  const { signingSecrets } = webhookSecret;
  expect(await tell(signingSecrets), 'before there is a secret').toMatchObject({ statusCode: 401 });
  const secrets = new SecretsManagerClient(world.operatorOf(hubAccount));
  const SecretString = JSON.stringify(webhookSecret);
  const Name = `${stackName}-pagerduty-webhook`;
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  await world.clock.sleep(6 * 60_000);
  expect(await tell(signingSecrets)).toMatchObject({ statusCode: 200 });
  expect(await tell(['of somebody else'])).toMatchObject({ statusCode: 401 });
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

test('after the overlap the old key is switched off, and no earlier', async () => {
  await workFor(40);
  for (const { keys, oldKey } of subjects) {
    expect(await keys()).toMatchObject({ [oldKey.accessKeyId]: 'Active' });
  }
  await workFor(16);
  for (const { keys, oldKey } of subjects) {
    expect(await keys()).toMatchObject({ [oldKey.accessKeyId]: 'Inactive' });
    await expect(world.useOf(oldKey)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  }
});

test('after the soak it is deleted, and the new one goes on working', async () => {
  await workFor(32);
  for (const { keys, oldKey } of subjects) {
    expect(Object.values(await keys())).toEqual(['Active']);
    expect(await keys()).not.toHaveProperty(oldKey.accessKeyId);
  }
  await everybodyWorks();
});

/** The programs go on working, every eight hours, and ticks come. */
async function workFor(count: number): Promise<void> {
  for (let hour = 0; hour < count; hour += 8) {
    await everybodyWorks();
    await world.pass(hours(8), hours(8));
    await world.pass(minutes(10), minutes(10));
  }
}

test('the owner was told of the deadline alone', () => {
  const directs = world.standIns.slack.directs().map(({ slackUserId }) => slackUserId);
  expect(directs.length).toBeGreaterThan(0);
  expect(new Set(directs)).toEqual(new Set([owner]));
});

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

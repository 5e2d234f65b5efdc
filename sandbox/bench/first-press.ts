/**
 * The first press that a new instance of on-slack-action gets: its bundle is loaded in a process of
 * its own and handed one signed press, and the process is killed as soon as it has answered. The
 * sandbox's AWS answers it over HTTP, and a Slack that takes everything at once.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import { fromMillis, type Instant, plus } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { tables } from '../account/dynamodb.ts';
import { type HttpEvent, press } from '../clicker.ts';
import { reportStaleUser } from '../reports.ts';
import { hubSettings, integrationSecret, names, people, slackSetup } from '../settings.ts';
import { createWorld, type World } from '../world.ts';
import { type AwsOverHttp, awsOverHttp } from './aws-over-http.ts';

const account = '111122223333';
const region = 'us-east-1';
const place = { partition: 'aws', account, region } as const;

/** A rotation that waits for approval, and the AWS that a function of another process asks. */
export interface Awaiting {
  readonly world: World;
  readonly aws: AwsOverHttp;
  readonly rotationId: string;
}

/** At this very moment: what is signed has to be fresh by the other process's clock. */
export async function awaitingApproval(): Promise<Awaiting> {
  const now = fromMillis(Math.floor(Date.now() / 1000) * 1000);
  const start = plus(now, { minutes: -30 });
  const world = await createWorld({
    ...{ start, place, accounts: [account], mode: 'approve', seed: 'first press' },
    heartbeat: { minutes: 5 },
    store: (cloud, home): RotationStore => {
      const dynamodb = tables({ indexLagSeconds: 0 });
      dynamodb.add({ account, region, name: names.table }, tableDefinition);
      cloud.register('dynamodb', dynamodb.model);
      return dynamoDbStore(home, names.table, { error: () => undefined });
    },
  });
  const user = withStaleKey(world, start);
  await world.runUntil(now);
  const [rotationId] = await world.store.ofUser(account, user.userId);
  if (rotationId === undefined) throw new Error('no rotation waits for approval');
  const credentials = world.cloud.roleCredentials(account, names.onSlackActionRole, 'first-press');
  return { world, rotationId, aws: await awsOverHttp(world.cloud, { region, credentials }) };
}

function withStaleKey({ cloud, ...world }: World, start: Instant) {
  const createdAt = plus(start, { days: -400 });
  const user = cloud.addUser({ account, userName: 'svc-billing', createdAt });
  const key = cloud.addKey(account, user.userName, { createdAt });
  const use = { service: 's3', region, sourceIp: '203.0.113.17', userAgent: 'aws-sdk-js/3' };
  const at = plus(start, { days: -30 });
  cloud.recordPastUse(key.keyId, { at, ...use, eventName: 'ListBuckets' });
  reportStaleUser({ cloud, ...world }, user, ['security hub']);
  return user;
}

/** Somebody who may approves, in the message as it is shown. */
export function approval({ world }: Awaiting): HttpEvent {
  const message = world.slack.messages().find(({ threadTs }) => threadTs === null);
  if (message === undefined) throw new Error('Slack shows no message');
  const { appId, teamId } = slackSetup;
  const [signingSecret] = integrationSecret.slackSigningSecrets;
  const finger = { slackUserId: people.ada.slackUserId, appId, teamId, signingSecret };
  return press(message, 'Approve', { ...finger, now: world.clock.now() });
}

/** Milliseconds from the start of loading; `answer` is what the handler returned. */
export interface FirstAnswer {
  readonly loaded: number;
  readonly answered: number;
  readonly answer: unknown;
}

/**
 * Says that it is done, and is killed: nothing that it had not finished by then is ever finished.
 */
const loader = `
import { readFileSync } from 'node:fs';
const [, , file, given] = process.argv;
globalThis.fetch = async () => Response.json({ ok: true, channel: 'C0', ts: '1.1' });
const event = JSON.parse(readFileSync(given, 'utf8'));
const start = performance.now();
const { handler } = await import(file);
const loaded = performance.now() - start;
const answer = await handler(event, {});
const answered = performance.now() - start;
process.stdout.write('\\n' + JSON.stringify({ loaded, answered, answer: answer ?? null }) + '\\n');
process.kill(process.pid, 'SIGKILL');
`;

/** What a bundle, loaded in a new process, does with an event. Throws if it does not answer. */
export async function firstAnswer(
  bundle: string,
  folder: string,
  event: object,
  awaiting: Awaiting,
): Promise<FirstAnswer> {
  const [script, given] = [join(folder, 'first-press.mjs'), join(folder, 'event.json')];
  await writeFile(script, loader);
  await writeFile(given, JSON.stringify(event));
  const env = await environment(folder, awaiting);
  // A process that was killed counts as failed, whatever it said.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, bundle, given], {
    env,
    timeout: 30_000,
  }).catch((died: { stdout: string; stderr: string }) => died);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{"loaded"'))
    throw new Error(`${bundle} did not answer: ${stderr.slice(-800)}`);
  return JSON.parse(last);
}

/** As infra/environment.yml has it, with the sandbox's names. */
async function environment(folder: string, { world, aws }: Awaiting) {
  const policy = join(folder, 'policy.yml');
  const known = Object.values(people).map((each) => JSON.stringify(each));
  await writeFile(policy, `people: [${known.join(', ')}]\n`);
  const topicArn = `arn:aws:sns:${region}:${account}:${names.topic}`;
  const made = { topicArn, rejectedQueueUrl: 'https://sqs.example/q', accounts: [account] };
  const told = hubSettings(place, world.book, made);
  return {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    KEYTURN_ACCOUNT: account,
    KEYTURN_PARTITION: place.partition,
    KEYTURN_STAGE: told.stage,
    KEYTURN_TABLE: told.tableName,
    KEYTURN_POLICY_FILE: policy,
    KEYTURN_DOCUMENT_PREFIX: told.documentPrefix,
    KEYTURN_RUNBOOK_ROLE_PREFIX: told.runbookRolePrefix,
    KEYTURN_DOOR_PREFIX: told.doors.prefix,
    KEYTURN_EXTERNAL_ID: told.doors.externalId,
    KEYTURN_MEMBERS: account,
    KEYTURN_NOT_MEMBERS: '',
    KEYTURN_KEY_MAKER_ROLE: `arn:aws:iam::${account}:role/${told.keyMakerRoleName}`,
    KEYTURN_CUSTODIAN: told.custodianFunction,
    KEYTURN_WITNESS: told.witnessFunction,
    KEYTURN_TOPIC: told.topicArn,
    KEYTURN_BUS: told.busName,
    KEYTURN_REJECTED_QUEUE: told.rejectedQueueUrl,
    KEYTURN_SLACK_TOKEN_IN: told.connections.slackToken,
    KEYTURN_SLACK_SIGNING_IN: told.connections.slackSigning,
    KEYTURN_PAGERDUTY_KEYS_IN: told.connections.pagerDuty,
    KEYTURN_CUSTOM_ACTION: told.customAction,
    KEYTURN_STOP_PARAMETER: told.stopParameter,
    KEYTURN_SLACK_TEAM: told.slack.teamId,
    KEYTURN_SLACK_CHANNEL: told.slack.channel,
  };
}

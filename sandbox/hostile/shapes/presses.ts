/**
 * Presses on a message in a sandbox of its own, through the whole handler: by people without a
 * role, of another app or workspace, on another message or version, twice, forged, damaged. What
 * may not be changes nothing, and what is genuine is journalled, refused ones too.
 */
import fc from 'fast-check';
import type { Rotation } from '../../../domain/case.ts';
import { instant, plus } from '../../../domain/instant.ts';
import type { JournalEntry } from '../../../domain/journal.ts';
import { onSlackActionHandler } from '../../../functions/on-slack-action.ts';
import { buttonsOf, type HttpEvent, press, signed } from '../../clicker.ts';
import { reportStaleUser } from '../../reports.ts';
import { integrationSecret, people, slackSetup } from '../../settings.ts';
import { canary, leakIn } from '../../simulation/invariants/nothing-leaks.ts';
import type { ShownMessage } from '../../slack.ts';
import { createWorld, type World } from '../../world.ts';
import { anyNumber, type Bite, bitten, someBites } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import { callName, writesSince } from '../writes.ts';
import { decodedBody, forgeries } from './wire.ts';

const start = instant('2026-11-02T10:00:00Z');
const account = '111122223333';
const [signingSecret] = integrationSecret.slackSigningSecrets;

const pressing = [...Object.values(people).map(({ slackUserId }) => slackUserId), 'U0MALLORY'];

interface Given {
  readonly who: number;
  readonly button: number;
  readonly twist: number;
  readonly forgery: number;
  readonly bites: readonly Bite[];
}

interface Stage {
  readonly world: World;
  /** Of Olivia's key, and of Omar's. */
  readonly first: Scene;
  readonly second: Scene;
}

interface Scene {
  readonly rotation: Rotation;
  readonly message: ShownMessage;
}

/** What somebody changes in a payload that is otherwise as Slack makes it. */
const twists: readonly (readonly [
  name: string,
  change: (payload: string, stage: Stage) => string,
])[] = [
  ...Array.from({ length: 6 }, () => ['as it is', (payload: string) => payload] as const),
  ['another app', (payload) => payload.replaceAll(slackSetup.appId, 'A0OTHER')],
  ['another workspace', (payload) => payload.replaceAll(slackSetup.teamId, 'T0OTHER')],
  ['another channel', (payload) => payload.replaceAll(slackSetup.channel.id, 'C0OTHER')],
  [
    'the message of another rotation',
    (payload, { first, second }) => payload.replaceAll(first.message.ts, second.message.ts),
  ],
  [
    'another rotation on this message',
    (payload, { first, second }) => payload.replaceAll(first.rotation.id, second.rotation.id),
  ],
  [
    'a rotation that there is not',
    (payload, { first }) =>
      payload.replaceAll(first.rotation.id, '00000000-0000-5000-8000-000000000000'),
  ],
  [
    'a version to come',
    (payload, { first }) =>
      payload.replaceAll(blockOf(first.rotation), `rot:${first.rotation.id}:999`),
  ],
  ['force', (payload) => payload.replaceAll(/keyturn:[a-z]+/g, 'keyturn:force')],
  ['a button of another app', (payload) => payload.replaceAll(/keyturn:[a-z]+/g, 'other:approve')],
];

const blockOf = ({ id, shownVersion }: Rotation) => `rot:${id}:${shownVersion}`;

export const pressShape: Shape = shapeOf<Given>({
  name: 'press in Slack, in a sandbox',
  share: 10,
  cases: fc.record({
    who: anyNumber,
    button: anyNumber,
    twist: anyNumber,
    forgery: fc.noBias(fc.nat(6 * forgeries.length)),
    bites: fc.oneof({ weight: 5, arbitrary: fc.constant<readonly Bite[]>([]) }, someBites),
  }),
  check: async (given) => {
    const stage = await freshStage();
    return checkPress(stage, requestOf(stage, given).request, given);
  },
  tell: ({ who, button, twist, forgery, bites }) =>
    [
      `${chosen(pressing, who)} presses button ${button}: ${chosen(twists, twist)[0]}`,
      forgery < forgeries.length ? chosen(forgeries, forgery).name : 'signed',
      `${bites.length} bites`,
    ].join('\n  '),
});

async function freshStage(): Promise<Stage> {
  const world = await createWorld({
    start: plus(start, { minutes: -10 }),
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'hostile',
    sentinel: canary,
  });
  for (const { slackUserId } of [people.olivia, people.omar]) {
    const createdAt = plus(start, { days: -300 });
    const userName = `+=,.@_-${slackUserId}`;
    const tags = { 'keyturn:owner': slackUserId };
    const user = world.cloud.addUser({ account, userName, createdAt, tags });
    world.cloud.addKey(account, userName, { createdAt });
    reportStaleUser(world, user, ['security hub']);
  }
  await world.runUntil(start);
  const scenes = await Promise.all(
    world.slack.messages().map(async (message) => {
      const id = /^rot:([^:]+):/.exec(buttonsOf(message)[0]?.blockId ?? '')?.[1] ?? '';
      const rotation = await world.store.load(id);
      return rotation === undefined ? [] : [{ rotation, message }];
    }),
  );
  const all = scenes.flat();
  const ownedBy = (who: string) =>
    all.find(({ rotation }) => rotation.owner.known && rotation.owner.slackUserId === who);
  const [first, second] = [ownedBy(people.olivia.slackUserId), ownedBy(people.omar.slackUserId)];
  if (first === undefined || second === undefined) throw new Error('nobody was asked in Slack');
  return { world, first, second };
}

function requestOf(stage: Stage, { who, button, twist, forgery, bites }: Given) {
  const { message } = stage.first;
  const { label } = chosen(buttonsOf(message), button);
  const now = stage.world.clock.now();
  const finger = {
    slackUserId: chosen(pressing, who),
    appId: slackSetup.appId,
    teamId: slackSetup.teamId,
    signingSecret,
    now,
  };
  const sent = decodedBody(press(message, label, finger)) ?? Buffer.alloc(0);
  const payload = new URLSearchParams(sent.toString('utf8')).get('payload') ?? '';
  const twisted = chosen(twists, twist)[1](payload, stage);
  const damaged = bitten(JSON.parse(twisted), bites);
  const form = new URLSearchParams({ payload: JSON.stringify(damaged.value) }).toString();
  const request = signed(form, { signingSecret, now });
  if (forgery >= forgeries.length) return { request, after: 0 };
  return chosen(forgeries, forgery).make(request);
}

/** Who may press what, from the documentation for operators; the first rotation is Olivia's. */
function mayDo(who: unknown, action: unknown): boolean {
  const what = String(action).replace('keyturn:', '').replace(/ .*/, '');
  const adminOnly = ['force', 'abandon'].includes(what);
  if (who === people.sam.slackUserId) return true;
  if (who === people.ada.slackUserId) return !adminOnly;
  const isForOthers = what === 'approve' || what === 'form:exempt';
  return who === people.olivia.slackUserId && !adminOnly && !isForOthers;
}

/** Whether the press is one that may count, read from the bytes that arrived. */
function isRight(body: Buffer | undefined, { rotation, message }: Scene): boolean {
  const payload = new URLSearchParams((body ?? '').toString()).getAll('payload');
  if (payload.length !== 1) return false;
  const said: unknown = JSON.parse(payload[0] ?? 'null');
  const action = at(said, 'actions', 0);
  return (
    at(said, 'api_app_id') === slackSetup.appId &&
    at(said, 'team', 'id') === slackSetup.teamId &&
    at(said, 'container', 'message_ts') === message.ts &&
    at(said, 'channel', 'id') === message.channel &&
    at(action, 'block_id') === blockOf(rotation) &&
    mayDo(at(said, 'user', 'id'), at(action, 'action_id'))
  );
}

/** Whether the press is on a rotation that there is: then it is journalled whatever comes of it. */
function isOfOne(body: Buffer | undefined, { first, second }: Stage): boolean {
  const form = new URLSearchParams((body ?? '').toString());
  const said: unknown = JSON.parse(form.get('payload') ?? 'null');
  const block = String(at(said, 'actions', 0, 'block_id'));
  return [first, second].some(({ rotation }) => block.startsWith(`rot:${rotation.id}:`));
}

async function checkPress(stage: Stage, request: HttpEvent, given: Given): Promise<CameTo> {
  const { world, first, second } = stage;
  const { after } = requestOf(stage, given);
  if (after > 0) await world.clock.sleep(after * 1000);
  const before = await recordsOf(stage);
  const [from, slackCalls] = [world.cloud.history.length, world.slack.calls()];
  const handle = onSlackActionHandler({ ...world.hub.slackAction, slack: slackSetup });
  const answer = await handle(request);
  const { statusCode } = 'statusCode' in answer ? answer : { statusCode: 0 };
  must([200, 400, 401, 403].includes(statusCode), 'a request has an answer', answer);
  const writes = writesSince(world.cloud, from).map(callName);
  must(writes.length === 0, 'a press changes no account', writes);
  const logged = JSON.stringify(world.log);
  must(!logged.includes(signingSecret) && leakIn(world.log) === undefined, 'no secret is logged');
  must(!logged.includes('trigger_id'), 'no body is logged');
  const added = await addedSince(stage, before);
  const deeds = added.filter(({ event }) => event.type !== 'press refused');
  if (statusCode === 401 || statusCode === 400) {
    must(added.length === 0, 'what is not genuine is not journalled', added);
    must(world.slack.calls() === slackCalls, 'what is not genuine is not answered in Slack');
    return statusCode === 401 ? 'rejected as forged' : 'rejected';
  }
  const right = isRight(decodedBody(request), first);
  must(right || deeds.length === 0, 'only who may, changes something', { deeds, statusCode });
  must(
    deeds.every(({ rotationId }) => rotationId !== second.rotation.id),
    'only its own',
    deeds,
  );
  const shown = world.slack.modals();
  must(shown.length === 0 || right, 'only who may is shown a form', shown);
  if (shown.length > 0) {
    must(added.length === 0, 'to open a form decides nothing', added);
    return 'shown a form';
  }
  const isKnown = isOfOne(decodedBody(request), stage);
  must(added.length === (isKnown ? 1 : 0), 'a press is journalled once', { added, isKnown });
  if (deeds.length === 0) return isKnown ? 'refused' : 'ignored';
  await handle(request);
  const again = await addedSince(stage, before);
  const twice = again.filter(({ event }) => event.type !== 'press refused');
  must(twice.length === 1, 'pressed twice counts once', again);
  must(again.length === 2, 'the second press is journalled', again);
  return 'counted';
}

async function recordsOf({ world, first, second }: Stage): Promise<readonly JournalEntry[]> {
  const ids = [first.rotation.id, second.rotation.id];
  return (await Promise.all(ids.map((id) => world.store.journal(id)))).flat();
}

async function addedSince(stage: Stage, before: readonly JournalEntry[]) {
  const known = new Set(before.map(({ rotationId, version }) => `${rotationId}/${version}`));
  const now = await recordsOf(stage);
  return now.filter(({ rotationId, version }) => !known.has(`${rotationId}/${version}`));
}

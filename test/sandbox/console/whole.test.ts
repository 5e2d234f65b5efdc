/** What must not break the console: events made to, idle steps, odd addresses, long times. */
import { afterEach, expect, test } from 'vitest';
import { personaKeys } from '../../../sandbox/console/act.ts';
import type { Act, ActAnswer } from '../../../sandbox/console/acts.ts';
import { faultNames } from '../../../sandbox/console/faults.ts';
import { refuseStrangers } from '../../../sandbox/console/guard.ts';
import { openPlayground, type Playground } from '../../../sandbox/console/playground.ts';
import { serveConsole } from '../../../sandbox/console/server.ts';
import type { RotationView, Row } from '../../../sandbox/console/view.ts';

const opened: Playground[] = [];

const sentinel = 'SENTINELOFSECRETS';

async function given(scene: Extract<Act, { type: 'begin' }>['scene'] = { kind: 'company' }) {
  const playground = await openPlayground({ scene, sentinel });
  opened.push(playground);
  return playground;
}

afterEach(() => {
  for (const each of opened.splice(0)) each.end();
});

async function seen(playground: Playground, row: Row | undefined): Promise<RotationView> {
  const view = await playground.rotation(row?.rotation ?? '');
  if (view === undefined) throw new Error(`no rotation of ${row?.userName}`);
  return view;
}

const rowOf = async (playground: Playground, name: string) =>
  (await playground.fleet(0)).rows.find(({ userName }) => userName === name);

const pass = (playground: Playground, hours: number) => playground.act({ type: 'advance', hours });

async function press(playground: Playground, name: string): Promise<ActAnswer> {
  const { id } = await seen(playground, await rowOf(playground, name));
  const [message] = (await playground.slack('ada', id)).messages;
  const buttons = (message?.blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.elements : [],
  );
  const button = buttons.find(({ text }) => text.text.includes('Approve'));
  const act = { as: 'ada', ts: message?.ts ?? '', actionId: button?.action_id ?? '' } as const;
  return playground.act({ type: 'press', ...act });
}

const approve = async (playground: Playground, name: string) =>
  expect(await press(playground, name)).toMatchObject({ ok: true });

test.each([
  '{"detail-type":{"toString":1,"valueOf":1}}',
  '{"detail-type":["x"]}',
  '{"__proto__":null}',
  'null',
  '7',
])('after the event %s, what arrived can still be looked at', async (event) => {
  const playground = await given();
  await playground.act({ type: 'deliver', event });
  const [latest] = (await playground.outside()).deliveries;
  expect(latest).toMatchObject({ kind: 'no detail-type', outcome: 'rejected' });
});

test('an event that nests without end is refused, and what arrived can be looked at', async () => {
  const playground = await given();
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const deliver = (event: string) => playground.act({ type: 'deliver', event });
  expect(await deliver(nested(100_000))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('deeper than 100 levels'),
  });
  expect((await playground.outside()).deliveries).toEqual([]);
  expect(await deliver(nested(90))).toMatchObject({ ok: true });
});

test('it is told who used a key: from which address, with which program', async () => {
  const playground = await given();
  await pass(playground, 24);
  const { uses } = await seen(playground, await rowOf(playground, 'svc-billing-export'));
  expect(uses).toHaveLength(1);
  expect(uses[0]).toMatchObject({ sourceIp: '203.0.113.17', userAgent: 'aws-sdk-js/3' });
});

test('a journal entry can be read as it is kept', async () => {
  const playground = await given();
  await pass(playground, 1);
  const { journal } = await seen(playground, await rowOf(playground, 'svc-billing-export'));
  const [first] = journal;
  const kept = JSON.parse(first?.kept ?? '');
  expect(kept).toMatchObject({ version: 1, hash: first?.hash, event: { type: first?.event } });
  expect(kept).not.toHaveProperty('state');
});

test('long after its end a rotation still shows the uses around it', async () => {
  const playground = await given();
  await pass(playground, 1);
  await approve(playground, 'svc-billing-export');
  await pass(playground, 24 * 5);
  await pass(playground, 24 * 60);
  await pass(playground, 24 * 60);
  const view = await seen(playground, await rowOf(playground, 'svc-billing-export'));
  const closed = Date.parse(view.journal.at(-1)?.at ?? '');
  expect(view.stage).toBe('done');
  expect(Date.parse(view.until) - closed).toBe(2 * 86_400_000);
  expect(view.moments.every(({ at }) => at <= view.until)).toBe(true);
  expect(new Set(view.uses.map(({ keyId }) => keyId)).size).toBe(2);
});

test('of a user with two stale keys every rotation can be reached', async () => {
  const playground = await given({ kind: 'every mix' });
  await pass(playground, 24);
  for (const { userName, stage, keys } of (await playground.fleet(0)).rows) {
    if (stage === 'proposed' && keys.length === 2) await approve(playground, userName);
  }
  await pass(playground, 24 * 30);
  const views = await Promise.all(
    (await playground.fleet(0)).rows
      .filter(({ rotation }) => rotation !== null)
      .map((row) => seen(playground, row)),
  );
  const [one] = views.filter(({ others }) => others.length > 0);
  const other = await playground.rotation(one?.others[0]?.id ?? '');
  expect(other).toMatchObject({ userName: one?.userName, account: one?.account });
  expect(other?.others.map(({ id }) => id)).toContain(one?.id);
});

test('a step through idle time lets others in, can be paused, and says nothing came', async () => {
  const playground = await given({ kind: 'fleet', seed: '3', users: 1 });
  await pass(playground, 24 * 3);
  let told = 0;
  let paused: Promise<unknown> | undefined;
  const deaf = playground.listen(() => {
    told += 1;
    paused ??= Promise.resolve().then(() => playground.act({ type: 'pause' }));
  });
  const answer = await playground.act({ type: 'step' });
  await paused;
  expect(answer).toMatchObject({ said: expect.stringContaining('nothing new to see') });
  // Once by its only turn, twice by the pause, and by its end.
  expect(told).toBe(4);
  deaf();
});

test.each(faultNames)('while %s, and afterwards, no view tells a secret value', async (name) => {
  const playground = await given();
  await pass(playground, 1);
  await playground.act({ type: 'fault', name, on: true });
  const users = ['svc-billing-export', 'svc-legacy-sync'];
  const told: string[] = [];
  const look = async () => {
    const { rows } = await playground.fleet(0);
    const rotations = await Promise.all(rows.map((row) => seen(playground, row)));
    const slack = await Promise.all(personaKeys.map((as) => playground.slack(as, null)));
    const rest = [await playground.runs(), await playground.outside(), playground.pulse()];
    told.push(JSON.stringify([rows, rotations, slack, rest]));
  };
  for (const user of users) {
    await press(playground, user);
    await pass(playground, 12);
    await look();
  }
  await playground.act({ type: 'fault', name, on: false });
  for (const user of users) await press(playground, user);
  await pass(playground, 72);
  await look();
  expect(told.at(-1)).toContain('AWSCURRENT');
  expect(told.join()).not.toContain(sentinel);
});

test('a press that Keyturn cannot take now says so, and can be made again', async () => {
  const playground = await given();
  await pass(playground, 1);
  await playground.act({ type: 'fault', name: 'aws throttles', on: true });
  await pass(playground, 1);
  expect(await press(playground, 'svc-billing-export')).toMatchObject({
    ok: false,
    problem: expect.stringContaining('try again'),
  });
  await playground.act({ type: 'fault', name: 'aws throttles', on: false });
  await approve(playground, 'svc-billing-export');
});

test('on the port of http a browser names no port', () => {
  const asked = (host: string, origin: string) => ({ headers: { host, origin } });
  expect(refuseStrangers(asked('127.0.0.1', 'http://127.0.0.1'), 80)).toBeUndefined();
  expect(refuseStrangers(asked('localhost', 'http://localhost'), 80)).toBeUndefined();
  expect(refuseStrangers(asked('127.0.0.1', 'http://127.0.0.1'), 4180)).toMatchObject({
    status: 403,
  });
});

test('an address that no URL can be is not here; each start says that it is another', async () => {
  const [one, other] = [await given(), await given()];
  expect(one.pulse().opened).not.toBe(other.pulse().opened);
  const served = await serveConsole(one, 0);
  const answer = await fetch(`${served.url}/`);
  expect(answer.status).toBe(404);
  await served.close();
});

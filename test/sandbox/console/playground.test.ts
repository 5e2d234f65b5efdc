/** The world of the console: what its views show, and what somebody can do to it. */
import { afterEach, describe, expect, test } from 'vitest';
import { instant } from '../../../domain/instant.ts';
import type { Act, PersonaKey, SceneChoice } from '../../../sandbox/console/acts.ts';
import { fleetOf } from '../../../sandbox/console/fleet-of.ts';
import { openPlayground, type Playground } from '../../../sandbox/console/playground.ts';
import type { MessageView, RotationView } from '../../../sandbox/console/view.ts';

const sentinel = 'SENTINELOFSECRETS';
const opened: Playground[] = [];

async function given(scene: SceneChoice = { kind: 'company' }): Promise<Playground> {
  const playground = await openPlayground({ scene, sentinel });
  opened.push(playground);
  return playground;
}

afterEach(() => {
  for (const each of opened.splice(0)) each.end();
});

const pass = (playground: Playground, hours: number) => playground.act({ type: 'advance', hours });

const rowOf = async (playground: Playground, name: string) => {
  const row = (await playground.fleet(0)).rows.find(({ userName }) => userName === name);
  if (row === undefined) throw new Error(`no ${name}`);
  return row;
};

async function rotationOf(playground: Playground, name: string): Promise<RotationView> {
  const { rotation } = await rowOf(playground, name);
  const seen = await playground.rotation(rotation ?? '');
  if (seen === undefined) throw new Error(`no rotation of ${name}`);
  return seen;
}

const buttonsOf = ({ blocks }: MessageView) =>
  blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));

async function press(playground: Playground, as: PersonaKey, name: string, label: string) {
  const { id } = await rotationOf(playground, name);
  const [message] = (await playground.slack(as, id)).messages;
  if (message === undefined) throw new Error(`no message about ${name}`);
  const button = buttonsOf(message).find(({ text }) => text.text.includes(label));
  return playground.act({
    type: 'press',
    as,
    ts: message.ts,
    actionId: button?.action_id ?? 'none',
  });
}

test('an approved key is replaced, and every view shows it without a secret value', async () => {
  const playground = await given();
  await pass(playground, 1);
  await press(playground, 'ada', 'svc-billing-export', 'Approve');
  await pass(playground, 96);
  const seen = await rotationOf(playground, 'svc-billing-export');
  expect(seen).toMatchObject({ stage: 'done', chainProblems: [] });
  expect(seen.keys.map(({ role, status }) => `${role} ${status}`)).toEqual([
    'old key Deleted',
    'new key Active',
  ]);
  expect(seen.secrets[0]?.versions.flatMap(({ labels }) => labels)).toContain('AWSCURRENT');
  expect(seen.findings.map(({ workflow }) => workflow)).toEqual(['RESOLVED']);
  const runs = seen.journal.flatMap(({ effects }) => effects.flatMap(({ run }) => run ?? []));
  expect(runs.map(({ document }) => document)).toEqual([
    'Keyturn-IssueReplacementKey',
    'Keyturn-DeactivateKey',
    'Keyturn-DeleteKey',
  ]);
  expect(runs.flatMap(({ steps }) => steps.map(({ status }) => status))).toContain('Success');
  const [first] = runs[0]?.steps ?? [];
  expect(first?.inputs).toHaveProperty('FunctionName');
  const made = runs.flatMap(({ steps }) => steps.map(({ outputs }) => JSON.stringify(outputs)));
  expect(made.join()).toContain(seen.keys[1]?.keyId);
  const everything = [
    playground.pulse(),
    await playground.fleet(0),
    seen,
    await playground.runs(),
    await playground.outside(),
    await playground.slack('ada', null),
  ];
  expect(JSON.stringify(everything)).not.toContain(sentinel);
});

test('a stranger’s press changes nothing, and only they read why', async () => {
  const playground = await given();
  await pass(playground, 1);
  const answer = await press(playground, 'mallory', 'svc-billing-export', 'Approve');
  expect(answer).toMatchObject({ ok: true });
  expect((await rotationOf(playground, 'svc-billing-export')).stage).toBe('proposed');
  expect((await playground.slack('mallory', null)).alone[0]?.text).toContain('changed nothing');
  expect((await playground.slack('ada', null)).alone).toEqual([]);
});

test('whoever presses waits a minute for the answer; nothing else takes time', async () => {
  const playground = await given();
  await pass(playground, 1);
  await press(playground, 'ada', 'svc-billing-export', 'Approve');
  expect(playground.pulse().now).toBe('2026-11-02T09:01:00.000Z');
  await playground.act({ type: 'fault', name: 'slack down', on: true });
  expect(playground.pulse().now).toBe('2026-11-02T09:01:00.000Z');
});

test('a form is shown to whoever pressed, refused with its problem, and taken', async () => {
  const playground = await given();
  await pass(playground, 1);
  await press(playground, 'olivia', 'svc-billing-export', 'Custom');
  const form = (await playground.slack('olivia', null)).form;
  expect((await playground.slack('omar', null)).form).toBeNull();
  const field = form?.view.blocks.find((block) => block.type === 'input')?.block_id ?? '';
  const send = (moment: string) =>
    playground.act({
      type: 'send',
      as: 'olivia',
      form: form?.index ?? -1,
      answers: { [field]: Date.parse(instant(moment)) / 1000 },
    });
  expect(await send('2027-12-31T00:00:00Z')).toMatchObject({ problems: [expect.any(String)] });
  expect(await send('2026-11-10T12:00:00Z')).not.toHaveProperty('problems');
  expect((await playground.slack('olivia', null)).form).toBeNull();
  expect(await send('2026-11-10T12:00:00Z')).toMatchObject({ ok: false });
});

test('only rows that changed are told again', async () => {
  const playground = await given();
  const first = await playground.fleet(0);
  expect(first.rows).toHaveLength(7);
  expect((await playground.fleet(first.version)).rows).toEqual([]);
  await pass(playground, 0.5);
  const second = await playground.fleet(first.version);
  expect(second.rows.length).toBeGreaterThan(0);
  await playground.act({ type: 'begin', scene: { kind: 'every mix' } });
  const third = await playground.fleet(0);
  expect(third.world).toBe(second.world + 1);
  expect(third.rows.length).toBeGreaterThan(15);
});

test('a step ends as soon as there is something new to see', async () => {
  const playground = await given();
  await playground.act({ type: 'step' });
  const { now, stages } = playground.pulse();
  expect(Date.parse(now) - Date.parse('2026-11-02T08:00:00Z')).toBeLessThan(10 * 60_000);
  await playground.act({ type: 'step' });
  await playground.act({ type: 'step' });
  expect(playground.pulse().now >= now).toBe(true);
  expect(Object.keys(stages).length).toBeLessThan(2);
});

describe('trouble', () => {
  test('while Slack is down nothing is posted, and all of it afterwards', async () => {
    const playground = await given();
    await playground.act({ type: 'fault', name: 'slack down', on: true });
    await pass(playground, 2);
    expect((await playground.slack('ada', null)).messages).toEqual([]);
    const struck = playground.pulse().faults.find(({ name }) => name === 'slack down')?.struck;
    expect(struck).toBeGreaterThan(0);
    await playground.act({ type: 'fault', name: 'slack down', on: false });
    await pass(playground, 8);
    expect((await playground.slack('ada', null)).messages).toHaveLength(7);
  });

  test('a custodian that dies after it made a key leaves one new key in the end', async () => {
    const playground = await given();
    await pass(playground, 1);
    await playground.act({ type: 'fault', name: 'crash after create', on: true });
    await press(playground, 'ada', 'svc-billing-export', 'Approve');
    await pass(playground, 24);
    const crash = playground.pulse().faults.find(({ name }) => name === 'crash after create');
    expect(crash).toMatchObject({ on: false, struck: 1 });
    const { keys, stage } = await rotationOf(playground, 'svc-billing-export');
    expect(stage).toBe('overlapping');
    expect(keys.filter(({ status }) => status !== 'Deleted')).toHaveLength(2);
  });

  test('events that are lost and calls that are throttled delay, and no more', async () => {
    const playground = await given();
    await pass(playground, 1);
    await playground.act({ type: 'fault', name: 'events lost', on: true });
    await press(playground, 'ada', 'svc-billing-export', 'Approve');
    await pass(playground, 24);
    expect((await rotationOf(playground, 'svc-billing-export')).stage).toBe('overlapping');
    await playground.act({ type: 'fault', name: 'aws throttles', on: true });
    await pass(playground, 36);
    const { stage } = await rotationOf(playground, 'svc-billing-export');
    expect(['overlapping', 'held']).toContain(stage);
  });

  test('a forgetful program is reminded; a person deletes a key', async () => {
    const playground = await given();
    await pass(playground, 1);
    const legacy = await rowOf(playground, 'svc-legacy-sync');
    expect(legacy.forgetful).toBe(true);
    await playground.act({ type: 'forgetful', row: legacy.id, on: false });
    expect((await rowOf(playground, 'svc-legacy-sync')).forgetful).toBe(false);
    const { id, keys } = await rowOf(playground, 'svc-warehouse');
    const keyId = keys[0]?.keyId ?? '';
    const gone: Act = { type: 'change key', row: id, keyId, to: 'Deleted', as: 'olivia' };
    expect(await playground.act(gone)).toMatchObject({ ok: true });
    expect(await playground.act(gone)).toMatchObject({ ok: false });
    await press(playground, 'ada', 'svc-warehouse', 'Approve');
    await pass(playground, 24 * 6);
    const { stage, reason } = await rotationOf(playground, 'svc-warehouse');
    expect(stage).toBe('done');
    expect(reason).toContain('gone');
  });

  test('a stop holds everything but claims', async () => {
    const playground = await given();
    await playground.act({ type: 'stop', why: 'a drill' });
    await pass(playground, 2);
    expect(playground.pulse().stopped).toBe('a drill');
    expect(playground.pulse().stages).toEqual({ proposed: 7 });
    expect((await playground.slack('ada', null)).messages).toEqual([]);
    await playground.act({ type: 'go' });
    await pass(playground, 1);
    expect((await playground.slack('ada', null)).messages).toHaveLength(7);
  });

  test('an event of one’s own is answered, and a bad one with everything wrong in it', async () => {
    const playground = await given();
    await pass(playground, 1);
    const [latest] = (await playground.outside()).deliveries;
    const deliver = (event: string) => playground.act({ type: 'deliver', event });
    expect(await deliver('{')).toMatchObject({ ok: false });
    const bad = await deliver((latest?.event ?? '').replaceAll(/"\d{12}"/g, '"nobody"'));
    expect(bad).toMatchObject({ ok: true, said: expect.stringContaining('rejected') });
    expect(bad).toHaveProperty('problems');
    expect(await deliver('"text"')).toMatchObject({
      said: expect.stringMatching(/rejected|ignored/),
    });
  });

  test.each<Act>([
    { type: 'press', as: 'ada', ts: '1.1', actionId: 'approve' },
    { type: 'send', as: 'ada', form: 3, answers: {} },
    { type: 'report', row: '111122223333/AIDANOBODY', by: 'config' },
    { type: 'forgetful', row: 'nowhere', on: true },
  ])('what is not there is refused: $type', async (act) => {
    const playground = await given();
    expect(await playground.act(act)).toMatchObject({ ok: false });
  });
});

test('a fleet of a seed is the same every time, and of that size', async () => {
  expect(fleetOf('7', 300)).toEqual(fleetOf('7', 300));
  expect(fleetOf('8', 300)).not.toEqual(fleetOf('7', 300));
  const playground = await given({ kind: 'fleet', seed: '7', users: 40 });
  await pass(playground, 8);
  const { rows } = await playground.fleet(0);
  expect(rows).toHaveLength(40);
  const stale = rows.filter(({ keys }) => keys.some((key) => key.createdAt < '2026-08-04'));
  expect(rows.filter(({ stage }) => stage !== null).length).toBeGreaterThan(stale.length / 2);
});

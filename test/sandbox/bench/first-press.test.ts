/**
 * A new instance of on-slack-action, bundled, gets its first press, answers, and dies at once:
 * within Slack's three seconds, and with nothing lost of what was pressed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleAsPackaged } from '../../../commands/import-times.ts';
import { plus } from '../../../domain/instant.ts';
import {
  type Awaiting,
  approval,
  awaitingApproval,
  type FirstAnswer,
  firstAnswer,
} from '../../../sandbox/bench/first-press.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
let folder: string;
let bundle: string;
let awaiting: Awaiting;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-press-'));
  bundle = join(folder, 'on-slack-action.mjs');
  await bundleAsPackaged(join(repository, 'functions', 'lambda', 'on-slack-action.ts'), bundle);
  awaiting = await awaitingApproval();
}, 60_000);

afterAll(async () => {
  await awaiting.aws.close();
  await rm(folder, { recursive: true, force: true });
});

describe('pressed while nothing is warm', () => {
  let first: FirstAnswer;
  const stage = async () => (await awaiting.world.store.load(awaiting.rotationId))?.stage.name;
  const waiting = () =>
    awaiting.world.store.outstanding(plus(awaiting.world.clock.now(), { days: 1 }), 100);

  beforeAll(async () => {
    first = await firstAnswer(bundle, folder, approval(awaiting), awaiting);
  }, 60_000);

  test('it is answered within three seconds', () => {
    expect(first.answer).toEqual({ statusCode: 200, body: '' });
    expect(first.loaded).toBeLessThan(first.answered);
    expect(first.answered).toBeLessThan(3000);
  });

  test('what was pressed is decided, and nothing of it is performed yet', async () => {
    const journal = await awaiting.world.store.journal(awaiting.rotationId);
    expect(journal.at(-1)).toMatchObject({ event: { type: 'approved' }, ignored: null });
    expect(await waiting()).toMatchObject([{ effect: { type: 'update message' } }]);
    expect(awaiting.world.runner.list(awaiting.world.place)).toEqual([]);
    expect(await stage()).toBe('proposed');
  });

  test('and the next tick does all of it, although nobody is left who knew', async () => {
    const { world } = awaiting;
    await world.wake();
    await world.runUntil(plus(world.clock.now(), { minutes: 3 }));
    expect(await stage()).not.toBe('proposed');
    expect(world.runner.list(world.place)).toHaveLength(1);
    const told = world.slack.messages().map(({ text }) => text);
    expect(told.join('\n')).toContain('Approved by Ada Approver');
    const due = await world.store.outstanding(world.clock.now(), 100);
    expect(due).toEqual([]);
  });
});

test('a forged one is answered as soon, and decides nothing', async () => {
  const { world, rotationId } = awaiting;
  const { version = 0 } = (await world.store.load(rotationId)) ?? {};
  const event = {
    version: '2.0',
    headers: { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': '1' },
    body: 'payload=%7B%7D',
    isBase64Encoded: false,
  };
  const { answer } = await firstAnswer(bundle, folder, event, awaiting);
  expect(answer).toEqual({ statusCode: 401, body: '' });
  expect((await world.store.load(rotationId))?.version).toBe(version);
}, 60_000);

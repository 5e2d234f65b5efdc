/**
 * One rotation, or one note, that could not be read, and no owner of any key was warned before it
 * became a finding.
 */
import { beforeEach, expect, test } from 'vitest';
import { approachingItem } from '../../adapters/dynamodb-items.ts';
import { notebookOf } from '../../adapters/dynamodb-notebook.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { tellApproaching, type WarningShell } from '../../app/tell-approaching.ts';
import { endless } from '../../app/time-left.ts';
import { Permanent } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { ApproachingKey } from '../../domain/lists.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { held, owner, staleKey } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

const now = instant('2026-11-23T09:00:00Z');
const [unread, read] = [staleKey.keyId, 'AKIAI44QH8DHBEXAMPLX'] as const;

let store: RotationStore;
let shell: WarningShell;
let told: string[];
let errors: unknown[];

const noted = (keyId: string): ApproachingKey => ({
  ...{ partition: 'aws', account: '111122223333', userName: 'svc', keyId, owner },
  ...{ createdAt: plus(now, { days: -81 }), staleAt: plus(now, { days: 9 }) },
  ...{ channel: 'default', noticedAt: plus(now, { hours: -4 }) },
});

beforeEach(async () => {
  store = memoryStore();
  [told, errors] = [[], []];
  const person = async (_: string, keys: readonly { readonly keyId: string }[]) =>
    void told.push(...keys.map(({ keyId }) => keyId));
  shell = {
    store,
    warner: { person, channel: person },
    log: { info: () => undefined, error: (message, facts) => errors.push([message, facts]) },
    clock: { now: () => now, sleep: async () => undefined },
  };
  for (const keyId of [unread, read]) await store.noteApproaching(noted(keyId));
});

test('of the other keys their owners are told, and the one is named at the end', async () => {
  const { load } = store;
  await commit(store, unopened('a', {}, held()));
  store.load = (id) =>
    id === 'a' ? Promise.reject(new Permanent('rotation a: no stage')) : load(id);
  await expect(tellApproaching(shell, endless)).rejects.toThrow('rotation a: no stage');
  expect(told).toEqual([read]);
  expect(JSON.stringify(errors)).toContain(`…${unread.slice(-4)} of 111122223333/svc`);
  expect((await store.approachingUntold(9)).map(({ keyId }) => keyId)).toEqual([unread]);
});

test('a note that cannot be read is named, and keeps no other', async () => {
  const { approachingUntold } = store;
  store.approachingUntold = async (limit, onUnread) => {
    onUnread?.(new Permanent('approaching#…: no owner'));
    return approachingUntold(limit);
  };
  await expect(tellApproaching(shell, endless)).rejects.toThrow('no owner');
  expect(told.toSorted()).toEqual([read, unread].toSorted());
});

test('the table lists the others', async () => {
  const [good, bad] = [read, unread].map((keyId) => approachingItem(noted(keyId), null));
  const items = [{ ...bad, body: { S: JSON.stringify({ odd: true }) } }, { ...good }];
  let asked = 0;
  const client = {
    send: async ({ input }: { readonly input: object }) =>
      'RequestItems' in input
        ? { Responses: { keyturn: items } }
        : { Items: asked++ === 0 ? items : [] },
  };
  const problems: unknown[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: a client of two commands.
  const table = { name: 'keyturn', client: client as any };
  const keys = await notebookOf(table).approachingUntold(9, (each) => problems.push(each));
  expect(keys).toEqual([noted(read)]);
  expect(problems).toHaveLength(1);
  asked = 0;
  await expect(notebookOf(table).approachingUntold(9)).rejects.toThrow(Permanent);
});

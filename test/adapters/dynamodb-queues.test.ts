/** Queues on DynamoDB: what the index shows is old; what is listed is true, and nothing is lost. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { connect } from '../../adapters/aws-connection.ts';
import { keys } from '../../adapters/dynamodb-items.ts';
import { allWaiting, queueOf, queuesOf, shards } from '../../adapters/dynamodb-table.ts';
import { effectSorts } from '../../domain/effect.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { needs, runInFlight, wakeOf } from '../../domain/wake.ts';
import { approvedProposal, done, issuing, proposed, startedRun } from '../builders.ts';
import { commit, later, opened, publish, unopened } from '../contracts/committing.ts';
import { stageSituations } from '../domain/machine-situations.ts';
import { givenTable, tableName } from './given-table.ts';

const ids = async (store: RotationStore, limit = 1000) =>
  (await store.outstanding(later(9), limit)).map(({ id }) => id);
const lag = 60;
/** As long as the index is behind. */
const lagPasses = lag * 1000;

describe('an index that is behind', () => {
  const given = () => givenTable({ indexLagSeconds: lag });

  test('shows an effect that is ended: it is not listed', async () => {
    const { store, clock } = given();
    await commit(store, unopened('a'), { effects: [publish, publish] });
    await clock.sleep(lagPasses);
    expect(await ids(store)).toEqual(['a/1/0', 'a/1/1']);
    await store.settle('a/1/0', { status: 'performed', at: opened });
    expect(await ids(store)).toEqual(['a/1/1']);
    expect(await ids(store, 1)).toEqual(['a/1/1']);
  });

  test('shows an effect where it stood before it was postponed', async () => {
    const { store, clock } = given();
    await commit(store, unopened('a'), { effects: [publish] });
    await clock.sleep(lagPasses);
    await store.postpone('a/1/0', later(2), 'down');
    expect(await store.outstanding(later(1), 9)).toEqual([]);
    await clock.sleep(lagPasses);
    expect(await store.outstanding(later(2), 9)).toMatchObject([{ id: 'a/1/0', attempts: 1 }]);
  });

  test('shows a rotation that needs something else by now', async () => {
    const { store, clock } = given();
    const first = await commit(store, unopened('a', {}, proposed({ answerBy: later(1) })));
    await clock.sleep(lagPasses);
    expect(await store.due('deadline', later(1), 9)).toEqual(['a']);
    const second = await commit(store, first, { stage: approvedProposal({ due: later(1) }) });
    expect(await store.due('deadline', later(1), 9)).toEqual([]);
    await clock.sleep(lagPasses);
    expect(await store.due('admission', later(1), 9)).toEqual(['a']);
    await commit(store, second, { stage: done() });
    expect(await store.due('admission', later(1), 9)).toEqual([]);
    expect(await store.nextWake()).toBeUndefined();
  });

  test('does not show yet what was just committed, and shows it later', async () => {
    const { store, clock } = given();
    await commit(store, unopened('a', {}, proposed({ answerBy: opened })), { effects: [publish] });
    expect(await ids(store)).toEqual([]);
    expect(await store.due('deadline', opened, 9)).toEqual([]);
    await clock.sleep(lagPasses);
    expect(await ids(store)).toEqual(['a/1/0']);
    expect(await store.due('deadline', opened, 9)).toEqual(['a']);
  });

  test('says where an ended effect stands; the next wake is that of one that waits', async () => {
    const { store, clock } = given();
    await commit(store, unopened('a', {}, done()), { effects: [publish, publish] });
    await store.postpone('a/1/1', later(3), 'down');
    await clock.sleep(lagPasses);
    await store.settle('a/1/0', { status: 'performed', at: opened });
    expect(await store.nextWake()).toBe(later(3));
  });
});

describe('more than a page', () => {
  const count = 130;
  const names = Array.from({ length: count }, (_, index) => `r${String(index).padStart(3, '0')}`);

  async function filled(settings: Parameters<typeof givenTable>[0] = {}) {
    const table = givenTable({ pageBytes: 500, keysAtOnce: 7, ...settings });
    for (const [index, name] of names.entries()) {
      const wake = plus(opened, { minutes: index });
      const run = startedRun(wake);
      await commit(table.store, unopened(name, {}, issuing({ run })), {
        effects: [publish],
        at: wake,
      });
    }
    return table;
  }

  test('of all shards is listed whole, longest waiting first', async () => {
    const { store } = await filled();
    expect(await store.due('run status', later(9), 1000)).toEqual(names);
    expect(await ids(store)).toEqual(names.map((name) => `${name}/1/0`));
    expect(await store.inFlight()).toBe(count);
  });

  test('is listed up to the limit, and up to the moment', async () => {
    const { store } = await filled();
    expect(await ids(store, 101)).toEqual(names.slice(0, 101).map((name) => `${name}/1/0`));
    expect(await store.due('run status', later(1), 1000)).toEqual(names.slice(0, 61));
    expect(await store.due('run status', later(9), 0)).toEqual([]);
  });

  test('of what is ended hides nothing behind it', async () => {
    const { store } = await filled({ indexLagSeconds: lag }).then(async (table) => {
      await table.clock.sleep(lagPasses);
      return table;
    });
    const last = names.slice(-1).map((name) => `${name}/1/0`);
    for (const name of names.slice(0, -1)) {
      await store.settle(`${name}/1/0`, { status: 'performed', at: opened });
    }
    expect(await ids(store, 1)).toEqual(last);
  });

  test('lists once what moves while it is read', async () => {
    const { store, next } = await filled();
    next('BatchGetItem', async (proceed) => {
      await store.postpone('r000/1/0', later(8), 'down');
      return proceed();
    });
    const listed = await ids(store, 100);
    expect(new Set(listed).size).toBe(100);
    expect(listed).not.toContain('r000/1/0');
  });
});

test('what is ended or done is gone from the index', async () => {
  const { store, operator } = givenTable();
  const first = await commit(store, unopened('a', {}, proposed()), { effects: [publish] });
  await commit(store, first, { stage: done() });
  await store.settle('a/1/0', { status: 'performed', at: opened });
  const client = connect(DynamoDBClient, operator);
  for (const key of [keys.state('a'), keys.effect('a/1/0')]) {
    const input = { TableName: tableName, Key: key, ConsistentRead: true };
    const { Item } = await client.send(new GetItemCommand(input));
    expect(Item).toHaveProperty('format');
    expect(Item).not.toHaveProperty('queue');
    expect(Item).not.toHaveProperty('queuePlace');
  }
});

describe('what stands in the way', () => {
  test('keys that DynamoDB leaves out, all of them: tried again', async () => {
    const { store } = givenTable({ keysAtOnce: 0 });
    await commit(store, unopened('a'), { effects: [publish] });
    await expect(store.outstanding(later(1), 9)).rejects.toThrow(Transient);
  });

  test('an effect that cannot be read is told of, stays, and holds up no other', async () => {
    const { store, put, complaints, calls } = givenTable();
    await commit(store, unopened('a'), { effects: [publish, publish] });
    const [transaction] = calls('TransactWriteItems') as [
      { TransactItems: { Put: { Item: Record<string, { S?: string; N?: string }> } }[] },
    ];
    const effect = transaction.TransactItems.find(({ Put }) => Put.Item.effectId?.S === 'a/1/0');
    await put({ ...effect?.Put.Item, format: { N: '2' } });
    expect(await ids(store)).toEqual(['a/1/1']);
    expect(await ids(store, 1)).toEqual(['a/1/1']);
    let unread = 0;
    await store.outstanding(later(9), 9, () => {
      unread += 1;
    });
    expect(unread).toBe(1);
    expect(complaints[0]).toEqual({
      effect: 'item rotation#a, effect#00000001#00000000',
      problem: expect.stringContaining(
        'was written by a newer Keyturn (format 2; this one reads 1)',
      ),
    });
  });
});

describe('queues', () => {
  test('are cut into shards that all get some', () => {
    const names = Array.from({ length: 400 }, (_, index) => queueOf('effect', `rotation ${index}`));
    expect(new Set(names)).toEqual(new Set(queuesOf('effect')));
    for (const queue of queuesOf('effect')) {
      expect(names.filter((name) => name === queue).length).toBeGreaterThan(400 / shards / 2);
    }
  });

  test('have names of their own', () => {
    const all = allWaiting.flatMap(queuesOf);
    expect(new Set(all).size).toBe((needs.length + effectSorts.length) * shards);
  });

  test('a rotation that waits for a run, and no other, is asked about it', () => {
    for (const { rotation } of Object.values(stageSituations)) {
      const asked = wakeOf(rotation)?.need === 'run status';
      expect(asked).toBe(runInFlight(rotation) !== null);
    }
  });
});

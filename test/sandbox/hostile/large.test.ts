/** As much as EventBridge takes in one event, all of it bad: kept whole, once, and soon. */
import { expect, test } from 'vitest';
import { instant } from '../../../domain/instant.ts';
import { batched } from '../../../functions/batch.ts';
import { createWorld } from '../../../sandbox/world.ts';
import { changed } from '../../fixtures/events.ts';

const account = '111122223333';

const freshWorld = () =>
  createWorld({
    start: instant('2026-11-16T07:00:00Z'),
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'large',
  });

/** An event takes 256 KB. */
const many = Array.from({ length: 80_000 }, () => ({}));

const deep = (levels: number) => `${'[['.repeat(levels / 2)}1${']]'.repeat(levels / 2)}`;

const message = (body: string) => ({ eventSource: 'aws:sqs', messageId: 'm-0', body });

test('given 80,000 findings of nothing and a wrong time, then it is kept whole', async () => {
  const world = await freshWorld();
  const event = changed('hub-fsbp', { time: 'yesterday', 'detail/findings': many });
  const invoke = batched(world.hub.finding, world.handlers.onFinding);
  const answer = await invoke({ Records: [message(JSON.stringify(event))] });
  expect(answer).toEqual({ batchItemFailures: [] });
  const letters = world.cloud.queueMessages.map(({ body }) => JSON.parse(body));
  expect(letters).toEqual([{ event, problems: [expect.any(String)] }]);
});

test('given an event nested too deep to be written again, then it is told of', async () => {
  const world = await freshWorld();
  const body = JSON.stringify(changed('hub-fsbp', { 'detail/findings': 'DEEP' }));
  const invoke = batched(world.hub.finding, world.handlers.onFinding);
  const Records = [message(body.replace('"DEEP"', deep(50_000)))];
  expect(await invoke({ Records })).toEqual({ batchItemFailures: [] });
  expect(world.cloud.queueMessages).toHaveLength(1);
});

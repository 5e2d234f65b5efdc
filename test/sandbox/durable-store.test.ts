/**
 * A whole rotation on the store that is deployed, in the sandbox's DynamoDB: late reads, late
 * indexes, small pages. A process that dies right after a commit, every time, loses nothing.
 */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import { chainProblems } from '../../domain/journal.ts';
import type { Interceptor } from '../../sandbox/account/door.ts';
import { tables } from '../../sandbox/account/dynamodb.ts';
import { awsError } from '../../sandbox/account/service.ts';
import type { Handlers } from '../../sandbox/handlers.ts';
import type { WorldOptions } from '../../sandbox/world.ts';
import { account, givenWorld } from './given-world.ts';

const name = 'keyturn-sandbox';

/** Processes that die with a commit: it takes effect, and nobody hears of it. */
function mortality() {
  let lives: 'outside' | 'alive' | 'dead' = 'outside';
  let deaths = 0;
  const living =
    <I, O>(handler: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      lives = 'alive';
      try {
        return await handler(input);
      } finally {
        lives = 'outside';
      }
    };
  const handlers = (all: Handlers): Handlers => ({
    onFinding: living(all.onFinding),
    onRunbookFinished: living(all.onRunbookFinished),
    onSlackAction: living(all.onSlackAction),
    onPagerDutyEvent: living(all.onPagerDutyEvent),
    onSlackCommand: living(all.onSlackCommand),
    dailySummary: living(all.dailySummary),
    onTick: living(all.onTick),
    onInventory: living(all.onInventory),
  });
  const interceptor: Interceptor = async ({ operation, userAgent }, proceed) => {
    const isHub = userAgent === 'keyturn-hub';
    if (isHub && lives === 'dead') throw awsError('TimeoutError', 'the process is dead', 500);
    const answer = await proceed();
    if (operation !== 'TransactWriteItems' || lives !== 'alive') return answer;
    deaths += 1;
    lives = 'dead';
    throw awsError('TimeoutError', 'the process is dead', 500);
  };
  return { handlers, interceptor, deaths: () => deaths };
}

const store: WorldOptions['store'] = (cloud, home) => {
  const dynamodb = tables({ indexLagSeconds: 20, pageBytes: 2000, keysAtOnce: 3 });
  dynamodb.add({ account, region: home.region, name }, tableDefinition);
  cloud.register('dynamodb', dynamodb.model);
  return dynamoDbStore(home, name, {
    error: (message, facts) => {
      throw new Error(`${message}: ${JSON.stringify(facts)}`);
    },
  });
};

const heartbeat = { minutes: 30 };

type Played = Awaited<ReturnType<typeof givenWorld>>;

async function ends({ world, rotation, runs, oldKey, newKeys, workflow, pass }: Played) {
  await pass({ hours: 1 });
  const { id } = await rotation();
  const journal = await world.store.journal(id);
  expect(chainProblems(journal, cryptoIds.digest)).toEqual([]);
  expect(journal.at(-1)?.state).toEqual(await world.store.load(id));
  expect(await world.store.outstanding(world.clock.now(), 10)).toEqual([]);
  expect(oldKey()).toBe('Deleted');
  expect(newKeys()).toHaveLength(1);
  expect(workflow()).toBe('RESOLVED');
  for (const runbook of ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey']) {
    expect(runs(runbook)).toHaveLength(1);
  }
  return journal;
}

test('from the claim to the end', async () => {
  const given = await givenWorld({ made: { store, heartbeat } });
  await given.until('done');
  await ends(given);
});

test('every commit is the last thing that its process does', async () => {
  const { handlers, interceptor, deaths } = mortality();
  const given = await givenWorld({ made: { store, heartbeat, interposed: { handlers } } });
  given.world.cloud.setInterceptor(interceptor);
  await given.until('done');
  const journal = await ends(given);
  expect(deaths()).toBe(journal.length);
});

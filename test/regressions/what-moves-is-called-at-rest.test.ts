/** An index that was 2 s late had drain say that nothing moves while a key was being given back. */
import { expect, test } from 'vitest';
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import { advance } from '../../app/advance.ts';
import { drain, inFlight, isAtRest, surelyInFlight } from '../../app/drain.ts';
import { plus } from '../../domain/instant.ts';
import { tables } from '../../sandbox/account/dynamodb.ts';
import type { WorldOptions } from '../../sandbox/world.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

const name = 'keyturn-sandbox';
const by = { kind: 'person', id: 'U0NOOR', name: 'noor' } as const;

const store: NonNullable<WorldOptions['store']> = (cloud, home) => {
  const dynamodb = tables({ indexLagSeconds: 2 });
  dynamodb.add({ account, region: home.region, name }, tableDefinition);
  cloud.register('dynamodb', dynamodb.model);
  return dynamoDbStore(home, name, { error: () => undefined });
};

async function givenRotation(stage: 'overlapping' | 'soaking') {
  const made = { store, heartbeat: { minutes: 30 } } as const;
  const given = await givenWorld({ made, outsiderInterferes: true });
  await given.until(stage);
  await given.pass({ hours: 1 });
  const { id } = await given.rotation();
  return { ...given, id, shell: given.world.hub.tick };
}

function drained({ world, shell }: Awaited<ReturnType<typeof givenRotation>>, minutes = 300) {
  return drain({
    shell,
    stopSwitch: shell.stopSwitch,
    by,
    how: 'hold',
    until: plus(world.clock.now(), { minutes }),
    pause: () => world.runUntil(plus(world.clock.now(), { minutes: 30 })),
    onProgress: () => undefined,
  });
}

test('a key that is just being given back is waited for', async () => {
  const given = await givenRotation('soaking');
  await advance(given.shell, given.id, { type: 'rolled back', by });
  const { refused, ...rest } = await drained(given);
  expect(refused).toBeUndefined();
  expect(rest).toMatchObject({ left: { moving: [], outstanding: 0 } });
  const { stage } = await given.rotation();
  expect(['held', 'done']).toContain(stage.name);
});

test('what draining itself ordered a moment ago is owed', async () => {
  const given = await givenRotation('overlapping');
  expect(await drained(given)).toMatchObject({ left: { outstanding: 0, held: [{}] }, heldNow: 1 });
  await given.world.clock.sleep(5000);
  expect(await given.world.store.outstanding(given.world.clock.now(), 100)).toEqual([]);
});

test('without any time, what is left is still seen', async () => {
  const given = await givenRotation('soaking');
  await advance(given.shell, given.id, { type: 'rolled back', by });
  expect(await drained(given, 0)).toMatchObject({ left: { moving: [{ id: given.id }] } });
});

test('a list looks twice before it says that nothing moves', async () => {
  const given = await givenRotation('soaking');
  await advance(given.shell, given.id, { type: 'rolled back', by });
  expect(isAtRest(await inFlight(given.shell.store, given.world.clock.now()))).toBe(true);
  expect(await surelyInFlight(given.shell)).toMatchObject({ moving: [{ id: given.id }] });
});

/**
 * "Secret Label Updated" delivered twice opened a rotation that an admin had abandoned, and one of
 * a key that was retired long ago: it speaks of what was before they ended.
 */
import { expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import { receiveLabel } from '../../app/receive-label.ts';
import { plus } from '../../domain/instant.ts';
import { givenRotation, news } from '../app/told-natively.ts';
import { done } from '../builders.ts';
import { given, rotate, rotationsOf, stages, start } from '../sandbox/given-native.ts';

const sam = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' } as const;

test("an event delivered twice does not undo an admin's Abandon", async () => {
  const { world, user } = await given();
  await rotate(world);
  await world.runUntil(plus(start, { hours: 1 }));
  const event = world.deliveries.at(-1)?.event;
  const [first] = await rotationsOf(world, user);
  await advance(world.hub.tick, first?.id ?? '', { type: 'abandoned', by: sam });
  await world.runUntil(plus(start, { hours: 2 }));
  await world.deliver(event);
  expect(await stages(world, user)).toEqual(['done']);
});

test('a key that was retired, yet is Active: nothing is opened', async () => {
  const { deps } = await givenRotation(done({ outcome: 'retired' }));
  const answers = await receiveLabel(deps, news);
  expect(answers.map(({ outcome }) => outcome)).toEqual(['ignored']);
});

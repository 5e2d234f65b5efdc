/**
 * The stop switch holds everything, yet "Secret Label Updated" moved rotations while it was on. No
 * tick makes up for that event: it is delivered again until the switch is lifted.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { given, rotate, stages, start } from '../sandbox/given-native.ts';

test('the stop switch changes no stage, whatever events come', async () => {
  const { world, user } = await given();
  reportStaleUser(world, user, ['config']);
  await world.runUntil(plus(start, { hours: 1 }));
  expect(await stages(world, user)).toEqual(['proposed']);
  await world.stop('incident 42');
  await world.runUntil(plus(start, { hours: 2 }));
  await rotate(world);
  await world.runUntil(plus(start, { hours: 5 }));
  expect(await stages(world, user)).toEqual(['proposed']);
  await world.go();
  // Secrets Manager tries again by itself.
  await world.runUntil(plus(start, { hours: 10 }));
  expect(await stages(world, user)).toEqual(['overlapping']);
});

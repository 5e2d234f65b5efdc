/** A native rotation whose tags name a copy: it ends, and leaves nothing behind. */
import { expect, test } from 'vitest';
import { expectRotated, nativeWorld } from '../app/native-world.ts';

test('given a copy by tag, both places show the new key in the end', async () => {
  const world = await nativeWorld({ 'keyturn:copies': 'us-east-2' });
  await world.rotate();
  await world.pass({ hours: 12 });
  const problems = world.invoked.flatMap(({ step, problem }) =>
    problem === undefined ? [] : [`${step}: ${problem}`],
  );
  expect(problems).toEqual([]);
  const current = await expectRotated(world);
  expect(world.currentKeyId('us-east-2')).toBe(current);
});

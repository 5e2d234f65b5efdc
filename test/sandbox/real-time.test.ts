/** A world waits for nothing: days in which Slack is down pass as fast as any others. */
import { expect, test } from 'vitest';
import { givenWorld } from './given-world.ts';

test('no call to Slack is made twice, whatever comes of it', async () => {
  const { world, pass, until } = await givenWorld();
  const timers: unknown[] = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = Object.assign((...given: Parameters<typeof setTimeout>) => {
    timers.push(given[1]);
    return setTimeout(...given);
  }, setTimeout);
  try {
    world.slack.fail({ kind: 'unreachable' });
    await pass({ days: 1 });
    expect(world.slack.calls()).toBeGreaterThan(5);
    expect(timers.filter((milliseconds) => milliseconds === 100)).toEqual([]);
    world.slack.fail(null);
    await until('done');
  } finally {
    globalThis.setTimeout = setTimeout;
  }
});

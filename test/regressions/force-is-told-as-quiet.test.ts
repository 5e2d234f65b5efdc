/** One press of Force at the overlap, and what it comes to. */
import { describe, expect, test } from 'vitest';
import { givenWorld } from '../sandbox/given-world.ts';

describe('forced while a program uses the old key every six hours', () => {
  const forced = async () => {
    const given = await givenWorld({
      apps: [{ changesOverAfterHours: 100_000 }],
      outsiderInterferes: true,
    });
    await given.until('held');
    await given.press('sam', 'Force');
    return given;
  };

  test('nobody is told that the key is quiet', async () => {
    const given = await forced();
    await given.until('soaking');
    expect(given.thread().join('\n')).not.toContain('quiet since');
  });
});

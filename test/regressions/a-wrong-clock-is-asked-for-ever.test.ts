/**
 * A witness whose clock was wrong by minutes was asked again every minute, without an end: its
 * evidence was never fresh, no stage ever changed, and nobody was told.
 */
import { expect, test } from 'vitest';
import { expectHeld, givenUser } from '../sandbox/given-user.ts';
import { skewWitness } from '../sandbox/skew-witness.ts';

test.each([-1200, 1200])('a witness that is off by %i s is no evidence', async (seconds) => {
  const given = await givenUser();
  skewWitness(given.world, seconds);
  await expectHeld(given, 'evidence incomplete');
  const asked = () =>
    given.world.cloud.history.filter(({ operation }) => operation === 'Invoke').length;
  const before = asked();
  await given.pass({ days: 10 });
  expect(asked() - before).toBeLessThanOrEqual(10);
  expect(given.ringing()[0]?.summary).toContain('the witness says that it is 2026-11-04T');
  expect(given.changes()).toEqual(['Active']);
});

/** What drives the handlers: events are delivered for a day, and ticks go on whatever happens. */
import { describe, expect, test } from 'vitest';
import { givenWorld } from './given-world.ts';

describe('an event that no handler takes', () => {
  test('is delivered again for a day, some 240 times, and then kept', async () => {
    const given = await givenWorld();
    const iam = ['GetUser', 'ListUsers'].map((operation) =>
      given.faults.fail({ service: 'iam', operation }, 'unavailable'),
    );
    await given.pass({ hours: 30 });
    const { undelivered, deliveries } = given.world;
    expect(undelivered.map(({ event }) => (event as { source: string }).source)).toEqual([
      'aws.securityhub',
      'aws.config',
    ]);
    expect(undelivered[0]?.problem).toContain('unavailable');
    // Labels of the two secrets that an operator made.
    expect(deliveries.map(({ received }) => received.outcome)).toEqual(['ignored', 'ignored']);
    const tries = iam.reduce((sum, fault) => sum + fault.struck(), 0) / 2;
    expect(tries).toBeGreaterThan(230);
    expect(tries).toBeLessThan(250);
  });
});

describe('a tick that fails', () => {
  test('is noted, and the next ones come', async () => {
    const given = await givenWorld();
    const { store, log } = given.world;
    const { outstanding } = store;
    store.outstanding = async () => {
      throw new TypeError('x is undefined');
    };
    await given.pass({ hours: 3 });
    const failed = log.filter(({ message }) => message === 'tick failed');
    expect(failed.length).toBeGreaterThan(100);
    expect(failed[0]?.facts).toEqual({ problem: 'x is undefined' });
    store.outstanding = outstanding;
    await given.until('done');
  });
});

describe('a courier', () => {
  test('may lose what a service emits, but nothing that is delivered by hand', async () => {
    const given = await givenWorld();
    given.world.setCourier(() => undefined);
    await given.pass({ hours: 1 });
    expect(given.world.deliveries).toEqual([]);
    await given.world.deliver({ source: 'elsewhere', 'detail-type': 'Something', detail: {} });
    expect(given.world.deliveries).toMatchObject([{ received: { outcome: 'rejected' } }]);
  });
});

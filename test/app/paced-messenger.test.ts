/** Slack's pace: a few messages at once, then one a second, and never more in a minute. */
import { describe, expect, test } from 'vitest';
import { burst, messagePace } from '../../app/paced-messenger.ts';
import { type Instant, instant, millisBetween, plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';

const start = instant('2026-11-02T08:00:00Z');

async function sent(count: number, pauseMillis = 0): Promise<readonly Instant[]> {
  const clock = virtualClock(start);
  const pace = messagePace(clock);
  const moments: Instant[] = [];
  for (let index = 0; index < count; index++) {
    await pace.turn();
    moments.push(clock.now());
    if (pauseMillis > 0) await clock.sleep(pauseMillis);
  }
  return moments;
}

describe('messages', () => {
  test('that are few go out at once', async () => {
    expect(new Set(await sent(burst))).toEqual(new Set([start]));
  });

  test('that are many are a second apart, and fewer than 60 fall within any minute', async () => {
    const moments = await sent(400);
    for (const [index, at] of moments.entries()) {
      const before = moments[index - 1];
      if (index >= burst && before !== undefined) {
        expect(millisBetween(before, at)).toBeGreaterThanOrEqual(1000);
      }
      const within = moments.filter((each) => each >= at && each < plus(at, { minutes: 1 }));
      expect(within.length).toBeLessThan(60);
    }
    expect(millisBetween(start, moments.at(-1) ?? start)).toBeLessThan(450_000);
  });

  test('that come now and then never wait', async () => {
    const moments = await sent(100, 4000);
    const waits = moments.map((at, index) =>
      millisBetween(plus(start, { seconds: 4 * index }), at),
    );
    expect(Math.max(...waits)).toBe(0);
  });
});

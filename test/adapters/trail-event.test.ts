/** Events that are read again and again are remembered, and only so many of them. */
import { describe, expect, test } from 'vitest';
import { parseTrailEvent, trailEventReader } from '../../adapters/trail-event.ts';

const event = (eventName: string) =>
  JSON.stringify({
    eventTime: '2026-11-02T08:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
  });

describe('reading with a memory', () => {
  test('says what reading without one says', () => {
    const read = trailEventReader(2);
    for (const text of [event('ListBuckets'), '{}', 'no JSON', undefined]) {
      expect(read(text)).toEqual(parseTrailEvent(text));
      expect(read(text)).toEqual(parseTrailEvent(text));
    }
  });

  test('takes no event for another', () => {
    const read = trailEventReader(2);
    const names = ['A', 'B', 'C', 'D', 'E', 'A', 'E', 'B'];
    const seen = names.map((name) => read(event(name)));
    expect(seen.map((each) => each.ok && each.value.eventName)).toEqual(names);
  });

  test('remembers the latest and forgets the others', () => {
    const read = trailEventReader(2);
    const first = read(event('A'));
    expect(read(event('A'))).toBe(first);
    for (const name of ['B', 'C']) read(event(name));
    expect(read(event('A'))).toBe(first);
    for (const name of ['D', 'E', 'F', 'G']) read(event(name));
    expect(read(event('A'))).not.toBe(first);
  });
});

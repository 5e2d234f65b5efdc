/**
 * SQS refuses a message with U+FFFE or U+FFFF in it, and JSON writes them as they are: an event
 * that held one was neither handled nor kept, but brought again for a day.
 */
import { expect, test } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { onFindingHandler } from '../../functions/on-finding.ts';
import { createWorld } from '../../sandbox/world.ts';
import { changed } from '../fixtures/events.ts';

const account = '111122223333';
const odd = '\uFFFE\uFFFF\u009B31m\uD800';

test('given such characters, then the event is kept whole', async () => {
  const world = await createWorld({
    start: instant('2026-11-16T07:00:00Z'),
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'odd',
  });
  const event = changed('malformed-findings-not-a-list', { id: odd });
  expect(await onFindingHandler(world.hub.finding)(event)).toMatchObject({ outcome: 'rejected' });
  const [letter] = world.cloud.queueMessages;
  expect(JSON.parse(letter?.body ?? '')).toMatchObject({ event });
});

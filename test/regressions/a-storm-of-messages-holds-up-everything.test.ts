/**
 * All effects waited in one queue. In a storm, Slack was sent five messages a second until it
 * refused them, and behind thousands of messages nobody else heard of anything.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { Effect } from '../../domain/effect.ts';
import { millisBetween } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { proposed, staleKey, story } from '../builders.ts';

const news = (text: string): Effect => ({ type: 'update message', news: text });
const publish: Effect = { type: 'publish' };

test('subscribers hear at once; people at the pace of Slack, and of everything', async () => {
  const { world, shell, put, moved, heads, replies } = await givenShell();
  const count = 60;
  for (let index = 0; index < count; index++) {
    const key = { ...staleKey, keyId: `AKIAEXAMPLE${String(index).padStart(5, '0')}` };
    const id = `rotation-${index}`;
    await put(proposed(), [news('First.')], { id, key });
    await moved(proposed(), [news('Second.'), publish], id);
  }
  await tick(shell);
  expect(world.cloud.busEvents).toHaveLength(count);
  for (let ticks = 0; ticks < 5; ticks++) await tick(shell);
  expect(heads()).toHaveLength(count);
  // What had to be told of one rotation by then was told in one go, in its order.
  const told = replies().map(({ text }) => text);
  expect(told.filter((text) => text === 'First. Second.').length).toBeGreaterThan(count / 2);
  expect(told.filter((text) => text.includes('Second.'))).toHaveLength(count);
  const seconds = millisBetween(story.opened, world.clock.now()) / 1000;
  expect(seconds).toBeGreaterThan(2 * count - 40);
});

test('what is being told at that pace goes out once', async () => {
  const { shell, put, heads } = await givenShell();
  const count = 33;
  for (let index = 0; index < count; index++) {
    const key = { ...staleKey, keyId: `AKIAEXAMPLE${String(index).padStart(5, '0')}` };
    await put(proposed(), [news('First.')], { id: `rotation-${index}`, key });
  }
  // The tick gets to its end while the eleventh message is on its way.
  const { messenger, store } = shell;
  const atItsEnd = Promise.withResolvers<void>();
  let [posts, listings] = [0, 0];
  const post: typeof messenger.post = async (...asked) => {
    posts += 1;
    if (posts > 10) await atItsEnd.promise;
    return messenger.post(...asked);
  };
  const due: typeof store.due = async (...asked) => {
    while (posts < 11) await new Promise(setImmediate);
    return store.due(...asked);
  };
  const outstanding: typeof store.outstanding = async (...asked) => {
    listings += 1;
    if (listings === 2) atItsEnd.resolve();
    return store.outstanding(...asked);
  };
  const slow = { messenger: { ...messenger, post }, store: { ...store, due, outstanding } };
  for (let ticks = 0; ticks < 3; ticks++) await tick({ ...shell, ...slow });
  expect(heads()).toHaveLength(count);
});

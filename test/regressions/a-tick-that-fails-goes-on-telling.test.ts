/**
 * A tick that failed while very many were to be told went on telling in the background: Lambda
 * freezes that in the middle of a message, and the next tick sends the same one again.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { givenShell } from '../app/given-shell.ts';
import { proposed, staleKey } from '../builders.ts';

test('once a tick has failed, nothing more is told', async () => {
  const { shell, put } = await givenShell();
  for (let index = 0; index < 40; index++) {
    const key = { ...staleKey, keyId: `AKIAEXAMPLE${String(index).padStart(5, '0')}` };
    const effect = { type: 'update message', news: null } as const;
    await put(proposed(), [effect], { id: `rotation-${index}`, key });
  }
  const { messenger, store } = shell;
  let begun = 0;
  const post: typeof messenger.post = async (...asked) => {
    begun += 1;
    await new Promise(setImmediate);
    return messenger.post(...asked);
  };
  const due: typeof store.due = async () => {
    while (begun < 3) await new Promise(setImmediate);
    throw new Transient('the table throttled the call');
  };
  const broken = { ...shell, messenger: { ...messenger, post }, store: { ...store, due } };
  await expect(tick(broken)).rejects.toThrow('the table throttled the call');
  const told = begun;
  for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate);
  expect(begun).toBe(told);
});

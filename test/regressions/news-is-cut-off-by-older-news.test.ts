/**
 * In a storm all that a rotation had to say went into one message, however long. Slack takes 3000
 * characters: what came last, which mattered most, was cut off and counted as told.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { Effect } from '../../domain/effect.ts';
import { givenShell } from '../app/given-shell.ts';
import { proposed, staleKey } from '../builders.ts';

const news = (text: string): Effect => ({ type: 'update message', news: text });
const long = `On hold. ${'It was used by somebody from somewhere. '.repeat(45)}`.trim();
const last = 'The old key was needed after all.';

test('what is told in a storm is told whole', async () => {
  const { shell, put, moved, replies } = await givenShell();
  const count = 35;
  for (let index = 0; index < count; index++) {
    const key = { ...staleKey, keyId: `AKIAEXAMPLE${String(index).padStart(5, '0')}` };
    const id = `rotation-${index}`;
    await put(proposed(), [news(long)], { id, key });
    await moved(proposed(), [news(long)], id);
    await moved(proposed(), [news(last)], id);
  }
  for (let ticks = 0; ticks < 9; ticks++) await tick(shell);
  const told = replies().map(({ text }) => text);
  expect(told.filter((text) => text.includes(last))).toHaveLength(count);
  expect(told.filter((text) => text.includes('…'))).toEqual([]);
});

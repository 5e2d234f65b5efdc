/** The schedule's handler: whatever its event says, one tick; what nobody expected is thrown. */
import { describe, expect, test } from 'vitest';
import { onTickHandler } from '../../functions/on-tick.ts';
import { givenShell } from '../app/given-shell.ts';
import { approvedProposal, rotationId, story } from '../builders.ts';

const approved = approvedProposal({ due: story.opened });

describe('on-tick', () => {
  test.each([{}, null, 'a text', { 'detail-type': 'Scheduled Event', detail: '{}' }])(
    'wakes what is due, whatever the event says (%j)',
    async (event) => {
      const given = await givenShell();
      await given.put(approved);
      const onTick = onTickHandler(given.shell);
      expect(await onTick(event)).toEqual({
        woken: 1,
        held: 0,
        overdue: 0,
        effects: expect.any(Number),
      });
      expect((await given.shell.store.load(rotationId))?.stage.name).toBe('issuing');
    },
  );

  test('twice in a row does nothing more', async () => {
    const given = await givenShell();
    await given.put(approved);
    const onTick = onTickHandler(given.shell);
    await onTick({});
    expect(await onTick({})).toEqual({ woken: 0, held: 0, overdue: 0, effects: 0 });
  });

  test('two at once start one run', async () => {
    const given = await givenShell();
    await given.put(approved);
    const onTick = onTickHandler(given.shell);
    await Promise.all([onTick({}), onTick({}), onTick({})]);
    await onTick({});
    expect(given.world.runner.list(given.world.place)).toHaveLength(1);
    const events = (await given.shell.store.journal(rotationId)).map(({ event }) => event.type);
    expect(events).toEqual(['opened', 'admitted', 'run started']);
  });

  test('fails where something is broken, so that somebody is alarmed', async () => {
    const given = await givenShell();
    await given.put(approved);
    const load = async () => {
      throw new TypeError('x is undefined');
    };
    const shell = { ...given.shell, store: { ...given.shell.store, load } };
    await expect(onTickHandler(shell)({})).rejects.toThrow(TypeError);
  });
});

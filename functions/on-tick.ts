/** Every minute: wakes what is due and performs what was left behind. */
import { type Ticked, tick } from '../app/tick.ts';
import type { TickShell } from '../app/ticking.ts';
import { entryPoint, type Invoke } from './middleware.ts';
import { timeLeft } from './time-left.ts';

/**
 * The handler of the schedule. Its event says nothing that matters, so none is kept as a dead
 * letter: the next tick does what this one could not.
 */
export function onTickHandler(shell: TickShell): Invoke<unknown, Ticked> {
  return entryPoint(
    { log: shell.log },
    {
      name: 'on-tick',
      handle: (_event, context) => tick(shell, timeLeft(context)),
      facts: (ticked) => ({ ...ticked }),
    },
  );
}

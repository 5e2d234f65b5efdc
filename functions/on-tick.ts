/** Every minute: wakes what is due and performs what was left behind. */
import { type TickShell, tick } from '../app/tick.ts';

/** The handler of the schedule. Its event says nothing that matters. */
export function onTickHandler(
  shell: TickShell,
): (event: unknown) => Promise<{ readonly woken: number; readonly effects: number }> {
  return async () => tick(shell);
}

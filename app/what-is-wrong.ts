/** What a look at a rotation's user comes to where key or user are gone or cannot be read. */
import type { Rotation } from '../domain/case.ts';
import type { RotationEvent } from '../domain/event.ts';
import { problemOf } from './problem-of.ts';
import type { TickShell } from './ticking.ts';
import { type Found, userOrGone } from './user-or-gone.ts';

/** What follows from the user's keys, unless key or user are gone or cannot be read. */
export async function orWhatIsWrong(
  shell: TickShell,
  rotation: Rotation,
  follows: (found: Found) => Promise<RotationEvent>,
): Promise<RotationEvent> {
  try {
    const found = await userOrGone(shell, rotation);
    return 'type' in found ? found : await follows(found);
  } catch (error) {
    const problem = problemOf(error);
    shell.log.error('look failed', { rotationId: rotation.id, problem });
    return { type: 'look failed', problem };
  }
}

/** Keys that policy only observes: noted, each once, for the summary that the team reads. */
import type { Notebook } from '../domain/lists.ts';
import type { Clock } from '../domain/ports.ts';
import type { Observed } from './open.ts';

export function observedNoter(
  store: Pick<Notebook, 'noteObserved'>,
  clock: Pick<Clock, 'now'>,
): (observed: Observed) => Promise<void> {
  return async ({ user: { partition, account, userName }, keys, policy }) => {
    const { channel = 'default' } = policy;
    const where = channel === 'default' ? {} : { channel };
    for (const { keyId } of keys) {
      const key = { partition, account, userName, keyId, seenAt: clock.now(), ...where };
      await store.noteObserved(key);
    }
  };
}

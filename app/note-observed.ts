/** Keys that policy only observes: noted, each once, for the summary that the team reads. */
import type { Notebook } from '../domain/lists.ts';
import type { Clock } from '../domain/ports.ts';
import type { Observed } from './open.ts';

export function observedNoter(
  store: Pick<Notebook, 'noteObserved'>,
  clock: Pick<Clock, 'now'>,
): (observed: Observed) => Promise<void> {
  return async ({ user: { partition, account, userName }, keys }) => {
    for (const { keyId } of keys) {
      await store.noteObserved({ partition, account, userName, keyId, seenAt: clock.now() });
    }
  };
}

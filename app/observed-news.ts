/** What the team is told of stale keys that the policy only observes. */
import { shortKey, userLabel } from '../domain/key.ts';
import type { Observed } from './open.ts';

export function observedNews({ user, keys }: Observed): string {
  const which = keys.map(({ keyId }) => shortKey(keyId)).join(', ');
  return (
    `Stale access keys of ${userLabel(user)}: ${which}. ` +
    'This stage only observes: nothing is rotated. Rotate them by hand or change the mode.'
  );
}

/** What Keyturn did not write, it neither overwrites nor trusts. */
import type { VaultContent, VaultSecret } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';

/** Somebody else's value may name any key: then no key can be shown to be unused by readers. */
export function refuseForeign(secret: VaultSecret, content: VaultContent | undefined): void {
  if (content !== undefined && content.kind !== 'foreign') return;
  throw new Permanent(
    `what is AWSCURRENT in ${secret.arn} was not written by Keyturn: no key is made or deleted ` +
      'until somebody has looked at it',
  );
}

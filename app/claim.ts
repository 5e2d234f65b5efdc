/** Claims a key: opens its rotation, in one commit with the first journal entry. */
import type { Rotation } from '../domain/case.ts';
import type { Finding } from '../domain/finding.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { opened } from '../domain/opening.ts';
import type { Owner } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { Shell } from './advance.ts';
import { commitOpening } from './commit-opening.ts';

export interface Claimant extends Shell {
  readonly ownerOf: (user: IamUser, policy: Policy) => Owner;
}

/** What is to be claimed, and why. */
export interface Wanted {
  readonly user: IamUser;
  readonly key: AccessKey;
  readonly policy: Policy;
  readonly kind: Rotation['kind'];
  readonly region: string;
  readonly generation: number;
  readonly findings: readonly Finding[];
}

/** Throws Conflict if somebody else holds the claim by now. */
export async function claim(deps: Claimant, wanted: Wanted): Promise<Rotation> {
  const { clock, ids } = deps;
  const { user, key, policy, kind, region, generation, findings } = wanted;
  const now = clock.now();
  const id = ids.uuid(`${user.partition}/${user.account}/${key.keyId}/${generation}`);
  const decision = opened(
    {
      id,
      generation,
      key: { user, keyId: key.keyId, createdAt: key.createdAt, foundAs: key.status },
      region,
      owner: deps.ownerOf(user, policy),
      policy,
      kind,
      findings,
    },
    now,
  );
  await commitOpening(deps, decision);
  return decision.rotation;
}

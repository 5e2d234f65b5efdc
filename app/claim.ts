/** Claims a key: opens its rotation, in one commit with the first journal entry. */
import type { Rotation } from '../domain/case.ts';
import type { Finding } from '../domain/finding.ts';
import { chained, effectId, firstHash, type Opened } from '../domain/journal.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { opened } from '../domain/opening.ts';
import { keyturnActor, type Owner } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { Shell } from './advance.ts';

export interface Claimant extends Shell {
  readonly ownerOf: (user: IamUser) => Owner;
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
  const { clock, ids, store } = deps;
  const { user, key, policy, kind, region, generation, findings } = wanted;
  const now = clock.now();
  const id = ids.uuid(`${user.partition}/${user.account}/${key.keyId}/${generation}`);
  const { rotation, effects } = opened(
    {
      id,
      generation,
      key: { user, keyId: key.keyId, createdAt: key.createdAt, foundAs: key.status },
      region,
      owner: deps.ownerOf(user),
      policy,
      kind,
      findings,
    },
    now,
  );
  const event: Opened = { type: 'opened' };
  const entry = chained(
    {
      rotationId: id,
      version: rotation.version,
      at: now,
      actor: keyturnActor,
      event,
      from: null,
      to: rotation.stage.name,
      ignored: null,
      effects: effects.map((effect, index) => ({
        id: effectId(id, rotation.version, index),
        effect,
      })),
      state: rotation,
    },
    firstHash,
    ids.digest,
  );
  await store.commit({ onVersion: 0, rotation, entry });
  return rotation;
}

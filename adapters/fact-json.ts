/**
 * One fact about one version of a rotation, as subscribers read it: the contract of the SNS message
 * and the EventBridge detail. Fields are added, never changed, within a version. No secret value.
 */
import { type Deadlines, deadlinesOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import type { Instant } from '../domain/instant.ts';
import { type Partition, shortKey } from '../domain/key.ts';
import type { Outcome, StageName } from '../domain/stage.ts';

export interface FactJson {
  readonly version: 1;
  /** The same for a fact that is delivered twice. */
  readonly factId: string;
  readonly at: Instant;
  /** A whole sentence for people; absent where only machines listen. */
  readonly news?: string;
  readonly rotationId: string;
  readonly rotationVersion: number;
  readonly kind: Rotation['kind'];
  readonly stage: StageName;
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  readonly userName: string;
  readonly userId: string;
  readonly oldKey: string;
  readonly newKey: string | null;
  readonly secretArn: string | null;
  readonly owner: string | null;
  readonly deadlines: Deadlines;
}

interface Fact {
  readonly effectId: string;
  readonly rotation: Rotation;
  readonly news: string;
  readonly at: Instant;
}

/** Keys are named as people see them (…WXYZ): topics and buses reach many readers. */
export function factJson({ effectId, rotation, news, at }: Fact): FactJson {
  const { key, owner, stage } = rotation;
  const issued = issuedOf(rotation);
  return {
    version: 1,
    factId: effectId,
    at,
    ...(news === '' ? {} : { news }),
    rotationId: rotation.id,
    rotationVersion: rotation.version,
    kind: rotation.kind,
    stage: stage.name,
    outcome: stage.name === 'done' ? stage.outcome : null,
    reason: stage.name === 'held' ? stage.reason.text : null,
    partition: key.user.partition,
    account: key.user.account,
    region: rotation.region,
    userName: key.user.userName,
    userId: key.user.userId,
    oldKey: shortKey(key.keyId),
    newKey: issued === null ? null : shortKey(issued.newKeyId),
    secretArn: issued?.secretArn ?? null,
    owner: owner.known ? owner.name : null,
    deadlines: deadlinesOf(rotation),
  };
}

/**
 * Somebody moved AWSCURRENT under a rotation that relies on another version. The next look at the
 * keys would show it too; it is told at once, as the same evidence.
 */
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import type { Evidence, OldKeyStatus } from '../domain/evidence.ts';
import type { Instant } from '../domain/instant.ts';
import { noEvidence } from '../domain/judge.ts';
import { shortKey, userLabel } from '../domain/key.ts';
import { advance } from './advance.ts';
import type { Answer, OpenDeps } from './open.ts';

/** Lets the rotation know. While a runbook runs, that asks the witness itself. */
export async function holdChanged(
  deps: OpenDeps,
  rotation: Rotation,
  secretArn: string,
  current: string,
): Promise<Answer> {
  const { user, keyId } = rotation.key;
  const keys = await deps.users.keysOf(user);
  const oldKey = keys?.find((key) => key.keyId === keyId)?.status ?? 'Gone';
  const expected = issuedOf(rotation)?.secretVersionId;
  const problem =
    `AWSCURRENT of ${secretArn} was moved to version ${current} from outside, and is not on ` +
    `version ${expected}, which holds the new key`;
  const evidence = changed(rotation, problem, oldKey, deps.clock.now());
  const { rotation: after, ignored } = await advance(deps, rotation.id, {
    type: 'evidence gathered',
    evidence,
  });
  const what = `key ${shortKey(keyId)} of ${userLabel(user)}`;
  const reason = ignored === undefined ? `its rotation is ${after.stage.name}` : ignored;
  return { outcome: 'joined', reason: `${problem}; ${what}: ${reason}`, rotation: after };
}

/** What was known before, and that the secret is not as Keyturn left it. */
function changed(
  { stage }: Rotation,
  problem: string,
  oldKey: OldKeyStatus,
  now: Instant,
): Evidence {
  const from = stage.name === 'held' ? stage.kept : stage;
  const known = 'evidence' in from && from.evidence !== null ? from.evidence : null;
  const { uses, pickup, regionsAsked, quietHours, quietAt } = known ?? noEvidence(problem, now);
  const gaps = [{ about: 'standing', problem }] as const;
  const seen = { uses, pickup, regionsAsked, quietHours, quietAt };
  return { ...seen, at: now, verdict: 'unknown', gaps, oldKey, userGone: false };
}

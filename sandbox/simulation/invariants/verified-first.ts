/** S5: consumers get a new key only after it has been seen to work. */
import { millisBetween } from '../../../domain/instant.ts';
import type { KeyRecord } from '../../account/directory.ts';
import { type Act, type Ledger, type Move, usesOf } from '../ledger.ts';
import { policyFor } from '../plan-policy.ts';
import { planOfUser } from '../subjects.ts';
import { isKeyturn, keyOf } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

const leastSuccesses = 4;
const leastSpanMillis = 30_000;

export const verifiedFirst: Invariant = {
  id: 'S5',
  text:
    'AWSCURRENT moves only after verification: several GetCallerIdentity successes over 30 s or ' +
    'more; finishSecret verifies again.',
  onAct: (act, ledger) => {
    const move = act.by === 'keyturn' ? ledger.moves.at(-1) : undefined;
    const key = move === undefined ? undefined : keyOf(ledger.world, act.account, move.keyId);
    if (move === undefined || key === undefined || !isOf(move, act, key)) return fine;
    // Giving AWSCURRENT back to an earlier version issues nothing.
    if (!isKeyturn(key.changes[0]?.by ?? '') || isGivenBack(ledger, move)) return fine;
    return [...problemsOf(ledger, act, key.keyId), ...unasked(ledger, act, key)];
  },
};

/** Every move is noted just before the act that it is, and not one of another user's meanwhile. */
function isOf({ at, account }: Move, { operation, input, ...act }: Act, key: KeyRecord): boolean {
  if (at !== act.at || account !== act.account) return false;
  if (operation === 'UpdateSecretVersionStage') return input.VersionStage === 'AWSCURRENT';
  const name = `${input.Name}`;
  return operation === 'PutParameter' && /users/.test(name) && name.endsWith(`/${key.userName}`);
}

/** Readers had that key before. */
function isGivenBack({ moves }: Ledger, { keyId, userId }: Move): boolean {
  const theirs = moves.slice(0, -1).filter((each) => each.userId === userId);
  return theirs.at(-1)?.keyId !== keyId && theirs.some((each) => each.keyId === keyId);
}

/** Some readers have the key from before this move. */
function isCurrentAlready({ moves }: Ledger, keyId: string): boolean {
  return moves.slice(0, -1).some((each) => each.keyId === keyId);
}

/** Where policy names a check of the operator's own, it has found the key healthy. */
function unasked(ledger: Ledger, act: Act, { keyId, userId }: KeyRecord): Problems {
  const planned = planOfUser(ledger, userId);
  if (planned === undefined) return fine;
  // Secrets Manager drives secrets alone: a parameter is the runbook's, and so policy's.
  const native = act.operation === 'PutParameter' ? null : planned.native;
  const isAsked =
    native === null ? policyFor(ledger.plan, planned).healthCheck !== null : native.healthCheck;
  return !isAsked || ledger.healthy.has(keyId)
    ? fine
    : [`AWSCURRENT moved to ${keyId}, which the health check never found healthy`];
}

function problemsOf(ledger: Ledger, act: Act, keyId: string): Problems {
  const tries = usesOf(ledger, keyId).filter(
    (use) => use.own && use.operation === 'GetCallerIdentity' && use.at <= act.at,
  );
  const [first] = tries;
  const last = tries.at(-1);
  if (first === undefined || last === undefined || tries.length < leastSuccesses) {
    return [`AWSCURRENT moved to ${keyId} after ${tries.length} successful tries`];
  }
  return [
    ...(millisBetween(first.at, last.at) >= leastSpanMillis
      ? []
      : [`AWSCURRENT moved to ${keyId}, tried from ${first.at} to ${last.at} only`]),
    // What the step before found is not enough: finishSecret itself has seen it work. A copy that
    // is brought up later gets what the vault's own readers have had since then.
    ...(isCurrentAlready(ledger, keyId) ||
    (last.invocation !== undefined && last.invocation === act.invocation)
      ? []
      : [`AWSCURRENT moved to ${keyId} without one more try in finishSecret itself`]),
  ];
}

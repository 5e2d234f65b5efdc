/** S5: consumers get a new key only after it has been seen to work. */
import { millisBetween } from '../../../domain/instant.ts';
import { type Act, type Ledger, usesOf } from '../ledger.ts';
import { keyIdIn, keyOf } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

const leastSuccesses = 4;
const leastSpanMillis = 30_000;

export const verifiedFirst: Invariant = {
  id: 'S5',
  text:
    'AWSCURRENT moves only after verification: several GetCallerIdentity successes over 30 s or ' +
    'more; finishSecret verifies again.',
  onAct: (act, ledger) => {
    const { VersionStage, MoveToVersionId, SecretId } = act.input;
    const moves = act.operation === 'UpdateSecretVersionStage' && VersionStage === 'AWSCURRENT';
    if (act.by !== 'keyturn' || !moves || MoveToVersionId === undefined) return fine;
    const { secrets } = ledger.world.cloud.truth(act.account);
    const secret = secrets.find(({ arn, name }) => arn === SecretId || name === SecretId);
    const keyId = keyIdIn(ledger.world, secret?.arn ?? '', String(MoveToVersionId));
    // Giving AWSCURRENT back to a version that holds no key, or an earlier one, issues nothing.
    if (keyId === null || isEarlier(ledger, act, keyId)) return fine;
    return problemsOf(ledger, act, keyId);
  },
};

function isEarlier(ledger: Ledger, act: Act, keyId: string): boolean {
  const key = keyOf(ledger.world, act.account, keyId);
  return key === undefined || ledger.reported.get(key.userId)?.has(keyId) === true;
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
    // What the step before found is not enough: finishSecret itself has seen it work.
    ...(last.invocation !== undefined && last.invocation === act.invocation
      ? []
      : [`AWSCURRENT moved to ${keyId} without one more try in finishSecret itself`]),
  ];
}

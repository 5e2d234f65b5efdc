/** testSecret: the pending key is tried for at least 30 seconds, as the user that it is for. */
import type { Custody, IssueOrder } from '../../domain/custody.ts';
import type { CustodyDeps } from './deps.ts';
import {
  issuedCustody,
  issuedToken,
  pendingCustody,
  pendingKey,
  requireHolding,
  subjectOf,
} from './subject.ts';
import { fullProof, verify } from './verify.ts';

export async function testSecret(deps: CustodyDeps, order: IssueOrder): Promise<Custody> {
  const holding = await requireHolding(deps, await subjectOf(deps, order));
  const issued = issuedToken(holding);
  if (issued !== undefined) return issuedCustody(deps, holding, issued);
  const key = await pendingKey(deps, holding);
  return pendingCustody(holding, key, await verify(deps, holding, key, fullProof));
}

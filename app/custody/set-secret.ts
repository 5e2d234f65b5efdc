/**
 * setSecret: the place where a new key is brought to where it has to be known besides the vault.
 * IAM knows its own keys already, so there is nothing to bring; the pending version has to be
 * there.
 */
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

export async function setSecret(deps: CustodyDeps, order: IssueOrder): Promise<Custody> {
  const holding = await requireHolding(deps, await subjectOf(deps, order));
  const issued = issuedToken(holding);
  if (issued !== undefined) return issuedCustody(deps, holding, issued);
  return pendingCustody(holding, await pendingKey(deps, holding));
}

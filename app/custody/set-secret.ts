/**
 * setSecret: the place where a new key is brought to where it has to be known besides the vault.
 * IAM knows its own keys already; what policy names besides gets the key as AWSPENDING, where
 * nobody reads it yet.
 */
import type { Custody, IssueOrder } from '../../domain/custody.ts';
import type { CustodyDeps } from './deps.ts';
import { furtherPlaces } from './further-places.ts';
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
  const key = await pendingKey(deps, holding);
  for (const place of furtherPlaces(deps, holding)) await place.put(key);
  return pendingCustody(holding, key);
}

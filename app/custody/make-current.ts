/** AWSCURRENT moves. An answer that is lost does not matter: what counts is who has it then. */
import { currentVersion } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import type { CustodyDeps } from './deps.ts';
import { type Holding, requireHolding } from './subject.ts';

/** Moves AWSCURRENT to the attempt. Returns the version that had it. */
export async function makeCurrent(deps: CustodyDeps, holding: Holding): Promise<string> {
  const { secret, order } = holding;
  const from = currentVersion(secret);
  if (from === undefined) {
    throw new Permanent(`${secret.arn} has no version with AWSCURRENT: look at the secret`);
  }
  await moveSafely(deps, holding, { from, to: order.token });
  return from;
}

/** The answer may have been lost, or another run was first. */
export async function moveSafely(
  deps: CustodyDeps,
  holding: Holding,
  move: { readonly from: string; readonly to: string },
): Promise<void> {
  try {
    await deps.vault.moveCurrent(holding.secret.arn, move);
  } catch (error) {
    const now = await requireHolding(deps, holding);
    if (currentVersion(now.secret) !== move.to) throw error;
  }
}

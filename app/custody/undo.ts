/**
 * undo: removes what the attempt made, unless its key is AWSCURRENT: then consumers may read it and
 * the issue has succeeded, and copies that are behind are brought up once more. Safe to repeat;
 * leftovers.ts says in which order it works, and why.
 */
import type { Custody, IssueOrder } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import { releaseClaim } from './claim.ts';
import type { CustodyDeps } from './deps.ts';
import { bringUpEverywhere, othersThan } from './further-places.ts';
import { clearLeftovers, noteProblem } from './leftovers.ts';
import {
  type Holding,
  holdingOf,
  issuedCustody,
  issuedToken,
  keysOf,
  type Subject,
  subjectOf,
} from './subject.ts';

export async function undo(deps: CustodyDeps, order: IssueOrder): Promise<Custody> {
  // What an order made is undone although the secret has got another driver since.
  const subject = { ...(await subjectOf(deps, order)), heedsDriver: false };
  const custody = await undone(deps, subject);
  await releaseClaim(deps, subject);
  return custody;
}

async function undone(deps: CustodyDeps, subject: Subject): Promise<Custody> {
  const { order } = subject;
  const holding = await holdingOf(deps, subject);
  if (holding === undefined) {
    // Keys are made only after their secret. Without it nobody can say what other keys are for.
    const others = (await keysOf(deps, subject.user)).filter((key) => key.keyId !== order.oldKeyId);
    if (others.length === 0) return nothingLeft(null);
    throw new Permanent(
      `user ${order.userName} has key ${others.map(({ keyId }) => keyId).join(', ')} besides the ` +
        `old one, but there is no secret ${order.secretName}: somebody has to decide about it`,
    );
  }
  const issued = issuedToken(holding);
  if (issued !== undefined) return succeeded(deps, holding, issued);
  const cleared = await clearLeftovers(deps, holding, true);
  if (cleared.outcome === 'issued') return succeeded(deps, cleared.holding, cleared.token);
  return nothingLeft(holding.secret.arn);
}

/** Copies that stay behind keep the issue from nothing: the witness sees them before a key goes. */
async function succeeded(deps: CustodyDeps, holding: Holding, token: string): Promise<Custody> {
  const behind = await bringUpEverywhere(deps, holding, token);
  for (const { problem } of behind) {
    noteProblem(deps, 'a copy is behind: its readers are on the old key', holding, problem);
  }
  const custody = await issuedCustody(deps, holding, token);
  return { ...custody, writtenTo: othersThan(behind, holding.order) };
}

function nothingLeft(secretArn: string | null): Custody {
  return {
    newKeyId: null,
    secretArn,
    secretVersionId: null,
    currentSince: null,
    testRequestIds: [],
    issued: false,
    writtenTo: [],
  };
}

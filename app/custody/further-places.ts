/** The places besides the vault that an attempt's key goes to, one after the other. */
import type { Writer } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import type { CustodyDeps } from './deps.ts';
import { secretCopy } from './secret-copy.ts';
import type { Subject } from './subject.ts';

/** Throws Permanent if a copy is to be where the vault itself is. */
export function furtherPlaces(deps: CustodyDeps, subject: Subject): readonly Writer[] {
  const { copies, vault } = subject.order;
  const { region } = deps.home;
  if (vault === 'secrets-manager' && copies.includes(region)) {
    throw new Permanent(
      `policy asks for a copy in ${region}, where the secret itself is: name other Regions only`,
    );
  }
  return copies.map((each) => secretCopy(deps, subject, each));
}

/** Takes every place back, although one fails; then throws the first failure. */
export async function takeBackEverywhere(
  deps: CustodyDeps,
  subject: Subject,
  tokens: readonly string[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const place of furtherPlaces(deps, subject)) {
    await place.takeBack(tokens).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** Throws unless nobody gets that key by reading any of the places. */
export async function requireUnreadEverywhere(
  deps: CustodyDeps,
  subject: Subject,
  keyId: string,
): Promise<void> {
  for (const place of furtherPlaces(deps, subject)) await place.requireUnread(keyId);
}

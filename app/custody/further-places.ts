/** The places besides the vault that an attempt's key goes to, one after the other. */
import type { IssueOrder, StoredKey, Writer } from '../../domain/custody.ts';
import { messageOf, Permanent } from '../../domain/errors.ts';
import type { CustodyDeps } from './deps.ts';
import { requirePlaces } from './require-places.ts';
import { secretCopy } from './secret-copy.ts';
import { type Holding, keysOf, requireActive, type Subject } from './subject.ts';
import { workflowSecrets } from './workflow-secrets.ts';

/** Throws Permanent if a copy is to be where the vault itself is, or cannot be written at all. */
export function furtherPlaces(deps: CustodyDeps, subject: Subject): readonly Writer[] {
  const { copies, vault } = subject.order;
  const { region } = deps.home;
  return requirePlaces(deps.home, copies).map((place) => {
    if (place.kind === 'github-actions') return workflowSecrets(deps, subject, place);
    if (place.kind === vault && place.region === region) {
      throw new Permanent(
        `policy asks for a copy in ${region}, where the secret itself is: name other Regions only`,
      );
    }
    return secretCopy(deps, subject, place);
  });
}

/**
 * Gives every place the key that the vault shows as that version. Each is tried, although one
 * fails; returns what is behind, and why. A key that IAM does not show as Active goes nowhere.
 */
export async function bringUpEverywhere(
  deps: CustodyDeps,
  holding: Holding,
  versionId: string,
): Promise<readonly Behind[]> {
  const places = furtherPlaces(deps, holding);
  if (places.length === 0) return [];
  let key: StoredKey;
  try {
    key = await currentKey(deps, holding, versionId);
  } catch (error) {
    return places.map((place) => behindBy(place, error));
  }
  const behind: Behind[] = [];
  for (const place of places) {
    await place.bringUp(versionId, key).catch((error: unknown) => {
      behind.push(behindBy(place, error));
    });
  }
  return behind;
}

/** A place whose readers are on the old key. */
export interface Behind {
  /** By its text. */
  readonly place: string;
  /** Where it is, in words, and why. */
  readonly problem: string;
}

function behindBy({ place, what }: Writer, error: unknown): Behind {
  return { place, problem: `${what} (${messageOf(error)})` };
}

/** The further places of an order but those. */
export function othersThan(
  behind: readonly Behind[],
  { copies }: Pick<IssueOrder, 'copies'>,
): readonly string[] {
  return copies.filter((text) => behind.every(({ place }) => place !== text));
}

async function currentKey(
  deps: CustodyDeps,
  { secret, user }: Holding,
  versionId: string,
): Promise<StoredKey> {
  const content = await deps.vault.read(secret.arn, versionId);
  if (content?.kind !== 'key') {
    throw new Permanent(`version ${versionId} of ${secret.arn} is AWSCURRENT but holds no key`);
  }
  requireActive(await keysOf(deps, user), content.key.keyId, 'the new key');
  return content.key;
}

/** Attempts are no longer pending anywhere. Every place is tried; the first failure is thrown. */
export async function withdrawEverywhere(
  deps: CustodyDeps,
  subject: Subject,
  tokens: readonly string[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const place of furtherPlaces(deps, subject)) {
    await place.withdraw(tokens).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** Throws unless nobody gets that key, which a version holds, by reading any place, nor did. */
export async function requireUnreadEverywhere(
  deps: CustodyDeps,
  subject: Subject,
  keyId: string,
  versionId: string,
): Promise<void> {
  for (const place of furtherPlaces(deps, subject)) await place.requireUnread(keyId, versionId);
}

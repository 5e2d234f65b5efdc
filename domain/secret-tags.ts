/**
 * The tags on a secret of Keyturn's: whose it is, who rotates it, and what a native rotation did.
 * They hold ids only; whoever may describe the secret reads them.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html (2026-11)
 */
import { type Instant, parseInstant } from './instant.ts';
import type { Policy } from './policy.ts';
import type { Issued } from './stage.ts';

export const secretTags = {
  userId: 'keyturn:user-id',
  /** As it stands in the secret's name: tag values take no comma. */
  userName: 'keyturn:user-name',
  /** `keyturn`: the runbook rotates the secret; `secrets-manager`: Secrets Manager does. */
  driver: 'keyturn:driver',
  /** The function that must find a new key healthy, for native rotations. */
  healthCheck: 'keyturn:health-check',
  /** Regions whose secrets of the same name get a new key too, for native rotations. */
  copies: 'keyturn:copies',
  /** Regions where the custodian keeps copies: one that policy drops may still have readers. */
  copied: 'keyturn:copied',
  /**
   * The version that was current when the readers of this place had been told to read elsewhere:
   * an operator's word, which ends with that version.
   */
  leftAt: 'keyturn:left-at',
  /** The keys that Keyturn has given the readers of this place, newest last. */
  issued: 'keyturn:issued',
  /** The latest rotation of the secret. */
  rotation: 'keyturn:rotation',
  /** Tokens under which native rotations may have made keys that never became current. */
  attempts: 'keyturn:attempts',
  /** The key that those attempts were to replace. */
  replacing: 'keyturn:replacing',
  /** The version that the latest native rotation made current. */
  version: 'keyturn:version',
  newKey: 'keyturn:new-key',
  oldKey: 'keyturn:old-key',
  /** Since when it is current; `pending` until that is known. */
  currentSince: 'keyturn:current-since',
  tests: 'keyturn:test-requests',
} as const;

/** Longer values are refused. */
const longestValue = 256;
const pending = 'pending';

/** What a native rotation is about to make current, or has made current. */
export interface NativeIssue {
  readonly versionId: string;
  readonly newKeyId: string;
  readonly oldKeyId: string;
  /** null until finishSecret has written it. */
  readonly currentSince: Instant | null;
  readonly testRequestIds: readonly string[];
}

/** What a native rotation does with a new key: told by the secret's tags, whatever policy says. */
export type NativeCustody = Pick<Policy, 'vault' | 'healthCheck' | 'copies'>;

/** Where the custodian has written the new key of a native rotation, and what it had to pass. */
export function nativeCustodyIn(tags: Readonly<Record<string, string>>): NativeCustody {
  const { [secretTags.healthCheck]: healthCheck = null, [secretTags.copies]: copies = '' } = tags;
  return {
    vault: 'secrets-manager',
    healthCheck,
    copies: words(copies).map((region) => ({ kind: 'secrets-manager', region })),
  };
}

/** Before AWSCURRENT moves to a key: from then on readers of the place may have got it. */
export function tagOfIssue(
  tags: Readonly<Record<string, string>>,
  keyId: string,
): Readonly<Record<string, string>> {
  const { [secretTags.issued]: before = '' } = tags;
  return { [secretTags.issued]: latestThatFit([...words(before), keyId]) };
}

/** The keys that readers of the place may have got from Keyturn; undefined if no tag tells. */
export function issuedIn(tags: Readonly<Record<string, string>>): readonly string[] | undefined {
  const { [secretTags.issued]: issued } = tags;
  return issued === undefined ? undefined : words(issued);
}

/** The name from which the id of a native rotation is made. */
export function nativeRotationName(secretArn: string, token: string): string {
  return `${secretArn}/${token}`;
}

/** The tags that tell of a native rotation, before AWSCURRENT moves. */
export function tagsBeforeMove(
  issue: Pick<NativeIssue, 'versionId' | 'newKeyId' | 'oldKeyId'>,
  rotationId: string,
): Readonly<Record<string, string>> {
  return {
    [secretTags.rotation]: rotationId,
    [secretTags.version]: issue.versionId,
    [secretTags.newKey]: issue.newKeyId,
    [secretTags.oldKey]: issue.oldKeyId,
    [secretTags.currentSince]: pending,
    [secretTags.tests]: '',
  };
}

/** The tags that complete them once AWSCURRENT has moved. */
export function tagsAfterMove(
  issued: Pick<Issued, 'currentSince' | 'testRequestIds'>,
): Readonly<Record<string, string>> {
  return {
    [secretTags.currentSince]: issued.currentSince,
    [secretTags.tests]: latestThatFit(issued.testRequestIds),
    [secretTags.attempts]: '',
  };
}

/** What the tags say of the latest native rotation; undefined if they tell of none. */
export function nativeIssueIn(tags: Readonly<Record<string, string>>): NativeIssue | undefined {
  const {
    [secretTags.version]: versionId = '',
    [secretTags.newKey]: newKeyId = '',
    [secretTags.oldKey]: oldKeyId = '',
    [secretTags.currentSince]: since = '',
    [secretTags.tests]: tests = '',
  } = tags;
  const told = [newKeyId, oldKeyId].every((id) => /^AKIA[A-Z0-9]{12,28}$/.test(id));
  if (versionId === '' || !told || newKeyId === oldKeyId) return undefined;
  return {
    versionId,
    newKeyId,
    oldKeyId,
    currentSince: parseInstant(since) ?? null,
    testRequestIds: words(tests),
  };
}

/** The tokens in the tags under which keys may have been made that never became current. */
export function attemptsIn(tags: Readonly<Record<string, string>>): readonly string[] {
  return words(tags[secretTags.attempts] ?? '');
}

/** The Regions in the tags where the custodian has kept copies. */
export function copiedIn(tags: Readonly<Record<string, string>>): readonly string[] {
  return words(tags[secretTags.copied] ?? '');
}

/** The tag that says where copies are kept. */
export function tagOfCopies(regions: readonly string[]): Readonly<Record<string, string>> {
  return { [secretTags.copied]: regions.join(' ') };
}

/** The tags that tell of one more attempt, before it makes a key. */
export function tagsOfAttempt(
  attempted: readonly string[],
  token: string,
  oldKeyId: string,
): Readonly<Record<string, string>> {
  const tokens = [...attempted.filter((each) => each !== token), token];
  return { [secretTags.attempts]: latestThatFit(tokens), [secretTags.replacing]: oldKeyId };
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** The last of them that fit into one value. */
function latestThatFit(texts: readonly string[]): string {
  let rest = [...texts];
  while (rest.join(' ').length > longestValue) rest = rest.slice(1);
  return rest.join(' ');
}

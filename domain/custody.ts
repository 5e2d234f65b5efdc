/**
 * Custody of a new key: what the custodian is ordered, what it answers, and the roles that it needs
 * played. Types only, but for the names of the steps and of the labels.
 *
 * Every port throws Transient (trying again may help), Permanent (a person has to look first) or
 * Conflict (somebody else was first). Nothing that a port returns or throws shows a secret value:
 * values travel Sealed.
 */
import type { Instant } from './instant.ts';
import type { IamUser } from './key.ts';
import type { Sealed } from './sealed.ts';
import type { Reading } from './testimony.ts';

/** The four steps of Secrets Manager's rotation protocol, and Keyturn's own `undo`. */
export const custodySteps = [
  'createSecret',
  'setSecret',
  'testSecret',
  'finishSecret',
  'undo',
] as const;

export type CustodyStep = (typeof custodySteps)[number];

export const vaultKinds = ['secrets-manager', 'parameter-store'] as const;

/** What a vault is made of. */
export type VaultKind = (typeof vaultKinds)[number];

/** One attempt to replace one key. Every step of the attempt gets the same order. */
export interface IssueOrder {
  readonly secretName: string;
  /** The attempt's ClientRequestToken: version id in the vault, session name of the key maker. */
  readonly token: string;
  readonly rotationId: string;
  /** From 1. */
  readonly attempt: number;
  readonly userName: string;
  readonly userId: string;
  readonly oldKeyId: string;
  readonly vault: VaultKind;
  /** The function that must find the key healthy before it becomes current; null for none. */
  readonly healthCheck: string | null;
  /** Further places that get the key too, by their texts (further-place.ts). */
  readonly copies: readonly string[];
  readonly driver: Driver;
}

/** Who has the steps of an order run; a secret has one of them, by its tag. */
export type Driver =
  | { readonly by: 'keyturn' }
  | {
      readonly by: 'secrets-manager';
      readonly secretArn: string;
      /** The tokens under which keys may have been made that never became current. */
      readonly attempted: readonly string[];
    };

/** What Secrets Manager itself says when it rotates a secret: everything else is looked up. */
export interface NativeOrder {
  readonly secretArn: string;
  /** The ClientRequestToken, which names the new version. */
  readonly token: string;
}

/** How things stand after a step; null is what does not exist (yet). */
export interface Custody {
  readonly newKeyId: string | null;
  readonly secretArn: string | null;
  readonly secretVersionId: string | null;
  /** Not earlier than the moment at which the new key became AWSCURRENT. */
  readonly currentSince: Instant | null;
  /** Request ids of the test calls that this step made with the new key, failed ones included. */
  readonly testRequestIds: readonly string[];
  /** AWSCURRENT is the new key. */
  readonly issued: boolean;
  /** Further places, by their texts, that this step found or made to have the new key. */
  readonly writtenTo: readonly string[];
}

/** A whole access key. */
export interface KeyPair {
  readonly keyId: string;
  readonly secret: Sealed;
  readonly createdAt: Instant;
}

/** A key as the vault holds it, with whose it is and which rotation made it. */
export interface StoredKey extends KeyPair {
  readonly userName: string;
  readonly userId: string;
  readonly rotationId: string;
}

/** What a version holds. `foreign`: a value that Keyturn did not write, and does not look into. */
export type VaultContent =
  | { readonly kind: 'placeholder' }
  | { readonly kind: 'key'; readonly key: StoredKey }
  | { readonly kind: 'foreign' };

/** A secret without its values. */
export interface VaultSecret {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The labels of each version that has any. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** It is scheduled for deletion: nobody can read it. */
  readonly closing: boolean;
}

/** The version with AWSCURRENT. */
export function currentVersion({
  labels: byVersion,
}: Pick<VaultSecret, 'labels'>): string | undefined {
  return Object.keys(byVersion).find((id) => byVersion[id]?.includes(labels.current));
}

export interface NewSecret {
  readonly name: string;
  /** The version id of the placeholder. */
  readonly placeholderId: string;
  readonly userName: string;
  readonly tags: Readonly<Record<string, string>>;
}

export const labels = {
  current: 'AWSCURRENT',
  pending: 'AWSPENDING',
  previous: 'AWSPREVIOUS',
} as const;

/**
 * Where key values live. Versions are named by tokens and never change; labels move. Reads may be
 * stale by seconds, which whoever deletes something has to allow for.
 */
export interface Vault {
  /** undefined if there is no such secret. */
  describe(nameOrArn: string): Promise<VaultSecret | undefined>;
  /** The ARNs of secrets whose tag says that they are that user's, whatever their names. */
  placesOf(userId: string): Promise<readonly string[]>;
  /**
   * Makes the secret, with a placeholder as its first version: the first version ever put becomes
   * AWSCURRENT at once. If it exists already, nothing changes, whoever made it.
   */
  open(secret: NewSecret): Promise<void>;
  /** undefined if the version does not exist, or has no value. Labels do not matter. */
  read(arn: string, versionId: string): Promise<VaultContent | undefined>;
  /** The version that a reader gets as AWSCURRENT; undefined if there is none. */
  readCurrent(
    arn: string,
  ): Promise<{ readonly versionId: string; readonly content: VaultContent } | undefined>;
  /**
   * Stores a key as the version `token`, labelled AWSPENDING. The same again changes nothing;
   * another value under a used token throws Conflict.
   */
  putPending(arn: string, token: string, key: StoredKey): Promise<void>;
  /** Moves AWSCURRENT; throws Conflict if it was not on `from` any more. */
  moveCurrent(arn: string, move: { readonly from: string; readonly to: string }): Promise<void>;
  /** Takes AWSPENDING off that version; nothing changes if it is not there. */
  clearPending(arn: string, versionId: string): Promise<void>;
}

/**
 * A further place that has to know a new key, besides the vault. It changes over after the vault
 * has, when nothing undoes the key any more: whoever reads there never gets a key that goes. Every
 * call is safe to repeat, and throws as the vault does.
 */
export interface Writer {
  /** The text that names the place (further-place.ts). */
  readonly place: string;
  /** What people call it. */
  readonly what: string;
  /** setSecret: brings the key there, where nobody reads it yet. */
  put(key: StoredKey): Promise<void>;
  /**
   * finishSecret, once the vault shows the key as that version: whoever reads there gets it too
   * from now on, whether or not it was put.
   */
  bringUp(versionId: string, key: StoredKey): Promise<void>;
  /** undo: these attempts are no longer pending. */
  withdraw(tokens: readonly string[]): Promise<void>;
  /** Throws unless nobody gets that key by reading there, nor did. */
  requireUnread(keyId: string, versionId: string): Promise<void>;
}

/**
 * Secrets that a code host hands to the workflows of a repository, `owner/name`. They are written
 * and listed, and never read. Throws Permanent if the host refused, so that certainly nothing was
 * written by that call; Transient where that is not known, or trying again may help.
 */
export interface RepositorySecrets {
  /** Makes the secret, or replaces its value: the same again changes nothing. */
  write(repository: string, name: string, value: Sealed): Promise<void>;
  /** The names of all secrets that are there. */
  names(repository: string): Promise<readonly string[]>;
}

/** What a health check is asked. It says which key and where it is kept, and never its value. */
export interface HealthQuestion {
  readonly userName: string;
  readonly userId: string;
  readonly account: string;
  readonly newKeyId: string;
  readonly secretArn: string;
  readonly secretVersionId: string;
}

/** An operator's own test of a new key, before consumers get it. */
export interface HealthCheck {
  /**
   * Whether the function named said, in so many words, that the key is healthy: anything else, an
   * error, silence or another answer, is unhealthy. Bounded in time. Never throws.
   */
  ask(
    functionName: string,
    question: HealthQuestion,
  ): Promise<{ readonly healthy: true } | { readonly healthy: false; readonly why: string }>;
}

/**
 * `unknown`: no answer came, so that a key may have been made whose secret nobody will ever have.
 */
export type Making =
  | { readonly outcome: 'made'; readonly key: KeyPair }
  | { readonly outcome: 'unknown'; readonly problem: string };

/** The one role that may create keys. Each session of it is named after the attempt's token. */
export interface KeyMaker {
  /**
   * Creates one key for the user: a single attempt, since CreateAccessKey knows no idempotency
   * token. Throws only if certainly no key was made.
   */
  create(user: IamUser, token: string): Promise<Making>;
  /** Deletes a key of the user; a key that is not there (any more) is no error. */
  remove(user: IamUser, keyId: string, token: string): Promise<void>;
  /** The ARN under which CloudTrail shows what a token's session did. */
  sessionArn(token: string): string;
}

/** One call made with a key. */
export interface Trial {
  readonly requestId: string | null;
  readonly result:
    | {
        readonly worked: true;
        readonly arn: string;
        readonly userId: string;
        readonly account: string;
      }
    | { readonly worked: false; readonly problem: string };
}

export interface KeyTester {
  /**
   * One GetCallerIdentity signed with the key, marked with the token. Never throws for a refusal.
   */
  try(key: KeyPair, token: string): Promise<Trial>;
}

/** A key whose origin is asked for. */
export interface KeyInQuestion {
  readonly keyId: string;
  readonly createdAt: Instant;
}

/** Who created a key, as CloudTrail shows it. */
export interface KeyOrigins {
  /** The creator's ARN; null if the history, read to its end, does not show the creation (yet). */
  creatorOf(key: KeyInQuestion): Promise<Reading<string | null>>;
}

/**
 * One claim for each user: only who holds it may create a key. Throws Transient, or Permanent if
 * the claim cannot be understood.
 */
export interface Claims {
  /**
   * Takes the claim unless another holder has it. The same holder again: taken, with the first
   * moment kept.
   */
  take(user: Claimant, holder: string): Promise<Taking>;
  /** Gives the claim up; nothing changes unless that holder has it. */
  release(user: Claimant, holder: string): Promise<void>;
}

export type Claimant = Pick<IamUser, 'account' | 'userId'>;

export type Taking =
  | { readonly taken: true }
  | { readonly taken: false; readonly holder: string; readonly since: Instant };

/** Writes facts about a secret where the hub can read them without its values: ids only. */
export interface SecretTags {
  /** Other tags stay as they are. */
  tag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** Whom the custodian works with, and the numbers that it works by. */
import type {
  Claims,
  HealthCheck,
  KeyMaker,
  KeyOrigins,
  KeyTester,
  RepositorySecrets,
  SecretTags,
  Vault,
  VaultKind,
} from '../../domain/custody.ts';
import type { PlaceInAws } from '../../domain/further-place.ts';
import { millisOf } from '../../domain/instant.ts';
import type { Clock, Ids, Log, Place, Profiles, StopSwitch, Users } from '../../domain/ports.ts';
import type { LastUsedSource } from '../../domain/usage-sources.ts';

/** The custodian, before an order says which vault it is about. */
export interface Custodian extends Omit<CustodyDeps, 'vault' | 'otherVault' | 'tags'> {
  readonly vaults: Readonly<Record<VaultKind, Vault>>;
  readonly tagsIn: Readonly<Record<VaultKind, SecretTags>>;
}

/** Whether Secrets Manager may rotate the keys of users whom the hub would leave alone. */
export const nativePrivileges = ['refuse', 'rotate'] as const;

export type NativePrivilege = (typeof nativePrivileges)[number];

export interface CustodyDeps {
  readonly vault: Vault;
  /** The vault of the other kind, whose readers must not be left behind. */
  readonly otherVault: Vault;
  readonly tags: SecretTags;
  /** Read anew each time. */
  readonly stopSwitch: StopSwitch;
  readonly profiles: Profiles;
  readonly nativePrivilege: NativePrivilege;
  readonly claims: Claims;
  /** Secrets Manager or Parameter Store in a Region of the same account. */
  readonly copyIn: (place: PlaceInAws) => Vault;
  /** Secrets of repositories; null where the deployment has no token for them. */
  readonly repositories: RepositorySecrets | null;
  readonly healthCheck: HealthCheck;
  readonly maker: KeyMaker;
  readonly tester: KeyTester;
  readonly origins: KeyOrigins;
  readonly lastUsed: LastUsedSource;
  readonly users: Users;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'uuid'>;
  /** Where the custodian runs, and so whose keys it may touch. */
  readonly home: Place;
  readonly log: Log;
}

/**
 * Secrets Manager and IAM are eventually consistent: before a key is deleted this much time passes,
 * and what speaks for deleting is then read again.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html (read
 * 2026-11)
 */
export const settleMillis = millisOf({ seconds: 10 });

/**
 * Younger keys may belong to a step that still runs and has yet to store what it made: a function
 * runs 15 minutes at most. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const orphanAge = { minutes: 15 } as const;

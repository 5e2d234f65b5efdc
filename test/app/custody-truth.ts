/**
 * The account's truth around a custodian's steps: which keys there are, what readers get in every
 * place, and what must always hold of both.
 */
import { expect } from 'vitest';
import type { VaultKind } from '../../domain/custody.ts';
import { parsePlace } from '../../domain/further-place.ts';
import { millisBetween } from '../../domain/instant.ts';
import type { Cloud } from '../../sandbox/account/cloud.ts';
import type { GitHubStandIn } from '../../sandbox/github.ts';

export const account = '111122223333';
export const oldKeyId = 'AKIAIOSFODNN7EXAMPLE';
export const repository = 'acme/web';

export interface TruthScene {
  readonly cloud: Cloud;
  readonly region: string;
  readonly gitHub: GitHubStandIn;
}

/** Beside secrets in other Regions. */
const furtherPlaces = [
  'parameter-store:eu-west-1',
  'parameter-store:us-east-2',
  `github-actions:${repository}`,
];

/** The account as it is, and what must always hold of it. */
export function truthOf({ cloud, region, gitHub }: TruthScene, kind: VaultKind) {
  const all = () => cloud.truth(account).keys;
  const keys = () => all().filter((key) => key.deletedAt === null);
  const secret = (where = region) =>
    cloud.truth(account).secrets.find((each) => each.region === where);
  const { current, pending } = kind === 'secrets-manager' ? secrets(cloud) : parameters(cloud);
  const currentKeyId = (where = region): string | null =>
    keyIdIn(where === region ? current(region) : secrets(cloud).current(where));
  const labelled = (label: string, where = region): readonly string[] =>
    label === 'AWSPENDING' && where === region
      ? pending(region)
      : [...(secret(where)?.versions ?? [])]
          .filter(([, version]) => version.stages.has(label))
          .map(([id]) => id);
  const { keyIdAt, pendingAt, isPairOnGitHub } = placesOf({ cloud, gitHub }, () => current(region));
  const calls = (operation: string) => cloud.history.filter((each) => each.operation === operation);

  /** S5: the last tries before AWSCURRENT moved were four good ones over 30 s, and one more. */
  const checkVerified = (keyId: string): void => {
    const tries = calls('GetCallerIdentity').filter((each) => each.accessKeyId === keyId);
    const lastBad = tries.findLastIndex((each) => each.error !== undefined);
    const good = tries.slice(lastBad + 1);
    expect(good.length, `good tries of ${keyId}`).toBeGreaterThanOrEqual(5);
    const [first, last] = [good[0], good.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no tries');
    expect(millisBetween(first.at, last.at)).toBeGreaterThanOrEqual(30_000);
  };
  /**
   * S1, S4, S5, and that the old key is not touched. It is asked after every call: what is plainly
   * so is not put into an `expect`, which takes longer than the call.
   */
  const check = (): void => {
    if (keys().length > 2) expect(keys(), 'two keys at most').toHaveLength(2);
    const oldKey = all().find((key) => key.keyId === oldKeyId);
    if (oldKey === undefined || oldKey.changes.some(byKeyturn)) {
      expect(oldKey?.changes.filter(byKeyturn), 'Keyturn does not touch the old key').toEqual([]);
    }
    const places = [region, ...cloud.truth(account).secrets.map((each) => each.region)];
    for (const place of new Set(places)) checkReaders(currentKeyId(place));
    for (const place of furtherPlaces) checkReaders(keyIdAt(place));
  };
  const checkReaders = (current: string | null): void => {
    if (current === null || current === oldKeyId) return;
    const key = all().find(({ keyId }) => keyId === current);
    const struck = key?.changes.at(-1);
    if (struck !== undefined && !byKeyturn(struck)) return;
    if (key?.status !== 'Active' || key.deletedAt !== null) {
      expect(key, `AWSCURRENT is ${current}`).toMatchObject({ status: 'Active', deletedAt: null });
    }
    checkVerified(current);
  };
  return {
    ...{ keys, secret, labelled, currentKeyId, keyIdAt, pendingAt, isPairOnGitHub, check },
    created: () => calls('CreateAccessKey'),
  };
}

/** What readers of further places get, and what is pending; `current`: what the vault shows. */
function placesOf(
  { cloud, gitHub }: Pick<TruthScene, 'cloud' | 'gitHub'>,
  current: () => string | undefined,
) {
  const keyIdAt = (text: string): string | null => {
    const place = parsePlace(text);
    switch (place?.kind) {
      case 'secrets-manager':
        return keyIdIn(secrets(cloud).current(place.region));
      case 'parameter-store':
        return keyIdIn(parameters(cloud).current(place.region));
      default:
        return gitHub.valueOf(repository, 'AWS_ACCESS_KEY_ID') ?? null;
    }
  };
  const pendingAt = (text: string): readonly string[] => {
    const place = parsePlace(text);
    if (place?.kind === 'secrets-manager') return secrets(cloud).pending(place.region);
    return place?.kind === 'parameter-store' ? parameters(cloud).pending(place.region) : [];
  };
  /** Whether workflows get the very pair that readers of the vault get. */
  const isPairOnGitHub = (): boolean => {
    const id = gitHub.valueOf(repository, 'AWS_ACCESS_KEY_ID');
    const value = gitHub.valueOf(repository, 'AWS_SECRET_ACCESS_KEY');
    const pair = JSON.parse(current() ?? '{}') as Record<string, unknown>;
    return pair.accessKeyId === id && pair.secretAccessKey === value;
  };
  return { keyIdAt, pendingAt, isPairOnGitHub };
}

/** What consumers of Secrets Manager read in a Region, and which versions are pending. */
function secrets(cloud: Cloud) {
  const at = (region: string, label: string) => {
    const secret = cloud.truth(account).secrets.find((each) => each.region === region);
    const ids = [...(secret?.versions ?? [])]
      .filter(([, version]) => version.stages.has(label))
      .map(([id]) => id);
    return { arn: secret?.arn ?? '', ids };
  };
  return {
    current: (region: string) => {
      const { arn, ids } = at(region, 'AWSCURRENT');
      return cloud.secretValue(arn, ids[0] ?? '')?.text;
    },
    pending: (region: string): readonly string[] => at(region, 'AWSPENDING').ids,
  };
}

/** The same of Parameter Store. */
function parameters(cloud: Cloud) {
  return {
    current: (region: string) =>
      cloud
        .parameters(account, region)
        .find(({ name }) => name === '/keyturn/users/svc-billing')
        ?.versions.at(-1)?.value,
    pending: (region: string): readonly string[] =>
      cloud
        .parameters(account, region)
        .filter(({ name }) => name.startsWith('/keyturn/pending/'))
        .filter(({ versions }) => versions.at(-1)?.labels.has('withdrawn') === false)
        .map(({ name }) => name.split('/').at(-1) ?? ''),
  };
}

function keyIdIn(text: string | undefined): string | null {
  return /"accessKeyId":"(\w+)"/.exec(text ?? '')?.[1] ?? null;
}

function byKeyturn({ by }: { readonly by: string }): boolean {
  return by.includes(':assumed-role/keyturn-');
}

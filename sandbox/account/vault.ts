/**
 * The secrets of Secrets Manager as they are: versions, their labels, their values. Labels move
 * here and nowhere else, by the rules of
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 */
import type { Instant } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';

export const current = 'AWSCURRENT';
export const previous = 'AWSPREVIOUS';
export const pending = 'AWSPENDING';

export interface SecretValue {
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
}

export interface VersionRecord {
  readonly versionId: string;
  readonly createdAt: Instant;
  readonly stages: Set<string>;
}

/** A secret without its values. */
export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Instant;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly versions: Map<string, VersionRecord>;
  tags: Readonly<Record<string, string>>;
  changedAt: Instant;
}

export interface Vault {
  /** By name, or by the whole ARN, in one account and Region. */
  find(account: string, region: string, nameOrArn: string): SecretRecord | undefined;
  add(secret: Omit<SecretRecord, 'arn' | 'versions' | 'changedAt'>): SecretRecord;
  remove(account: string, region: string, nameOrArn: string): void;
  /** Of an account, in all Regions. */
  all(account: string): readonly SecretRecord[];
  /** Without a label yet, or (for a rotation to come) without a value. */
  addVersion(
    secret: SecretRecord,
    versionId: string,
    value: SecretValue | undefined,
    at: Instant,
  ): void;
  value(arn: string, versionId: string): SecretValue | undefined;
  /** Attaches a label to a version, taking it from the one that has it. */
  moveLabel(secret: SecretRecord, stage: string, versionId: string): void;
}

export function vault(ground: Ground): Vault {
  const places = new Map<string, Map<string, SecretRecord>>();
  const values = new Map<string, SecretValue>();
  const place = (account: string, region: string): Map<string, SecretRecord> => {
    const known = places.get(`${account}/${region}`);
    if (known !== undefined) return known;
    const empty = new Map<string, SecretRecord>();
    places.set(`${account}/${region}`, empty);
    return empty;
  };
  return {
    find: (account, region, nameOrArn) => place(account, region).get(nameOrArn),
    add: (secret) => {
      const { account, region, name } = secret;
      const suffix = ground.names.letters('secret suffix', 6);
      const home = `arn:${ground.partition}:secretsmanager:${region}:${account}`;
      const arn = `${home}:secret:${name}-${suffix}`;
      const record = { ...secret, arn, versions: new Map(), changedAt: secret.createdAt };
      place(account, region).set(name, record).set(arn, record);
      return record;
    },
    remove: (account, region, nameOrArn) => {
      const secrets = place(account, region);
      const secret = secrets.get(nameOrArn);
      if (secret === undefined) return;
      secrets.delete(secret.name);
      secrets.delete(secret.arn);
    },
    all: (account) =>
      [...places]
        .filter(([home]) => home.startsWith(`${account}/`))
        .flatMap(([, secrets]) => [...new Set(secrets.values())]),
    addVersion: (secret, versionId, value, at) => {
      const stages = secret.versions.get(versionId)?.stages ?? new Set<string>();
      secret.versions.set(versionId, { versionId, createdAt: at, stages });
      secret.changedAt = at;
      if (value !== undefined) values.set(`${secret.arn}/${versionId}`, value);
    },
    value: (arn, versionId) => values.get(`${arn}/${versionId}`),
    moveLabel: (secret, stage, versionId) => moveLabel(ground, secret, stage, versionId),
  };
}

export function holderOf(secret: SecretRecord, stage: string): VersionRecord | undefined {
  for (const version of secret.versions.values()) {
    if (version.stages.has(stage)) return version;
  }
  return undefined;
}

/** Moving AWSCURRENT labels the version that had it AWSPREVIOUS. */
function moveLabel(ground: Ground, secret: SecretRecord, stage: string, versionId: string): void {
  const holder = holderOf(secret, stage);
  if (holder?.versionId === versionId) return;
  holder?.stages.delete(stage);
  secret.versions.get(versionId)?.stages.add(stage);
  secret.changedAt = ground.clock.now();
  announce(ground, secret, stage, versionId);
  if (stage !== current) return;
  holderOf(secret, previous)?.stages.delete(previous);
  if (holder === undefined) return;
  holder.stages.add(previous);
}

/**
 * Of every label that moves, but for AWSPENDING and AWSPREVIOUS.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 * (2026-11)
 */
function announce(ground: Ground, secret: SecretRecord, stage: string, versionId: string): void {
  if (stage === pending || stage === previous) return;
  ground.emit({
    source: 'aws.secretsmanager',
    detailType: 'Secret Label Updated',
    account: secret.account,
    region: secret.region,
    resources: [secret.arn],
    detail: { name: secret.name, labelUpdated: stage, versionId },
  });
}

/**
 * The parameters of Systems Manager as they are: versions with their values, descriptions and
 * labels, and tags. Nothing here answers a call; ssm-parameters.ts does.
 */
import type { Instant } from '../../domain/instant.ts';

export type ParameterKind = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  readonly number: number;
  readonly value: string;
  readonly kind: ParameterKind;
  readonly description: string | undefined;
  readonly keyId: string | undefined;
  readonly at: Instant;
  /** The ARN of who wrote it. */
  readonly by: string;
  readonly labels: Set<string>;
}

export interface ParameterRecord {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Those that are kept, oldest first; never empty. */
  readonly versions: ParameterVersion[];
  tags: Readonly<Record<string, string>>;
}

export interface ParameterBook {
  find(account: string, region: string, name: string): ParameterRecord | undefined;
  add(parameter: ParameterRecord): void;
  remove(account: string, region: string, name: string): void;
  /** Of an account and Region, by name. */
  all(account: string, region: string): readonly ParameterRecord[];
}

export function parameterBook(): ParameterBook {
  const places = new Map<string, Map<string, ParameterRecord>>();
  const place = (account: string, region: string): Map<string, ParameterRecord> => {
    const known = places.get(`${account}/${region}`);
    if (known !== undefined) return known;
    const empty = new Map<string, ParameterRecord>();
    places.set(`${account}/${region}`, empty);
    return empty;
  };
  return {
    find: (account, region, name) => place(account, region).get(name),
    add: (parameter) => {
      place(parameter.account, parameter.region).set(parameter.name, parameter);
    },
    remove: (account, region, name) => {
      place(account, region).delete(name);
    },
    all: (account, region) =>
      [...place(account, region).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** The version that readers get who name none. */
export function latest(parameter: ParameterRecord): ParameterVersion {
  const version = parameter.versions.at(-1);
  if (version === undefined) throw new Error(`parameter ${parameter.name} has no version`);
  return version;
}

/**
 * Where the parts of one Security Hub finding say that it is: its own fields, its product's ARN,
 * its own ARN, its resources. They must agree; only the envelope may name another account or
 * Region, that of the administrator or of the Region to which findings are gathered.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/finding-aggregation.html (2026-11)
 */
import type { Partition } from '../domain/key.ts';
import { foreignTo } from './foreign.ts';
import { globalRegionOf } from './global-region.ts';

/** What one field says. */
export interface Told {
  readonly where: string;
  readonly value: string | undefined;
}

/** A sentence for each field that says something else than the first that says anything. */
export function disagreements(told: readonly Told[]): readonly string[] {
  const [first, ...rest] = told.filter(({ value }) => value !== undefined);
  if (first === undefined) return [];
  return rest
    .filter(({ value }) => value !== first.value)
    .map(
      ({ where, value }) =>
        `${first.where} is "${first.value}" but ${where} is "${value}": they must agree`,
    );
}

export interface HubArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The parts of an ARN of Security Hub: a product (without account) or a finding. */
export function parseHubArn(arn: string | undefined): HubArn | undefined {
  const [, partition, region, account] =
    /^arn:([a-z-]+):securityhub:([^:]*):([^:]*):/.exec(arn ?? '') ?? [];
  return partition === undefined || region === undefined || account === undefined
    ? undefined
    : { partition, region, account };
}

/** The account in an ARN of whatever service; undefined if there is none. */
export function accountInArn(arn: string | undefined): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1];
}

/**
 * What is wrong with the Region of a user as a resource. IAM is global: findings of every Region
 * show its users in their own Region, in the partition's home of IAM, or as `global`.
 */
export function userRegionProblems(
  where: string,
  region: string | undefined,
  { partition, home }: { readonly partition: Partition; readonly home: string | undefined },
): readonly string[] {
  if (region === undefined || home === undefined) return [];
  return [home, globalRegionOf(partition), 'global', 'aws-global'].includes(region)
    ? []
    : [`${where} is "${region}" but the finding is of "${home}": they must agree`];
}

/** Everything that places an ARN of Security Hub elsewhere than in the partition served. */
export function foreignArn(served: Partition, where: string, arn: string | undefined) {
  const [, partition] = /^arn:([^:]*):/.exec(arn ?? '') ?? [];
  return foreignTo(served, where, partition);
}

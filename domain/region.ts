/** Which partition a Region belongs to. */
import type { Partition } from './key.ts';

/**
 * Each prefix ends in a hyphen, so `us-isob-` is never read as `us-iso-`. They are those of the
 * partition metadata of
 * the AWS SDKs (`regionRegex`), https://github.com/aws/aws-sdk-js-v3 (read 2026-11-23).
 */
const prefixes: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The partition of a Region by its name; a Region with no special prefix is in `aws`. */
export function partitionOf(region: string): Partition {
  return prefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

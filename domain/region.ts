/** What a Region is called, and which partition it belongs to. */
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

/**
 * Why a text names no Region of that partition; undefined if it may. Whatever names a Region
 * becomes part of the address that credentials and key values are sent to, so nothing passes that
 * could be more than one label of that address.
 */
export function regionProblem(region: string, partition: Partition): string | undefined {
  if (!/^[a-z]{2,8}(?:-[a-z]{1,16}){1,3}-[0-9]{1,2}$/.test(region)) return 'is not a Region';
  const where = partitionOf(region);
  return where === partition ? undefined : `is in partition ${where}, not ${partition}`;
}

/** The partition of a Region by its name; a Region with no special prefix is in `aws`. */
export function partitionOf(region: string): Partition {
  return prefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

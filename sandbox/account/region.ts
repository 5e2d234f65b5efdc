/** Which Regions belong to a partition, and where its global services keep their records. */
import type { Partition } from '../../domain/key.ts';

const homes: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
  'aws-eusc': 'eusc-de-east-1',
};

const besideHome: Readonly<Partial<Record<Partition, readonly string[]>>> = {
  aws: ['us-east-2', 'eu-west-1', 'ap-south-1'],
  'aws-cn': ['cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1'],
};

const prefixes: readonly (readonly [string, Partition])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** Where IAM's CloudTrail events are. */
export function homeRegion(partition: Partition): string {
  return homes[partition];
}

/** The Regions in which an account may be used, unless set otherwise: a few, home included. */
export function regionsOf(partition: Partition): readonly string[] {
  return [homes[partition], ...(besideHome[partition] ?? [])];
}

export function partitionOf(region: string): Partition {
  return prefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/**
 * The Region in which a partition's global services (IAM, STS's global endpoint, sign-in) write
 * their CloudTrail events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
 * (read 2026-11)
 */
import type { Partition } from '../domain/key.ts';

const globalRegions: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
  'aws-eusc': 'eusc-de-east-1',
};

export function globalRegionOf(partition: Partition): string {
  return globalRegions[partition];
}

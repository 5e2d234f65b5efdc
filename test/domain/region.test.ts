/** Which partition a Region belongs to. */
import { expect, it } from 'vitest';
import { partitionOf } from '../../domain/region.ts';

it.each([
  ['us-east-1', 'aws'],
  ['eu-central-2', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eusc-de-east-1', 'aws-eusc'],
])('%s is in %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

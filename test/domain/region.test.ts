/** What a Region is called, and which partition it belongs to. */
import { expect, it } from 'vitest';
import { partitionOf, regionProblem } from '../../domain/region.ts';

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
] as const)('%s is in %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
  expect(regionProblem(region, partition)).toBeUndefined();
});

it.each([
  '',
  'none',
  'eu-west',
  'EU-WEST-1',
  'us-east-1.example.com',
  'example.com/#-us-east-1',
  'x@example.com:443/-a-1',
  'us-east-1\n',
  ' us-east-1',
  'us-east-1-',
  'us-east-１',
])('"%s" is not a Region', (text) => {
  expect(regionProblem(text, 'aws')).toBe('is not a Region');
});

it('a Region of another partition is none of this one', () => {
  expect(regionProblem('cn-north-1', 'aws')).toBe('is in partition aws-cn, not aws');
  expect(regionProblem('us-east-1', 'aws-us-gov')).toContain('is in partition aws,');
});

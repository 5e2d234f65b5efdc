/** ListRegions of the sandbox. */
import {
  AccountClient,
  ListRegionsCommand,
  type ListRegionsCommandInput,
} from '@aws-sdk/client-account';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { instant } from '../../../domain/instant.ts';
import type { Partition } from '../../../domain/key.ts';
import { createCloud } from '../../../sandbox/account/cloud.ts';
import { virtualClock } from '../../../sandbox/clock.ts';

const account = '111122223333';

function given(partition: Partition = 'aws', enabledRegions?: readonly string[]) {
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const cloud = createCloud({ clock, partition, seed: 'regions', enabledRegions });
  cloud.createRole(account, 'operator');
  const credentials = cloud.roleCredentials(account, 'operator', 'olivia');
  const region = { aws: 'us-east-1', 'aws-cn': 'cn-north-1' }[String(partition)] ?? 'us-gov-west-1';
  const client = connect(AccountClient, cloud.connection({ region, credentials }));
  const list = async (input: ListRegionsCommandInput = {}) => {
    const { Regions = [], NextToken } = await client.send(new ListRegionsCommand(input));
    return { names: Regions.map(({ RegionName }) => RegionName), NextToken };
  };
  return { cloud, credentials, list };
}

describe('ListRegions', () => {
  test.each([
    ['aws', ['us-east-1', 'us-east-2', 'eu-west-1', 'ap-south-1']],
    ['aws-cn', ['cn-north-1', 'cn-northwest-1']],
    ['aws-us-gov', ['us-gov-west-1', 'us-gov-east-1']],
  ] as const)('knows a few Regions of %s', async (partition, expected) => {
    expect((await given(partition).list()).names).toEqual(expected);
  });

  test('knows those that are set, in pages', async () => {
    const { list } = given('aws', ['us-east-1', 'us-west-1', 'us-west-2']);
    const first = await list({ MaxResults: 2 });
    expect(first.names).toEqual(['us-east-1', 'us-west-1']);
    const { names, NextToken } = await list({ MaxResults: 2, NextToken: first.NextToken });
    expect([names, NextToken]).toEqual([['us-west-2'], undefined]);
  });

  test('knows a Region that the account was called in, and by which status', async () => {
    const { cloud, credentials, list } = given('aws', ['us-east-1']);
    const call = { service: 'sts', operation: 'GetCallerIdentity', input: {}, credentials };
    await cloud.call({ ...call, region: 'me-south-1' });
    expect((await list()).names).toEqual(['us-east-1', 'me-south-1']);
    expect((await list({ RegionOptStatusContains: ['ENABLED'] })).names).toEqual(['me-south-1']);
  });

  test.each([
    [{ MaxResults: 51 }, 'ValidationException'],
    [{ NextToken: 'x' }, 'ValidationException'],
    [{ RegionOptStatusContains: [] }, 'ValidationException'],
    [{ AccountId: account }, 'NotModelled'],
  ])('refuses %j', async (input, name) => {
    await expect(given().list(input)).rejects.toMatchObject({ name });
  });
});

/** Security Hub V2: updates of OCSF findings, and their echo as events. */
import {
  BatchUpdateFindingsV2Command,
  type BatchUpdateFindingsV2Request,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import type { EventBridgeEvent } from '../../../sandbox/account/ground.ts';
import { account, type Given, given, otherAccount, refusal, region, start } from './given.ts';

const product = `arn:aws:securityhub:${region}::productv2/aws/securityhub`;
const finding = (uid: string) => ({
  metadata: { uid, product: { uid: product } },
  cloud: { account: { uid: account } },
  finding_info: { uid: `finding/${uid}` },
  status_id: 1,
  status: 'New',
});
const identifier = (uid: string) => ({
  CloudAccountUid: account,
  FindingInfoUid: `finding/${uid}`,
  MetadataProductUid: product,
});

function withFindings(...uids: string[]): Given {
  const world = given();
  for (const uid of uids) world.cloud.findingsV2.add(account, region, finding(uid));
  return world;
}

const update = (world: Given, input: BatchUpdateFindingsV2Request, where = region) =>
  connect(SecurityHubClient, { ...world.operator, region: where }).send(
    new BatchUpdateFindingsV2Command(input),
  );

describe('BatchUpdateFindingsV2', () => {
  test.each([
    ['metadata uids', { MetadataUids: ['a'] }, { MetadataUid: 'a' }],
    [
      'identifiers',
      { FindingIdentifiers: [identifier('a')] },
      { FindingIdentifier: identifier('a') },
    ],
  ])('writes status and comment by %s, and keeps the rest', async (_, which, names) => {
    const world = withFindings('a', 'b');
    const answer = await update(world, { ...which, StatusId: 2, Comment: 'key is replaced' });
    expect(answer.ProcessedFindings).toEqual([names]);
    expect(answer.UnprocessedFindings).toEqual([]);
    expect(world.cloud.findingsV2.list(account, region)).toEqual([
      { ...finding('a'), status_id: 2, status: 'In Progress', comment: 'key is replaced' },
      finding('b'),
    ]);
  });

  test('unknown findings come back unprocessed, with status 200', async () => {
    const world = withFindings('a');
    const foreign = { ...identifier('a'), CloudAccountUid: otherAccount };
    const FindingIdentifiers = [identifier('a'), identifier('z'), foreign];
    const answer = await update(world, { FindingIdentifiers, StatusId: 4 });
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.ProcessedFindings).toHaveLength(1);
    expect(answer.UnprocessedFindings).toEqual(
      [identifier('z'), foreign].map((FindingIdentifier) => ({
        FindingIdentifier,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: 'The finding does not exist.',
      })),
    );
    const elsewhere = await update(world, { MetadataUids: ['a'], StatusId: 4 }, 'eu-west-3');
    expect(elsewhere.UnprocessedFindings).toHaveLength(1);
  });

  test.each<[string, BatchUpdateFindingsV2Request]>([
    ['no finding', { FindingIdentifiers: [] }],
    ['neither list', { StatusId: 2 }],
    ['both lists', { MetadataUids: ['a'], FindingIdentifiers: [identifier('a')] }],
    ['101 findings', { MetadataUids: Array.from({ length: 101 }, (_, at) => `${at}`) }],
    [
      'an identifier without an account',
      {
        FindingIdentifiers: [{ ...identifier('a'), CloudAccountUid: '' }],
      },
    ],
    ['an empty comment', { MetadataUids: ['a'], Comment: '' }],
    ['a comment of 513', { MetadataUids: ['a'], Comment: 'x'.repeat(513) }],
    ['a status that is none', { MetadataUids: ['a'], StatusId: 7 }],
    ['a severity that is none', { MetadataUids: ['a'], SeverityId: 9 }],
  ])('refuses %s', async (_, input) => {
    const world = withFindings('a');
    expect(await refusal(update(world, input))).toBe('ValidationException 400');
    expect(world.cloud.findingsV2.list(account, region)).toEqual([finding('a')]);
  });

  test('announces every update, with the status that it set', async () => {
    const world = withFindings('a');
    const heard: EventBridgeEvent[] = [];
    world.cloud.onEvent((event) => {
      heard.push(event);
    });
    await update(world, { MetadataUids: ['a'], StatusId: 2 });
    await world.clock.runUntil(plus(start, { minutes: 1 }));
    expect(heard).toEqual([
      expect.objectContaining({
        source: 'aws.securityhub',
        'detail-type': 'Findings Imported V2',
        account,
        region,
        resources: ['a'],
        detail: { findings: [{ ...finding('a'), status_id: 2, status: 'In Progress' }] },
      }),
    ]);
  });
});

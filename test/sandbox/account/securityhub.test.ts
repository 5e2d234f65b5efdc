/** Security Hub: updates of findings, and their echo as events. */
import {
  BatchUpdateFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import type { EventBridgeEvent } from '../../../sandbox/account/ground.ts';
import { account, type Given, given, otherAccount, refusal, region, start } from './given.ts';

const ProductArn = `arn:aws:securityhub:${region}::product/aws/securityhub`;
const idOf = (number: number) =>
  `arn:aws:securityhub:${region}:${account}:security-control/IAM.3/finding/${number}`;

function withFindings(count: number): Given {
  const world = given();
  for (let number = 0; number < count; number++) {
    const Workflow = { Status: 'NEW' };
    const finding = { Id: idOf(number), ProductArn, Title: 'stale key', Workflow };
    world.cloud.findings.add(account, region, finding);
  }
  return world;
}

function update(world: Given, ids: string[], more: object = {}, where = region) {
  const hub = connect(SecurityHubClient, { ...world.operator, region: where });
  return hub.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: ids.map((Id) => ({ Id, ProductArn })),
      Workflow: { Status: 'NOTIFIED' },
      ...more,
    }),
  );
}

describe('BatchUpdateFindings', () => {
  test('writes workflow, note and fields, and keeps the rest', async () => {
    const world = withFindings(2);
    const answer = await update(world, [idOf(0)], {
      Note: { Text: 'key …WXYZ is replaced', UpdatedBy: 'keyturn' },
      UserDefinedFields: { 'keyturn:stage': 'overlapping' },
    });
    expect(answer.ProcessedFindings).toEqual([{ Id: idOf(0), ProductArn }]);
    expect(answer.UnprocessedFindings).toEqual([]);
    const [first, second] = world.cloud.findings.list(account, region);
    expect(first).toEqual({
      Id: idOf(0),
      ProductArn,
      Title: 'stale key',
      Workflow: { Status: 'NOTIFIED' },
      Note: { Text: 'key …WXYZ is replaced', UpdatedBy: 'keyturn', UpdatedAt: start },
      UserDefinedFields: { 'keyturn:stage': 'overlapping' },
    });
    expect(second?.Workflow).toEqual({ Status: 'NEW' });
  });

  test('unknown findings come back unprocessed, with status 200', async () => {
    const world = withFindings(1);
    const answer = await update(world, [idOf(0), idOf(7)]);
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.ProcessedFindings).toHaveLength(1);
    expect(answer.UnprocessedFindings).toEqual([
      {
        FindingIdentifier: { Id: idOf(7), ProductArn },
        ErrorCode: 'FindingNotFound',
        ErrorMessage: 'Finding Not Found',
      },
    ]);
    const hub = connect(SecurityHubClient, world.operator);
    const other = [{ Id: idOf(0), ProductArn: `${ProductArn}-2` }];
    const foreign = await hub.send(new BatchUpdateFindingsCommand({ FindingIdentifiers: other }));
    expect(foreign.UnprocessedFindings).toHaveLength(1);
    const elsewhere = await update(world, [idOf(0)], {}, 'us-east-1');
    expect(elsewhere.UnprocessedFindings).toHaveLength(1);
  });

  test.each([
    ['101 findings', Array.from({ length: 101 }, (_, number) => idOf(number)), {}],
    ['none', [], {}],
    ['a note of 513', [idOf(0)], { Note: { Text: 'x'.repeat(513), UpdatedBy: 'keyturn' } }],
    ['a note by nobody', [idOf(0)], { Note: { Text: 'x', UpdatedBy: '' } }],
    ['an odd status', [idOf(0)], { Workflow: { Status: 'DONE' } }],
    ['a long field', [idOf(0)], { UserDefinedFields: { reason: 'x'.repeat(1025) } }],
  ])('refuses %s', async (_what, ids, more) => {
    const world = withFindings(1);
    expect(await refusal(update(world, ids, more))).toBe('InvalidInputException 400');
    expect(world.cloud.findings.list(account, region)[0]?.Workflow).toEqual({ Status: 'NEW' });
  });

  test('each update comes back as an event', async () => {
    const world = withFindings(2);
    const heard: EventBridgeEvent[] = [];
    world.cloud.onEvent((event) => {
      heard.push(event);
    });
    await update(world, [idOf(0), idOf(1), idOf(7)]);
    expect(heard).toEqual([]);
    await world.clock.runUntil(plus(start, { seconds: 10 }));
    expect(heard).toHaveLength(2);
    expect(heard[0]).toMatchObject({
      'detail-type': 'Security Hub Findings - Imported',
      source: 'aws.securityhub',
      account,
      region,
      resources: [`${ProductArn}/${idOf(0)}`],
      detail: { findings: [{ Id: idOf(0), Workflow: { Status: 'NOTIFIED' } }] },
    });
  });
});

describe('findings', () => {
  test('GetFindings reads by id, of the own account and Region', async () => {
    const world = withFindings(3);
    world.cloud.findings.add(otherAccount, region, { Id: 'far', ProductArn });
    const hub = connect(SecurityHubClient, world.operator);
    const wanted = [idOf(1), 'far'].map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
    const one = await hub.send(new GetFindingsCommand({ Filters: { Id: wanted } }));
    expect(one.Findings?.map((finding) => finding.Id)).toEqual([idOf(1)]);
    const first = await hub.send(new GetFindingsCommand({ MaxResults: 2 }));
    const { NextToken } = first;
    const rest = await hub.send(new GetFindingsCommand({ MaxResults: 2, NextToken }));
    expect([first.Findings?.length, rest.Findings?.length]).toEqual([2, 1]);
    const Title = [{ Value: 'stale key', Comparison: 'EQUALS' as const }];
    const other = hub.send(new GetFindingsCommand({ Filters: { Title } }));
    expect(await refusal(other)).toBe('NotModelled 400');
  });

  test('a finding is announced on demand', async () => {
    const world = withFindings(1);
    const heard: EventBridgeEvent[] = [];
    world.cloud.onEvent((event) => {
      heard.push(event);
    });
    world.cloud.findings.announce(account, region, idOf(0), 0);
    await world.clock.step();
    expect(heard).toHaveLength(1);
    expect(() => world.cloud.findings.announce(account, region, 'none')).toThrow('no finding');
  });
});

/** The Automation operations as an SDK client meets them. */
import { describe, expect, it } from 'vitest';
import type { CallContext, Operation } from '../../../sandbox/account/service.ts';
import { ssmModel } from '../../../sandbox/account/ssm.ts';
import { documentOf, rig, startedAt, starter, stepsOnly } from '../runner/rig.ts';

const token = '2f1d8a52-3c64-4d7e-9b1a-6e0c5f7a8b90';

const text = stepsOnly(
  '- { name: Nap, action: aws:sleep, inputs: { Duration: PT1H } }',
  "parameters: { UserName: { type: String, allowedPattern: '^[a-z-]+$' } }",
);

function account() {
  const sandbox = rig();
  const model = ssmModel({
    runner: sandbox.runner,
    documents: new Map([
      ['Keyturn-DeleteKey', documentOf(text)],
      ['Keyturn-RestoreKey', documentOf(text)],
    ]),
  });
  const context: CallContext = {
    partition: 'aws',
    account: '111122223333',
    region: 'us-east-1',
    caller: {
      account: '111122223333',
      arn: starter,
      userId: 'AROAEXAMPLE:on-tick',
      accessKeyId: 'ASIAEXAMPLE',
    },
    now: startedAt,
    requestId: 'r1',
    userAgent: 'keyturn',
    sourceIp: '203.0.113.7',
  };
  // biome-ignore lint/suspicious/noExplicitAny: outputs are those of the SDK's commands
  const call = async (operation: string, input: unknown, where = {}): Promise<any> => {
    const run = model[operation] as Operation;
    return run(input, { ...context, ...where });
  };
  const order = (more = {}) => ({
    DocumentName: 'Keyturn-DeleteKey',
    Parameters: { UserName: ['svc-billing'] },
    ClientToken: token,
    ...more,
  });
  return { sandbox, call, order };
}

const named = (name: string) => expect.objectContaining({ name });

describe('StartAutomationExecution', () => {
  it('starts, and the same order under the same token starts nothing more', async () => {
    const { sandbox, call, order } = account();
    const first = await call('StartAutomationExecution', order());
    const again = await call(
      'StartAutomationExecution',
      order({ ClientToken: token.toUpperCase() }),
    );
    expect(again).toEqual(first);
    const all = await call('DescribeAutomationExecutions', {});
    expect(all.AutomationExecutionMetadataList).toHaveLength(1);
    await sandbox.drain();
    expect(await call('StartAutomationExecution', order())).toEqual(first);
  });

  it.each([
    [{ Parameters: { UserName: ['svc-other'] } }],
    [{ DocumentName: 'Keyturn-RestoreKey' }],
    [{ DocumentVersion: '1' }],
  ])('refuses another order under the same token: %j', async (more) => {
    const { call, order } = account();
    await call('StartAutomationExecution', order());
    await expect(call('StartAutomationExecution', order(more))).rejects.toEqual(
      named('IdempotentParameterMismatch'),
    );
  });

  it('a refused start does not use up its token', async () => {
    const { call, order } = account();
    const wrong = order({ Parameters: { UserName: ['SVC'] } });
    await expect(call('StartAutomationExecution', wrong)).rejects.toEqual(
      named('InvalidAutomationExecutionParametersException'),
    );
    await expect(call('StartAutomationExecution', order())).resolves.toBeDefined();
  });

  it('a token belongs to one account and Region', async () => {
    const { call, order } = account();
    const here = await call('StartAutomationExecution', order());
    const there = await call('StartAutomationExecution', order(), { region: 'eu-west-1' });
    expect(there).not.toEqual(here);
  });

  it.each([
    ['AutomationDefinitionNotFoundException', { DocumentName: 'Keyturn-Nothing' }],
    ['AutomationDefinitionVersionNotFoundException', { DocumentVersion: '2' }],
    ['ValidationException', { ClientToken: 'rotation-1' }],
    ['ValidationException', { DocumentName: undefined }],
    ['ValidationException', { Parameters: { UserName: [''] } }],
    ['ValidationException', { Parameters: { UserName: ['a'.repeat(513)] } }],
    ['ValidationException', { Parameters: { UserName: 'svc-billing' } }],
    ['ValidationException', { Targets: [] }],
    ['InvalidAutomationExecutionParametersException', { Parameters: {} }],
  ])('%s for %j', async (name, more) => {
    const { call, order } = account();
    await expect(call('StartAutomationExecution', order(more))).rejects.toEqual(named(name));
  });

  it('takes a document by ARN, default and latest version', async () => {
    const { call, order } = account();
    const arn = 'arn:aws:ssm:us-east-1:111122223333:document/Keyturn-DeleteKey';
    for (const DocumentVersion of ['$DEFAULT', '$LATEST', '1']) {
      const more = { DocumentName: arn, DocumentVersion, ClientToken: undefined };
      const { AutomationExecutionId } = await call('StartAutomationExecution', order(more));
      const got = await call('GetAutomationExecution', { AutomationExecutionId });
      expect(got.AutomationExecution).toMatchObject({
        DocumentName: 'Keyturn-DeleteKey',
        DocumentVersion: '1',
      });
    }
  });
});

describe('GetAutomationExecution', () => {
  it('shows the execution from its start to its end', async () => {
    const { sandbox, call, order } = account();
    const started = await call('StartAutomationExecution', order());
    const before = await call('GetAutomationExecution', started);
    expect(before.AutomationExecution).toMatchObject({
      ...started,
      DocumentName: 'Keyturn-DeleteKey',
      AutomationExecutionStatus: 'InProgress',
      Parameters: { UserName: ['svc-billing'] },
      ExecutedBy: starter,
      ExecutionStartTime: new Date(startedAt),
      CurrentStepName: 'Nap',
      StepExecutions: [{ StepName: 'Nap', StepStatus: 'InProgress' }],
    });
    await sandbox.drain();
    const after = await call('GetAutomationExecution', started);
    expect(after.AutomationExecution.AutomationExecutionStatus).toBe('Success');
    expect(after.AutomationExecution.StepExecutions[0]).toMatchObject({
      Action: 'aws:sleep',
      OnFailure: 'Abort',
      IsCritical: true,
      IsEnd: false,
      MaxAttempts: 1,
      Inputs: { Duration: '"PT1H"' },
      ResponseCode: '0',
      ExecutionEndTime: new Date('2026-11-02T04:20:21Z'),
    });
  });

  it.each([[{ region: 'eu-west-1' }], [{ account: '444455556666' }]])(
    'is not visible from %j',
    async (where) => {
      const { call, order } = account();
      const started = await call('StartAutomationExecution', order());
      for (const operation of ['GetAutomationExecution', 'StopAutomationExecution']) {
        await expect(call(operation, started, where)).rejects.toEqual(
          named('AutomationExecutionNotFoundException'),
        );
      }
    },
  );
});

describe('StopAutomationExecution', () => {
  it('cancels by default, once', async () => {
    const { sandbox, call, order } = account();
    const started = await call('StartAutomationExecution', order());
    await call('StopAutomationExecution', started);
    await expect(call('StopAutomationExecution', started)).rejects.toEqual(
      named('InvalidAutomationStatusUpdateException'),
    );
    await sandbox.drain();
    const { AutomationExecution } = await call('GetAutomationExecution', started);
    expect(AutomationExecution.AutomationExecutionStatus).toBe('Cancelled');
  });
});

describe('DescribeAutomationExecutions', () => {
  const setUp = async () => {
    const { sandbox, call, order } = account();
    const ids: string[] = [];
    for (const DocumentName of ['Keyturn-DeleteKey', 'Keyturn-RestoreKey', 'Keyturn-DeleteKey']) {
      const more = { DocumentName, ClientToken: undefined };
      const started = await call('StartAutomationExecution', order(more));
      ids.push(started.AutomationExecutionId);
      await sandbox.after(10);
    }
    const list = async (input: object): Promise<number[]> => {
      const found = await call('DescribeAutomationExecutions', input);
      return found.AutomationExecutionMetadataList.map((one: { AutomationExecutionId: string }) =>
        ids.indexOf(one.AutomationExecutionId),
      );
    };
    return { call, ids, list };
  };

  it('lists the latest first, filtered', async () => {
    const { call, ids, list } = await setUp();
    const by = (Key: string, ...Values: string[]) => list({ Filters: [{ Key, Values }] });
    expect(await list({})).toEqual([2, 1, 0]);
    expect(await by('DocumentNamePrefix', 'Keyturn-Del')).toEqual([2, 0]);
    expect(await by('ExecutionId', ids[1] ?? '')).toEqual([1]);
    expect(await by('StartTimeBefore', '2026-11-02T03:20:30Z')).toEqual([0]);
    expect(await by('StartTimeAfter', '2026-11-02T03:20:30Z')).toEqual([2]);
    await call('StopAutomationExecution', { AutomationExecutionId: ids[0] });
    expect(await by('ExecutionStatus', 'InProgress')).toEqual([2, 1]);
    expect(await by('ExecutionStatus', 'Cancelling', 'Success')).toEqual([0]);
  });

  it('in pages', async () => {
    const { call } = await setUp();
    const first = await call('DescribeAutomationExecutions', { MaxResults: 2 });
    expect(first.AutomationExecutionMetadataList).toHaveLength(2);
    const rest = { MaxResults: 2, NextToken: first.NextToken };
    const second = await call('DescribeAutomationExecutions', rest);
    expect(second.AutomationExecutionMetadataList).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
  });

  it.each([
    ['InvalidFilterKey', { Filters: [{ Key: 'TagKey', Values: ['x'] }] }],
    ['InvalidNextToken', { NextToken: 'x' }],
    ['ValidationException', { MaxResults: 51 }],
  ])('%s', async (name, input) => {
    const { call } = await setUp();
    await expect(call('DescribeAutomationExecutions', input)).rejects.toEqual(named(name));
  });
});

/** Starting and reading Automation runs, with all their statuses. */
import { AutomationExecutionStatus } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { ssmRunbooks } from '../../adapters/ssm-runbooks.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import type { RunbookOrder } from '../../domain/ports.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { user } from '../app/witnessed.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const place = { partition: 'aws', account: user.account, region: 'eu-west-1' } as const;
const executionId = '44444444-4444-4444-8444-444444444444';
const rotationId = '55555555-5555-4555-8555-555555555555';
const order: RunbookOrder = {
  runbook: 'restore-key',
  clientToken: '66666666-6666-4666-8666-666666666666',
  parameters: { RotationId: rotationId, UserName: user.userName },
};

function runbooks(answers: Answers) {
  const aws = cannedAws(answers);
  const names = { custodianFunction: 'keyturn-custodian', witnessFunction: 'keyturn-witness' };
  const setup = {
    launching: () => aws.connection,
    reading: () => aws.connection,
    documentPrefix: 'Keyturn',
    ...names,
  };
  return { aws, runbooks: ssmRunbooks(setup) };
}

describe('starting a runbook', () => {
  const started = { StartAutomationExecution: () => ({ AutomationExecutionId: executionId }) };

  it('names document, token, parameters and the function that it drives', async () => {
    const { runbooks: ssm, aws } = runbooks(started);
    expect(await ssm.start(place, order)).toBe(executionId);
    await ssm.start(place, { ...order, runbook: 'issue-replacement-key' });
    expect(aws.calls.map(({ input }) => input)).toEqual([
      {
        DocumentName: 'Keyturn-RestoreKey',
        ClientToken: order.clientToken,
        Mode: 'Auto',
        Parameters: {
          WitnessFunction: ['keyturn-witness'],
          RotationId: [rotationId],
          UserName: [user.userName],
        },
      },
      {
        DocumentName: 'Keyturn-IssueReplacementKey',
        ClientToken: order.clientToken,
        Mode: 'Auto',
        Parameters: {
          CustodianFunction: ['keyturn-custodian'],
          RotationId: [rotationId],
          UserName: [user.userName],
        },
      },
    ]);
  });

  it.each([
    ['a throttle', throttled(), Transient],
    ['too many runs', awsError('AutomationExecutionLimitExceededException', 'x', 429), Transient],
    ['a token used otherwise', awsError('IdempotentParameterMismatch', 'x'), Permanent],
    ['no such document', awsError('AutomationDefinitionNotFoundException', 'x'), Permanent],
  ])('throws on %s', async (_what, error, kind) => {
    const { runbooks: ssm } = runbooks({ StartAutomationExecution: () => Promise.reject(error) });
    await expect(ssm.start(place, order)).rejects.toThrow(kind);
  });

  it.each([
    ['empty', ''],
    ['longer than SSM takes', 'x'.repeat(513)],
  ])('refuses a parameter that is %s before any call', async (_what, UserName) => {
    const { runbooks: ssm, aws } = runbooks(started);
    const bad = { ...order, parameters: { UserName } };
    await expect(ssm.start(place, bad)).rejects.toThrow(/UserName/);
    expect(aws.calls).toEqual([]);
  });
});

const reading = async (execution: object) =>
  runbooks({ GetAutomationExecution: () => ({ AutomationExecution: execution }) }).runbooks.read(
    place,
    executionId,
  );
const restored = {
  DocumentName: 'Keyturn-RestoreKey',
  AutomationExecutionStatus: 'Success',
  Parameters: {
    WitnessFunction: ['keyturn-witness'],
    RotationId: [rotationId],
    EffectId: [`${rotationId}/7/0`],
  },
  Outputs: { 'verify.OldKeyStatus': ['Active'], 'verify.At': ['2026-11-10T12:00:00.000Z'] },
};

describe('reading a run', () => {
  it('tells whose it is and how it ended', async () => {
    expect(await reading(restored)).toEqual({
      executionId,
      rotationId,
      effectId: `${rotationId}/7/0`,
      parameters: { RotationId: rotationId, EffectId: `${rotationId}/7/0` },
      state: { ended: true, result: { status: 'restored', at: '2026-11-10T12:00:00.000Z' } },
    });
  });

  it('is undefined if there is no such run', async () => {
    const error = awsError('AutomationExecutionNotFoundException', 'x');
    const { runbooks: ssm } = runbooks({ GetAutomationExecution: () => Promise.reject(error) });
    expect(await ssm.read(place, executionId)).toBeUndefined();
  });

  it('throws when SSM cannot be asked or says nothing', async () => {
    const { runbooks: ssm } = runbooks({
      GetAutomationExecution: () => Promise.reject(throttled()),
    });
    await expect(ssm.read(place, executionId)).rejects.toThrow(Transient);
    const { runbooks: silent } = runbooks({ GetAutomationExecution: () => ({}) });
    await expect(silent.read(place, executionId)).rejects.toThrow(Permanent);
  });

  it("says that somebody else's document is none of ours", async () => {
    const report = await reading({ ...restored, DocumentName: 'AWS-StopEC2Instance' });
    const nothing = { rotationId: undefined, effectId: undefined, parameters: undefined };
    expect(report).toMatchObject(nothing);
    expect(report?.state).toMatchObject({ ended: true, result: { status: 'failed' } });
  });
});

describe('what no order of this deployment comes to is not shown as one', () => {
  it.each([
    ['another function', { WitnessFunction: ['evil'] }],
    ['two functions', { WitnessFunction: ['keyturn-witness', 'evil'] }],
    ['no function', { WitnessFunction: [] }],
    ['the function of another runbook', { CustodianFunction: ['keyturn-custodian'] }],
    ['a list of two', { UserName: ['a', 'b'] }],
    ['an empty list', { UserName: [] }],
  ])('%s', async (what, changes) => {
    const { WitnessFunction, ...others } = restored.Parameters;
    const own = what.startsWith('the function') ? {} : { WitnessFunction };
    const report = await reading({ ...restored, Parameters: { ...own, ...others, ...changes } });
    expect(report?.parameters).toBeUndefined();
    expect(report?.rotationId).toBe(rotationId);
  });
});

describe('the status of a run', () => {
  const ended = [
    'Success',
    'TimedOut',
    'Cancelled',
    'Failed',
    'Rejected',
    'ChangeCalendarOverrideRejected',
    'CompletedWithSuccess',
    'CompletedWithFailure',
    'Exited',
  ];

  it('is known for all 19 that AWS lists', async () => {
    const all = Object.values(AutomationExecutionStatus);
    expect(all).toHaveLength(19);
    for (const AutomationExecutionStatus of all) {
      const report = await reading({ ...restored, AutomationExecutionStatus });
      expect([AutomationExecutionStatus, report?.state.ended]).toEqual([
        AutomationExecutionStatus,
        ended.includes(AutomationExecutionStatus),
      ]);
      if (report?.state.ended === true) {
        const good = ['Success', 'CompletedWithSuccess'].includes(AutomationExecutionStatus);
        expect(report.state.result.status).toBe(good ? 'restored' : 'failed');
      }
    }
  });

  it('that nobody knows is still going until SSM shows an end, and then no success', async () => {
    const unknown = { ...restored, AutomationExecutionStatus: 'Paused' };
    expect((await reading(unknown))?.state).toEqual({ ended: false });
    const over = await reading({ ...unknown, ExecutionEndTime: new Date() });
    expect(over?.state).toMatchObject({ ended: true, result: { status: 'failed' } });
  });
});

describe('finding the runs of an order', () => {
  const order = { runbook: 'restore-key', effectId: `${rotationId}/7/0` } as const;
  const since = instant('2026-11-10T12:00:00.000Z');

  it('reads every page, and each run, to know whose it is', async () => {
    const asked: unknown[] = [];
    const others = { ...restored, Parameters: { ...restored.Parameters, EffectId: ['x/1/0'] } };
    const { runbooks: ssm } = runbooks({
      DescribeAutomationExecutions: (input) => {
        asked.push(input);
        return input.NextToken === undefined
          ? {
              AutomationExecutionMetadataList: [{ AutomationExecutionId: 'other' }],
              NextToken: '1',
            }
          : { AutomationExecutionMetadataList: [{ AutomationExecutionId: executionId }] };
      },
      GetAutomationExecution: ({ AutomationExecutionId: id }) => ({
        AutomationExecution: id === executionId ? restored : others,
      }),
    });
    const found = await ssm.find(place, { ...order, since });
    expect(found.map((run) => run.executionId)).toEqual([executionId]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({
      Filters: [
        { Key: 'DocumentNamePrefix', Values: ['Keyturn-RestoreKey'] },
        { Key: 'StartTimeAfter', Values: ['2026-11-10T11:55:00.000Z'] },
      ],
    });
  });

  it('throws when the list cannot be read: not found would mean never started', async () => {
    const { runbooks: ssm } = runbooks({
      DescribeAutomationExecutions: () => Promise.reject(throttled()),
    });
    await expect(ssm.find(place, { ...order, since })).rejects.toThrow(Transient);
  });
});

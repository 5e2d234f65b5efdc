/** The events that tell EventBridge how steps and executions ended. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../../domain/instant.ts';
import { usLocaleTime } from '../../../sandbox/runner/status-event.ts';
import { rig, starter, stepsOnly } from './rig.ts';

describe('status events', () => {
  it('have the documented shape', async () => {
    const sandbox = rig();
    const text = stepsOnly('- { name: Nap, action: aws:sleep, inputs: { Duration: PT39.5S } }');
    const execution = await sandbox.run(text);
    const id = execution.AutomationExecutionId;
    const envelope = {
      version: '0',
      source: 'aws.ssm',
      account: '111122223333',
      time: '2026-11-02T03:21:00Z',
      region: 'us-east-1',
      resources: [
        `arn:aws:ssm:us-east-1:111122223333:automation-execution/${id}`,
        'arn:aws:ssm:us-east-1:111122223333:automation-definition/Keyturn-Trial:1',
      ],
    };
    const detail = {
      ExecutionId: id,
      Definition: 'Keyturn-Trial',
      DefinitionVersion: 1,
      Status: 'Success',
      StartTime: 'Nov 2, 2026 3:20:20 AM',
      EndTime: 'Nov 2, 2026 3:21:00 AM',
      Time: 40_500,
    };
    expect(sandbox.events).toEqual([
      {
        ...envelope,
        id: expect.any(String),
        'detail-type': 'EC2 Automation Step Status-change Notification',
        detail: { ...detail, StepName: 'Nap', Action: 'aws:sleep' },
      },
      {
        ...envelope,
        id: expect.any(String),
        'detail-type': 'EC2 Automation Execution Status-change Notification',
        detail: { ...detail, ExecutedBy: starter },
      },
    ]);
    expect(sandbox.events[0]?.id).not.toBe(sandbox.events[1]?.id);
  });

  it.each([
    ['2026-11-02T00:00:05Z', 'Nov 2, 2026 12:00:05 AM'],
    ['2026-12-31T12:30:00Z', 'Dec 31, 2026 12:30:00 PM'],
    ['2026-01-09T23:59:59Z', 'Jan 9, 2026 11:59:59 PM'],
  ])('%s reads %s', (moment, words) => {
    expect(usLocaleTime(instant(moment))).toBe(words);
  });
});

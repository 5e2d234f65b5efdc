/** Cancelling, completing and timing out from outside; the queue. */
import { describe, expect, it } from 'vitest';
import { plus } from '../../../domain/instant.ts';
import { documentOf, place, rig, startedAt, starter, statuses, stepsOnly } from './rig.ts';

const napping = (more = '') => `
- name: Before
  action: aws:sleep
  inputs: { Duration: PT1S }
- name: Nap
  action: aws:sleep
${more.replace(/^(?=.)/gm, '  ')}
  inputs: { Duration: PT1H }
- name: After
  action: aws:sleep
  inputs: { Duration: PT1S }
`;

const cleanup = `
- name: Clean
  action: aws:sleep
  inputs: { Duration: PT10S }
  isEnd: true
`;

/** An onCancel may not lead to an aws:sleep, so what it leads to waits for a property. */
const undoing = `
- name: Undo
  action: aws:waitForAwsResourceProperty
  timeoutSeconds: 36000
  inputs:
    Service: iam
    Api: GetUser
    PropertySelector: $.User.Path
    DesiredValues: [/undone/]
  isEnd: true
`;

function undoneAfter(sandbox: ReturnType<typeof rig>, seconds: number): void {
  const until = plus(startedAt, { seconds });
  sandbox.answer('GetUser', () => ({
    User: { Path: sandbox.clock.now() < until ? '/' : '/undone/' },
  }));
}

describe('cancel', () => {
  it('ends the step and the whole Cancelled, and the sleep is over', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping()));
    await sandbox.after(60);
    expect(sandbox.runner.stop(id, 'Cancel')).toBe(true);
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Cancelling');
    expect(statuses(sandbox.read(id))).toBe('Before=Success Nap=Cancelling After=Pending');
    await sandbox.after(5);
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Cancelled');
    expect(statuses(sandbox.read(id))).toBe('Before=Success Nap=Cancelled After=Pending');
    await sandbox.drain();
    expect(statuses(sandbox.read(id))).toBe('Before=Success Nap=Cancelled After=Pending');
  });

  it('is called Canceled in the events', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping()));
    await sandbox.after(60);
    sandbox.runner.stop(id, 'Cancel');
    await sandbox.drain();
    const told = sandbox.events.map((event) => [event.detail.StepName, event.detail.Status]);
    expect(told).toEqual([
      ['Before', 'Success'],
      ['Nap', 'Canceled'],
      [undefined, 'Canceled'],
    ]);
  });

  it('carries out onCancel and still ends Cancelled', async () => {
    const sandbox = rig();
    undoneAfter(sandbox, 75);
    const id = sandbox.start(stepsOnly(napping('onCancel: step:Undo') + undoing));
    await sandbox.after(60);
    sandbox.runner.stop(id, 'Cancel');
    await sandbox.after(5);
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Cancelling');
    expect(sandbox.runner.stop(id, 'Cancel')).toBe(false);
    await sandbox.drain();
    const execution = sandbox.read(id);
    expect(statuses(execution)).toBe('Before=Success Nap=Cancelled After=Pending Undo=Success');
    expect(execution.AutomationExecutionStatus).toBe('Cancelled');
  });

  it('the interrupted sleep does not end a second time, hours into the onCancel', async () => {
    const sandbox = rig();
    undoneAfter(sandbox, 5 * 3600);
    const id = sandbox.start(stepsOnly(napping('onCancel: step:Undo') + undoing));
    await sandbox.after(60);
    sandbox.runner.stop(id, 'Cancel');
    await sandbox.after(2 * 3600);
    expect(statuses(sandbox.read(id))).toContain('Nap=Cancelled After=Pending Undo=InProgress');
    await sandbox.drain();
    expect(statuses(sandbox.read(id))).toContain('Nap=Cancelled After=Pending Undo=Success');
    expect(sandbox.events).toHaveLength(4);
  });

  it('lets the action under way finish first', async () => {
    const sandbox = rig();
    sandbox.place('custodian', () => {
      sandbox.runner.stop(id, 'Cancel');
      return { statusCode: 200, payload: {} };
    });
    const id = sandbox.start(
      stepsOnly(`
- { name: Issue, action: aws:invokeLambdaFunction, inputs: { FunctionName: custodian } }
- { name: Next, action: aws:sleep, inputs: { Duration: PT1S } }`),
    );
    await sandbox.drain();
    expect(statuses(sandbox.read(id))).toBe('Issue=Success Next=Pending');
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Cancelled');
  });

  it('does nothing to what has ended', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping()));
    await sandbox.drain();
    expect(sandbox.runner.stop(id, 'Cancel')).toBe(false);
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Success');
    expect(sandbox.runner.stop('unknown', 'Cancel')).toBe(false);
  });
});

describe('complete', () => {
  it('finishes the current step and no other, onCancel neither', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping('onCancel: step:Undo') + undoing));
    await sandbox.after(60);
    expect(sandbox.runner.stop(id, 'Complete')).toBe(true);
    await sandbox.drain();
    expect(statuses(sandbox.read(id))).toBe(
      'Before=Success Nap=Success After=Pending Undo=Pending',
    );
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Success');
  });
});

describe('a time-out from outside', () => {
  it('ends the attempt, and the step follows its onFailure', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping('onFailure: step:Clean') + cleanup));
    await sandbox.after(60);
    expect(sandbox.runner.timeOut(id)).toBe(true);
    await sandbox.drain();
    expect(statuses(sandbox.read(id))).toBe(
      'Before=Success Nap=TimedOut After=Pending Clean=Success',
    );
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('TimedOut');
  });

  it('uses up one attempt only', async () => {
    const sandbox = rig();
    const id = sandbox.start(stepsOnly(napping('maxAttempts: 2')));
    await sandbox.after(60);
    sandbox.runner.timeOut(id);
    await sandbox.drain();
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Success');
  });
});

describe('the queue', () => {
  it('holds 1,000 behind the 100 that run, for each account and Region', async () => {
    const sandbox = rig();
    const document = documentOf(stepsOnly(napping()));
    const start = (region: string) =>
      sandbox.runner.start(document, {
        parameters: {},
        where: { ...place, region },
        executedBy: starter,
        documentName: 'Keyturn-Trial',
        documentVersion: '1',
      });
    const ids = Array.from({ length: 1100 }, () => start('us-east-1'));
    const statusOf = (id: string | undefined) => sandbox.read(id ?? '').AutomationExecutionStatus;
    expect(statusOf(ids[99])).toBe('InProgress');
    expect(statusOf(ids[100])).toBe('Pending');
    expect(() => start('us-east-1')).toThrow(
      expect.objectContaining({ name: 'AutomationExecutionLimitExceededException' }),
    );
    expect(statusOf(start('eu-west-1'))).toBe('InProgress');

    sandbox.runner.stop(ids[0] ?? '', 'Cancel');
    await sandbox.after(10);
    expect(statusOf(ids[100])).toBe('InProgress');
    expect(statusOf(ids[101])).toBe('Pending');

    sandbox.runner.stop(ids[101] ?? '', 'Cancel');
    expect(statusOf(ids[101])).toBe('Cancelled');
    await sandbox.drain();
    expect(new Set(ids.map(statusOf))).toEqual(new Set(['Cancelled', 'Success']));
    expect(statusOf(ids[1099])).toBe('Success');

    const later = Array.from({ length: 101 }, () => start('us-east-1'));
    expect(statusOf(later[99])).toBe('InProgress');
    expect(statusOf(later[100])).toBe('Pending');
  });
});

/** Which step follows which, and how the whole ends. */
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../sandbox/account/service.ts';
import { rig, startedAt, statuses, stepOf, stepsOnly } from './rig.ts';

const act = (name: string, more = '') =>
  `- name: ${name}
  action: aws:executeAwsApi
${more.replace(/^(?=.)/gm, '  ')}
  inputs: { Service: iam, Api: ${name} }
`;

/** A world in which the named operations fail. */
function world(...failing: string[]) {
  const sandbox = rig();
  for (const operation of ['First', 'Second', 'Third', 'Undo']) {
    sandbox.answer(operation, () => {
      if (failing.includes(operation)) throw awsError('NoSuchEntityException', 'no such key', 404);
      return {};
    });
  }
  return sandbox;
}

describe('steps in order', () => {
  it('follow each other as they are written, a second or so each', async () => {
    const execution = await world().run(stepsOnly(act('First') + act('Second')));
    expect(statuses(execution)).toBe('First=Success Second=Success');
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(execution.ExecutionStartTime).toEqual(new Date(startedAt));
    expect(execution.ExecutionEndTime).toEqual(new Date('2026-11-02T03:20:22Z'));
    expect(execution.FailureMessage).toBeUndefined();
  });

  it('nothing happens inside the caller', () => {
    const sandbox = world();
    const id = sandbox.start(stepsOnly(act('First')));
    expect(sandbox.calls).toEqual([]);
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('InProgress');
    expect(sandbox.read(id).CurrentStepName).toBe('First');
    expect(sandbox.read(id).ExecutionEndTime).toBeUndefined();
  });

  it('nextStep jumps, and what was jumped over stays Pending', async () => {
    const text = stepsOnly(act('First', 'nextStep: Third') + act('Second') + act('Third'));
    const execution = await world().run(text);
    expect(statuses(execution)).toBe('First=Success Second=Pending Third=Success');
    expect(stepOf(execution, 'Second').ExecutionStartTime).toBeUndefined();
  });

  it('isEnd ends after a success', async () => {
    const execution = await world().run(stepsOnly(act('First', 'isEnd: true') + act('Second')));
    expect(statuses(execution)).toBe('First=Success Second=Pending');
    expect(execution.AutomationExecutionStatus).toBe('Success');
  });
});

/** What it does; its properties; the statuses of the steps; that of the whole. */
const failures: [string, string, string, string][] = [
  ['aborts by default', '', 'First=Failed Second=Pending Third=Pending', 'Failed'],
  ['aborts', 'onFailure: Abort', 'First=Failed Second=Pending Third=Pending', 'Failed'],
  [
    'aborts even when it is not critical',
    'onFailure: Abort\nisCritical: false',
    'First=Failed Second=Pending Third=Pending',
    'Failed',
  ],
  [
    'continues, and is then not critical',
    'onFailure: Continue',
    'First=Failed Second=Success Third=Success',
    'Success',
  ],
  [
    'continues although critical: the whole has Failed',
    'onFailure: Continue\nisCritical: true',
    'First=Failed Second=Success Third=Success',
    'Failed',
  ],
  [
    'continues to its nextStep',
    'onFailure: Continue\nnextStep: Third',
    'First=Failed Second=Pending Third=Success',
    'Success',
  ],
  [
    'goes to a step: the whole has Failed',
    'onFailure: step:Third',
    'First=Failed Second=Pending Third=Success',
    'Failed',
  ],
  [
    'goes to a step and is not critical',
    'onFailure: step:Third\nisCritical: false',
    'First=Failed Second=Pending Third=Success',
    'Success',
  ],
  [
    'ends with isEnd',
    'onFailure: Continue\nisEnd: true',
    'First=Failed Second=Pending Third=Pending',
    'Success',
  ],
  [
    'ends with isEnd and does not go to the step',
    'onFailure: step:Third\nisEnd: true',
    'First=Failed Second=Pending Third=Pending',
    'Failed',
  ],
];

describe('a failed step', () => {
  it.each(failures)('%s', async (_what, properties, steps, status) => {
    const text = stepsOnly(act('First', properties) + act('Second') + act('Third'));
    const execution = await world('First').run(text);
    expect(statuses(execution)).toBe(steps);
    expect(execution.AutomationExecutionStatus).toBe(status);
  });

  it('says which call failed and why, in the step and in the execution', async () => {
    const execution = await world('First').run(stepsOnly(act('First')));
    const message =
      'Step fails when it is Execute/Cancelling action. An error occurred ' +
      '(NoSuchEntityException) when calling the First operation: no such key. Please refer to ' +
      'Automation Service Troubleshooting Guide for more diagnosis details.';
    expect(stepOf(execution, 'First').FailureMessage).toBe(message);
    expect(stepOf(execution, 'First').FailureDetails).toEqual({
      FailureStage: 'Invocation',
      FailureType: 'Action',
    });
    expect(execution.FailureMessage).toBe(message);
  });

  it('whose undo succeeds still fails the whole, with the message of the first', async () => {
    const text = stepsOnly(
      act('First', 'onFailure: step:Undo\nisEnd: false') +
        act('Second', 'isEnd: true') +
        act('Undo', 'isEnd: true'),
    );
    const execution = await world('First').run(text);
    expect(statuses(execution)).toBe('First=Failed Second=Pending Undo=Success');
    expect(execution.AutomationExecutionStatus).toBe('Failed');
    expect(execution.FailureMessage).toContain('calling the First operation');
  });

  it('whose undo fails too keeps the first message', async () => {
    const text = stepsOnly(act('First', 'onFailure: step:Undo') + act('Undo'));
    const execution = await world('First', 'Undo').run(text);
    expect(statuses(execution)).toBe('First=Failed Undo=Failed');
    expect(execution.FailureMessage).toContain('calling the First operation');
  });

  it('says that permission was missing', async () => {
    const sandbox = rig();
    sandbox.answer('First', () => {
      throw awsError('AccessDenied', 'not authorized', 403);
    });
    const execution = await sandbox.run(stepsOnly(act('First')));
    expect(stepOf(execution, 'First').FailureDetails?.FailureType).toBe('Permission');
  });
});

describe('maxAttempts', () => {
  it('tries again until it works', async () => {
    const sandbox = rig();
    let tries = 0;
    sandbox.answer('First', () => {
      tries += 1;
      if (tries < 3) throw awsError('ThrottlingException', 'slow down', 429);
      return {};
    });
    const execution = await sandbox.run(stepsOnly(act('First', 'maxAttempts: 3')));
    expect(tries).toBe(3);
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(stepOf(execution, 'First').FailureMessage).toBeUndefined();
    expect(sandbox.events.map((event) => event.detail.Status)).toEqual(['Success', 'Success']);
  });

  it('fails once all attempts are used up, not later', async () => {
    const sandbox = world('First');
    const execution = await sandbox.run(stepsOnly(act('First', 'maxAttempts: 2')));
    expect(sandbox.calls).toHaveLength(2);
    expect(execution.AutomationExecutionStatus).toBe('Failed');
  });
});

describe('time', () => {
  const lambda = (more = '') => `- name: Ask
  action: aws:invokeLambdaFunction
${more.replace(/^(?=.)/gm, '  ')}
  inputs: { FunctionName: witness }
`;

  it('an action longer than timeoutSeconds has timed out, and so has the whole', async () => {
    const sandbox = rig();
    sandbox.place('witness', async () => {
      await sandbox.clock.sleep(31_000);
      return { statusCode: 200, payload: {} };
    });
    const execution = await sandbox.run(stepsOnly(lambda('timeoutSeconds: 30')));
    expect(statuses(execution)).toBe('Ask=TimedOut');
    expect(execution.AutomationExecutionStatus).toBe('TimedOut');
    expect(stepOf(execution, 'Ask').TimeoutSeconds).toBe(30);
  });

  it('an action that takes just timeoutSeconds is in time', async () => {
    const sandbox = rig();
    sandbox.place('witness', async () => {
      await sandbox.clock.sleep(30_000);
      return { statusCode: 200, payload: {} };
    });
    const execution = await sandbox.run(stepsOnly(lambda('timeoutSeconds: 30')));
    expect(execution.AutomationExecutionStatus).toBe('Success');
  });

  it('a timeout is tried again and follows onFailure', async () => {
    const sandbox = rig();
    sandbox.answer('Undo', () => ({}));
    sandbox.place('witness', async () => {
      await sandbox.clock.sleep(31_000);
      return { statusCode: 200, payload: {} };
    });
    const properties =
      'timeoutSeconds: 30\nmaxAttempts: 2\nonFailure: step:Undo\nisCritical: false';
    const execution = await sandbox.run(stepsOnly(lambda(properties) + act('Undo')));
    expect(sandbox.invocations).toHaveLength(2);
    expect(statuses(execution)).toBe('Ask=TimedOut Undo=Success');
    expect(execution.AutomationExecutionStatus).toBe('Success');
  });

  it('a function has 300 seconds, whatever timeoutSeconds says', async () => {
    const sandbox = rig();
    sandbox.place('witness', async () => {
      await sandbox.clock.sleep(301_000);
      return { statusCode: 200, payload: {} };
    });
    const execution = await sandbox.run(stepsOnly(lambda('timeoutSeconds: 900')));
    expect(execution.AutomationExecutionStatus).toBe('TimedOut');
  });

  it('an API call has 25 seconds', async () => {
    const sandbox = rig();
    sandbox.answer('First', async () => {
      await sandbox.clock.sleep(26_000);
      return {};
    });
    const execution = await sandbox.run(stepsOnly(act('First')));
    expect(execution.AutomationExecutionStatus).toBe('TimedOut');
  });

  it('time that somebody else let pass does not count', async () => {
    const sandbox = world();
    const id = sandbox.start(stepsOnly(act('First', 'timeoutSeconds: 5')));
    await sandbox.clock.sleep(600_000);
    await sandbox.drain();
    expect(sandbox.read(id).AutomationExecutionStatus).toBe('Success');
  });
});

describe('a broken promise of the sandbox', () => {
  it('stops everything instead of failing a step', async () => {
    const { Bug } = await import('../../../domain/errors.ts');
    const sandbox = rig();
    sandbox.answer('First', () => {
      throw new Bug('not modelled');
    });
    sandbox.start(stepsOnly(act('First')));
    await expect(sandbox.drain()).rejects.toThrow('not modelled');
  });
});

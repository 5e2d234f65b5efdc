/** deactivate-key on the runner: as written, disturbed, and with steps taken out. */
import { describe, expect, it } from 'vitest';
import { accountWith, execute, rotationId, sourceOf, without } from './account.ts';

describe('deactivate-key', () => {
  it('asks the witness, switches the key off and verifies it', async () => {
    const account = accountWith();
    const { report, result } = await execute('deactivate-key', account);
    expect(account.happened).toEqual([
      'deactivate',
      'UpdateAccessKey Inactive',
      'confirm Inactive',
    ]);
    expect(account.key).toBe('Inactive');
    expect(result).toMatchObject({ status: 'deactivated', at: expect.stringMatching(/^2026-/) });
    expect(report).toMatchObject({ rotationId, effectId: `${rotationId}/7/0` });
  });

  it.each(['in use', 'unknown'])('changes nothing when the witness says %s', async (verdict) => {
    const account = accountWith({ verdict });
    const { result } = await execute('deactivate-key', account);
    expect(account.happened).toEqual(['deactivate']);
    expect(result).toEqual({ status: 'refused', problem: `it is ${verdict}` });
  });

  it.each(['', 'SAFE', 'unsafe', 'not safe'])(
    'changes nothing on the verdict "%s"',
    async (verdict) => {
      const account = accountWith({ verdict });
      const { result } = await execute('deactivate-key', account);
      expect(account.happened).toEqual(['deactivate']);
      expect(result.status).toBe('failed');
    },
  );

  it('changes nothing when the witness fails', async () => {
    const functions = () => {
      throw new Error('throttled');
    };
    const account = accountWith({ functions });
    const { result } = await execute('deactivate-key', account);
    expect(account.happened).toEqual(['deactivate', 'deactivate']);
    expect(result.status).toBe('failed');
  });
});

describe('deactivate-key undoes', () => {
  it('what it could not verify', async () => {
    const account = accountWith({
      functions: ({ Expected }, answer) => {
        if (Expected === 'Inactive') throw new Error('not seen');
        return answer();
      },
    });
    const { result } = await execute('deactivate-key', account);
    expect(account.key).toBe('Active');
    expect(account.happened.slice(-2)).toEqual(['UpdateAccessKey Active', 'confirm Active']);
    expect(result).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('it is Active again'),
    });
  });

  it('a switch-off whose answers were lost', async () => {
    const account = accountWith({
      iam: (perform) => {
        perform();
        if (account.happened.at(-1) === 'UpdateAccessKey Inactive') throw new Error('lost');
      },
    });
    const { result } = await execute('deactivate-key', account);
    expect(account.key).toBe('Active');
    expect(result.status).toBe('failed');
  });

  it('a run that somebody cancels after the switch-off', async () => {
    const account = accountWith();
    const { result, execution } = await execute('deactivate-key', account, {
      disturb: (runner, id) => {
        if (account.key === 'Inactive') runner.stop(id, 'Cancel');
      },
    });
    expect(execution?.AutomationExecutionStatus).toBe('Cancelled');
    expect(account.key).toBe('Active');
    expect(result.status).toBe('failed');
  });

  it('and says so when even that failed', async () => {
    const account = accountWith({
      iam: (perform) => {
        if (account.happened.at(-1) === 'UpdateAccessKey Active') throw new Error('denied');
        perform();
      },
      functions: ({ Expected }, answer) => {
        if (Expected === 'Inactive') throw new Error('not seen');
        return answer();
      },
    });
    const { result } = await execute('deactivate-key', account);
    expect(account.key).toBe('Inactive');
    expect(result).toMatchObject({ status: 'failed' });
    expect(result).not.toHaveProperty('problem', expect.stringContaining('Active again'));
  });
});

describe('deactivate-key with a step taken out', () => {
  it('never counts as deactivated without the witness', async () => {
    const account = accountWith();
    const source = without('deactivate-key', 'examine', 'permit');
    source.mainSteps = [
      ...source.mainSteps.filter(({ name }) => ['deactivate', 'verify'].includes(name)),
      ...source.mainSteps.filter(({ name }) => !['deactivate', 'verify'].includes(name)),
    ];
    const verify = source.mainSteps.find(({ name }) => name === 'verify');
    if (verify !== undefined) verify.isEnd = true;
    const { result } = await execute('deactivate-key', account, { source });
    expect(account.key).toBe('Inactive');
    expect(result).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('no verdict'),
    });
  });

  it('is no sound document without the witness that its branch asks', async () => {
    const source = without('deactivate-key', 'examine');
    await expect(execute('deactivate-key', accountWith(), { source })).rejects.toThrow(/examine/);
  });

  it('never counts as deactivated without the verification', async () => {
    const account = accountWith();
    const source = without('deactivate-key', 'verify');
    const { result } = await execute('deactivate-key', account, { source });
    expect(account.key).toBe('Inactive');
    expect(result).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('not verified'),
    });
  });

  it('acts on any verdict without its branch, and that counts as failed', async () => {
    const account = accountWith({ verdict: 'in use' });
    const source = sourceOf('deactivate-key');
    for (const step of source.mainSteps) {
      if (step.name === 'examine') step.nextStep = 'deactivate';
    }
    source.mainSteps = source.mainSteps.filter(({ name }) => name !== 'permit');
    const { result } = await execute('deactivate-key', account, { source });
    expect(account.key).toBe('Inactive');
    expect(result.status).toBe('failed');
  });
});

/** issue-replacement-key on the runner: the four steps, and undo after each. */
import { describe, expect, it } from 'vitest';
import { newKeyId, secretArn, versionId } from '../app/witnessed.ts';
import { accountWith, execute } from './account.ts';

const failing = (...steps: string[]) =>
  accountWith({
    functions: ({ Step = '' }, answer) => {
      if (steps.includes(Step)) throw new Error(`${Step} failed`);
      return answer();
    },
  });

describe('issue-replacement-key', () => {
  it('drives the four steps and says what was issued', async () => {
    const account = accountWith();
    const { result } = await execute('issue-replacement-key', account);
    expect(account.happened).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    expect(result).toEqual({
      status: 'issued',
      issued: {
        newKeyId,
        secretArn,
        secretVersionId: versionId,
        currentSince: expect.stringMatching(/^2026-/),
        testRequestIds: ['request-of-testSecret', 'request-of-finishSecret'],
      },
    });
  });

  it('never repeats createSecret, and undoes it', async () => {
    const account = failing('createSecret');
    const { result } = await execute('issue-replacement-key', account);
    expect(account.happened).toEqual(['createSecret', 'undo']);
    expect(result).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('createSecret failed'),
    });
  });

  it.each(['setSecret', 'testSecret', 'finishSecret'])('undoes after a failed %s', async (step) => {
    const account = failing(step);
    const { result } = await execute('issue-replacement-key', account);
    expect(account.happened.slice(-3)).toEqual([step, step, 'undo']);
    expect(result.status).toBe('failed');
  });

  it('has issued when finishSecret got lost but the new key is current', async () => {
    const account = accountWith({
      functions: ({ Step = '' }, answer) => {
        if (Step === 'finishSecret') throw new Error('lost');
        const said = answer() as Record<string, string>;
        const current = { NewKeyId: newKeyId, CurrentSince: '2026-11-10T12:01:00.000Z' };
        return Step === 'undo' ? { ...said, ...current, Issued: 'true' } : said;
      },
    });
    const { result, execution } = await execute('issue-replacement-key', account);
    expect(execution?.AutomationExecutionStatus).toBe('Failed');
    expect(result).toMatchObject({ status: 'issued', issued: { newKeyId } });
  });

  it('undoes when somebody cancels', async () => {
    const account = accountWith();
    const { result } = await execute('issue-replacement-key', account, {
      disturb: (runner, id) => {
        if (account.happened.at(-1) === 'setSecret') runner.stop(id, 'Cancel');
      },
    });
    expect(account.happened).toEqual(['createSecret', 'setSecret', 'undo']);
    expect(result.status).toBe('failed');
  });

  it('has failed when even undo does', async () => {
    const account = failing('testSecret', 'undo');
    const { result } = await execute('issue-replacement-key', account);
    expect(account.happened.filter((step) => step === 'undo')).toHaveLength(3);
    expect(result.status).toBe('failed');
  });
});

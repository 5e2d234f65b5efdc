/** delete-key and restore-key on the runner: the account decides how they ended. */
import { describe, expect, it } from 'vitest';
import { accountWith, execute, without } from './account.ts';

const losing = (perform: () => void) => {
  perform();
  throw new Error('the answer was lost');
};
const denying = () => {
  throw new Error('denied');
};

describe('delete-key', () => {
  const soaked = { key: 'Inactive' } as const;

  it('asks the witness, deletes the key and verifies it', async () => {
    const account = accountWith(soaked);
    const { result } = await execute('delete-key', account);
    expect(account.happened).toEqual(['delete', 'DeleteAccessKey', 'confirm Gone']);
    expect(result.status).toBe('deleted');
  });

  it.each(['in use', 'unknown'])('deletes nothing when the witness says %s', async (verdict) => {
    const account = accountWith({ ...soaked, verdict });
    const { result } = await execute('delete-key', account);
    expect(account.key).toBe('Inactive');
    expect(result).toEqual({ status: 'refused', problem: `it is ${verdict}` });
  });

  it('has deleted although the answer was lost: the account decides', async () => {
    const account = accountWith({ ...soaked, iam: losing });
    const { result } = await execute('delete-key', account);
    expect(account.happened).toEqual(['delete', 'DeleteAccessKey', 'confirm Gone']);
    expect(result.status).toBe('deleted');
  });

  it('has failed when the account still shows the key', async () => {
    const account = accountWith({ ...soaked, iam: denying });
    const { result } = await execute('delete-key', account);
    expect(account.key).toBe('Inactive');
    expect(result.status).toBe('failed');
  });

  it('never counts as deleted without the verification', async () => {
    const source = without('delete-key', 'verify');
    for (const step of source.mainSteps) if (step.name === 'delete') step.onFailure = 'Abort';
    const { result } = await execute('delete-key', accountWith(soaked), { source });
    expect(result.status).toBe('failed');
  });
});

describe('restore-key', () => {
  const off = { key: 'Inactive' } as const;

  it('switches the key on and verifies it', async () => {
    const account = accountWith(off);
    const { result } = await execute('restore-key', account);
    expect(account.happened).toEqual(['UpdateAccessKey Active', 'confirm Active']);
    expect(result.status).toBe('restored');
  });

  it('has restored although the answers were lost', async () => {
    const account = accountWith({ ...off, iam: losing });
    expect((await execute('restore-key', account)).result.status).toBe('restored');
  });

  it('has failed when the key stays off, or is gone', async () => {
    const stuck = accountWith({ ...off, iam: denying });
    expect((await execute('restore-key', stuck)).result.status).toBe('failed');
    const gone = accountWith({ key: 'Gone' });
    expect((await execute('restore-key', gone)).result.status).toBe('failed');
  });
});

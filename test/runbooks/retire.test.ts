/** The runbooks for a key that nothing replaces: what they are given, and what an undo leaves. */
import { describe, expect, it } from 'vitest';
import { type Account, accountWith, execute, sourceOf } from './account.ts';

const none = {
  NewKeyId: 'none',
  SecretArn: 'none',
  SecretVersionId: 'none',
  CurrentSince: 'none',
  TestRequestIds: 'none',
};
const wasOn = { ...none, StatusBefore: 'Active' };
const wasOff = { ...none, StatusBefore: 'Inactive' };

/** The first confirmation that it is off does not come true. */
const unseen = (): Account['functions'] => {
  let looks = 0;
  return ({ Expected }, answer) => {
    if (Expected === 'Inactive' && ++looks <= 2) throw new Error('not seen');
    return answer();
  };
};

describe('deactivate-key', () => {
  it('switches an unused key off, and asks the witness about no other', async () => {
    const payloads: Record<string, string>[] = [];
    const account = accountWith({
      functions: (payload, answer) => {
        payloads.push(payload);
        return answer();
      },
    });
    const { result } = await execute('deactivate-key', account, { parameters: wasOn });
    expect(result.status).toBe('deactivated');
    expect(account.key).toBe('Inactive');
    expect(payloads[0]).toMatchObject({ ...none, Purpose: 'deactivate' });
  });

  it('switches a key off again, on the record, that somebody had switched off', async () => {
    const account = accountWith({ key: 'Inactive' });
    const { result } = await execute('deactivate-key', account, { parameters: wasOff });
    expect(result.status).toBe('deactivated');
    expect(account.happened).toContain('UpdateAccessKey Inactive');
    expect(account.key).toBe('Inactive');
  });

  it.each([
    ['Active', wasOn],
    ['Inactive', wasOff],
  ] as const)('that fails leaves a key %s that was so', async (key, parameters) => {
    const account = accountWith({ key, functions: unseen() });
    const { result } = await execute('deactivate-key', account, { parameters });
    expect(account.key).toBe(key);
    expect(account.happened.slice(-2)).toEqual([`UpdateAccessKey ${key}`, `confirm ${key}`]);
    expect(result).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining(`it is ${key} again`),
    });
  });

  it('cancelled, it never switches a key on that somebody had switched off', async () => {
    const account = accountWith({ key: 'Inactive' });
    await execute('deactivate-key', account, {
      parameters: wasOff,
      disturb: (runner, id) => {
        if (account.happened.includes('UpdateAccessKey Inactive')) runner.stop(id, 'Cancel');
      },
    });
    expect(account.happened).not.toContain('UpdateAccessKey Active');
    expect(account.key).toBe('Inactive');
  });

  it.each(['', 'none', 'Gone', 'active'])('is not begun with StatusBefore "%s"', (StatusBefore) => {
    const { allowedPattern = 'missing' } = sourceOf('deactivate-key').parameters.StatusBefore ?? {};
    expect(StatusBefore).not.toMatch(new RegExp(allowedPattern));
  });

  it('has no StatusBefore to fall back on', () => {
    expect(sourceOf('deactivate-key').parameters.StatusBefore).not.toHaveProperty('default');
  });
});

describe('delete-key', () => {
  it('deletes an unused key that is off', async () => {
    const account = accountWith({ key: 'Inactive' });
    const { result } = await execute('delete-key', account, { parameters: none });
    expect(result.status).toBe('deleted');
    expect(account.key).toBe('Gone');
  });

  it('deletes nothing that the witness does not call safe', async () => {
    const account = accountWith({ key: 'Inactive', verdict: 'in use' });
    const { result } = await execute('delete-key', account, { parameters: none });
    expect(result.status).toBe('refused');
    expect(account.key).toBe('Inactive');
  });
});

describe.each(['deactivate-key', 'delete-key'] as const)('%s', (runbook) => {
  it.each(Object.keys(none))('lets in none for %s, and no text like it', (name) => {
    const { allowedPattern = 'missing' } = sourceOf(runbook).parameters[name] ?? {};
    const pattern = new RegExp(allowedPattern);
    expect('none').toMatch(pattern);
    for (const odd of ['', 'None', 'none ', 'nonesuch', 'xnone', 'none,none']) {
      expect(odd).not.toMatch(pattern);
    }
  });
});

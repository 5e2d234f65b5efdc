/** What an ended run achieved: a missing or odd output is never a success. */
import { describe, expect, it } from 'vitest';
import { type EndedRun, runResult } from '../../adapters/run-result.ts';
import type { RunbookName } from '../../domain/effect.ts';
import { newKeyId, secretArn, versionId } from '../app/witnessed.ts';

const notYet = 'No output available yet because the step is not successfully executed';
const at = '2026-11-10T12:00:00.000Z';

function run(
  runbook: RunbookName,
  outputs: Readonly<Record<string, string>>,
  status = 'Success',
): EndedRun {
  const lists = Object.entries(outputs).map(([name, value]) => [name, [value]] as const);
  return {
    runbook,
    status,
    outputs: Object.fromEntries(lists),
    failureMessage: status === 'Success' ? undefined : 'Step fails when it is Execute',
  };
}

function issuedBy(step: string): Readonly<Record<string, string>> {
  return {
    [`${step}.NewKeyId`]: newKeyId,
    [`${step}.SecretArn`]: secretArn,
    [`${step}.SecretVersionId`]: versionId,
    [`${step}.CurrentSince`]: at,
    [`${step}.TestRequestIds`]: 'bbb,ccc',
    [`${step}.Issued`]: 'true',
  };
}

describe('the result of issue-replacement-key', () => {
  it('is issued when finishSecret says all of it, with all test calls', () => {
    const outputs = { 'testSecret.TestRequestIds': 'aaa,bbb', ...issuedBy('finishSecret') };
    expect(runResult(run('issue-replacement-key', outputs))).toEqual({
      status: 'issued',
      issued: {
        newKeyId,
        secretArn,
        secretVersionId: versionId,
        currentSince: at,
        testRequestIds: ['aaa', 'bbb', 'ccc'],
      },
    });
  });

  it('is issued when undo found the new key current already', () => {
    const lost = { 'finishSecret.NewKeyId': notYet, 'finishSecret.Issued': notYet };
    const outputs = { ...lost, ...issuedBy('undo') };
    const result = runResult(run('issue-replacement-key', outputs, 'Failed'));
    expect(result.status).toBe('issued');
  });

  it('is failed, with the reason, after an undo', () => {
    const outputs = { ...issuedBy('undo'), 'undo.Issued': 'false', 'undo.NewKeyId': 'none' };
    expect(runResult(run('issue-replacement-key', outputs, 'Failed'))).toEqual({
      status: 'failed',
      problem:
        'issue-replacement-key ended Failed: no replacement key was issued ' +
        '(Step fails when it is Execute)',
    });
  });

  it.each([
    ['NewKeyId', 'none'],
    ['NewKeyId', 'not a key id'],
    ['SecretArn', 'keyturn/svc-billing'],
    ['SecretVersionId', ''],
    ['CurrentSince', 'now'],
    ['CurrentSince', notYet],
    ['Issued', 'false'],
    ['Issued', '{{ finishSecret.Issued }}'],
  ])('is failed when finishSecret says %s %s', (name, value) => {
    const outputs = { ...issuedBy('finishSecret'), [`finishSecret.${name}`]: value };
    expect(runResult(run('issue-replacement-key', outputs)).status).toBe('failed');
  });
});

describe.each([
  ['deactivate-key', 'Inactive', 'deactivated'],
  ['delete-key', 'Gone', 'deleted'],
] as const)('the result of %s', (runbook, shows, done) => {
  const good = {
    'examine.Verdict': 'safe',
    'examine.Reason': 'Safe (evidence).',
    'verify.OldKeyStatus': shows,
    'verify.At': at,
  };

  it(`is ${done} when the witness said safe and the account shows it`, () => {
    expect(runResult(run(runbook, good))).toEqual({ status: done, at });
  });

  it.each(['in use', 'unknown'])(
    'is refused with the reason when the witness said %s',
    (verdict) => {
      const outputs = {
        'examine.Verdict': verdict,
        'examine.Reason': 'because',
        'verify.OldKeyStatus': notYet,
        'verify.At': notYet,
      };
      expect(runResult(run(runbook, outputs))).toEqual({ status: 'refused', problem: 'because' });
    },
  );

  it('is failed when it acted although the witness did not say safe', () => {
    const outputs = { ...good, 'examine.Verdict': 'unknown' };
    expect(runResult(run(runbook, outputs)).status).toBe('failed');
  });

  it.each([
    ['no verdict', { 'examine.Verdict': '' }, 'Success'],
    ['an unfinished verdict', { 'examine.Verdict': notYet }, 'Success'],
    ['an odd verdict', { 'examine.Verdict': 'SAFE' }, 'Success'],
    ['no verification', { 'verify.OldKeyStatus': notYet }, 'Success'],
    ['another status verified', { 'verify.OldKeyStatus': 'Active' }, 'Success'],
    ['no time of verification', { 'verify.At': '' }, 'Success'],
    ['a run that failed', {}, 'Failed'],
    ['a run that was cancelled', {}, 'Cancelled'],
    ['a run that timed out', {}, 'TimedOut'],
  ])('is failed with %s', (_what, change, status) => {
    expect(runResult(run(runbook, { ...good, ...change }, status)).status).toBe('failed');
  });

  it('is failed with no outputs at all', () => {
    expect(runResult(run(runbook, {})).status).toBe('failed');
  });
});

describe('the result of restore-key', () => {
  const good = { 'verify.OldKeyStatus': 'Active', 'verify.At': at };

  it('is restored when the account shows Active', () => {
    expect(runResult(run('restore-key', good))).toEqual({ status: 'restored', at });
  });

  it('is failed otherwise', () => {
    const other = { ...good, 'verify.OldKeyStatus': 'Inactive' };
    expect(runResult(run('restore-key', other)).status).toBe('failed');
    expect(runResult(run('restore-key', good, 'Failed')).status).toBe('failed');
    expect(runResult(run('restore-key', {})).status).toBe('failed');
  });
});

describe('a failed deactivation', () => {
  it('says when the old key is on again', () => {
    const outputs = { 'examine.Verdict': 'safe', 'confirmUndo.OldKeyStatus': 'Active' };
    const result = runResult(run('deactivate-key', outputs, 'Failed'));
    expect(result).toMatchObject({ problem: expect.stringContaining('it is Active again') });
  });
});

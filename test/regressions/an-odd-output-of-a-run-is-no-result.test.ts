/**
 * A document that somebody replaced may put out anything. An output that was no text threw, so that
 * the rotation waited for its run for ever; a status or reason of any length and kind was told.
 */
import { describe, expect, test } from 'vitest';
import { type EndedRun, runResult } from '../../adapters/run-result.ts';

const refused = (reason: unknown): EndedRun => ({
  runbook: 'deactivate-key',
  status: 'Success',
  outputs: { 'examine.Verdict': ['in use'], 'examine.Reason': [reason as string] },
  failureMessage: undefined,
});

describe('an output that is no text', () => {
  test.each([[null], [7], [['Inactive']], [{ includes: 1 }]])('%j is none', (odd) => {
    const outputs = { 'verify.OldKeyStatus': [odd], 'verify.At': [odd] } as unknown;
    const run = { runbook: 'restore-key', status: 'Success', outputs, failureMessage: undefined };
    expect(runResult(run as EndedRun)).toMatchObject({ status: 'failed' });
  });
});

describe('what is told of a run', () => {
  test.each([
    ['x'.repeat(50_000), /^x{1999}…$/],
    ['a\n\u202Eb', /^a b$/],
    ['\u202E\n', /^no reason given$/],
    [7, /^no reason given$/],
  ])('is one line that people read', (reason, expected) => {
    expect(runResult(refused(reason))).toEqual({
      status: 'refused',
      problem: expect.stringMatching(expected),
    });
  });

  test('names a status that SSM has not', () => {
    const run = {
      ...refused('x'),
      runbook: 'restore-key',
      status: `\n${'y'.repeat(500)}`,
    } as const;
    const { problem } = runResult(run) as { readonly problem: string };
    expect(problem).toMatch(/^restore-key ended {2}?y+…: it was not verified/);
    expect(problem.length).toBeLessThan(200);
  });
});

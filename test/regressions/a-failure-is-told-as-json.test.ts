/** People read the failure of a function as raw JSON with a stack trace. */
import { describe, expect, test } from 'vitest';
import { runResult } from '../../adapters/run-result.ts';
import { givenWorld } from '../sandbox/given-world.ts';

const guide =
  'Please refer to Automation Service Troubleshooting Guide for more diagnosis details.';

function told(failureMessage: string): string {
  const run = { runbook: 'issue-replacement-key', status: 'Failed', outputs: {} } as const;
  const result = runResult({ ...run, failureMessage });
  if (result.status !== 'failed') throw new Error(`it is ${result.status}`);
  return result.problem;
}

/** As SSM words it, with what Lambda answered in it. */
const failed = (answer: string) =>
  'Step fails when it is Execute/Cancelling action. ' +
  `Lambda function keyturn-custodian failed (Unhandled): ${answer}. ${guide}`;

const inShort = (why: string) =>
  `issue-replacement-key ended Failed: no replacement key was issued (${why})`;

describe('the failure of a function', () => {
  const errorMessage = 'user svc-billing has a second key ("…MPLE"): somebody has to decide';

  test('is told by its own message', () => {
    const json = JSON.stringify({ errorType: 'Permanent', errorMessage, trace: ['at x', 'at y'] });
    expect(told(failed(json))).toBe(inShort(errorMessage));
  });

  test('also if the JSON is cut off after the message', () => {
    const json = JSON.stringify({ errorMessage, trace: ['at x'] }).slice(0, -6);
    expect(told(failed(json))).toBe(inShort(errorMessage));
  });

  test.each([
    ['no JSON', 'Task timed out after 290.00 seconds'],
    ['JSON cut off within the message', '{"errorMessage":"user svc-bill'],
    ['a message that is no text', '{"errorMessage":42}'],
    ['an empty message', '{"errorMessage":""}'],
    ['a message with a broken escape', '{"errorMessage":"\\q"}'],
  ])('keeps its raw text when that is %s', (_what, answer) => {
    expect(told(failed(answer))).toBe(inShort(failed(answer)));
  });

  test('is one line of a length that people read', () => {
    const long = { errorMessage: `first\nsecond ${'x'.repeat(5000)}` };
    for (const problem of [told(failed(JSON.stringify(long))), told('y'.repeat(5000))]) {
      expect(problem.length).toBeLessThan(700);
      expect(problem).toContain('…');
      expect(problem).not.toContain('\n');
    }
  });
});

test('given a user with two keys, then people are told that, and no JSON', async () => {
  const given = await givenWorld({ outsiderInterferes: true });
  given.world.cloud.addKey(given.user.account, given.user.userName, {
    createdAt: given.world.clock.now(),
  });
  await given.until('held');
  const { stage } = await given.rotation();
  expect(JSON.stringify(stage)).toContain('second key');
  expect(JSON.stringify(given.thread())).not.toContain('errorMessage');
});

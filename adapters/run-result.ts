/**
 * What an ended runbook run achieved, from its outputs alone. Success is what the runbook verified;
 * a missing or odd output is a failure, never a success.
 */
import type { RunbookName } from '../domain/effect.ts';
import { unreachable } from '../domain/errors.ts';
import type { RunResult } from '../domain/event.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { cutText, oneLine } from './cut-text.ts';

export interface EndedRun {
  readonly runbook: RunbookName;
  /** As GetAutomationExecution names it. */
  readonly status: string;
  /** Keys are `<step>.<output>`, as the runbook lists them under `outputs`. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
  readonly failureMessage: string | undefined;
}

export function runResult(run: EndedRun): RunResult {
  switch (run.runbook) {
    case 'issue-replacement-key':
      return issueResult(run);
    case 'deactivate-key':
      return examinedResult(run, 'Inactive', 'deactivated');
    case 'delete-key':
      return examinedResult(run, 'Gone', 'deleted');
    case 'restore-key': {
      const at = verifiedAt(run, 'Active');
      return at === undefined ? failed(run, 'Active') : { status: 'restored', at };
    }
    default:
      return unreachable(run.runbook);
  }
}

/** The steps that may say that AWSCURRENT is the new key; undo says so when it came too late. */
const issuingSteps = ['finishSecret', 'undo'] as const;

function issueResult(run: EndedRun): RunResult {
  const testRequestIds = ['testSecret', ...issuingSteps].flatMap((step) => idsFrom(run, step));
  for (const step of issuingSteps) {
    const newKeyId = matching(output(run, `${step}.NewKeyId`), /^AKIA[A-Z0-9]{12,28}$/);
    const secretArn = matching(
      output(run, `${step}.SecretArn`),
      /^arn:[a-z-]+:(?:secretsmanager:|ssm:[a-z\d-]+:\d{12}:parameter\/)\S+$/,
    );
    const secretVersionId = matching(output(run, `${step}.SecretVersionId`), /^[\w-]{32,64}$/);
    const currentSince = parseInstant(output(run, `${step}.CurrentSince`) ?? '');
    if (
      output(run, `${step}.Issued`) === 'true' &&
      newKeyId !== undefined &&
      secretArn !== undefined &&
      secretVersionId !== undefined &&
      currentSince !== undefined
    ) {
      const ids = [...new Set(testRequestIds)];
      const issued = { newKeyId, secretArn, secretVersionId, currentSince, testRequestIds: ids };
      return { status: 'issued', issued };
    }
  }
  return { status: 'failed', problem: story(run, 'no replacement key was issued') };
}

function examinedResult(
  run: EndedRun,
  shows: 'Inactive' | 'Gone',
  done: 'deactivated' | 'deleted',
): RunResult {
  const verdict = output(run, 'examine.Verdict');
  const acted = output(run, 'verify.OldKeyStatus') !== undefined;
  switch (verdict) {
    case 'safe': {
      const at = verifiedAt(run, shows);
      return at === undefined ? failed(run, shows) : { status: done, at };
    }
    case 'in use':
    case 'unknown': {
      if (acted) {
        return { status: 'failed', problem: story(run, `it acted on the verdict ${verdict}`) };
      }
      const reason = oneLine(output(run, 'examine.Reason') ?? '').trim();
      return { status: 'refused', problem: cutText(reason || 'no reason given', longestReason) };
    }
    default:
      return { status: 'failed', problem: story(run, 'no verdict of the witness') };
  }
}

/** When the witness saw the key in that status, provided that the whole run succeeded. */
function verifiedAt(run: EndedRun, shows: string): Instant | undefined {
  const succeeded = run.status === 'Success' || run.status === 'CompletedWithSuccess';
  if (!succeeded || output(run, 'verify.OldKeyStatus') !== shows) return undefined;
  return parseInstant(output(run, 'verify.At') ?? '');
}

function failed(run: EndedRun, expected: string): RunResult {
  const back = output(run, 'confirmUndo.OldKeyStatus');
  const now = back === undefined ? '' : `; it is ${back} again`;
  return {
    status: 'failed',
    problem: story(run, `it was not verified that the old key is ${expected}${now}`),
  };
}

function story({ runbook, status, failureMessage }: EndedRun, what: string): string {
  const why = typeof failureMessage === 'string' ? ` (${inShort(failureMessage)})` : '';
  const ended = typeof status === 'string' ? cutText(oneLine(status), longestStatus) : 'unknown';
  return `${runbook} ended ${ended}: ${what}${why}`;
}

/** Reasons name up to ten uses. They are kept in the rotation, and told. */
const longestReason = 2000;

/** Longer than any that SSM has. */
const longestStatus = 60;

/** As long as people read, of a text that may hold a stack trace. */
const longestFailure = 500;

/** What a function said itself, if the failure of its step shows that; else the failure as is. */
function inShort(failureMessage: string): string {
  return cutText(oneLine(errorMessageIn(failureMessage) ?? failureMessage), longestFailure);
}

/**
 * The errorMessage of what Lambda answers for a function that failed. SSM puts the answer into a
 * longer sentence and may cut it off behind the message, so it is not read as a whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html (read 2026-11)
 */
function errorMessageIn(text: string): string | undefined {
  const json = /"errorMessage"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  try {
    const message: unknown = json === undefined ? undefined : JSON.parse(json);
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** SSM fills the outputs of steps that did not succeed with this sentence. */
const noValue = /^No output available yet because the step is not successfully executed/;

function output({ outputs }: EndedRun, name: string): string | undefined {
  // A runbook that somebody replaced may put out anything, lists of numbers and objects too.
  const value: unknown = outputs[name]?.[0];
  if (typeof value !== 'string') return undefined;
  const empty = value === '' || value === 'none' || noValue.test(value);
  // An output that could not be resolved comes back as it was written.
  return empty || value.includes('{{') ? undefined : value;
}

function matching(value: string | undefined, pattern: RegExp): string | undefined {
  return value !== undefined && pattern.test(value) ? value : undefined;
}

function idsFrom(run: EndedRun, step: string): readonly string[] {
  const joined = output(run, `${step}.TestRequestIds`);
  return joined === undefined ? [] : joined.split(',').filter((id) => /^[\w-]{1,64}$/.test(id));
}

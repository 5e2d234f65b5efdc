/**
 * The real runbooks on the real runner, started and read through the real adapter, in an account of
 * one key, with a witness and a custodian that say what a test wants.
 */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { ssmRunbooks } from '../../adapters/ssm-runbooks.ts';
import type { RunbookName } from '../../domain/effect.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { parseAutomationDocument } from '../../sandbox/runner/parse-document.ts';
import { createRunner, type Runner } from '../../sandbox/runner/runner.ts';
import { cannedAws } from '../adapters/canned-aws.ts';
import {
  examination,
  newKeyId,
  now,
  oldKeyId,
  secretArn,
  user,
  versionId,
} from '../app/witnessed.ts';

export const rotationId = '55555555-5555-4555-8555-555555555555';
const place = { partition: 'aws', account: user.account, region: 'eu-west-1' } as const;

/** A document as data, for tests that change it. */
export interface Source {
  mainSteps: { name: string; nextStep?: string; [property: string]: unknown }[];
  outputs: string[];
  parameters: Record<string, { allowedPattern?: string; default?: string }>;
  [property: string]: unknown;
}

export function textOf(runbook: RunbookName): string {
  return readFileSync(new URL(`../../runbooks/${runbook}.yml`, import.meta.url), 'utf8');
}

export function sourceOf(runbook: RunbookName): Source {
  return parse(textOf(runbook));
}

/** The document without those steps; what led to one leads to what came after it. */
export function without(runbook: RunbookName, ...names: string[]): Source {
  const source = sourceOf(runbook);
  for (const name of names) {
    const removed = source.mainSteps.find((step) => step.name === name);
    source.mainSteps = source.mainSteps.filter((step) => step !== removed);
    source.outputs = source.outputs.filter((output) => !output.startsWith(`${name}.`));
    for (const step of source.mainSteps.filter(({ nextStep }) => nextStep === name)) {
      if (removed?.nextStep === undefined) delete step.nextStep;
      else step.nextStep = removed.nextStep;
    }
  }
  return source;
}

const evidenceAt = examination.issued.currentSince;
const parameters: Readonly<Record<RunbookName, Readonly<Record<string, string>>>> = {
  'issue-replacement-key': {
    SecretId: 'keyturn/svc-billing',
    ClientRequestToken: versionId,
    Attempt: '1',
  },
  'deactivate-key': { StatusBefore: 'Active' },
  'delete-key': { DeactivatedAt: evidenceAt },
  'restore-key': {},
};

export function parametersFor(runbook: RunbookName): Record<string, string> {
  const examined = runbook === 'deactivate-key' || runbook === 'delete-key';
  return {
    AutomationAssumeRole: `arn:aws:iam::${user.account}:role/keyturn-runbook`,
    RotationId: rotationId,
    EffectId: `${rotationId}/7/0`,
    UserName: user.userName,
    UserId: user.userId,
    OldKeyId: oldKeyId,
    ...(examined
      ? {
          NewKeyId: newKeyId,
          SecretArn: secretArn,
          SecretVersionId: versionId,
          CurrentSince: evidenceAt,
          TestRequestIds: examination.issued.testRequestIds.join(','),
          NotBefore: examination.notBefore,
          AuthorityKind: 'evidence',
          AuthorityBy: 'none',
          AuthorityAt: 'none',
        }
      : {}),
    ...parameters[runbook],
  };
}

export interface Account {
  key: 'Active' | 'Inactive' | 'Gone';
  verdict: string;
  /** Stands around each call to IAM: it may do it, lose the answer, or refuse. */
  iam: (perform: () => void, operation: string) => void;
  /** Stands around each answer of a function. */
  functions: (payload: Record<string, string>, answer: () => unknown) => unknown;
  /** What happened: IAM operations with status, and functions with step or purpose. */
  readonly happened: string[];
}

export function accountWith(changes: Partial<Account> = {}): Account {
  return {
    key: 'Active',
    verdict: 'safe',
    iam: (perform) => perform(),
    functions: (_payload, answer) => answer(),
    happened: [],
    ...changes,
  };
}

/** Runs a runbook in that account until it ends; `disturb` is called at every tick of the clock. */
export async function execute(
  runbook: RunbookName,
  account: Account,
  options: {
    readonly source?: Source;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly disturb?: (runner: Runner, executionId: string) => void;
  } = {},
) {
  const clock = virtualClock(now);
  let ids = 0;
  const nextId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const text = options.source === undefined ? textOf(runbook) : stringify(options.source);
  const document = parseAutomationDocument(text);
  if (!document.ok) throw new Error(document.problems.join('\n'));
  const runner = createRunner({
    clock,
    nextId,
    emit: () => {},
    callAws: async (_where, { operation, input }) => change(account, operation, input),
    invokeFunction: async (_where, _name, payload) =>
      invoked(account, payload as Record<string, string>, clock.now()),
  });
  const aws = cannedAws({
    StartAutomationExecution: ({ DocumentName, Parameters }) => {
      const order = { where: place, executedBy: 'arn:aws:sts::111122223333:assumed-role/hub/x' };
      const named = { documentName: DocumentName, documentVersion: '1', parameters: Parameters };
      return { AutomationExecutionId: runner.start(document.value, { ...order, ...named }) };
    },
    GetAutomationExecution: ({ AutomationExecutionId }) => ({
      AutomationExecution: runner.get(AutomationExecutionId),
    }),
  });
  const runbooks = ssmRunbooks({
    launching: () => aws.connection,
    reading: () => aws.connection,
    documentPrefix: 'Keyturn',
    custodianFunction: 'keyturn-custodian',
    witnessFunction: 'keyturn-witness',
  });
  const executionId = await runbooks.start(place, {
    runbook,
    clientToken: nextId(),
    parameters: { ...parametersFor(runbook), ...options.parameters },
  });
  while (await clock.step()) options.disturb?.(runner, executionId);
  const report = await runbooks.read(place, executionId);
  if (report?.state.ended !== true) throw new Error(`${runbook} did not end`);
  return { report, result: report.state.result, execution: runner.get(executionId) };
}

function change(account: Account, operation: string, input: unknown): object {
  const { UserName, AccessKeyId, Status } = input as Record<string, string>;
  account.happened.push(Status === undefined ? operation : `${operation} ${Status}`);
  if (UserName !== user.userName || AccessKeyId !== oldKeyId || account.key === 'Gone') {
    throw awsError('NoSuchEntityException', 'The Access Key cannot be found.', 404);
  }
  account.iam(() => {
    account.key = operation === 'DeleteAccessKey' ? 'Gone' : (Status as Account['key']);
  }, operation);
  return {};
}

function invoked(account: Account, payload: Record<string, string>, at: string) {
  account.happened.push(payload.Step ?? `${payload.Purpose} ${payload.Expected ?? ''}`.trim());
  const answer = (): unknown =>
    payload.Step === undefined ? witness(account, payload, at) : custodian(payload, at);
  try {
    return { statusCode: 200, payload: account.functions(payload, answer) };
  } catch (error) {
    const errorMessage = error instanceof Error ? error.message : String(error);
    return { statusCode: 200, functionError: 'Unhandled', payload: { errorMessage } };
  }
}

function witness(account: Account, { Purpose, Expected }: Record<string, string>, At: string) {
  const OldKeyStatus = account.key;
  if (Purpose !== 'confirm') {
    return { Verdict: account.verdict, Reason: `it is ${account.verdict}`, OldKeyStatus };
  }
  if (OldKeyStatus !== Expected) throw new Error(`the key is ${OldKeyStatus}, not ${Expected}`);
  return { OldKeyStatus, At };
}

function custodian({ Step = '' }: Record<string, string>, at: string) {
  const current = Step === 'finishSecret';
  return {
    Step,
    NewKeyId: Step === 'undo' ? 'none' : newKeyId,
    SecretArn: secretArn,
    SecretVersionId: versionId,
    CurrentSince: current ? at : 'none',
    TestRequestIds: Step === 'testSecret' || current ? `request-of-${Step}` : 'none',
    Issued: String(current),
  };
}

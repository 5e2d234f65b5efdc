/**
 * Starts Keyturn's SSM Automation documents and reads how their runs stand. Where the documents and
 * functions of a deployment are is set here; what a run is about comes with the order.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
 */
import {
  type AutomationExecution,
  type AutomationExecutionFilter,
  GetAutomationExecutionCommand,
  paginateDescribeAutomationExecutions,
  SSMClient,
  StartAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import type { RunbookName } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Place, RunbookOrder, Runbooks, RunReport } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { runResult } from './run-result.ts';

export interface SsmRunbooksSetup {
  /** To start runs, and to read how they stand. */
  readonly launching: (place: Place) => AwsConnection;
  readonly reading: (place: Place) => AwsConnection;
  /** Documents are named `<prefix>-DeactivateKey` and so on. */
  readonly documentPrefix: string;
  /** Names of the functions beside the keys, the same in every account. */
  readonly custodianFunction: string;
  readonly witnessFunction: string;
}

const documents: Readonly<Record<RunbookName, string>> = {
  'issue-replacement-key': 'IssueReplacementKey',
  'deactivate-key': 'DeactivateKey',
  'delete-key': 'DeleteKey',
  'restore-key': 'RestoreKey',
};

/** The most characters that SSM takes in one parameter value. */
const valueLimit = 512;

export function ssmRunbooks(setup: SsmRunbooksSetup): Runbooks {
  return {
    start: async (where, order) => {
      const tried = `starting ${order.runbook} in ${where.account}/${where.region}`;
      const parameters = parametersOf(setup, order, tried);
      const answer = await connect(SSMClient, setup.launching(where))
        .send(
          new StartAutomationExecutionCommand({
            DocumentName: documentName(setup, order.runbook),
            ClientToken: order.clientToken,
            Mode: 'Auto',
            Parameters: parameters,
          }),
        )
        .catch((error: unknown) => {
          throw fromAws(tried, error);
        });
      if (answer.AutomationExecutionId === undefined) {
        throw new Permanent(`${tried}: SSM answered without an execution id`);
      }
      return answer.AutomationExecutionId;
    },
    read: (where, executionId) => read(setup, where, executionId),
    find: async (where, { runbook, effectId, since }) => {
      const tried = `looking for runs of ${runbook} in ${where.account}/${where.region}`;
      const client = connect(SSMClient, setup.reading(where));
      const ids = await idsOfRuns(client, documentName(setup, runbook), since).catch(
        (error: unknown) => {
          throw fromAws(tried, error);
        },
      );
      const found: RunReport[] = [];
      for (const id of ids) {
        const run = await read(setup, where, id);
        if (run?.effectId === effectId) found.push(run);
      }
      return found;
    },
  };
}

async function read(
  setup: SsmRunbooksSetup,
  where: Place,
  executionId: string,
): Promise<RunReport | undefined> {
  try {
    const answer = await connect(SSMClient, setup.reading(where)).send(
      new GetAutomationExecutionCommand({ AutomationExecutionId: executionId }),
    );
    const run = answer.AutomationExecution;
    if (run === undefined) {
      throw new Permanent(`SSM answered without the execution ${executionId}`);
    }
    return reportOf(setup, executionId, run);
  } catch (error) {
    if (awsErrorName(error) === 'AutomationExecutionNotFoundException') return undefined;
    throw fromAws(`reading run ${executionId} in ${where.account}/${where.region}`, error);
  }
}

/** SSM's clock and this one may differ by a little. */
const skew = { minutes: -5 } as const;

/** The list tells no parameters, so each run has to be read to know whose it is. */
async function idsOfRuns(
  client: SSMClient,
  document: string,
  since: Instant,
): Promise<readonly string[]> {
  const Filters: AutomationExecutionFilter[] = [
    { Key: 'DocumentNamePrefix', Values: [document] },
    { Key: 'StartTimeAfter', Values: [plus(since, skew)] },
  ];
  const ids: string[] = [];
  for await (const page of paginateDescribeAutomationExecutions({ client }, { Filters })) {
    for (const { AutomationExecutionId: id } of page.AutomationExecutionMetadataList ?? []) {
      if (id !== undefined) ids.push(id);
    }
  }
  return ids;
}

function documentName({ documentPrefix }: SsmRunbooksSetup, runbook: RunbookName): string {
  return `${documentPrefix}-${documents[runbook]}`;
}

function parametersOf(
  setup: SsmRunbooksSetup,
  { runbook, parameters }: RunbookOrder,
  tried: string,
): Record<string, string[]> {
  const { name: driven, value: deployed } = drivenBy(setup, runbook);
  const all = Object.entries({ [driven]: deployed, ...parameters });
  const bad = all.filter(([, value]) => value === '' || value.length > valueLimit);
  if (bad.length > 0) {
    const names = bad.map(([name, value]) => `${name} (${value.length} characters)`).join(', ');
    throw new Permanent(`${tried}: SSM takes 1 to ${valueLimit} characters a parameter: ${names}`);
  }
  return Object.fromEntries(all.map(([name, value]) => [name, [value]]));
}

/** The parameter that names the function which a runbook drives, and that function here. */
function drivenBy(setup: SsmRunbooksSetup, runbook: RunbookName) {
  return runbook === 'issue-replacement-key'
    ? { name: 'CustodianFunction', value: setup.custodianFunction }
    : { name: 'WitnessFunction', value: setup.witnessFunction };
}

/**
 * The parameters of a run, as an order has them; undefined if no order of this deployment comes to
 * them. SSM shows those that were supplied.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AutomationExecution.html
 * (2026-11)
 */
function orderedIn(
  setup: SsmRunbooksSetup,
  runbook: RunbookName,
  given: AutomationExecution['Parameters'],
): RunReport['parameters'] {
  const driven = drivenBy(setup, runbook);
  const { [driven.name]: driving, ...others } = given ?? {};
  const lists = Object.entries(others);
  if (driving?.length !== 1 || driving[0] !== driven.value) return undefined;
  if (lists.some(([, values]) => values?.length !== 1 || onlyText(values) === undefined)) {
    return undefined;
  }
  return Object.fromEntries(lists.map(([name, [value = '']]) => [name, value]));
}

/** Whoever may start automations writes into parameters what they like. */
function onlyText(values: readonly unknown[] | undefined): string | undefined {
  const first = Array.isArray(values) ? values[0] : undefined;
  return typeof first === 'string' ? first : undefined;
}

function reportOf(
  setup: SsmRunbooksSetup,
  executionId: string,
  run: AutomationExecution,
): RunReport {
  const names = Object.keys(documents) as RunbookName[];
  const runbook = names.find((name) => documentName(setup, name) === run.DocumentName);
  const ours = runbook !== undefined;
  return {
    executionId,
    rotationId: ours ? onlyText(run.Parameters?.RotationId) : undefined,
    effectId: ours ? onlyText(run.Parameters?.EffectId) : undefined,
    parameters: ours ? orderedIn(setup, runbook, run.Parameters) : undefined,
    state: stateOf(run, runbook),
  };
}

function stateOf(run: AutomationExecution, runbook: RunbookName | undefined): RunReport['state'] {
  const status = run.AutomationExecutionStatus;
  if (!hasEnded(status, run.ExecutionEndTime)) return { ended: false };
  if (runbook === undefined) {
    const problem = `a run of ${run.DocumentName ?? 'no document'} is none of Keyturn's`;
    return { ended: true, result: { status: 'failed', problem } };
  }
  const result = runResult({
    runbook,
    status: status ?? 'unknown',
    outputs: run.Outputs ?? {},
    failureMessage: run.FailureMessage,
  });
  return { ended: true, result };
}

/**
 * Whether a run is over. All 19 statuses are named; one that AWS adds later counts as still going
 * until SSM shows an end time: to call a run ended that may still act would let a second one start
 * beside it. Its result is then read from its outputs, where nothing but success counts as success.
 */
function hasEnded(
  status: AutomationExecution['AutomationExecutionStatus'],
  endedAt: Date | undefined,
): boolean {
  switch (status) {
    case 'Pending':
    case 'InProgress':
    case 'Waiting':
    case 'Cancelling':
    case 'PendingApproval':
    case 'Approved':
    case 'Scheduled':
    case 'RunbookInProgress':
    case 'PendingChangeCalendarOverride':
    case 'ChangeCalendarOverrideApproved':
      return false;
    case 'Success':
    case 'TimedOut':
    case 'Cancelled':
    case 'Failed':
    case 'Rejected':
    case 'ChangeCalendarOverrideRejected':
    case 'CompletedWithSuccess':
    case 'CompletedWithFailure':
    case 'Exited':
      return true;
    default:
      return endedAt !== undefined;
  }
}

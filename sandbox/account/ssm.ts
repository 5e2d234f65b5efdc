/**
 * Systems Manager's Automation operations, over the runner. Strict where it matters to callers: a
 * client token belongs to one order for ever, limits of the API model hold, and an execution is
 * visible only in its own account and Region.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
 * (2026-11)
 */
import type {
  AutomationExecution,
  AutomationExecutionFilter,
  AutomationExecutionMetadata,
  DescribeAutomationExecutionsCommandInput,
  DescribeAutomationExecutionsCommandOutput,
  GetAutomationExecutionCommandInput,
  StartAutomationExecutionCommandInput,
  StopAutomationExecutionCommandInput,
} from '@aws-sdk/client-ssm';
import canonicalize from 'canonicalize';
import type { AutomationDocument } from '../runner/document.ts';
import type { Runner } from '../runner/runner.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';

/** Documents by name; each exists in every account and Region, in version 1 only. */
export type Documents = ReadonlyMap<string, AutomationDocument>;

/** An order that was placed under a client token. */
interface Placed {
  readonly order: string;
  readonly executionId: string;
}

const tokenPattern = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i;

export function ssmModel(parts: {
  readonly runner: Runner;
  readonly documents: Documents;
}): ServiceModel {
  const { runner, documents } = parts;
  const placed = new Map<string, Placed>();
  return {
    StartAutomationExecution: (input: StartAutomationExecutionCommandInput, context) => ({
      AutomationExecutionId: start(runner, documents, placed, input, context),
    }),
    GetAutomationExecution: (input: GetAutomationExecutionCommandInput, context) => ({
      AutomationExecution: existing(runner, input.AutomationExecutionId, context),
    }),
    StopAutomationExecution: (input: StopAutomationExecutionCommandInput, context) => {
      const { AutomationExecutionId: id, Type: how = 'Cancel' } = input;
      existing(runner, id, context);
      if (how !== 'Cancel' && how !== 'Complete') {
        throw invalid([`Type must be Cancel or Complete: ${how}`]);
      }
      if (!runner.stop(id ?? '', how)) {
        throw awsError(
          'InvalidAutomationStatusUpdateException',
          `Automation execution ${id} has ended or is being stopped already`,
        );
      }
      return {};
    },
    DescribeAutomationExecutions: (input: DescribeAutomationExecutionsCommandInput, context) =>
      described(runner.list(context), input),
  };
}

function start(
  runner: Runner,
  documents: Documents,
  placed: Map<string, Placed>,
  input: StartAutomationExecutionCommandInput,
  context: CallContext,
): string {
  const problems = shapeProblems(input);
  if (problems.length > 0) throw invalid(problems);
  const { account, region, partition } = context;
  const { DocumentName = '', DocumentVersion, Parameters = {}, ClientToken } = input;
  const order = canonicalize({ DocumentName, DocumentVersion, Parameters }) ?? '';
  // Case does not matter in a token.
  const key = `${partition}/${account}/${region}/${ClientToken?.toLowerCase()}`;
  const before = ClientToken === undefined ? undefined : placed.get(key);
  if (before !== undefined) {
    if (before.order === order) return before.executionId;
    throw awsError(
      'IdempotentParameterMismatch',
      `Client token ${ClientToken} was used before with another document or other parameters`,
    );
  }
  const name = documentNameOf(DocumentName);
  const document = documents.get(name);
  if (document === undefined) {
    throw awsError('AutomationDefinitionNotFoundException', `There is no document ${DocumentName}`);
  }
  if (!['1', '$DEFAULT', '$LATEST'].includes(DocumentVersion ?? '1')) {
    throw awsError(
      'AutomationDefinitionVersionNotFoundException',
      `Document ${DocumentName} has no version ${DocumentVersion}`,
    );
  }
  const executionId = runner.start(document, {
    parameters: Parameters,
    where: { partition, account, region },
    executedBy: context.caller.arn,
    documentName: name,
    documentVersion: '1',
  });
  if (ClientToken !== undefined) placed.set(key, { order, executionId });
  return executionId;
}

/** A document may be named by its ARN. */
function documentNameOf(name: string): string {
  return name.replace(/^arn:aws[a-z-]*:ssm:[a-z0-9-]+:(?:\d{12})?:document\//, '');
}

const startInputs: readonly string[] = [
  'DocumentName',
  'DocumentVersion',
  'Parameters',
  'ClientToken',
  'Mode',
  'Tags',
];

/** What the API model itself refuses, before SSM looks at the document. */
function shapeProblems(input: StartAutomationExecutionCommandInput): string[] {
  const problems = Object.keys(input)
    .filter((name) => !startInputs.includes(name))
    .map((name) => `${name} is not modelled`);
  if (!/^[a-zA-Z0-9_\-.:/]{3,128}$/.test(input.DocumentName ?? '')) {
    problems.push('DocumentName must be 3 to 128 of letters, digits, _ - . : /');
  }
  if (input.ClientToken !== undefined && !tokenPattern.test(input.ClientToken)) {
    problems.push('ClientToken must be a UUID of 36 characters');
  }
  if (input.Mode !== undefined && input.Mode !== 'Auto') problems.push('Mode must be Auto');
  const parameters = Object.entries(input.Parameters ?? {});
  if (parameters.length > 200) problems.push('Parameters must have at most 200 entries');
  for (const [name, values] of parameters) {
    if (name.length < 1 || name.length > 50) {
      problems.push(`the name of parameter ${name} must have 1 to 50 characters`);
    }
    if (!Array.isArray(values) || values.length > 50) {
      problems.push(`parameter ${name} must be a list of at most 50 texts`);
      continue;
    }
    for (const value of values) {
      if (typeof value === 'string' && value.length >= 1 && value.length <= 512) continue;
      problems.push(`each value of parameter ${name} must be a text of 1 to 512 characters`);
    }
  }
  return problems;
}

function invalid(problems: readonly string[]): Error {
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return awsError('ValidationException', `${count}: ${problems.join('; ')}`);
}

function existing(
  runner: Runner,
  id: string | undefined,
  context: CallContext,
): AutomationExecution {
  const execution = runner.get(id ?? '', context);
  if (execution !== undefined) return execution;
  throw awsError(
    'AutomationExecutionNotFoundException',
    `Automation execution ${id} does not exist in ${context.account} ${context.region}`,
  );
}

function described(
  all: readonly AutomationExecution[],
  input: DescribeAutomationExecutionsCommandInput,
): Omit<DescribeAutomationExecutionsCommandOutput, '$metadata'> {
  const { Filters = [], MaxResults = 50, NextToken } = input;
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50) {
    throw invalid([`MaxResults must be 1 to 50: ${MaxResults}`]);
  }
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from) || from < 0) {
    throw awsError('InvalidNextToken', `NextToken is not one that was given: ${NextToken}`);
  }
  const chosen = all.filter((execution) => Filters.every((filter) => passes(filter, execution)));
  const rest = chosen.length > from + MaxResults;
  return {
    AutomationExecutionMetadataList: chosen.slice(from, from + MaxResults).map(metadataOf),
    ...(rest ? { NextToken: String(from + MaxResults) } : {}),
  };
}

function passes(filter: AutomationExecutionFilter, execution: AutomationExecution): boolean {
  const values = filter.Values ?? [];
  const startedAt = execution.ExecutionStartTime?.getTime() ?? Number.NaN;
  switch (filter.Key) {
    case 'DocumentNamePrefix':
      return values.some((prefix) => execution.DocumentName?.startsWith(prefix));
    case 'ExecutionStatus':
      return values.some((status) => execution.AutomationExecutionStatus === status);
    case 'ExecutionId':
      return values.some((id) => execution.AutomationExecutionId === id);
    case 'StartTimeBefore':
      return values.every((moment) => startedAt < Date.parse(moment));
    case 'StartTimeAfter':
      return values.every((moment) => startedAt > Date.parse(moment));
    default:
      throw awsError('InvalidFilterKey', `Filter key ${filter.Key} is not known or not modelled`);
  }
}

function metadataOf(execution: AutomationExecution): AutomationExecutionMetadata {
  const { StepExecutions, StepExecutionsTruncated, Parameters, Variables, ...rest } = execution;
  return { ...rest, LogFile: '', AutomationType: 'Local' };
}

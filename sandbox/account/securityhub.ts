/**
 * Security Hub: findings of an account and Region, and their workflow. A finding that it does not
 * know comes back in UnprocessedFindings, with status 200; every update is announced as imported.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-integration-types.html
 */
import type {
  AwsSecurityFindingIdentifier,
  BatchUpdateFindingsRequest,
  BatchUpdateFindingsResponse,
  BatchUpdateFindingsUnprocessedFinding,
  GetFindingsRequest,
  GetFindingsResponse,
  StringFilter,
} from '@aws-sdk/client-securityhub';
import type { Ground } from './ground.ts';
import { type FindingsV2, securityHubV2 } from './securityhub-v2.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';

/** A finding in ASFF, with whatever fields it has. */
export interface AsffFinding {
  readonly Id: string;
  readonly ProductArn: string;
  readonly [field: string]: unknown;
}

export interface Findings {
  /** Adds a finding, or replaces the one with that id. */
  add(account: string, region: string, finding: AsffFinding): void;
  list(account: string, region: string): readonly AsffFinding[];
  /** Announces a finding as imported. Throws if there is none with that id. */
  announce(account: string, region: string, id: string, delaySeconds?: number): void;
}

export interface SecurityHub {
  readonly findings: Findings;
  readonly findingsV2: FindingsV2;
  readonly model: ServiceModel;
}

export function securityHub(ground: Ground): SecurityHub {
  const places = new Map<string, Map<string, AsffFinding>>();
  const place = (account: string, region: string): Map<string, AsffFinding> => {
    const known = places.get(`${account}/${region}`);
    if (known !== undefined) return known;
    const empty = new Map<string, AsffFinding>();
    places.set(`${account}/${region}`, empty);
    return empty;
  };
  const findings: Findings = {
    add: (account, region, finding) => {
      place(account, region).set(finding.Id, finding);
    },
    list: (account, region) => [...place(account, region).values()],
    announce: (account, region, id, delaySeconds = 3) => {
      const finding = place(account, region).get(id);
      if (finding === undefined) throw new Error(`no finding ${id} in ${account}/${region}`);
      ground.emit({
        source: 'aws.securityhub',
        detailType: 'Security Hub Findings - Imported',
        account,
        region,
        resources: [`${finding.ProductArn}/${id}`],
        detail: { findings: [finding] },
        delaySeconds,
      });
    },
  };
  const v2 = securityHubV2(ground);
  const model = strict('securityhub', {
    ...v2.operations,
    BatchUpdateFindings: {
      takes: ['FindingIdentifiers', 'Note', 'Workflow', 'UserDefinedFields'],
      run: (input: BatchUpdateFindingsRequest, context) =>
        update(place(context.account, context.region), findings, input, context),
    },
    GetFindings: {
      takes: ['Filters', 'MaxResults', 'NextToken'],
      run: (input: GetFindingsRequest, context) =>
        get(findings.list(context.account, context.region), input),
    },
  });
  return { findings, findingsV2: v2.findings, model };
}

const workflowStatuses: readonly unknown[] = ['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED'];

function update(
  known: Map<string, AsffFinding>,
  findings: Findings,
  input: BatchUpdateFindingsRequest,
  { account, region, now }: CallContext,
): BatchUpdateFindingsResponse {
  refuseInvalid(input);
  const { Note, Workflow, UserDefinedFields } = input;
  const processed: AwsSecurityFindingIdentifier[] = [];
  const unprocessed: BatchUpdateFindingsUnprocessedFinding[] = [];
  for (const identifier of input.FindingIdentifiers ?? []) {
    const { Id = '', ProductArn } = identifier;
    const finding = known.get(Id);
    if (finding === undefined || finding.ProductArn !== ProductArn) {
      unprocessed.push({
        FindingIdentifier: identifier,
        ErrorCode: 'FindingNotFound',
        ErrorMessage: 'Finding Not Found',
      });
      continue;
    }
    known.set(Id, {
      ...finding,
      ...(Workflow === undefined ? {} : { Workflow: { Status: Workflow.Status } }),
      ...(UserDefinedFields === undefined ? {} : { UserDefinedFields: { ...UserDefinedFields } }),
      ...(Note === undefined ? {} : { Note: { ...Note, UpdatedAt: now } }),
    });
    processed.push(identifier);
    findings.announce(account, region, Id);
  }
  return { ProcessedFindings: processed, UnprocessedFindings: unprocessed };
}

function refuseInvalid(input: BatchUpdateFindingsRequest): void {
  const refuse = (problem: string): never => {
    throw awsError('InvalidInputException', `Invalid parameter: ${problem}`);
  };
  const { FindingIdentifiers = [], Note, Workflow, UserDefinedFields = {} } = input;
  if (FindingIdentifiers.length < 1 || FindingIdentifiers.length > 100) {
    refuse(`FindingIdentifiers has ${FindingIdentifiers.length} members, not 1 to 100`);
  }
  if (Note !== undefined) {
    const length = Note.Text?.length ?? 0;
    if (length < 1 || length > 512) refuse(`Note.Text has ${length} characters, not 1 to 512`);
    if (!Note.UpdatedBy) refuse('Note.UpdatedBy is required');
  }
  if (Workflow !== undefined && !workflowStatuses.includes(Workflow.Status)) {
    refuse(`Workflow.Status ${Workflow.Status}`);
  }
  const fields = Object.entries(UserDefinedFields);
  if (fields.length > 50) refuse(`UserDefinedFields has ${fields.length} pairs, not 1 to 50`);
  for (const [name, value] of fields) {
    if (name.length > 128 || value.length > 1024) refuse(`UserDefinedFields ${name} is too long`);
  }
}

const filterFields: ReadonlySet<string> = new Set(['Id', 'ProductArn', 'RecordState']);

function get(all: readonly AsffFinding[], input: GetFindingsRequest): GetFindingsResponse {
  const { MaxResults = 10, NextToken = '0' } = input;
  if (MaxResults < 1 || MaxResults > 100) {
    throw awsError('InvalidInputException', 'Invalid parameter: MaxResults must be 1 to 100');
  }
  const filters = Object.entries(input.Filters ?? {}).filter(([, wanted]) => wanted !== undefined);
  for (const [field, wanted] of filters) {
    const exact = wanted.every((each: StringFilter) => each.Comparison === 'EQUALS');
    if (!filterFields.has(field) || !exact) {
      throw notModelled(`securityhub:GetFindings by ${field}`);
    }
  }
  const matching = all.filter((finding) =>
    filters.every(([field, wanted]) =>
      wanted.some((each: StringFilter) => each.Value === finding[field]),
    ),
  );
  const from = Number(NextToken);
  const next = from + MaxResults;
  return {
    Findings: matching.slice(from, next) as unknown as GetFindingsResponse['Findings'],
    ...(next < matching.length ? { NextToken: String(next) } : {}),
  };
}

/**
 * Security Hub (V2): findings in OCSF of an account and Region, and their status. A finding that it
 * does not know comes back in UnprocessedFindings, with status 200; every update is announced.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindingsV2.html
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html
 */
import type {
  BatchUpdateFindingsV2ProcessedFinding,
  BatchUpdateFindingsV2Request,
  BatchUpdateFindingsV2Response,
  BatchUpdateFindingsV2UnprocessedFinding,
  OcsfFindingIdentifier,
} from '@aws-sdk/client-securityhub';
import type { Ground } from './ground.ts';
import { awsError, type CallContext } from './service.ts';
import type { StrictOperation } from './strict.ts';

/** An object with at least those fields. */
type With<T> = T & { readonly [field: string]: unknown };

/** A finding in OCSF, with whatever fields it has besides. */
export type OcsfFinding = With<{
  readonly metadata: With<{
    readonly uid: string;
    readonly product: With<{ readonly uid: string }>;
  }>;
  readonly cloud: With<{ readonly account: With<{ readonly uid: string }> }>;
  readonly finding_info: With<{ readonly uid: string }>;
  readonly status_id: number;
}>;

export interface FindingsV2 {
  /** Adds a finding, or replaces the one with that metadata.uid. */
  add(account: string, region: string, finding: OcsfFinding): void;
  list(account: string, region: string): readonly OcsfFinding[];
  /** Announces a finding as imported. Throws if there is none with that metadata.uid. */
  announce(account: string, region: string, uid: string, delaySeconds?: number): void;
}

export interface SecurityHubV2 {
  readonly findings: FindingsV2;
  readonly operations: Readonly<Record<string, StrictOperation>>;
}

export function securityHubV2(ground: Ground): SecurityHubV2 {
  const places = new Map<string, Map<string, OcsfFinding>>();
  const place = (account: string, region: string): Map<string, OcsfFinding> => {
    const known = places.get(`${account}/${region}`) ?? new Map<string, OcsfFinding>();
    places.set(`${account}/${region}`, known);
    return known;
  };
  const findings: FindingsV2 = {
    add: (account, region, finding) => {
      place(account, region).set(finding.metadata.uid, finding);
    },
    list: (account, region) => [...place(account, region).values()],
    announce: (account, region, uid, delaySeconds = 3) => {
      const finding = place(account, region).get(uid);
      if (finding === undefined) throw new Error(`no finding ${uid} in ${account}/${region}`);
      ground.emit({
        source: 'aws.securityhub',
        detailType: 'Findings Imported V2',
        account,
        region,
        resources: [uid],
        detail: { findings: [finding] },
        delaySeconds,
      });
    },
  };
  const operations = {
    BatchUpdateFindingsV2: {
      takes: ['MetadataUids', 'FindingIdentifiers', 'Comment', 'SeverityId', 'StatusId'],
      run: (input: BatchUpdateFindingsV2Request, context: CallContext) =>
        update(place(context.account, context.region), findings, input, context),
    },
  };
  return { findings, operations };
}

/** OCSF's words for the statuses that the API takes. */
const statuses: ReadonlyMap<unknown, string> = new Map([
  [0, 'Unknown'],
  [1, 'New'],
  [2, 'In Progress'],
  [3, 'Suppressed'],
  [4, 'Resolved'],
  [5, 'Archived'],
  [99, 'Other'],
]);

const severities: readonly unknown[] = [0, 1, 2, 3, 4, 5, 6, 99];

interface Wanted {
  readonly names: BatchUpdateFindingsV2ProcessedFinding;
  readonly finding: OcsfFinding | undefined;
}

function update(
  known: Map<string, OcsfFinding>,
  findings: FindingsV2,
  input: BatchUpdateFindingsV2Request,
  { account, region }: CallContext,
): BatchUpdateFindingsV2Response {
  refuseInvalid(input);
  const { Comment, SeverityId, StatusId } = input;
  const processed: BatchUpdateFindingsV2ProcessedFinding[] = [];
  const unprocessed: BatchUpdateFindingsV2UnprocessedFinding[] = [];
  for (const { names, finding } of wanted(known, input)) {
    if (finding === undefined) {
      const ErrorMessage = 'The finding does not exist.';
      unprocessed.push({ ...names, ErrorCode: 'ResourceNotFoundException', ErrorMessage });
      continue;
    }
    const { uid } = finding.metadata;
    known.set(uid, {
      ...finding,
      ...(StatusId === undefined ? {} : { status_id: StatusId, status: statuses.get(StatusId) }),
      ...(SeverityId === undefined ? {} : { severity_id: SeverityId }),
      ...(Comment === undefined ? {} : { comment: Comment }),
    });
    processed.push(names);
    findings.announce(account, region, uid);
  }
  return { ProcessedFindings: processed, UnprocessedFindings: unprocessed };
}

function wanted(
  known: ReadonlyMap<string, OcsfFinding>,
  { MetadataUids = [], FindingIdentifiers = [] }: BatchUpdateFindingsV2Request,
): readonly Wanted[] {
  const named = (names: OcsfFindingIdentifier) =>
    [...known.values()].find(
      ({ metadata, cloud, finding_info }) =>
        names.CloudAccountUid === cloud.account.uid &&
        names.FindingInfoUid === finding_info.uid &&
        names.MetadataProductUid === metadata.product.uid,
    );
  return [
    ...MetadataUids.map((uid) => ({ names: { MetadataUid: uid }, finding: known.get(uid) })),
    ...FindingIdentifiers.map((identifier) => ({
      names: { FindingIdentifier: identifier },
      finding: named(identifier),
    })),
  ];
}

function refuseInvalid(input: BatchUpdateFindingsV2Request): void {
  const refuse = (problem: string): never => {
    throw awsError('ValidationException', `Invalid parameter: ${problem}`);
  };
  const { MetadataUids, FindingIdentifiers, Comment, SeverityId, StatusId } = input;
  if ((MetadataUids === undefined) === (FindingIdentifiers === undefined)) {
    refuse('give either MetadataUids or FindingIdentifiers');
  }
  const count = (MetadataUids ?? FindingIdentifiers ?? []).length;
  if (count < 1 || count > 100) refuse(`${count} findings are named, not 1 to 100`);
  for (const each of FindingIdentifiers ?? []) {
    if (!each.CloudAccountUid || !each.FindingInfoUid || !each.MetadataProductUid) {
      refuse('a FindingIdentifier lacks one of its three parts');
    }
  }
  if (Comment !== undefined && (Comment.length < 1 || Comment.length > 512)) {
    refuse(`Comment has ${Comment.length} characters, not 1 to 512`);
  }
  if (StatusId !== undefined && !statuses.has(StatusId)) refuse(`StatusId ${StatusId}`);
  if (SeverityId !== undefined && !severities.includes(SeverityId)) {
    refuse(`SeverityId ${SeverityId}`);
  }
}

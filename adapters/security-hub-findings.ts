/**
 * What became of a finding, written back to Security Hub in the account and Region of each finding.
 * BatchUpdateFindings takes 100 findings, answers 200 although it left some out, and names those in
 * UnprocessedFindings. Each call emits a new "Findings - Imported" event, which changes nothing
 * here: the claim remembers the finding.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html
 */
import {
  type AwsSecurityFindingIdentifier,
  BatchUpdateFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import { shortKey } from '../domain/key.ts';
import type { FindingRecorder, Place } from '../domain/ports.ts';
import { stageInWords } from '../domain/status-text.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { cutText, oneLine } from './cut-text.ts';

/** Note: ASFF's limit. Fields: at most 50 pairs, of which Keyturn writes fewer. */
export const securityHubLimits = { batch: 100, note: 512, fieldValue: 1024 } as const;

type HubFinding = Extract<Finding, { source: 'security hub' }>;
type Result = Parameters<FindingRecorder['record']>[0];

/** Findings of one account and Region, as many as one call takes. */
interface Batch {
  readonly account: string;
  readonly region: string;
  readonly findings: readonly HubFinding[];
}

/** A finding that was not updated, and whether it may be later. */
interface Miss {
  readonly finding: string;
  readonly why: string;
  readonly passes: boolean;
}

/** A finding that no longer exists, or an update that is refused as it is, never comes right. */
const lasting: readonly string[] = [
  'FindingNotFound',
  'InvalidInput',
  'FindingSizeExceeded',
  'DuplicatedFindingIdentifier',
];

/**
 * Writes to every Security Hub finding of the rotation; Config findings have nowhere to write to.
 * One account that cannot be reached holds up no other. Throws, naming what was not updated:
 * Transient if any of it may be updated later, else Permanent.
 */
export function securityHubFindings(
  connectionFor: (place: Place) => AwsConnection,
): FindingRecorder {
  return {
    record: async (result) => {
      const { partition } = result.rotation.key.user;
      const misses: Miss[] = [];
      for (const { account, region, findings } of batches(result.rotation.findings)) {
        const hubOf = () =>
          connect(SecurityHubClient, connectionFor({ partition, account, region }));
        misses.push(...(await update(hubOf, findings, result)));
      }
      if (misses.length > 0) throw notAllUpdated(result.rotation, misses);
    },
  };
}

async function update(
  hubOf: () => SecurityHubClient,
  findings: readonly HubFinding[],
  result: Result,
): Promise<readonly Miss[]> {
  const { rotation, workflow, note } = result;
  const command = new BatchUpdateFindingsCommand({
    FindingIdentifiers: findings.map(identifierOf),
    Workflow: { Status: workflow },
    Note: { Text: cutText(oneLine(note), securityHubLimits.note), UpdatedBy: 'Keyturn' },
    UserDefinedFields: userDefinedFields(rotation),
  });
  try {
    const { UnprocessedFindings: left = [] } = await hubOf().send(command);
    return left.map(({ FindingIdentifier, ErrorCode = 'no code', ErrorMessage = '' }) => ({
      finding: FindingIdentifier?.Id ?? 'an unnamed finding',
      why: `${ErrorCode} ${ErrorMessage}`.trim(),
      passes: !lasting.includes(ErrorCode),
    }));
  } catch (error) {
    const failure = fromAws('BatchUpdateFindings', error);
    const passes = failure instanceof Transient;
    return findings.map(({ id }) => ({ finding: id, why: messageOf(failure), passes }));
  }
}

/** Findings by account and Region, each once, in batches. */
function batches(findings: readonly Finding[]): readonly Batch[] {
  const known = new Set<string>();
  const places = new Map<string, { account: string; region: string; findings: HubFinding[] }>();
  for (const finding of findings) {
    if (finding.source !== 'security hub') continue;
    const identity = `${finding.id} ${finding.productArn}`;
    if (known.has(identity)) continue;
    known.add(identity);
    const { account, region } = finding;
    const place = places.get(`${account}/${region}`) ?? { account, region, findings: [] };
    place.findings.push(finding);
    places.set(`${account}/${region}`, place);
  }
  const size = securityHubLimits.batch;
  return [...places.values()].flatMap((place) =>
    Array.from({ length: Math.ceil(place.findings.length / size) }, (_, index) => ({
      ...place,
      findings: place.findings.slice(index * size, (index + 1) * size),
    })),
  );
}

function identifierOf({ id, productArn }: HubFinding): AwsSecurityFindingIdentifier {
  return { Id: id, ProductArn: productArn };
}

/** What an analyst can filter by. A value is never empty: ASFF refuses that. */
function userDefinedFields(rotation: Rotation): Record<string, string> {
  const { key, owner } = rotation;
  const issued = issuedOf(rotation);
  const deadline = deadlineOf(rotation);
  const values: Readonly<Record<string, string>> = {
    keyturnRotation: rotation.id,
    keyturnStage: stageInWords(rotation),
    keyturnOldKey: shortKey(key.keyId),
    keyturnOwner: owner.known ? owner.name : 'unknown',
    keyturnDeadline: deadline === null ? 'none' : `${deadline.what} ${deadline.at}`,
    keyturnSecret: issued?.secretArn ?? 'none',
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      cutText(oneLine(value).trim() || 'unknown', securityHubLimits.fieldValue),
    ]),
  );
}

function notAllUpdated(rotation: Rotation, misses: readonly Miss[]): Transient | Permanent {
  const named = misses.map(({ finding, why }) => `${finding} (${why})`).join('; ');
  const message = `writing rotation ${rotation.id} to Security Hub left out: ${named}`;
  return misses.some(({ passes }) => passes)
    ? new Transient(`${message}. It is tried again.`)
    : new Permanent(`${message}. Look at these findings in Security Hub.`);
}

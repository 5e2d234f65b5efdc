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
import type { Finding } from '../domain/finding.ts';
import { shortKey } from '../domain/key.ts';
import type { FindingRecorder, Place } from '../domain/ports.ts';
import { stageInWords } from '../domain/status-text.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { cutText, oneLine } from './cut-text.ts';
import { allMissed, type Miss, updateAll } from './finding-updates.ts';

/** Note: ASFF's limit. Fields: at most 50 pairs, of which Keyturn writes fewer. */
export const securityHubLimits = { note: 512, fieldValue: 1024 } as const;

type HubFinding = Extract<Finding, { source: 'security hub' }>;
type Result = Parameters<FindingRecorder['record']>[0];

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
    record: (result) => {
      const own = result.rotation.findings.filter((each) => each.source === 'security hub');
      const identity = ({ id, productArn }: HubFinding) => `${id} ${productArn}`;
      return updateAll(result.rotation, own, identity, (place, findings) =>
        update(() => connect(SecurityHubClient, connectionFor(place)), findings, result),
      );
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
    const ids = findings.map(({ id }) => id);
    return allMissed(ids, fromAws('BatchUpdateFindings', error));
  }
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

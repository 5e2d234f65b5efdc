/**
 * What became of a finding, written back to Security Hub (V2) in the account and Region of each
 * finding. BatchUpdateFindingsV2 takes 100 findings, answers 200 although it left some out, and
 * names those in UnprocessedFindings. It has neither notes nor fields of one's own: the rotation is
 * named in the comment. Each call emits a new "Findings Imported V2" event with a status that is
 * not New, which calls for nothing here.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindingsV2.html
 * (2026-11)
 */
import {
  BatchUpdateFindingsV2Command,
  type OcsfFindingIdentifier,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { type Permanent, Transient } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { FindingRecorder, Place } from '../domain/ports.ts';
import { stageInWords } from '../domain/status-text.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { cutText, oneLine } from './cut-text.ts';
import { allMissed, type Miss, updateAll } from './finding-updates.ts';

type V2Finding = Extract<Finding, { source: 'security hub v2' }>;
type Result = Parameters<FindingRecorder['record']>[0];

/** The API's limit of a comment. */
export const commentLimit = 512;

/**
 * OCSF knows no "notified": In Progress is what says that somebody works on it, and so do AWS's own
 * remediations (https://github.com/aws-solutions/automated-security-response-on-aws, 2026-11).
 */
const statusIds = { NOTIFIED: 2, RESOLVED: 4 } as const;

/** A finding that no longer exists, or an update that is refused as it is, never comes right. */
const lasting: readonly string[] = ['ResourceNotFoundException', 'ValidationException'];

/**
 * Writes to every V2 finding of the rotation, and to no other. Throws, naming what was not updated:
 * Transient if any of it may be updated later, else Permanent.
 */
export function securityHubV2Findings(
  connectionFor: (place: Place) => AwsConnection,
): FindingRecorder {
  return {
    record: (result) => {
      const own = result.rotation.findings.filter((each) => each.source === 'security hub v2');
      const identity = ({ account, productUid, findingUid }: V2Finding) =>
        `${account} ${productUid} ${findingUid}`;
      return updateAll(result.rotation, own, identity, (place, findings) =>
        update(() => connect(SecurityHubClient, connectionFor(place)), findings, result),
      );
    },
  };
}

async function update(
  hubOf: () => SecurityHubClient,
  findings: readonly V2Finding[],
  { rotation, workflow, note }: Result,
): Promise<readonly Miss[]> {
  const comment = `${note} Stage: ${stageInWords(rotation)}. Rotation ${rotation.id} by Keyturn.`;
  const command = new BatchUpdateFindingsV2Command({
    FindingIdentifiers: findings.map(identifierOf),
    Comment: cutText(oneLine(comment), commentLimit),
    StatusId: statusIds[workflow],
  });
  try {
    const { UnprocessedFindings: left = [] } = await hubOf().send(command);
    return left.map((each) => ({
      finding: each.FindingIdentifier?.FindingInfoUid ?? each.MetadataUid ?? 'an unnamed finding',
      why: `${each.ErrorCode ?? 'no code'} ${each.ErrorMessage ?? ''}`.trim(),
      passes: !lasting.includes(each.ErrorCode ?? 'no code'),
    }));
  } catch (error) {
    const uids = findings.map(({ findingUid }) => findingUid);
    return allMissed(uids, failureOf(error));
  }
}

/** Another update of the same findings was under way: the next attempt finds it over. */
function failureOf(error: unknown): Transient | Permanent {
  const failure = fromAws('BatchUpdateFindingsV2', error);
  return awsErrorName(error) === 'ConflictException'
    ? new Transient(failure.message, { cause: error })
    : failure;
}

function identifierOf({ account, productUid, findingUid }: V2Finding): OcsfFindingIdentifier {
  return {
    CloudAccountUid: account,
    MetadataProductUid: productUid,
    FindingInfoUid: findingUid,
  };
}

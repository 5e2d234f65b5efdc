/**
 * IAM's credential report of an account: asked for, waited for, read. IAM makes one at most every
 * four hours and gives the same one until then.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html (2026-11)
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html (2026-11)
 */
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  type GetCredentialReportResponse,
  IAMClient,
} from '@aws-sdk/client-iam';
import { Permanent, Transient } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import type { CredentialReport, CredentialReports } from '../domain/inventory.ts';
import type { Clock, Place } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';
import { parseCredentialReport } from './credential-report-rows.ts';

/** A report of thousands of users takes a minute or so; AWS names no time. */
const pauseMillis = 5000;
const mostPauses = 36;

/** There is no report yet, or none any more: by the SDK's name and the API's. */
const notThere: ReadonlySet<string> = new Set([
  'CredentialReportExpiredException',
  'CredentialReportNotPresentException',
  'CredentialReportNotReadyException',
  'ReportExpired',
  'ReportNotPresent',
  'ReportInProgress',
]);

/** Reports through `connectionFor`; IAM is global: one home Region serves the whole partition. */
export function credentialReports(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
  clock: Pick<Clock, 'sleep'>,
): CredentialReports {
  return {
    read: async (partition, account) => {
      const connection = connectionFor({ partition, account, region: homeRegion });
      const tried = `reading the credential report of account ${account}`;
      const answer = await newest(connect(IAMClient, connection), clock, tried);
      return reportIn(answer, { partition, account }, tried);
    },
  };
}

/**
 * Asks for the report until it is there. What is too much at once (LimitExceeded, a throttle) may
 * work later, and is Transient.
 */
async function newest(
  iam: IAMClient,
  clock: Pick<Clock, 'sleep'>,
  tried: string,
): Promise<GetCredentialReportResponse> {
  for (let pause = 0; pause <= mostPauses; pause++) {
    if (pause > 0) await clock.sleep(pauseMillis);
    if (await isComplete(iam, clock, tried)) {
      const answer = await got(iam, clock, tried);
      if (answer !== undefined) return answer;
    }
  }
  const seconds = (mostPauses * pauseMillis) / 1000;
  throw new Transient(`${tried}: IAM has not made it within ${seconds} s; it is asked again`);
}

async function isComplete(
  iam: IAMClient,
  clock: Pick<Clock, 'sleep'>,
  tried: string,
): Promise<boolean> {
  const ask = () => iam.send(new GenerateCredentialReportCommand({}));
  const { State } = await backingOff(clock, ask).catch((error: unknown) => {
    if (/^LimitExceeded(Exception)?$/.test(awsErrorName(error))) {
      throw new Transient(`${tried}: IAM makes too many at once; it is asked again`, {
        cause: error,
      });
    }
    throw fromAws(tried, error);
  });
  switch (State) {
    case 'COMPLETE':
      return true;
    case 'STARTED':
    case 'INPROGRESS':
      return false;
    default:
      throw new Permanent(`${tried}: IAM says that it is ${State}, which is not understood`);
  }
}

/** Undefined while there is none: one that was there a moment ago may have expired. */
async function got(
  iam: IAMClient,
  clock: Pick<Clock, 'sleep'>,
  tried: string,
): Promise<GetCredentialReportResponse | undefined> {
  try {
    return await backingOff(clock, () => iam.send(new GetCredentialReportCommand({})));
  } catch (error) {
    if (notThere.has(awsErrorName(error))) return undefined;
    throw fromAws(tried, error);
  }
}

function reportIn(
  { Content, GeneratedTime, ReportFormat }: GetCredentialReportResponse,
  owner: Pick<Place, 'partition' | 'account'>,
  tried: string,
): CredentialReport {
  if (ReportFormat !== 'text/csv' || Content === undefined || GeneratedTime === undefined) {
    throw new Permanent(`${tried}: IAM gives no text/csv with content and time`);
  }
  const rows = parseCredentialReport(new TextDecoder().decode(Content), owner);
  if (!rows.ok) throw new Permanent(`${tried}: ${rows.problems.join('; ')}`);
  return { generatedAt: fromMillis(GeneratedTime.getTime()), ...rows.value };
}

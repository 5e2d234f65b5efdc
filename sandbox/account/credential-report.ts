/**
 * IAM's credential report: one for an account, made in the background within seconds, given until
 * it is four hours old.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html (2026-11)
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html (2026-11)
 */
import type {
  GenerateCredentialReportResponse,
  GetCredentialReportResponse,
} from '@aws-sdk/client-iam';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { KeyRecord, UserRecord } from './directory.ts';
import { inSeconds } from './ground.ts';
import type { IamParts } from './iam.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';

interface Report {
  /** From then on it can be fetched. */
  readonly readyAt: Instant;
  readonly text: string;
}

const keptFor = { hours: 4 } as const;

export function credentialReportModel(parts: IamParts): ServiceModel {
  const reports = new Map<string, Report>();
  const isExpired = ({ readyAt }: Report, now: Instant) => isDue(plus(readyAt, keptFor), now);
  const generate = ({ account, now }: CallContext): GenerateCredentialReportResponse => {
    const known = reports.get(account);
    if (known !== undefined && !isExpired(known, now)) {
      return { State: isDue(known.readyAt, now) ? 'COMPLETE' : 'INPROGRESS' };
    }
    const seconds = parts.ground.settings.credentialReportSeconds;
    reports.set(account, { readyAt: plus(now, { seconds }), text: textOf(parts, account, now) });
    return {
      State: 'STARTED',
      Description: 'No report exists. Starting a new report generation task',
    };
  };
  const get = ({ account, now }: CallContext): GetCredentialReportResponse => {
    const known = reports.get(account);
    if (known === undefined) {
      throw awsError('CredentialReportNotPresentException', 'Report is not present', 410);
    }
    if (!isDue(known.readyAt, now)) {
      throw awsError('CredentialReportNotReadyException', 'Report is being generated', 404);
    }
    if (isExpired(known, now)) {
      throw awsError('CredentialReportExpiredException', 'Report has expired', 410);
    }
    return {
      Content: new TextEncoder().encode(known.text),
      ReportFormat: 'text/csv',
      GeneratedTime: new Date(known.readyAt),
    };
  };
  return strict('iam', {
    GenerateCredentialReport: { takes: [], run: (_, context) => generate(context) },
    GetCredentialReport: { takes: [], run: (_, context) => get(context) },
  });
}

const ofKey = (slot: number) => [
  `access_key_${slot}_active`,
  `access_key_${slot}_last_rotated`,
  `access_key_${slot}_last_used_date`,
  `access_key_${slot}_last_used_region`,
  `access_key_${slot}_last_used_service`,
];

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...ofKey(1),
  ...ofKey(2),
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

const none = 'N/A';
const noCertificates = ['false', none, 'false', none];

function textOf(parts: IamParts, account: string, now: Instant): string {
  const users = parts.people.users(account).map((user) => rowOf(parts, user));
  const lines = [columns, rootRow(parts, account, now), ...users];
  return lines.map((values) => values.map(quoted).join(',')).join('\n');
}

/** A name may hold a comma. */
function quoted(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Its password is its own matter, and the account has never said when it was made. */
function rootRow(parts: IamParts, account: string, now: Instant): readonly string[] {
  const arn = `arn:${parts.ground.partition}:iam::${account}:root`;
  const madeAt = moment(plus(now, { days: -2000 }));
  const password = ['not_supported', 'no_information', 'not_supported', 'not_supported', 'true'];
  const noKey = ['false', none, none, none, none];
  return ['<root_account>', arn, madeAt, ...password, ...noKey, ...noKey, ...noCertificates];
}

function rowOf(parts: IamParts, { userName, arn, createdAt, keys }: UserRecord) {
  const noPassword = ['false', none, none, none, 'false'];
  const [first, second] = keys;
  return [
    ...[userName, arn, moment(createdAt), ...noPassword],
    ...keyFields(parts, first),
    ...keyFields(parts, second),
    ...noCertificates,
  ];
}

/** Of a key that is not Active, AWS documents no date of rotation. */
function keyFields({ lastUsed }: IamParts, key: KeyRecord | undefined): readonly string[] {
  if (key === undefined) return ['false', none, none, none, none];
  const changedAt = key.changes.at(-1)?.at ?? key.createdAt;
  const use = lastUsed.shown(key.keyId);
  const used = use === undefined ? [none, none, none] : [moment(use.at), use.region, use.service];
  return key.status === 'Active' ? ['true', moment(changedAt), ...used] : ['false', none, ...used];
}

/** `2026-08-04T09:30:00+00:00` */
function moment(at: Instant): string {
  return inSeconds(at).replace(/Z$/, '+00:00');
}

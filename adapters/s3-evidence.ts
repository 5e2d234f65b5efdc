/**
 * Evidence in an S3 bucket that keeps every version. Only the bucket of the account that it should
 * belong to is written to, and every object goes with a SHA-256 by which S3 checks what arrived,
 * which a bucket with Object Lock asks for.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (2026-11)
 */
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Permanent } from '../domain/errors.ts';
import type { EvidenceArchive } from '../domain/evidence-archive.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws, httpStatusOf } from './aws-error.ts';
import { rotationsCsv } from './evidence-csv.ts';
import { journalFileText, journalText, reportFrame } from './evidence-file.ts';

export interface EvidenceBucket {
  readonly name: string;
  /** The account that must own it, or nothing is sent. */
  readonly owner: string;
}

/** A report is sent in one piece, and is in memory twice for that. */
export const mostReportBytes = 150 * 1024 * 1024;

/** Milliseconds: so much takes longer than a usual answer. */
const requestTimeout = 120_000;

/** By it the next report finds the digest without reading the whole. */
const digestField = 'keyturn-digest';

const [json, csv] = ['application/json', 'text/csv; charset=utf-8'];

export function s3Evidence(
  connection: AwsConnection,
  bucket: EvidenceBucket,
  mostBytes = mostReportBytes,
): EvidenceArchive {
  const client = connect(S3Client, connection, { requestTimeout });
  const put = async (key: string, body: Uint8Array | string, type: string, digest?: string) => {
    const input = {
      Bucket: bucket.name,
      Key: key,
      Body: body,
      ContentType: type,
      ChecksumAlgorithm: 'SHA256' as const,
      ExpectedBucketOwner: bucket.owner,
      ...(digest === undefined ? {} : { Metadata: { [digestField]: digest } }),
    };
    try {
      await client.send(new PutObjectCommand(input));
    } catch (error) {
      throw fromAws(`writing ${key} to bucket ${bucket.name}`, error);
    }
  };
  return {
    textOf: (rotationId, entries) => Buffer.from(journalText(rotationId, entries)),
    keepJournal: (file) => put(`journals/${file.rotationId}.json`, journalFileText(file), json),
    keepReport: async (head, journals) => {
      const { name } = head.period;
      const { start, end } = reportFrame(head);
      const between = Buffer.from(',\n');
      const parts = journals.flatMap((each, index) => (index === 0 ? [each] : [between, each]));
      const all = [Buffer.from(start), ...parts, Buffer.from(end)];
      const bytes = all.reduce((sum, { length }) => sum + length, 0);
      if (bytes > mostBytes) throw tooLarge(name, bytes, mostBytes);
      // The report itself last: where it is, its table is too.
      await put(`reports/${name}.csv`, rotationsCsv(head.rotations), csv, head.digest);
      await put(`reports/${name}.json`, Buffer.concat(all), json, head.digest);
      return `s3://${bucket.name}/reports/${name}.json`;
    },
    digestOf: (name) => digestOf(client, bucket, `reports/${name}.json`),
  };
}

function tooLarge(name: string, bytes: number, most: number): Permanent {
  return new Permanent(
    `the report ${name} has ${bytes} bytes, ${most} are sent at most: ask for shorter periods ` +
      'by {"from", "to"}',
  );
}

/**
 * Who may not list a bucket is refused what is not there as if it were forbidden, and HEAD answers
 * without a body that would name the error.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (2026-11)
 */
const notToBeRead: readonly (number | undefined)[] = [403, 404];

async function digestOf(
  client: S3Client,
  { name, owner }: EvidenceBucket,
  key: string,
): Promise<string | undefined> {
  try {
    const input = { Bucket: name, Key: key, ExpectedBucketOwner: owner };
    return (await client.send(new HeadObjectCommand(input))).Metadata?.[digestField];
  } catch (error) {
    if (notToBeRead.includes(httpStatusOf(error))) return undefined;
    throw fromAws(`looking at ${key} in bucket ${name}`, error);
  }
}

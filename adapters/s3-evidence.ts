/**
 * Evidence in an S3 bucket that keeps every version. Only the bucket of the account that it should
 * belong to is written to, and every object goes with a SHA-256 by which S3 checks what arrived,
 * which a bucket with Object Lock asks for.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (2026-11)
 */
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Permanent } from '../domain/errors.ts';
import type { EvidenceArchive, EvidenceShelf } from '../domain/evidence-archive.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws, httpStatusOf } from './aws-error.ts';
import { complianceCsv, rotationsCsv } from './evidence-csv.ts';
import {
  type EvidenceFile,
  journalFileText,
  journalText,
  parseEvidenceFile,
  reportFrame,
} from './evidence-file.ts';
import { dayKey } from './s3-inventory.ts';
import { csv, type EvidenceBucket, json, putInto, requestTimeout } from './s3-put.ts';

/** A report is sent in one piece, and is in memory twice for that. */
export const mostReportBytes = 150 * 1024 * 1024;

/** By it the next report finds the digest without reading the whole. */
const digestField = 'keyturn-digest';

const metadata = (digest: string) => ({ [digestField]: digest });

export function s3Evidence(
  connection: AwsConnection,
  bucket: EvidenceBucket,
  mostBytes = mostReportBytes,
): EvidenceArchive & EvidenceShelf {
  const client = connect(S3Client, connection, { requestTimeout });
  const put = putInto(client, bucket);
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
      await put(`reports/${name}.csv`, rotationsCsv(head.rotations), csv, metadata(head.digest));
      await put(`reports/${name}.json`, Buffer.concat(all), json, metadata(head.digest));
      return `s3://${bucket.name}/reports/${name}.json`;
    },
    digestOf: (name) => digestOf(client, bucket, `reports/${name}.json`),
    keepPage: (name, page) => put(`reports/${name}.html`, page, 'text/html; charset=utf-8'),
    keepCompliance: async (name, answer) => {
      await put(`compliance/${name}.csv`, complianceCsv(answer), csv);
      await put(`compliance/${name}.json`, `${JSON.stringify(answer, null, 1)}\n`, json);
    },
    complianceOf: async (name) => {
      const found = await fileAt(client, bucket, `compliance/${name}.json`);
      return found?.kind === 'compliance' ? found.answer : undefined;
    },
    inventoryOf: async (date) => {
      const found = await fileAt(client, bucket, dayKey(date));
      return found?.kind === 'inventory-day' ? found.day : undefined;
    },
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

/** A file that is no evidence any more is Permanent: whoever edited it is to be looked for. */
async function fileAt(
  client: S3Client,
  { name, owner }: EvidenceBucket,
  key: string,
): Promise<EvidenceFile | undefined> {
  const tried = `reading ${key} of bucket ${name}`;
  let text: string | undefined;
  try {
    const input = { Bucket: name, Key: key, ExpectedBucketOwner: owner };
    text = await (await client.send(new GetObjectCommand(input))).Body?.transformToString();
  } catch (error) {
    if (notToBeRead.includes(httpStatusOf(error))) return undefined;
    throw fromAws(tried, error);
  }
  const found = parseEvidenceFile(text ?? '');
  if (!found.ok) throw new Permanent(`${tried}: ${found.problems.join('; ')}`);
  return found.value;
}

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

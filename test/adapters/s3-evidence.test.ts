/** What is put into the bucket, and how; CSV that no spreadsheet takes for a formula. */
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { rotationsCsv } from '../../adapters/evidence-csv.ts';
import { parseEvidenceFile } from '../../adapters/evidence-file.ts';
import { s3Evidence } from '../../adapters/s3-evidence.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { recordOf } from '../../domain/evidence-record.ts';
import { type Gathered, journalFile, reportHead } from '../../domain/evidence-report.ts';
import { instant } from '../../domain/instant.ts';
import { chained, firstHash } from '../../domain/journal.ts';
import { keyturnActor } from '../../domain/people.ts';
import { lastWholeWeek } from '../../domain/report-period.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { done, rotationAt, story } from '../builders.ts';
import { type Answers, cannedAws } from './canned-aws.ts';

const { digest } = cryptoIds;
const now = instant('2026-11-23T06:00:00Z');
const state = rotationAt(done(), { id: 'a', version: 1 });
const opening = {
  rotationId: 'a',
  version: 1,
  at: story.opened,
  actor: keyturnActor,
  event: { type: 'opened' as const },
  from: null,
  to: 'done' as const,
  ignored: null,
  effects: [],
  state,
};
const entries = [chained(opening, firstHash, digest)];
const record = recordOf('a', entries, digest);
if (record === null) throw new Error('no record');

const gathered: Gathered = {
  stage: 'test',
  period: lastWholeWeek(now, 'UTC'),
  madeAt: now,
  previous: { name: '2026-W46', digest: null, why: 'none' },
  gaps: [],
  rotations: [record],
};

const bucket = { name: 'keyturn-test-evidence', owner: '111122223333' };
const given = (answers: Answers, mostBytes?: number) => {
  const aws = cannedAws(answers);
  return { aws, archive: s3Evidence(aws.connection, bucket, mostBytes) };
};
const taken = { PutObject: () => ({}) };

describe('what is put into the bucket', () => {
  test('goes with its type, a checksum, and the owner that the bucket must have', async () => {
    const { aws, archive } = given(taken);
    const head = reportHead(gathered, digest);
    const where = await archive.keepReport(head, [archive.textOf('a', entries)]);
    await archive.keepJournal(journalFile('a', entries));
    expect(where).toBe('s3://keyturn-test-evidence/reports/2026-W47.json');
    const always = {
      Bucket: bucket.name,
      ChecksumAlgorithm: 'SHA256',
      ExpectedBucketOwner: bucket.owner,
    };
    const Metadata = { 'keyturn-digest': head.digest };
    expect(aws.calls.map(({ input: { Body: _, ...input } }) => input)).toEqual([
      { ...always, Key: 'reports/2026-W47.csv', ContentType: 'text/csv; charset=utf-8', Metadata },
      { ...always, Key: 'reports/2026-W47.json', ContentType: 'application/json', Metadata },
      { ...always, Key: 'journals/a.json', ContentType: 'application/json' },
    ]);
    const [, report, journal] = aws.calls.map(({ input }) => String(input.Body));
    expect(parseEvidenceFile(report ?? '')).toMatchObject({
      value: { kind: 'report', report: { ...head, journals: [{ rotationId: 'a', entries }] } },
    });
    expect(parseEvidenceFile(journal ?? '')).toMatchObject({
      value: { kind: 'journal', file: { rotationId: 'a', entryCount: 1, entries } },
    });
  });

  test('is refused where it is too large, before anything is sent', async () => {
    const { aws, archive } = given(taken, 1000);
    const kept = archive.keepReport(reportHead(gathered, digest), [archive.textOf('a', entries)]);
    await expect(kept).rejects.toThrow(Permanent);
    await expect(kept).rejects.toThrow('ask for shorter periods');
    expect(aws.calls).toEqual([]);
  });

  test.each([
    ['AccessDenied', 403, Permanent],
    ['NoSuchBucket', 404, Permanent],
    ['SlowDown', 503, Transient],
    ['InternalError', 500, Transient],
  ])('that S3 answers with %s says what was tried on what', async (name, status, kind) => {
    const { archive } = given({
      PutObject: () => {
        throw awsError(name, 'refused', status);
      },
    });
    const kept = archive.keepJournal(journalFile('a', entries));
    await expect(kept).rejects.toThrow(kind);
    await expect(kept).rejects.toThrow('writing journals/a.json to bucket keyturn-test-evidence');
  });
});

describe('the digest of an earlier report', () => {
  const refusing = (status: number) => () => {
    throw awsError('Unknown', 'UnknownError', status);
  };

  test('is read without the report itself', async () => {
    const HeadObject = () => ({ Metadata: { 'keyturn-digest': 'a digest' } });
    const { aws, archive } = given({ HeadObject });
    expect(await archive.digestOf('2026-W46')).toBe('a digest');
    expect(aws.calls[0]?.input).toEqual({
      Bucket: bucket.name,
      Key: 'reports/2026-W46.json',
      ExpectedBucketOwner: bucket.owner,
    });
  });

  test('is not known of what is not there, or of what may not be read', async () => {
    for (const status of [403, 404]) {
      const { archive } = given({ HeadObject: refusing(status) });
      expect(await archive.digestOf('2026-W46')).toBeUndefined();
    }
  });

  test('is asked for again when S3 does not answer', async () => {
    const { archive } = given({ HeadObject: refusing(503) });
    await expect(archive.digestOf('2026-W46')).rejects.toThrow(Transient);
  });
});

describe('the table', () => {
  const cell = (userName: string) => {
    const csv = rotationsCsv([{ ...record, userName }]);
    const [row] = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
    return { csv, row };
  };

  test.each([
    '=HYPERLINK("http://192.0.2.1","x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '＝1',
  ])('makes %j harmless', (name) => {
    const { row } = cell(name);
    expect(row?.userName).toBe(`'${name}`);
  });

  test.each(['svc-billing', 'a,b', 'a"b', 'a\nb', 'ä=b', "o'neil"])(
    'leaves %j as it is',
    (name) => {
      const { csv, row } = cell(name);
      expect(row?.userName).toBe(name);
      expect(row).toMatchObject({ rotationId: 'a', stage: 'done', whole: 'yes' });
      expect(csv.startsWith('\uFEFF"rotationId"')).toBe(true);
    },
  );
});

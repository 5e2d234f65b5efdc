/** Macie's findings: which of them speak of access keys, and what they say. */
import { describe, expect, it } from 'vitest';
import { readMacie, readMacieEvent } from '../../adapters/macie-event.ts';
import { secretOf } from '../planted.ts';

const kinds = (type: string, count: number) => [
  { category: 'CREDENTIALS', totalCount: count, detections: [{ type, count, occurrences: {} }] },
];

const detail = {
  schemaVersion: '1.0',
  id: 'one',
  accountId: '111122223333',
  partition: 'aws',
  region: 'us-east-1',
  type: 'SensitiveData:S3Object/Credentials',
  createdAt: '2026-11-01T10:00:00Z',
  severity: { score: 3, description: 'High' },
  category: 'CLASSIFICATION',
  archived: false,
  resourcesAffected: {
    s3Bucket: { arn: 'arn:aws:s3:::backups', name: 'backups' },
    s3Object: { bucketArn: 'arn:aws:s3:::backups', key: 'home/.env', path: 'backups/home/.env' },
  },
  classificationDetails: { result: { sensitiveData: kinds('AWS_CREDENTIALS', 2) } },
};

const event = {
  version: '0',
  id: 'e',
  'detail-type': 'Macie Finding',
  source: 'aws.macie',
  detail,
};
const found = {
  id: 'one',
  account: '111122223333',
  region: 'us-east-1',
  bucket: 'backups',
  object: 'home/.env',
  count: 2,
  at: '2026-11-01T10:00:00.000Z',
};

describe('findings of Macie', () => {
  it.each([
    ['an event', JSON.stringify(event, null, 2)],
    ['a list of events', JSON.stringify([event])],
    ['an event a line', `${JSON.stringify(event)}\n${JSON.stringify(event)}\n`],
    ['what GetFindings returns', JSON.stringify({ findings: [detail] })],
  ])('come as %s', (_, content) => {
    expect(readMacie(content)).toEqual({ findings: [found], others: 0, problems: [] });
  });

  it('of several kinds of data count where secret access keys are among them', () => {
    const type = 'SensitiveData:S3Object/Multiple';
    expect(readMacie(JSON.stringify({ ...detail, type })).findings).toEqual([found]);
  });

  it('without details may be of any credentials', () => {
    const { classificationDetails, ...rest } = detail;
    expect(readMacie(JSON.stringify(rest)).findings).toEqual([{ ...found, count: null }]);
  });

  it.each([
    { type: 'Policy:IAMUser/S3BucketPublic', resourcesAffected: { s3Bucket: { name: 'b' } } },
    { type: 'SensitiveData:S3Object/Personal' },
    { sample: true },
    { classificationDetails: { result: { sensitiveData: kinds('OPENSSH_PRIVATE_KEY', 1) } } },
    { classificationDetails: { result: { sensitiveData: [] } } },
  ])('of other things are counted: %j', (other) => {
    expect(readMacie(JSON.stringify({ ...detail, ...other }))).toEqual({
      findings: [],
      others: 1,
      problems: [],
    });
  });

  it('that cannot be understood are named, and not quoted', () => {
    const secret = secretOf('macie');
    const broken = { ...detail, accountId: secret, createdAt: secret, resourcesAffected: secret };
    const items = [broken, { source: 'aws.s3', detail: {} }, secret, { Raw: secret }];
    const { findings, problems } = readMacie(items.map((item) => JSON.stringify(item)).join('\n'));
    expect(findings).toEqual([]);
    expect(problems).toEqual([
      'line 1: accountId should be an account id',
      'line 1: createdAt should be an ISO-8601 moment',
      'line 1: resourcesAffected should be what is affected',
      'line 2: it is an event, but not of Macie',
      'line 3: it should be a finding of Macie',
      ...['id', 'type', 'accountId', 'region', 'createdAt', 'resourcesAffected'].map((name) =>
        expect.stringMatching(new RegExp(`^line 4: ${name} should be`)),
      ),
    ]);
    expect(problems.join('\n')).not.toContain(secret.slice(0, 12));
    expect(readMacie(`{"a": "${secret}`).problems).toEqual(['line 1: it is no JSON']);
  });
});

describe('an event of Macie from EventBridge', () => {
  const envelope = {
    ...event,
    ...{ account: '111122223333', region: 'us-east-1', time: '2026-11-01T10:00:05Z' },
    resources: [],
  };

  it('names the object', () => {
    expect(readMacieEvent(envelope)).toEqual({ kind: 'credentials', finding: found });
  });

  it('calls for nothing if it is about no key of AWS, or a sample', () => {
    const result = { sensitiveData: kinds('OPENSSH_PRIVATE_KEY', 1) };
    const other = { ...detail, classificationDetails: { result } };
    expect(readMacieEvent({ ...envelope, detail: other })).toMatchObject({ kind: 'other' });
    const sample = { ...detail, sample: true };
    expect(readMacieEvent({ ...envelope, detail: sample })).toMatchObject({ kind: 'other' });
  });

  it('is kept for a person if it is malformed, with every problem', () => {
    const { account: _, ...nameless } = envelope;
    expect(readMacieEvent(nameless)).toMatchObject({ kind: 'rejected' });
    const odd = { ...detail, id: 7, resourcesAffected: null };
    const read = readMacieEvent({ ...envelope, detail: odd });
    expect(read).toMatchObject({ kind: 'rejected', problems: expect.arrayContaining([]) });
    expect(read.kind === 'rejected' && read.problems.length).toBe(2);
  });
});

/** Security Hub V2: every finding written to where it lives, and what was left out is named. */
import { describe, expect, test } from 'vitest';
import { securityHubV2Findings } from '../../adapters/security-hub-v2-findings.ts';
import { recordEverywhere } from '../../app/record-everywhere.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { instant } from '../../domain/instant.ts';
import type { FindingRecorder, Place } from '../../domain/ports.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { configFinding, hubFinding, overlapping, rotationAt, rotationId } from '../builders.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const productUid = 'arn:aws:securityhub:us-east-1::productv2/aws/securityhub';
const finding = (
  findingUid: string,
  where: { account?: string; region?: string } = {},
): Finding => ({
  source: 'security hub v2',
  account: '111122223333',
  region: 'us-east-1',
  findingUid,
  productUid,
  control: 'IAM.3',
  updatedAt: instant('2026-11-01T08:00:00Z'),
  ...where,
});

const taken = () => ({ ProcessedFindings: [], UnprocessedFindings: [] });

function recorder(answers: Answers = { BatchUpdateFindingsV2: taken }) {
  const aws = cannedAws(answers);
  const places: Place[] = [];
  const hub = securityHubV2Findings((place) => {
    places.push(place);
    return aws.connectionIn(place.region);
  });
  const record = (
    findings: readonly Finding[],
    note = 'Done.',
    workflow: 'NOTIFIED' | 'RESOLVED' = 'NOTIFIED',
  ) => hub.record({ rotation: rotationAt(overlapping(), { findings }), workflow, note });
  return { aws, places, record };
}

const uidsOf = (input: { FindingIdentifiers: readonly { FindingInfoUid: string }[] }) =>
  input.FindingIdentifiers.map(({ FindingInfoUid }) => FindingInfoUid);

describe('what is written', () => {
  test.each([
    ['NOTIFIED', 2],
    ['RESOLVED', 4],
  ] as const)('%s as status %i, with a comment, by the three parts of the id', async (word, id) => {
    const { aws, record } = recorder();
    await record([finding('f1')], 'Rotated.', word);
    expect(aws.calls).toEqual([
      {
        operation: 'BatchUpdateFindingsV2',
        region: 'us-east-1',
        input: {
          FindingIdentifiers: [
            {
              CloudAccountUid: '111122223333',
              FindingInfoUid: 'f1',
              MetadataProductUid: productUid,
            },
          ],
          Comment: `Rotated. Stage: Overlap: both keys work. Rotation ${rotationId} by Keyturn.`,
          StatusId: id,
        },
      },
    ]);
  });

  test('findings of other sources are not its own', async () => {
    const { aws, record } = recorder();
    await record([configFinding, hubFinding]);
    expect(aws.calls).toEqual([]);
  });

  test('each once, in its own account and Region, a hundred at a time', async () => {
    const { aws, places, record } = recorder();
    const many = Array.from({ length: 101 }, (_, index) => finding(`f${index}`));
    await record([
      ...many,
      finding('f0'),
      finding('other', { account: '444455556666', region: 'eu-west-1' }),
    ]);
    expect(aws.calls.map(({ input }) => uidsOf(input as never).length)).toEqual([100, 1, 1]);
    expect(places.map(({ account, region }) => `${account} ${region}`)).toEqual([
      '111122223333 us-east-1',
      '111122223333 us-east-1',
      '444455556666 eu-west-1',
    ]);
  });

  test.each([
    ['letters', 'x'.repeat(600)],
    ['pairs of units', '🔑'.repeat(400)],
  ])('a comment of 512 units at most, never cut inside a code point: %s', async (_, note) => {
    const { aws, record } = recorder();
    await record([finding('f1')], note);
    const { Comment = '' } = (aws.calls[0]?.input ?? {}) as { Comment?: string };
    expect(Comment.length).toBeLessThanOrEqual(512);
    expect(Comment.length).toBeGreaterThanOrEqual(511);
    expect(Comment.isWellFormed()).toBe(true);
  });

  test('one line, however the note is written', async () => {
    const { aws, record } = recorder();
    await record([finding('f1')], 'one\ntwo\u202E');
    expect(aws.calls[0]?.input).toMatchObject({ Comment: expect.stringMatching(/^one two Stage/) });
  });
});

describe('what was left out', () => {
  const leaving = (ErrorCode: string) => ({
    BatchUpdateFindingsV2: (input: {
      FindingIdentifiers: readonly { FindingInfoUid: string }[];
    }) => ({
      ProcessedFindings: [],
      UnprocessedFindings: input.FindingIdentifiers.filter(({ FindingInfoUid }) =>
        FindingInfoUid.startsWith('bad'),
      ).map((FindingIdentifier) => ({ FindingIdentifier, ErrorCode, ErrorMessage: 'because' })),
    }),
  });

  test.each([
    ['ConflictException', Transient],
    ['InternalServerException', Transient],
    ['SomethingNew', Transient],
    ['ResourceNotFoundException', Permanent],
    ['ValidationException', Permanent],
  ])('%s', async (code, kind) => {
    const { record } = recorder(leaving(code));
    const attempt = record([finding('good'), finding('bad-1'), finding('bad-2')]);
    await expect(attempt).rejects.toBeInstanceOf(kind);
    await expect(attempt).rejects.toThrow(`bad-1 (${code} because); bad-2 (${code} because)`);
    await expect(attempt).rejects.not.toThrow('good');
  });

  test.each([
    ['throttled', throttled(), Transient],
    ['in conflict', awsError('ConflictException', 'busy', 409), Transient],
    ['denied', awsError('AccessDeniedException', 'no', 403), Permanent],
  ])('all, when the call is %s', async (_, error, kind) => {
    const { record } = recorder({
      BatchUpdateFindingsV2: () => {
        throw error;
      },
    });
    const attempt = record([finding('a'), finding('b')]);
    await expect(attempt).rejects.toBeInstanceOf(kind);
    await expect(attempt).rejects.toThrow(/left out: a \(.*\); b \(/);
  });

  test('one account that cannot be reached holds up no other', async () => {
    const { aws, record } = recorder({
      BatchUpdateFindingsV2: (_, region) => {
        if (region === 'eu-west-1') throw awsError('AccessDeniedException', 'no', 403);
        return taken();
      },
    });
    const attempt = record([finding('a', { region: 'eu-west-1' }), finding('b')]);
    await expect(attempt).rejects.toBeInstanceOf(Permanent);
    expect(aws.calls.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1']);
  });
});

describe('several recorders as one', () => {
  const failing = (error: Error): FindingRecorder => ({ record: () => Promise.reject(error) });
  const result = { rotation: rotationAt(overlapping()), workflow: 'NOTIFIED', note: '' } as const;

  test('one that fails holds up no other', async () => {
    let asked = 0;
    const counting: FindingRecorder = {
      record: async () => {
        asked += 1;
      },
    };
    const all = recordEverywhere([failing(new Permanent('first')), counting]);
    await expect(all.record(result)).rejects.toThrow('first');
    expect(asked).toBe(1);
  });

  test('if any of it may pass, it is tried again', async () => {
    const all = recordEverywhere([failing(new Permanent('one')), failing(new Transient('two'))]);
    await expect(all.record(result)).rejects.toBeInstanceOf(Transient);
  });
});

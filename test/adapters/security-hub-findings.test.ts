/** Security Hub: every finding written to where it lives, and what was left out is named. */
import { describe, expect, test } from 'vitest';
import { securityHubFindings } from '../../adapters/security-hub-findings.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Place } from '../../domain/ports.ts';
import { awsError } from '../../sandbox/account/service.ts';
import {
  configFinding,
  done,
  hubFinding,
  overlapping,
  rotationAt,
  rotationId,
} from '../builders.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const finding = (id: string, changes: { account?: string; region?: string } = {}): Finding =>
  hubFinding.source === 'security hub' ? { ...hubFinding, id, ...changes } : hubFinding;

const taken = () => ({ ProcessedFindings: [], UnprocessedFindings: [] });

function recorder(answers: Answers = { BatchUpdateFindings: taken }) {
  const aws = cannedAws(answers);
  const places: Place[] = [];
  const hub = securityHubFindings((place) => {
    places.push(place);
    return aws.connectionIn(place.region);
  });
  const record = (findings: readonly Finding[], note = 'Done.') =>
    hub.record({ rotation: rotationAt(overlapping(), { findings }), workflow: 'NOTIFIED', note });
  return { aws, places, hub, record };
}

describe('what is written', () => {
  test('status, note and fields, by id and product', async () => {
    const { aws, hub } = recorder();
    const rotation = rotationAt(overlapping(), { findings: [finding('f1')] });
    await hub.record({ rotation, workflow: 'RESOLVED', note: 'Rotated.' });
    expect(aws.calls).toEqual([
      {
        operation: 'BatchUpdateFindings',
        region: 'us-east-1',
        input: {
          FindingIdentifiers: [
            { Id: 'f1', ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/securityhub' },
          ],
          Workflow: { Status: 'RESOLVED' },
          Note: { Text: 'Rotated.', UpdatedBy: 'Keyturn' },
          UserDefinedFields: {
            keyturnRotation: rotationId,
            keyturnStage: 'Overlap: both keys work',
            keyturnOldKey: '…MPLE',
            keyturnOwner: 'Olu Owner',
            keyturnDeadline: 'Old key deactivated at 2026-11-04T11:00:00.000Z',
            keyturnSecret: expect.stringContaining('keyturn/svc-billing'),
          },
        },
      },
    ]);
  });

  test('each finding once, in its own account and Region, 100 at a time', async () => {
    const { aws, places, record } = recorder();
    const many = Array.from({ length: 201 }, (_, index) => finding(`f${index}`));
    const elsewhere = finding('g', { account: '444455556666', region: 'eu-central-1' });
    await record([configFinding, ...many, ...many, elsewhere]);
    const sizes = aws.calls.map(({ input }) => input.FindingIdentifiers.length);
    expect(sizes).toEqual([100, 100, 1, 1]);
    expect(places.at(-1)).toEqual({
      partition: 'aws',
      account: '444455556666',
      region: 'eu-central-1',
    });
  });

  test('nothing, when only Config reported it', async () => {
    const { aws, record } = recorder();
    await record([configFinding]);
    expect(aws.calls).toEqual([]);
  });

  test('within the limits, on one line, never empty', async () => {
    const { aws, hub } = recorder();
    const owner = { known: true, slackUserId: 'U1', name: ' \n' } as const;
    const rotation = rotationAt(done(), { findings: [finding('f')], owner });
    await hub.record({ rotation, workflow: 'RESOLVED', note: 'é\n'.repeat(600) });
    const { Note, UserDefinedFields } = aws.calls[0]?.input ?? {};
    expect(Note.Text).toMatch(/^é é .*…$/u);
    expect(Note.Text).toHaveLength(512);
    for (const value of Object.values<string>(UserDefinedFields)) {
      expect(value.trim()).not.toBe('');
      expect(value.length).toBeLessThanOrEqual(1024);
    }
  });
});

describe('what was left out', () => {
  const leaving = (ErrorCode: string) => ({
    BatchUpdateFindings: (input: { FindingIdentifiers: readonly { Id: string }[] }) => ({
      UnprocessedFindings: input.FindingIdentifiers.filter(({ Id }) => Id.startsWith('bad')).map(
        (FindingIdentifier) => ({ FindingIdentifier, ErrorCode, ErrorMessage: 'because' }),
      ),
    }),
  });

  test.each([
    ['ConcurrentUpdateError', Transient],
    ['InternalFailure', Transient],
    ['SomethingNew', Transient],
    ['FindingNotFound', Permanent],
    ['InvalidInput', Permanent],
    ['FindingSizeExceeded', Permanent],
  ])('%s', async (code, kind) => {
    const { record } = recorder(leaving(code));
    const attempt = record([finding('good'), finding('bad-1'), finding('bad-2')]);
    await expect(attempt).rejects.toBeInstanceOf(kind);
    await expect(attempt).rejects.toThrow(`bad-1 (${code} because); bad-2 (${code} because)`);
    await expect(attempt).rejects.not.toThrow('good');
  });

  test('one account that cannot be reached holds up no other', async () => {
    const denied = awsError('AccessDeniedException', 'not authorized', 403);
    const { aws, record } = recorder({
      BatchUpdateFindings: (_, region) => {
        if (region === 'eu-west-1') throw denied;
        return taken();
      },
    });
    const attempt = record([finding('a', { region: 'eu-west-1' }), finding('b')]);
    await expect(attempt).rejects.toBeInstanceOf(Permanent);
    await expect(attempt).rejects.toThrow('AccessDeniedException');
    expect(aws.calls.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('if any of it may pass, it is tried again', async () => {
    const { record } = recorder({
      BatchUpdateFindings: (_, region) => {
        throw region === 'eu-west-1' ? throttled() : awsError('AccessDeniedException', 'no', 403);
      },
    });
    const attempt = record([finding('a', { region: 'eu-west-1' }), finding('b')]);
    await expect(attempt).rejects.toBeInstanceOf(Transient);
  });
});

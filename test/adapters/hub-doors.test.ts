/** Which door leads where: findings may be written to in one place, all else is in the account. */
import { describe, expect, test } from 'vitest';
import { hubDoors } from '../../adapters/hub-doors.ts';
import { securityHubFindings } from '../../adapters/security-hub-findings.ts';
import { instant } from '../../domain/instant.ts';
import type { Place } from '../../domain/ports.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { hubFinding, overlapping, rotationAt } from '../builders.ts';
import { cannedAws } from './canned-aws.ts';

const home: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const member: Place = { ...home, account: '444455556666' };
const administrator = { account: '123456789012', region: 'us-east-1' };

function givenDoors(findingsPlace: Pick<Place, 'account' | 'region'> | null) {
  const aws = cannedAws({
    AssumeRole: () => ({
      Credentials: {
        AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        SecretAccessKey: 'secret'.repeat(7),
        SessionToken: 'token',
        Expiration: new Date('2026-11-02T08:15:00Z'),
      },
    }),
    BatchUpdateFindings: () => ({ ProcessedFindings: [], UnprocessedFindings: [] }),
  });
  const doors = hubDoors({
    home,
    connection: aws.connection,
    clock: virtualClock(instant('2026-11-02T08:00:00Z')),
    prefix: 'keyturn-prod',
    externalId: 'keyturn-prod',
    findingsPlace,
    doorkeeper: { opened: () => undefined, refused: () => undefined },
  });
  const roleOf = async (door: (place: Place) => { credentials?: () => Promise<unknown> }) => {
    await door(member).credentials?.();
    return aws.calls.at(-1)?.input.RoleArn;
  };
  return { aws, doors, roleOf };
}

test('each door is a role of its own, in the account', async () => {
  const { doors, roleOf } = givenDoors(null);
  const base = 'arn:aws:iam::444455556666:role/keyturn-prod';
  expect(await roleOf(doors.reader)).toBe(`${base}-reader`);
  expect(await roleOf(doors.launcher)).toBe(`${base}-launcher`);
  expect(await roleOf(doors.findings)).toBe(`${base}-findings`);
});

describe('findings are updated', () => {
  const result = {
    rotation: rotationAt(overlapping(), { findings: [hubFinding] }),
    workflow: 'NOTIFIED',
    note: 'A new key is in the vault.',
  } as const;

  test('where they are', async () => {
    const { aws, doors } = givenDoors(null);
    await securityHubFindings(doors.findings).record(result);
    expect(aws.calls.at(-1)).toMatchObject({
      operation: 'BatchUpdateFindings',
      region: hubFinding.source === 'security hub' ? hubFinding.region : '',
    });
  });

  test('or at the administrator’s, who is entered for nothing else', async () => {
    const { aws, doors, roleOf } = givenDoors(administrator);
    expect(await roleOf(doors.findings)).toBe(
      'arn:aws:iam::123456789012:role/keyturn-prod-findings',
    );
    expect(await roleOf(doors.reader)).toBe('arn:aws:iam::444455556666:role/keyturn-prod-reader');
    expect(doors.findings(member).region).toBe('us-east-1');
    await securityHubFindings(doors.findings).record(result);
    expect(aws.calls.at(-1)).toMatchObject({
      operation: 'BatchUpdateFindings',
      region: 'us-east-1',
      input: {
        FindingIdentifiers: [{ Id: hubFinding.source === 'security hub' ? hubFinding.id : '' }],
      },
    });
  });
});

/** "Secret Label Updated": what is read from it, and what is refused. */
import { describe, expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import { instant } from '../../domain/instant.ts';
import type { Partition } from '../../domain/key.ts';
import { secretNameInArn, secretNameOf, userNameIn } from '../../domain/secret-name.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:keyturn/svc-native-a1B2c3';
const versionId = '6654c734-ccab-8f44-0ff0-825eb443dc7f';
const event = {
  version: '0',
  id: 'e5312527-5854-4024-00f7-4fd6ab3f7659',
  'detail-type': 'Secret Label Updated',
  source: 'aws.secretsmanager',
  account: '111122223333',
  time: '2026-11-02T03:22:00Z',
  region: 'us-east-1',
  resources: [arn],
  detail: { name: 'keyturn/svc-native', labelUpdated: 'AWSCURRENT', versionId },
};

const read = (changes: object = {}, partition: Partition = 'aws') =>
  eventReader({ partition, customAction: 'keyturn' })({ ...event, ...changes });

const detail = (changes: object) => ({ detail: { ...event.detail, ...changes } });

describe('an event about a secret of Keyturn', () => {
  test('says where to look', () => {
    expect(read()).toEqual({
      kind: 'label',
      where: { partition: 'aws', account: '111122223333', region: 'us-east-1' },
      secretArn: arn,
      versionId,
      label: 'AWSCURRENT',
      sentAt: instant('2026-11-02T03:22:00Z'),
    });
  });

  test.each([
    ['another label', detail({ labelUpdated: 'CUSTOM' }), 'decides nothing'],
    ['another secret', detail({ name: 'billing' }), "is not one of Keyturn's"],
  ])('is nothing to act on: %s', (_, changes, reason) => {
    expect(read(changes)).toMatchObject({
      kind: 'other',
      reason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['another account', { account: '444455556666' }, 'the account in resources'],
    ['another Region', { region: 'eu-west-1' }, 'the region in resources'],
    ['another name', detail({ name: 'keyturn/other' }), 'the name in resources'],
    ['another partition', { resources: [arn.replace('aws', 'aws-cn')] }, 'the partition in'],
    ['no ARN', { resources: [] }, 'resources'],
    ['no list', { resources: undefined }, 'resources'],
    ['a partial ARN', { resources: [arn.slice(0, -14)] }, 'resources[0]'],
    ['another resource', { resources: ['arn:aws:iam::111122223333:user/x'] }, 'resources[0]'],
    ['no version', detail({ versionId: '' }), 'detail.versionId'],
    ['no name', detail({ name: undefined }), 'detail.name'],
    ['no detail', { detail: '{}' }, 'detail'],
  ])('is rejected: %s', (_, changes, problem) => {
    const inbound = read(changes);
    expect(inbound.kind).toBe('rejected');
    expect(inbound.kind === 'rejected' && inbound.problems.join('; ')).toContain(problem);
  });

  test('is rejected with every problem at once', () => {
    const inbound = read({ account: '1', time: 'now', detail: {} });
    expect(inbound.kind === 'rejected' && inbound.problems.length).toBeGreaterThan(4);
  });

  test('of another partition is rejected', () => {
    expect(read({}, 'aws-cn')).toMatchObject({ kind: 'rejected' });
  });
});

describe('the name in an ARN', () => {
  test('is without the six characters at its end, and leads back to the user', () => {
    expect(secretNameInArn(arn)).toBe('keyturn/svc-native');
    for (const userName of ['svc,a', 'a-b-c', 'x@example.com', 'A_1=2+3.4']) {
      const name = secretNameOf({ userName });
      expect(secretNameInArn(arn.replace('keyturn/svc-native', name))).toBe(name);
      expect(userNameIn(name)).toBe(userName);
      expect(userNameIn(name.replace('keyturn/', ''))).toBe(userName);
    }
  });

  test.each(['', 'keyturn/svc-native', arn.slice(0, -14), arn.replace('secretsmanager', 'iam')])(
    'is not in %j',
    (text) => {
      expect(secretNameInArn(text)).toBeUndefined();
    },
  );
});

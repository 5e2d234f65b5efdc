/** A secret whose tags tell truly of a native rotation, and a rotation of its old key. */
import { plus } from '../../domain/instant.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import type { Stage } from '../../domain/stage.ts';
import { rotationAt } from '../builders.ts';
import { openingEntry } from '../opening-entry.ts';
import { ciRunner, company, now } from './company.ts';

const version = '11111111-2222-4333-8444-555555555555';
const [oldKey] = ciRunner.keys;
export const newKeyId = 'AKIAI44QH8DHBEXAMPLE';
const where = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
export const secretArn =
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/ci-runner-AbCdEf';

export async function givenRotation(stage: Stage, tags: Readonly<Record<string, string>> = {}) {
  const people = [
    {
      ...ciRunner,
      keys: [
        ...ciRunner.keys,
        { keyId: newKeyId, status: 'Active' as const, createdAt: plus(now, { minutes: -5 }) },
      ],
    },
  ];
  const deps = company({
    people,
    creators: {
      creatorOf: async () => ({
        complete: true,
        value: `arn:aws:sts::${where.account}:assumed-role/keyturn-key-maker/${version}`,
      }),
    },
    secrets: {
      describe: async () => ({
        arn: secretArn,
        closing: false,
        labels: { [version]: ['AWSCURRENT'] },
        tags: {
          [secretTags.userId]: ciRunner.user.userId,
          [secretTags.driver]: 'secrets-manager',
          [secretTags.version]: version,
          [secretTags.newKey]: newKeyId,
          [secretTags.oldKey]: oldKey?.keyId ?? '',
          [secretTags.currentSince]: now,
          ...tags,
        },
      }),
    },
  });
  const rotation = rotationAt(stage, {
    version: 1,
    shownVersion: 1,
    region: 'us-east-1',
    key: {
      user: ciRunner.user,
      keyId: oldKey?.keyId ?? '',
      createdAt: oldKey?.createdAt ?? now,
      foundAs: 'Active',
    },
  });
  await deps.store.commit({ onVersion: 0, rotation, entry: openingEntry(rotation, now) });
  return { deps, rotation };
}

export const news = {
  kind: 'label',
  where,
  secretArn,
  versionId: version,
  label: 'AWSCURRENT',
  sentAt: now,
} as const;

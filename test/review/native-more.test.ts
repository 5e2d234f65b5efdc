/** More of native rotation: other Regions, other endings. */
import { expect, test } from 'vitest';
import { receiveLabel } from '../../app/receive-label.ts';
import { plus } from '../../domain/instant.ts';
import { chained } from '../../domain/journal.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import type { Stage } from '../../domain/stage.ts';
import { ciRunner, company, now } from '../app/company.ts';
import { done, proposed, rotationAt } from '../builders.ts';

const version = '11111111-2222-4333-8444-555555555555';
const [oldKey] = ciRunner.keys;
const newKeyId = 'AKIAI44QH8DHBEXAMPLE';
const where = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const secretArn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/ci-runner-AbCdEf`;

async function givenRotation(stage: Stage) {
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
  const entry = chained(
    {
      rotationId: rotation.id,
      version: 1,
      at: now,
      actor: { kind: 'keyturn' },
      event: { type: 'opened' },
      from: null,
      to: stage.name,
      ignored: null,
      effects: [],
      state: rotation,
    },
    await deps.store.lastHash(rotation.id),
    deps.ids.digest,
  );
  await deps.store.commit({ onVersion: 0, rotation, entry });
  return { deps, rotation };
}
const news = {
  kind: 'label',
  where,
  secretArn,
  versionId: version,
  label: 'AWSCURRENT',
  sentAt: now,
} as const;

test.fails('a claim that joins a native rotation is watched where its secret is', async () => {
  const { deps, rotation } = await givenRotation(proposed());
  await receiveLabel(deps, news);
  const after = await deps.store.load(rotation.id);
  expect(after?.stage.name).toBe('overlapping');
  // The witness and the runbooks go to the rotation's Region, and ask for the secret there.
  expect(after?.region).toBe('eu-west-1');
});

test.fails('a key that was retired, yet is Active: nothing is opened', async () => {
  const { deps } = await givenRotation(done({ outcome: 'retired' }));
  const answers = await receiveLabel(deps, news);
  expect(answers.map(({ outcome }) => outcome)).toEqual(['ignored']);
});

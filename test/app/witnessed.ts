/** Example values for everything around the witness: one user, two keys, one examination. */
import type { Examination } from '../../domain/examination.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { Issued } from '../../domain/stage.ts';
import type { Reading, Standing, StatusChange, TrailUse } from '../../domain/testimony.ts';
import type { UsageSources } from '../../domain/usage-sources.ts';

export const user = {
  partition: 'aws',
  account: '111122223333',
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
} as const;
export const oldKeyId = 'AKIAIOSFODNN7EXAMPLE';
export const newKeyId = 'AKIAI44QH8DHBEXAMPLE';
export const versionId = '11111111-1111-4111-8111-111111111111';
export const testRequestId = '22222222-2222-4222-8222-222222222222';
export const secretArn =
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/svc-billing-a1b2c3';
export const now: Instant = instant('2026-11-10T12:00:00Z');

export const examination: Examination & { readonly issued: Issued } = {
  purpose: 'deactivate',
  user,
  oldKeyId,
  issued: {
    newKeyId,
    secretArn,
    secretVersionId: versionId,
    currentSince: instant('2026-11-07T12:00:00Z'),
    testRequestIds: [testRequestId],
  },
  deactivatedAt: null,
  clearUntil: null,
  statusBefore: null,
  notBefore: instant('2026-11-09T12:00:00Z'),
  authority: { kind: 'evidence' },
  copies: [],
};

export const standing: Standing = {
  userGone: false,
  userId: user.userId,
  oldKey: 'Active',
  oldKeyCreatedAt: instant('2026-01-01T00:00:00Z'),
  newKey: 'Active',
  currentVersionId: versionId,
  copiesBehind: [],
  keptIn: [],
};

export function trailUseAt(at: string, requestId = '33333333-3333-4333-8333-333333333333') {
  const use = {
    at: instant(at),
    service: 's3',
    region: 'eu-west-1',
    sourceIp: '203.0.113.7',
    userAgent: 'aws-cli/2.15',
    source: 'cloudtrail',
  } as const;
  return { use, eventName: 'ListBuckets', requestId } satisfies TrailUse;
}

export interface Told {
  standing?: Standing;
  oldTrail?: Reading<readonly TrailUse[]>;
  newTrail?: Reading<readonly TrailUse[]>;
  changes?: Reading<readonly StatusChange[]>;
}

/** Sources that tell of a rotation safe to go on, but for what is said otherwise. */
export function sourcesTelling(told: Told = {}): UsageSources {
  const complete = <T>(value: T): Reading<T> => ({ complete: true, value });
  return {
    lastUsed: {
      lastUsed: async (_userName, keyId) =>
        keyId === newKeyId ? trailUseAt('2026-11-09T00:00:00Z').use : null,
    },
    trail: {
      uses: async ({ keyId }) =>
        keyId === oldKeyId
          ? (told.oldTrail ?? complete([trailUseAt('2026-11-07T13:00:00Z')]))
          : (told.newTrail ?? complete([trailUseAt('2026-11-08T00:00:00Z')])),
      statusChanges: async () => told.changes ?? complete([]),
    },
    regions: { enabled: async () => ['eu-west-1', 'us-east-1'] },
    standing: {
      standing: async () => told.standing ?? standing,
      statusOf: async (_user, keyId) =>
        keyId === oldKeyId ? (told.standing ?? standing).oldKey : 'Gone',
    },
  };
}

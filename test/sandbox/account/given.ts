/** A small cloud for the sandbox's own tests: one account, one user, one role that may do all. */
import type { AwsConnection } from '../../../adapters/aws-connection.ts';
import { type Instant, instant, plus } from '../../../domain/instant.ts';
import { type Cloud, type CloudOptions, createCloud } from '../../../sandbox/account/cloud.ts';
import { type VirtualClock, virtualClock } from '../../../sandbox/clock.ts';

export const account = '111122223333';
export const otherAccount = '444455556666';
export const region = 'eu-west-1';
export const start: Instant = instant('2026-11-02T03:00:00Z');
export const sentinel = 'SENTINEL';

export interface Given {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  /** A session of role `operator`, which is trusted by nobody but the sandbox. */
  readonly operator: AwsConnection;
  /** The old key of user `svc-billing`. */
  readonly keyId: string;
  readonly secret: string;
  /** Connects with an access key. */
  as(keyId: string, secret: string, where?: string): AwsConnection;
}

export function given(options: Partial<CloudOptions> = {}): Given {
  const clock = virtualClock(start);
  const cloud = createCloud({
    clock,
    partition: 'aws',
    seed: 'test',
    sentinel,
    relapseShare: 0,
    ...options,
  });
  const createdAt = plus(start, { days: -120 });
  cloud.createRole(account, 'operator');
  cloud.addUser({ account, userName: 'svc-billing', createdAt, tags: { team: 'billing' } });
  const { keyId, secret } = cloud.addKey(account, 'svc-billing', { createdAt });
  const home = options.partition === 'aws-cn' ? 'cn-north-1' : region;
  return {
    cloud,
    clock,
    operator: cloud.connection({
      region: home,
      credentials: cloud.roleCredentials(account, 'operator', 'test'),
      userAgent: 'keyturn/test',
      sourceIp: '192.0.2.1',
    }),
    keyId,
    secret,
    as: (accessKeyId, secretAccessKey, where = home) =>
      cloud.connection({
        region: where,
        credentials: { accessKeyId, secretAccessKey },
        userAgent: 'billing-app/1.0',
        sourceIp: '203.0.113.7',
      }),
  };
}

/** What a promise was refused with: `NoSuchEntityException 404`. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'not refused';
  } catch (error) {
    const { name, $metadata } = error as {
      name: string;
      $metadata?: { httpStatusCode: number };
    };
    return `${name} ${$metadata?.httpStatusCode}`;
  }
}

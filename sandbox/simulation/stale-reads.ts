/**
 * Reads that are answered as of a little earlier: IAM and Secrets Manager are eventually
 * consistent. What a user's keys and a secret's labels were is remembered before each change.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
import { type Instant, plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import { awsError } from '../account/service.ts';
import type { World } from '../world.ts';

type Input = Readonly<Record<string, unknown>>;

interface Snapshot {
  readonly until: Instant;
  /** As the read would have answered; undefined: there was no such thing. */
  readonly answer: object | undefined;
}

export interface StaleReads {
  /** To be called before anything changes keys or secrets of an account. */
  remember(account: string): void;
  /** Remembers an answer, for reads that nothing but time changes. */
  answered(account: string, call: CloudCall, answer: unknown): void;
  /**
   * The answer of so many seconds ago, as a function that gives or throws it; undefined if it was
   * the same as now, for all that is known.
   */
  of(account: string, call: CloudCall, seconds: number): (() => unknown) | undefined;
}

const mostSnapshots = 200;

export function staleReadsOf(world: World): StaleReads {
  const snapshots = new Map<string, Snapshot[]>();
  const push = (subject: string, answer: object | undefined): void => {
    const kept = snapshots.get(subject) ?? [];
    kept.push({ until: world.clock.now(), answer });
    if (kept.length > mostSnapshots) kept.shift();
    snapshots.set(subject, kept);
  };
  return {
    remember: (account) => {
      const { users, secrets } = world.cloud.truth(account);
      for (const { userName, keys, deletedAt } of users) {
        if (deletedAt !== null) continue;
        push(`${account}/iam:ListAccessKeys/${userName}`, {
          AccessKeyMetadata: keys.map(({ keyId, status, createdAt }) => ({
            UserName: userName,
            AccessKeyId: keyId,
            Status: status,
            CreateDate: new Date(`${createdAt.slice(0, 19)}Z`),
          })),
          IsTruncated: false,
        });
      }
      for (const secret of secrets) {
        const labelled = [...secret.versions].filter(([, { stages }]) => stages.size > 0);
        const answer = {
          ARN: secret.arn,
          Name: secret.name,
          Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
          VersionIdsToStages: Object.fromEntries(
            labelled.map(([id, { stages }]) => [id, [...stages]]),
          ),
        };
        push(`${account}/secretsmanager:DescribeSecret/${secret.region}/${secret.name}`, answer);
        push(`${account}/secretsmanager:DescribeSecret/${secret.region}/${secret.arn}`, answer);
      }
    },
    answered: (account, call, answer) => {
      if (call.operation !== 'GetAccessKeyLastUsed') return;
      push(subjectOf(account, call), answer as object);
    },
    of: (account, call, seconds) => {
      const asOf = plus(world.clock.now(), { seconds: -seconds });
      const snapshot = snapshots.get(subjectOf(account, call))?.find(({ until }) => until >= asOf);
      if (snapshot === undefined) return undefined;
      const { answer } = snapshot;
      return () => {
        if (answer === undefined) throw notFound();
        return { ...structuredClone(answer), $metadata: { httpStatusCode: 200 } };
      };
    },
  };
}

function notFound(): Error {
  return awsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function subjectOf(account: string, { service, operation, input, region }: CloudCall): string {
  const { UserName, SecretId, AccessKeyId } = (input ?? {}) as Input;
  const of = SecretId === undefined ? (UserName ?? AccessKeyId) : `${region}/${SecretId}`;
  return `${account}/${service}:${operation}/${of}`;
}

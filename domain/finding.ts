/**
 * What AWS Config or Security Hub said. A finding names a user, not a key: which keys are stale is
 * read from IAM.
 */
import type { Instant } from './instant.ts';
import type { Partition } from './key.ts';

/** Whom a finding speaks of: by unique id, by name, or by both (then they must agree). */
export type UserReference =
  | { readonly by: 'id'; readonly userId: string }
  | { readonly by: 'name'; readonly userName: string }
  | { readonly by: 'both'; readonly userId: string; readonly userName: string };

/** A finding to write the result back to (or, for Config, only to remember). */
export type Finding =
  | {
      readonly source: 'config';
      readonly account: string;
      readonly region: string;
      readonly ruleName: string;
      readonly resourceId: string;
    }
  | {
      readonly source: 'security hub';
      readonly account: string;
      readonly region: string;
      readonly id: string;
      readonly productArn: string;
      /** The control as the finding names it: `IAM.3`, `1.4`, `1.14`, … */
      readonly control: string;
    };

/** One report of one user by one finding, read from an event. */
export interface Report {
  readonly partition: Partition;
  readonly account: string;
  readonly user: UserReference;
  readonly finding: Finding;
  /**
   * An analyst pressed the Security Hub custom action (the workflow status then does not matter).
   */
  readonly asked: boolean;
  /** When the event was sent: one sent before a rotation was abandoned does not open it anew. */
  readonly sentAt: Instant;
}

/** The same text for the same finding however often it arrives. */
export function findingKey(finding: Finding): string {
  return finding.source === 'config'
    ? `config/${finding.account}/${finding.region}/${finding.ruleName}/${finding.resourceId}`
    : finding.id;
}

/** The findings with one more, unless it is known already. */
export function withFinding(known: readonly Finding[], finding: Finding): readonly Finding[] {
  const key = findingKey(finding);
  return known.some((each) => findingKey(each) === key) ? known : [...known, finding];
}

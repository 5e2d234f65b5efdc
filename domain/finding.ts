/**
 * What AWS Config or Security Hub said, or Keyturn's own inventory saw. A finding names a user, not
 * a key: which keys are stale is read from IAM.
 */
import { type Instant, isDue } from './instant.ts';
import type { Partition } from './key.ts';

/** Whom a finding speaks of: by unique id, by name, or by both (then they must agree). */
export type UserReference =
  | { readonly by: 'id'; readonly userId: string }
  | { readonly by: 'name'; readonly userName: string }
  | { readonly by: 'both'; readonly userId: string; readonly userName: string };

/** A finding to write the result back to (or, for Config and the inventory, only to remember). */
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
      /** When Security Hub itself last changed it; updates by others leave it as it is. */
      readonly updatedAt: Instant;
    }
  | {
      readonly source: 'security hub v2';
      readonly account: string;
      readonly region: string;
      /** finding_info.uid. With account and product it identifies the finding. */
      readonly findingUid: string;
      /** metadata.product.uid. */
      readonly productUid: string;
      readonly control: string;
      /** When its product last changed it; updates by others leave it as it is. */
      readonly updatedAt: Instant;
    }
  /** Nobody reported the user: the daily inventory saw a stale key. */
  | {
      readonly source: 'inventory';
      readonly account: string;
      /** Where the hub is. */
      readonly region: string;
      readonly userName: string;
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
  switch (finding.source) {
    case 'config': {
      const { account, region, ruleName, resourceId } = finding;
      return `config/${account}/${region}/${ruleName}/${resourceId}`;
    }
    case 'security hub':
      return finding.id;
    case 'security hub v2':
      return `v2/${finding.account}/${finding.productUid}/${finding.findingUid}`;
    case 'inventory':
      return `inventory/${finding.account}/${finding.userName}`;
  }
}

/**
 * The findings with one more. One that is known takes the place of the older report of it; the same
 * report again, or an older one that comes late, changes nothing and returns `known` itself.
 */
export function withFinding(known: readonly Finding[], finding: Finding): readonly Finding[] {
  const key = findingKey(finding);
  const same = known.find((each) => findingKey(each) === key);
  if (same === undefined) return [...known, finding];
  return isNewer(finding, same) ? known.map((each) => (each === same ? finding : each)) : known;
}

/** Config and inventory say nothing by which a second report could be told from a repeated one. */
function isNewer(finding: Finding, same: Finding): boolean {
  return 'updatedAt' in finding && 'updatedAt' in same
    ? !isDue(finding.updatedAt, same.updatedAt)
    : false;
}

/** How slow the sandbox's AWS is. Every number has a default that AWS is known to show. */

export interface Settings {
  /** A new key authenticates only after that. Seen in practice: 8–15 s. */
  readonly propagationSeconds: number;
  /** The share of new keys that fail once more shortly after their first success. */
  readonly relapseShare: number;
  /** How late GetAccessKeyLastUsed shows a use. AWS publishes no figure. */
  readonly lastUsedLagMinutes: number;
  /**
   * How late LookupEvents shows an event; about 5 minutes on average:
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
   */
  readonly trailLagMinutes: number;
  /** How long IAM takes to make a credential report. AWS publishes no figure. */
  readonly credentialReportSeconds: number;
  /**
   * LookupEvents a second in one account and Region; AWS allows 2. Unlimited unless set: the SDK's
   * own retries, which would make up for a refusal, do not happen in the sandbox.
   */
  readonly lookupsPerSecond: number;
  /**
   * Which Region's CloudTrail holds STS calls: the one that IAM uses, or the one that was called
   * (as with regional STS endpoints).
   */
  readonly stsTrail: 'home' | 'regional';
  /**
   * The Regions that every account has enabled, used or not; a few of the partition's unless set.
   */
  readonly enabledRegions: readonly string[] | undefined;
  /** Calls that are kept for those who look back, as `iam:GetUser`: a storm makes too many. */
  readonly keptCalls: ReadonlySet<string> | 'all';
}

export const defaultSettings: Settings = {
  propagationSeconds: 10,
  relapseShare: 0.1,
  lastUsedLagMinutes: 30,
  trailLagMinutes: 5,
  credentialReportSeconds: 8,
  lookupsPerSecond: Number.POSITIVE_INFINITY,
  stsTrail: 'home',
  enabledRegions: undefined,
  keptCalls: 'all',
};

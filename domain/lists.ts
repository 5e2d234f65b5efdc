/**
 * The roles of whoever lists rotations for people, and notes what they were told. Types only, as in
 * ports.ts.
 */
import type { Rotation } from './case.ts';
import type { Coverage } from './coverage.ts';
import type { KeyInFiles } from './found-in-files.ts';
import type { Instant } from './instant.ts';
import type { Partition } from './key.ts';
import type { OpenStage } from './line.ts';
import type { Owner } from './people.ts';
import type { MessagePlace } from './ports.ts';
import type { RingMark, RingMarks } from './rings.ts';
import type { HistoryOf, UseHistory } from './use-history.ts';

/** Rotations as people ask for them. `load` is a consistent read; lists and counts are hints. */
export interface RotationReads {
  load(rotationId: string): Promise<Rotation | undefined>;
  /** Where the rotation's Slack message is. */
  messageOf(rotationId: string): Promise<MessagePlace | undefined>;
  /** Of an owner, none of them done: the held ones, then by deadline, those without one last. */
  ownedBy(slackUserId: string, limit: number): Promise<readonly string[]>;
  /** Those at a stage, by deadline (held: by since when), until that moment if one is given. */
  standingAt(stage: OpenStage, asked: LineAsked): Promise<readonly string[]>;
  howManyStandAt(stage: OpenStage, until?: Instant): Promise<number>;
  howManyOwnedBy(slackUserId: string): Promise<number>;
  /** Every rotation ever opened of a key whose id ends so (line.ts), newest first. Consistent. */
  ofKeysEnding(ending: string, limit: number): Promise<readonly string[]>;
}

export interface LineAsked {
  readonly until?: Instant;
  readonly limit: number;
}

/** A stale key that policy only observes. */
export interface ObservedKey {
  readonly partition: Partition;
  readonly account: string;
  readonly userName: string;
  readonly keyId: string;
  readonly seenAt: Instant;
  /** The channel of its policy; absent for the default one, and in what older versions noted. */
  readonly channel?: string;
}

/** A key that becomes a finding soon, and whom to tell of it. */
export interface ApproachingKey {
  readonly partition: Partition;
  readonly account: string;
  readonly userName: string;
  readonly keyId: string;
  readonly createdAt: Instant;
  /** The first moment at which it is stale. A key approaches each such moment once. */
  readonly staleAt: Instant;
  readonly owner: Owner;
  /** The Slack channel of its team, or `default`. */
  readonly channel: string;
  readonly noticedAt: Instant;
}

/** What the team is told once: each day's summary, and each key that is only observed. */
export interface Notebook extends WarningNotes, HistoryNotes, CoverageNotes, RingNotes, FileNotes {
  /** Notes the key, unless it was ever noted. */
  noteObserved(key: ObservedKey): Promise<void>;
  /** Noted and not told yet, longest first. */
  observedUntold(limit: number): Promise<readonly ObservedKey[]>;
  /** The key is told, and never listed again. */
  observedTold(key: ObservedKey, at: Instant): Promise<void>;
  /**
   * Takes the summary of a day (2026-11-23), or of a day in a channel, upon itself, unless it was
   * told, or somebody has been busy with it since `lapsed` or later.
   */
  takeSummary(name: string, at: Instant, lapsed: Instant): Promise<'yours' | 'told' | 'busy'>;
  /** That summary was told; or else it was not, and anybody may take it. */
  leaveSummary(name: string, how: 'told' | 'untold', at: Instant): Promise<void>;
}

/** How long keys rested, as daily reports showed it. */
export interface HistoryNotes {
  /** undefined where nothing was ever noted. Consistent. Throws Transient or Permanent. */
  historyOf(key: HistoryOf): Promise<UseHistory | undefined>;
  /** In place of what was noted before. */
  noteHistory(key: HistoryOf, history: UseHistory): Promise<void>;
}

/** How rotations went in each ring of the roll-out. Both throw Transient or Permanent. */
export interface RingNotes {
  /** Its latest bad mark, and the latest clean ones, as many as open the next. Consistent. */
  ringMarks(ring: string): Promise<RingMarks>;
  /** The same mark twice is one. */
  markRing(mark: RingMark): Promise<void>;
}

/** Keys that were found in files. Both throw Transient or Permanent. */
export interface FileNotes {
  /** undefined if it was found in none. Consistent. */
  filesOf(
    key: Pick<KeyInFiles, 'partition' | 'account' | 'keyId'>,
  ): Promise<KeyInFiles | undefined>;
  /** In place of what was noted before. */
  noteFiles(key: KeyInFiles): Promise<void>;
}

/** What the latest inventory says nothing of. */
export interface CoverageNotes {
  /** undefined before the first inventory. Consistent. Throws Transient or Permanent. */
  coverage(): Promise<Coverage | undefined>;
  /** In place of what was noted before. */
  noteCoverage(coverage: Coverage): Promise<void>;
}

/** Whom was told of which key before it became a finding. */
export interface WarningNotes {
  /** Whatever was ever noted of the keys of a user of that name. Consistent. */
  approachingOf(
    user: Pick<ApproachingKey, 'partition' | 'account' | 'userName'>,
  ): Promise<readonly ApproachingKey[]>;
  /** Notes the key, unless it was ever noted for that moment. */
  noteApproaching(key: ApproachingKey): Promise<void>;
  /**
   * Noted, and nobody told yet, longest first. What cannot be read is given to `unread` and left
   * out; without it, thrown.
   */
  approachingUntold(
    limit: number,
    unread?: (problem: unknown) => void,
  ): Promise<readonly ApproachingKey[]>;
  /** Never listed again: who was told, or why nobody is. */
  approachingTold(key: ApproachingKey, at: Instant, how: string): Promise<void>;
}

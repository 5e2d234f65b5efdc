/**
 * What the reference model knows of one rotation: flat, in plain words and numbers, and in nothing
 * like the machine's own shape. A moment is in milliseconds, a length of time too.
 */
import type { Instant } from '../../../domain/instant.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Hours of a day in UTC, which open on the ISO weekdays named. None: any time. */
export interface Nights {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Rules {
  readonly auto: boolean;
  readonly grace: number;
  readonly soak: number;
  readonly snoozeCap: number;
  readonly answer: number;
  readonly overlapLimit: number;
  readonly nights: Nights | null;
  readonly selfApproval: boolean;
  /** For how long a person may exempt the key; 0: not at all. */
  readonly exempt: number;
  /** Slack user ids; null: whoever has the role for it. */
  readonly approvers: readonly string[] | null;
}

/** Where a rotation rests; everything else goes from one of these and comes back to one. */
export type Place = 'proposed' | 'overlapping' | 'soaking';
export type Word = 'evidence' | 'attested' | 'forced';
export type OldKey = 'Active' | 'Inactive' | 'unknown';
export type Book = 'issue-replacement-key' | 'deactivate-key' | 'delete-key' | 'restore-key';

/** What looks have shown so far, and nobody forgets because a later look could see nothing. */
export interface Memory {
  /** Nobody was heard so far. */
  readonly blank: boolean;
  readonly quiet: number;
  readonly quietAt: number;
  readonly lastUse: string;
  readonly picked: boolean;
}

/** The facts of one place; those that a place does not need keep their beginning. */
export interface Rest {
  /** Evidence from before that says nothing here. */
  readonly since: number;
  readonly due: number;
  readonly word: Word;
  readonly saidAt: number;
  /** The Slack user id of whoever gave the word. */
  readonly saidBy: string | null;
  readonly memory: Memory | null;
}

/** Nobody has given their word. */
export const unsaid = { word: 'evidence', saidAt: 0, saidBy: null } as const;

export interface Story {
  readonly id: string;
  readonly rules: Rules;
  readonly kind: 'replace' | 'retire';
  readonly foundOff: boolean;
  readonly version: number;
  readonly shown: number;
  readonly snoozed: number;
  /** When each finding last changed, by name. */
  readonly findings: Readonly<Record<string, number>>;
  readonly where: Place;
  readonly at: Readonly<Record<Place, Rest>>;
  readonly approved: boolean;
  readonly answerBy: number;
  readonly waitsFor: string | null;
  /** Why its ring was closed when it was due last; null once something began. */
  readonly ring: string | null;
  /** When the files were looked through that it was found in last. */
  readonly files: number | null;
  /** Attempts to issue that are over. */
  readonly attempts: number;
  readonly attempt: number;
  readonly triesLeft: number;
  readonly retryAt: number | null;
  /** What the last look showed of a key that is retired. */
  readonly seen: string | null;
  /** How the key stood when Keyturn ordered it off; null again once it is seen Active. */
  readonly stood: 'Active' | 'Inactive' | null;
  /** The same for the key that soaks. */
  readonly soakStood: 'Active' | 'Inactive';
  readonly run: {
    readonly book: Book;
    readonly order: string;
    readonly execution: string | null;
    readonly since: number;
    readonly pollAt: number;
  } | null;
  readonly hold: {
    readonly code: string;
    readonly since: number;
    readonly oldKey: OldKey;
    readonly lookAt: number;
  } | null;
  readonly end: string | null;
  /** Until when a person exempted the key, once that is how it ended. */
  readonly exemptUntil: number | null;
  /** The Slack user id; null: nobody knows. */
  readonly owner: string | null;
  /** Whether whoever named the owner may give somebody an owner's rights. */
  readonly isSure: boolean;
  /** Who said of their own key that it is not theirs. */
  readonly gaveUp: readonly string[];
}

const runningIn: Readonly<Record<Book, string>> = {
  'issue-replacement-key': 'issuing',
  'deactivate-key': 'deactivating',
  'delete-key': 'deleting',
  'restore-key': 'restoring',
};

export function stageOf(story: Story): string {
  if (story.end !== null) return 'done';
  if (story.run !== null) return runningIn[story.run.book];
  if (story.retryAt !== null) return 'issuing';
  return story.hold !== null ? 'held' : story.where;
}

/** The stage, and what is kept on hold: the table's rows. */
export function rowOf(story: Story): string {
  return story.hold === null ? stageOf(story) : `held at ${story.where}`;
}

export const ms = (moment: Instant): number => Date.parse(moment);
export const said = (moment: number): string => new Date(moment).toISOString();

/** The first moment from `moment` on at which the nights are open. */
export function opening(nights: Nights | null, moment: number): number {
  if (nights === null) return moment;
  const midnight = Math.floor(moment / day) * day;
  for (let start = midnight - day; start < midnight + 15 * day; start += day) {
    const weekday = new Date(start).getUTCDay() || 7;
    const closes = start + nights.to + (nights.to <= nights.from ? day : 0);
    if (nights.days.includes(weekday) && moment < closes) {
      return Math.max(moment, start + nights.from);
    }
  }
  throw new Error('these nights never come');
}

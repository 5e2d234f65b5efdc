/**
 * What can happen in a story, as acts that name nothing of one machine: "the run that is awaited",
 * "a minute before it is due". So an act means the same in every story, and a story that fails can
 * be made shorter act by act, and read.
 */
import type { RunResult } from '../../../domain/event.ts';
import type { Gap } from '../../../domain/evidence.ts';
import type { ButtonPress } from '../../../domain/press.ts';

export type Verdict = 'safe' | 'in use' | 'unknown';

/** What the witness reports. */
export interface Look {
  readonly verdict: Verdict;
  /** In which state the old key is, beside what is believed of it. */
  readonly oldKey: 'as believed' | 'switched' | 'unread' | 'gone' | 'user gone';
  /** How old the report is when it is decided on, in minutes. */
  readonly age: number;
  /** Hours since the last known use of the old key; null for none. */
  readonly usedAgo: number | null;
  /** Hours since the new key was picked up; null for never. */
  readonly pickedAgo: number | null;
  readonly quietHours: number;
  readonly basis: 'evidence' | 'attested' | 'forced';
  readonly gap: Gap['about'];
}

export type Which = 'the awaited' | 'an older' | "a stranger's";

/** A press, its moments told from where the story stands. */
export type AnyPress =
  | ButtonPress
  /** Also for hours that no button has. */
  | { readonly type: 'snooze'; readonly hours: number }
  /** So much later than the deadline that people were shown. */
  | { readonly type: 'snooze until'; readonly minutes: number }
  /** Which of the people; null: nobody. */
  | { readonly type: 'not mine'; readonly whom: number | null }
  | { readonly type: 'exempt'; readonly days: number; readonly reason: string };

export type Act =
  | { readonly does: 'wait'; readonly minutes: number }
  /** Until the next deadline, less so many milliseconds. */
  | { readonly does: 'wait until due'; readonly early: number }
  /** What the story hopes for next, at the very moment at which it may happen. */
  | { readonly does: 'as planned'; readonly early: number }
  | { readonly does: 'look'; readonly look: Look }
  | { readonly does: 'start'; readonly which: Which }
  | { readonly does: 'still going'; readonly which: Which }
  | { readonly does: 'not started'; readonly which: Which }
  | { readonly does: 'withdraw'; readonly which: Which }
  | {
      readonly does: 'finish';
      readonly which: Which;
      readonly status: RunResult['status'] | 'as hoped';
    }
  | { readonly does: 'admit' | 'deadline' | 'crowded' | 'no room' | 'look failed' | 'native' }
  | { readonly does: 'ring closed' | 'files'; readonly clean: number }
  | { readonly does: 'room awaited'; readonly spare: number }
  | { readonly does: 'finding'; readonly which: number; readonly updated: number }
  | { readonly does: 'key gone'; readonly what: 'key' | 'user' }
  | { readonly does: 'exempt' }
  | { readonly does: 'stop' }
  | {
      readonly does: 'press';
      readonly who: number;
      readonly press: AnyPress;
      readonly message: 'current' | 'outdated';
    };

/** The act in a sentence. */
export function actInWords(act: Act): string {
  switch (act.does) {
    case 'wait':
      return `${act.minutes} minutes pass`;
    case 'wait until due':
      return `it becomes due${early(act.early)}`;
    case 'as planned':
      return `all goes as planned${early(act.early)}`;
    case 'look':
      return `a look: ${JSON.stringify(act.look)}`;
    case 'finish':
      return `${act.which} run ends: ${act.status}`;
    case 'start':
    case 'still going':
    case 'not started':
    case 'withdraw':
      return `${act.does}: ${act.which} run`;
    case 'press':
      return `person ${act.who} presses ${JSON.stringify(act.press)} on the ${act.message} message`;
    case 'finding':
      return `finding ${act.which} of day ${act.updated}`;
    case 'room awaited':
      return `room is awaited: spare ${act.spare} goes first`;
    case 'ring closed':
      return `its ring is closed, ${act.clean} of 5`;
    case 'files':
      return `it is found in files as of day ${act.clean}`;
    case 'key gone':
      return `the ${act.what} is gone`;
    default:
      return act.does;
  }
}

const early = (milliseconds: number) => (milliseconds === 0 ? '' : `, ${milliseconds} ms early`);

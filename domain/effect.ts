/**
 * Orders that a decision gives. They are committed with it and performed afterwards, each under the
 * id `<rotation>/<version>/<index>`; performing one twice changes nothing twice.
 */
import type { Concern } from './incident.ts';
import type { Instant } from './instant.ts';
import type { Occasion } from './notices.ts';

export type RunbookName = 'issue-replacement-key' | 'deactivate-key' | 'delete-key' | 'restore-key';

/** Text for people: a whole sentence, with absolute UTC times. */
export type News = string;

export type Effect =
  /**
   * Start the runbook for the stage that the rotation is in; its parameters follow from the state.
   */
  | { readonly type: 'start runbook'; readonly runbook: RunbookName }
  /**
   * Render the rotation's one Slack message anew from the stored state; `news` goes to its thread.
   */
  | { readonly type: 'update message'; readonly news: News | null }
  /**
   * A message to the owner alone, or in its stead to whoever can be reached: the team's channel,
   * the default channel, PagerDuty, SNS.
   */
  | {
      readonly type: 'tell owner';
      readonly occasion: Occasion;
      /** The deadline that it is about; where none runs, the moment of the order. */
      readonly until: Instant;
      /** The owner's Slack user id as it was ordered; null if nobody was known as the owner. */
      readonly to: string | null;
    }
  /** PagerDuty: trigger the incident of the rotation about that. */
  | {
      readonly type: 'page';
      readonly about: Concern;
      readonly severity: 'critical' | 'error' | 'warning';
      readonly summary: string;
    }
  /** PagerDuty: resolve the incident. */
  | { readonly type: 'clear page'; readonly about: Concern }
  /** PagerDuty: somebody is at it in Slack, so the incident stops calling for more people. */
  | { readonly type: 'acknowledge page'; readonly about: Concern }
  /** PagerDuty: a change event, which rings nobody and shows beside later incidents. */
  | { readonly type: 'report change'; readonly summary: News }
  /** SNS: tell subscribers. */
  | { readonly type: 'announce'; readonly news: News }
  /** EventBridge: put `Rotation <Stage>` on the bus. */
  | { readonly type: 'publish' }
  /** Note how the rotation went in its ring of the roll-out; whose ring closes is told. */
  | { readonly type: 'mark ring' }
  /** Security Hub: write the state to every finding of the claim. */
  | {
      readonly type: 'record result';
      readonly workflow: 'NOTIFIED' | 'RESOLVED';
      readonly note: string;
    };

/**
 * Each sort waits in a queue of its own: however much has to be told, runs begin, and however slow
 * Slack has to be taken, subscribers and Security Hub hear.
 */
export const effectSorts = ['start', 'message', 'other'] as const;

export type EffectSort = (typeof effectSorts)[number];

export function sortOf({ type }: Pick<Effect, 'type'>): EffectSort {
  if (type === 'start runbook') return 'start';
  return type === 'update message' || type === 'tell owner' ? 'message' : 'other';
}

/** An effect that waits to be performed. */
export interface OutstandingEffect {
  readonly id: string;
  readonly rotationId: string;
  readonly version: number;
  readonly effect: Effect;
  /** Tries so far. */
  readonly attempts: number;
  readonly notBefore: Instant;
}

/** Is called for each effect whose time has come and that cannot be read. */
export type Unread = () => void;

/** What is asked for of those that wait. */
export type OutstandingAsked = [now: Instant, limit: number, unread?: Unread, sort?: EffectSort];

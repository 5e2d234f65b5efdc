/**
 * How many ask an account's CloudTrail at the same time. LookupEvents answers two calls a second in
 * each account and Region, to everybody in it; whoever asks paces itself by how many others may.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html (2026-11)
 */
import type { Rotation } from './case.ts';
import { type Instant, isDue, plus } from './instant.ts';

const lookupsPerSecond = 2;

/** Runs of an account that ask its witness: those that switch a key off or delete one. */
export const askingRuns = 1;

/** Beside it a tick looks into the account, at one rotation after the other. */
const looksAtOnce = 1;

/** An order that could not be carried out by then is decided on again: others may ask meanwhile. */
const startsWithin = { minutes: 10 } as const;

/** A run asks first of all. One that hangs later holds up none that wait to ask. */
const asksFor = { minutes: 10 } as const;

/** What each of them waits after an answer before it asks the same Region again. */
export const lookupPauseMillis = ((askingRuns + looksAtOnce) * 1000) / lookupsPerSecond;

/** Whether the run that the rotation waits for may be asking a witness now. */
export function isAsking({ stage }: Rotation, now: Instant): boolean {
  if (stage.name !== 'deactivating' && stage.name !== 'deleting') return false;
  return !isDue(plus(plus(stage.run.since, startsWithin), asksFor), now);
}

/**
 * Why a run that is not started by now must not be any more; null if it may. It would ask while
 * another one does that has got its place, and on a decision that is no longer fresh.
 */
export function whyTooLate({ stage }: Rotation, now: Instant): string | null {
  if (stage.name !== 'deactivating' && stage.name !== 'deleting') return null;
  return isDue(plus(stage.run.since, startsWithin), now)
    ? `the run could not be started within ${startsWithin.minutes} minutes of its order`
    : null;
}

/** Whether the next run that the rotation may order would ask a witness. */
export function wouldAsk({ stage }: Rotation): boolean {
  const isUnused = stage.name === 'proposed' && stage.plan.kind === 'retire';
  return isUnused || stage.name === 'overlapping' || stage.name === 'soaking';
}

/** Where a rotation stands in the lines that people ask for: whose, at which stage, how soon. */
import { deadlineOf } from './at-a-glance.ts';
import type { Rotation } from './case.ts';
import { type Instant, instant } from './instant.ts';
import { type StageName, stageNames } from './stage.ts';

/** A stage that a rotation leaves again. */
export type OpenStage = Exclude<StageName, 'done'>;

export const openStages: readonly OpenStage[] = stageNames.filter((name) => name !== 'done');

/** Those at which a deadline may run. */
export const stagesWithDeadlines: readonly OpenStage[] = [
  'proposed',
  'issuing',
  'overlapping',
  'soaking',
];

/** Behind everybody who has a deadline. */
const last = instant('9999-12-31T00:00:00Z');

export interface PlaceInLine {
  /** undefined where nobody known owns the key. */
  readonly ownedBy: string | undefined;
  readonly stage: OpenStage;
  /** Its deadline. Who is held stands by when that began, before all others, who need nobody. */
  readonly moment: Instant;
}

/** null for a rotation that is done: it waits for nothing. */
export function placeInLine(rotation: Rotation): PlaceInLine | null {
  const { stage, owner } = rotation;
  if (stage.name === 'done') return null;
  const moment = stage.name === 'held' ? stage.since : (deadlineOf(rotation)?.at ?? last);
  return { ownedBy: owner.known ? owner.slackUserId : undefined, stage: stage.name, moment };
}

/** How many characters of a key's id name it to people. */
export const endingLength = 4;

/** The end of a key's id, by which people call the key. */
export function endingOf(keyId: string): string {
  return keyId.slice(-endingLength);
}

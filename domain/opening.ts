/** How a rotation begins: the first state of a claim, and who is told of it. */
import type { Rotation } from './case.ts';
import { type Decision, subjectOf } from './decision.ts';
import type { Finding } from './finding.ts';
import { type Instant, inUtcWords, millisBetween, millisOf, plus } from './instant.ts';
import type { StaleKey } from './key.ts';
import { type Owner, policyActor } from './people.ts';
import type { Policy } from './policy.ts';
import type { Proposed } from './stage.ts';
import { nextOpening } from './window.ts';

export interface Opening {
  readonly id: string;
  readonly generation: number;
  readonly key: StaleKey;
  readonly region: string;
  readonly owner: Owner;
  readonly policy: Policy;
  readonly finding: Finding;
}

/** Security Hub refuses longer notes. */
const longestNote = 512;

/**
 * The claim's first state, version 1, with its effects in the order in which they are performed.
 * Mode `auto` counts as the policy's own approval. Mode `observe` never gets here.
 */
export function opened(facts: Opening, now: Instant): Decision {
  const { id, generation, key, region, owner, policy, finding } = facts;
  const stage: Proposed = {
    name: 'proposed',
    due: nextOpening(policy.window, now),
    answerBy: plus(now, { days: policy.answerDays }),
    approval: policy.mode === 'auto' ? { given: true, by: policyActor, at: now } : { given: false },
    attempts: 0,
  };
  const rotation: Rotation = {
    id,
    generation,
    version: 1,
    shownVersion: 1,
    kind: 'replace',
    key,
    region,
    owner,
    policy,
    findings: [finding],
    openedAt: now,
    snoozedHours: 0,
    stage,
  };
  const news = newsOf(rotation, stage, now);
  return {
    rotation,
    effects: [
      { type: 'update message', news },
      { type: 'announce', news },
      { type: 'publish' },
      { type: 'record result', workflow: 'NOTIFIED', note: news.slice(0, longestNote) },
    ],
  };
}

function newsOf(rotation: Rotation, stage: Proposed, now: Instant): string {
  const days = ageInDays(rotation.key.createdAt, now);
  const what = `New: ${subjectOf(rotation)} is ${days} ${days === 1 ? 'day' : 'days'} old.`;
  return stage.approval.given
    ? `${what} Policy approves its rotation: a new key is issued at ${inUtcWords(stage.due)}.`
    : `${what} Approve its rotation by ${inUtcWords(stage.answerBy)}; until then nothing changes.`;
}

/** Whole days; a key is stale from the moment it is as many days old as the policy says. */
export function ageInDays(createdAt: Instant, now: Instant): number {
  return Math.floor(millisBetween(createdAt, now) / millisOf({ days: 1 }));
}

/** How a rotation begins: the first state of a claim, and who is told of it. */
import type { Rotation } from './case.ts';
import { type Decision, subjectOf } from './decision.ts';
import type { Finding } from './finding.ts';
import { type Instant, inUtcWords, millisBetween, millisOf, plus } from './instant.ts';
import type { StaleKey } from './key.ts';
import { openedWithNotices } from './notices.ts';
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
  readonly kind: Rotation['kind'];
  /** None for a key that only has to make room for another. */
  readonly findings: readonly Finding[];
}

/** Characters; Security Hub refuses longer notes. */
export const longestNote = 512;

/**
 * The claim's first state, version 1, with its effects in the order in which they are performed.
 * Mode `auto` counts as the policy's own approval. Mode `observe` never gets here.
 */
export function opened(facts: Opening, now: Instant): Decision {
  const { id, generation, key, region, owner, policy, kind, findings } = facts;
  const stage = proposal(policy, kind, now);
  const rotation: Rotation = {
    id,
    generation,
    version: 1,
    shownVersion: 1,
    kind,
    key,
    region,
    owner,
    policy,
    findings,
    openedAt: now,
    snoozedHours: 0,
    stage,
  };
  const news = newsOf(rotation, stage, now);
  const effects: Decision['effects'] = [
    { type: 'update message', news },
    { type: 'announce', news },
    { type: 'publish' },
    { type: 'record result', workflow: 'NOTIFIED', note: news.slice(0, longestNote) },
  ];
  return openedWithNotices({ rotation, effects }, now);
}

/** A new key can be issued at once; an unused one is switched off only after due notice. */
function proposal(policy: Policy, kind: Rotation['kind'], now: Instant): Proposed {
  const notice = kind === 'retire' ? policy.graceHours : 0;
  const due = nextOpening(policy.window, plus(now, { hours: notice }));
  return {
    name: 'proposed',
    due,
    answerBy: plus(now, { days: policy.answerDays }),
    approval: policy.mode === 'auto' ? { given: true, by: policyActor, at: now } : { given: false },
    plan:
      kind === 'replace'
        ? { kind, attempts: 0, waitsFor: null }
        : {
            kind,
            nextProbeAt: now,
            authority: { kind: 'evidence' },
            evidence: null,
            statusBefore: null,
          },
  };
}

function newsOf(rotation: Rotation, stage: Proposed, now: Instant): string {
  const days = ageInDays(rotation.key.createdAt, now);
  const age = `${days} ${days === 1 ? 'day' : 'days'} old`;
  const isReplaced = stage.plan.kind === 'replace';
  const what = `New: ${subjectOf(rotation)} is ${age}${isReplaced ? '' : ' and unused'}.`;
  const act = isReplaced ? 'rotation' : 'retirement';
  if (!stage.approval.given) {
    const by = inUtcWords(stage.answerBy);
    return `${what} Approve its ${act} by ${by}; until then nothing changes.`;
  }
  const next = isReplaced
    ? `a new key is issued at ${inUtcWords(stage.due)}`
    : `it is switched off at ${inUtcWords(stage.due)} if it is still unused`;
  return `${what} Policy approves its ${act}: ${next}.`;
}

/** Whole days; a key is stale from the moment it is as many days old as the policy says. */
export function ageInDays(createdAt: Instant, now: Instant): number {
  return Math.floor(millisBetween(createdAt, now) / millisOf({ days: 1 }));
}

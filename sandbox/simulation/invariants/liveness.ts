/** L1 to L3: everything ends, and somebody knows how; nothing is lost; a storm is bounded. */
import type { Rotation } from '../../../domain/case.ts';
import { type Instant, isDue, plus } from '../../../domain/instant.ts';
import type { Held } from '../../../domain/stage.ts';
import { oldestHint } from '../faulty-store.ts';
import type { Ledger } from '../ledger.ts';
import { isUnderWay, keyOf } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { untoldProblems } from './told-first.ts';

export const everythingEnds: Invariant = {
  id: 'L1',
  text: 'Every rotation ends done, or held with someone told; no key goes off untold.',
  onAct: untoldProblems,
  atEnd: async (ledger) => [
    ...[...ledger.rotations.values()].flatMap(({ rotation }) => endProblems(ledger, rotation)),
    ...unclaimed(ledger),
  ],
};

function endProblems(ledger: Ledger, rotation: Rotation): Problems {
  const { id, stage, key } = rotation;
  const name = `the rotation of ${key.keyId} (${key.user.userName})`;
  if (stage.name === 'done') return fine;
  if (stage.name !== 'held') return [`${name} is ${stage.name} at the end`];
  const isPaged = ledger.world.pagerDuty.incidents().some(({ dedupKey, status }) => {
    // Of each hold its own; the first has no number.
    const ofHold = new RegExp(`^rot/${id}/held(?:/\\d+)?$`);
    return ofHold.test(dedupKey) && status !== 'resolved';
  });
  return [
    ...(isToldInSlack(ledger, id, stage) ? [] : [`${name} is held and Slack does not say so`]),
    ...(isPaged || stage.reason.code === 'paused' ? [] : [`${name} is held and nobody was paged`]),
  ];
}

/** The last thing that the rotation's thread says of it is at least as young as the hold. */
function isToldInSlack({ world, places }: Ledger, id: string, { since }: Held): boolean {
  const threads = places.filter((each) => each.rotationId === id).map(({ place }) => place.ts);
  return world.slack
    .messages()
    .some(
      ({ threadTs, text, postedAt }) =>
        threadTs !== null &&
        threads.includes(threadTs) &&
        text.includes('On hold.') &&
        isDue(since, postedAt),
    );
}

/**
 * A stale key that goes on being reported gets a rotation; where a person exempted it for a time,
 * another one after that.
 */
function unclaimed(ledger: Ledger): Problems {
  const { world, awaited, rotations, plan } = ledger;
  const claimed = new Set(
    [...rotations.values()]
      .filter(({ rotation }) => !isBeforeExemption(ledger, rotation))
      .map(({ rotation }) => rotation.key.keyId),
  );
  return plan.accounts.flatMap((account) =>
    [...awaited]
      .filter(([keyId, at]) => !isSpokenFor(ledger, keyId, at))
      .map(([keyId]) => keyId)
      .filter((keyId) => keyOf(world, account, keyId)?.status === 'Active')
      .filter((keyId) => keyOf(world, account, keyId)?.deletedAt === null)
      .filter((keyId) => !claimed.has(keyId))
      .map((keyId) => `nothing ever came of the findings about ${keyId}`),
  );
}

/** Reported last before an exemption of the key ended: that speaks of what somebody decided. */
function isSpokenFor({ exempted }: Ledger, keyId: string, reportedAt: Instant): boolean {
  return exempted.some((each) => each.keyId === keyId && reportedAt < each.until);
}

/** What a person exempted: in the way of no later claim. */
function isBeforeExemption({ exempted }: Ledger, { key, openedAt }: Rotation): boolean {
  return exempted.some(({ keyId, since }) => keyId === key.keyId && openedAt <= since);
}

export const nothingIsLost: Invariant = {
  id: 'L2',
  text: 'Slack, PagerDuty, SNS or Security Hub down for days blocks and loses nothing.',
  atEnd: async (ledger) => {
    const far = plus(ledger.world.clock.now(), { days: 365 });
    const left = await ledger.world.store.outstanding(far, 1000);
    const orders = [...ledger.rotations.values()].flatMap(({ entries }) =>
      entries.flatMap(({ entry }) => entry.effects),
    );
    const givenUp = orders.filter(
      ({ id, effect }) =>
        effect.type !== 'start runbook' && ledger.settled.get(id)?.status === 'given up',
    );
    return [
      ...left.map(({ id, effect }) => `${id} (${effect.type}) is still outstanding at the end`),
      ...givenUp.map(({ id, effect }) => `${id} (${effect.type}) was given up`),
    ];
  },
};

export const stormsAreBounded: Invariant = {
  id: 'L3',
  text: 'A storm is bounded: no more runs than there is room for.',
  onAct: (act, ledger) => {
    if (act.operation !== 'StartAutomationExecution' || act.by !== 'keyturn') return fine;
    const { world, plan, oldCountAt } = ledger;
    // Whoever was told an old number could not know.
    if (oldCountAt !== undefined && plus(oldCountAt, oldestHint) > act.at) return fine;
    // Giving a key back never waits for room.
    const running = plan.accounts
      .flatMap((account) => world.runner.list({ ...world.place, account }))
      .filter(isUnderWay)
      .filter(({ DocumentName }) => DocumentName !== 'Keyturn-RestoreKey');
    return running.length <= plan.capacity
      ? fine
      : [`${running.length} runs at once, with room for ${plan.capacity}`];
  },
};

/** issuing: the issue runbook is in flight, or waits to be tried again after its undo. */
import { parseArn } from '../arn.ts';
import type { At, Rotation } from '../case.ts';
import {
  asSentence,
  byName,
  type Decision,
  hold,
  ignore,
  lookFailed,
  move,
  ordered,
  probeHours,
  stay,
} from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import { earliest, type Instant, inUtcWords, isDue, plus } from '../instant.ts';
import { type StaleKey, shortKey } from '../key.ts';
import { issueRetryHours, type Policy } from '../policy.ts';
import type { Issued, Issuing, Overlapping, ReplacementProposed } from '../stage.ts';
import { nextOpening } from '../window.ts';
import { decideRun, problemIn } from './run.ts';

export function decideIssuing(rotation: At<Issuing>, event: RotationEvent, now: Instant): Decision {
  const { stage } = rotation;
  const { run } = stage;
  if (run.status === 'waiting') return decideWaiting(rotation, run.retryAt, event, now);
  return decideRun(
    rotation,
    {
      run,
      withRun: (next) => ({ ...stage, run: next }),
      notStarted: (problem) => failed(rotation, problem, now),
      withdrawn: (why) => withdrawn(rotation, why, now),
      finished: (result) =>
        result.status === 'issued'
          ? overlap(rotation, result.issued, now)
          : failed(rotation, problemIn(result), now),
    },
    event,
    now,
  );
}

function decideWaiting(
  rotation: At<Issuing>,
  retryAt: Instant,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { stage } = rotation;
  switch (event.type) {
    case 'admitted': {
      if (!isDue(retryAt, now)) return ignore(rotation, 'it is not due yet');
      const opening = nextOpening(rotation.policy.window, now);
      if (!isDue(opening, now)) {
        const news = `The window is closed: the next attempt is at ${inUtcWords(opening)}.`;
        return stay(rotation, { ...stage, run: { status: 'waiting', retryAt: opening } }, news);
      }
      return move(
        rotation,
        { ...stage, run: ordered(rotation, now) },
        `Issuing a new key, attempt ${stage.attempt}. The old key keeps working.`,
        [{ type: 'start runbook', runbook: 'issue-replacement-key' }],
      );
    }
    case 'look failed': {
      if (!isDue(retryAt, now)) return ignore(rotation, 'it is not due yet');
      const kept = withAttempts(stage, stage.attempt - 1);
      const until = (tryAt: Instant) =>
        ({ ...stage, run: { status: 'waiting', retryAt, tryAt } }) as const;
      return lookFailed(rotation, { kept, due: retryAt, until }, event.problem, now);
    }
    case 'paused':
      return hold(
        rotation,
        withAttempts(stage, stage.attempt - 1),
        { code: 'paused', text: `Paused ${byName(event.by)}. Resume it to go on.` },
        'Active',
        now,
      );
    case 'issued natively':
      return overlapNatively(rotation, event, now);
    default:
      return ignore(rotation, `the next attempt to issue a key is at ${inUtcWords(retryAt)}`);
  }
}

/** No try is used up; but its token is, in case the run was started and nobody heard of it. */
function withdrawn(rotation: At<Issuing>, why: string, now: Instant): Decision {
  const { stage, policy } = rotation;
  const retryAt = nextOpening(policy.window, plus(now, { hours: issueRetryHours[0] }));
  return stay(
    rotation,
    { ...stage, attempt: stage.attempt + 1, run: { status: 'waiting', retryAt } },
    `No key was issued: ${asSentence(why)} It is decided again at ${inUtcWords(retryAt)}.`,
  );
}

/** What is kept on hold: tokens of attempts are never used again. */
function withAttempts({ proposal }: Issuing, attempts: number): ReplacementProposed {
  return { ...proposal, plan: { ...proposal.plan, attempts } };
}

function failed(rotation: At<Issuing>, problem: string, now: Instant): Decision {
  const { stage } = rotation;
  if (stage.triesLeft === 0) {
    return hold(
      rotation,
      withAttempts(stage, stage.attempt),
      {
        code: 'issue failed',
        text: `No new key could be issued: ${asSentence(problem)} Mend it, then resume.`,
      },
      'Active',
      now,
    );
  }
  const wait = issueRetryHours[issueRetryHours.length - stage.triesLeft] ?? issueRetryHours[0];
  const retryAt = plus(now, { hours: wait });
  const next = `It is tried again at ${inUtcWords(retryAt)}.`;
  const news = `Issuing a key failed: ${asSentence(problem)} ${next}`;
  return stay(
    rotation,
    {
      ...stage,
      attempt: stage.attempt + 1,
      triesLeft: stage.triesLeft - 1,
      run: { status: 'waiting', retryAt },
    },
    news,
  );
}

/** Both keys work from now on, until the old one is due. */
export function overlap(rotation: Rotation, issued: Issued, now: Instant): Decision {
  const stage = overlapFrom(rotation.policy, issued, now);
  // Secrets Manager may have replaced a key that was to be retired.
  return move({ ...rotation, kind: 'replace' }, stage, newsOfIssue(rotation.key, stage));
}

/** The same where Secrets Manager replaced the key: in the secret's own Region, with its copies. */
export function overlapNatively(
  rotation: Rotation,
  { issued, custody }: Extract<RotationEvent, { type: 'issued natively' }>,
  now: Instant,
): Decision {
  const region = parseArn(issued.secretArn)?.region ?? rotation.region;
  const policy = { ...rotation.policy, ...custody };
  return overlap({ ...rotation, region, policy }, issued, now);
}

export function overlapFrom(policy: Policy, issued: Issued, now: Instant): Overlapping {
  const deactivateAt = nextOpening(policy.window, plus(now, { hours: policy.graceHours }));
  return {
    name: 'overlapping',
    issued,
    since: now,
    deactivateAt,
    nextProbeAt: earliest(deactivateAt, plus(now, { hours: probeHours })),
    authority: { kind: 'evidence' },
    evidence: null,
  };
}

export function newsOfIssue({ keyId }: StaleKey, { issued, deactivateAt }: Overlapping): string {
  return (
    `New key ${shortKey(issued.newKeyId)} is in ${issued.secretArn}. ` +
    `Old key ${shortKey(keyId)} is switched off at ${inUtcWords(deactivateAt)}: ` +
    'change over to the secret before then.'
  );
}

/**
 * Takes in one event: finds out what it comes to, opens or joins rotations, follows runs, keeps
 * what cannot be understood. Safe to repeat. Whatever fails in passing is thrown after everything
 * else in the event has been done, so that the whole event is delivered again.
 */
import type { Rotation } from '../domain/case.ts';
import { NotLetIn, Transient } from '../domain/errors.ts';
import type { Report } from '../domain/finding.ts';
import type { Inbound, ReadEvent } from '../domain/inbound.ts';
import type { Accounts, DeadLetters, StopSwitch } from '../domain/ports.ts';
import type { StageName } from '../domain/stage.ts';
import { allOf } from './all-of.ts';
import { type FollowDeps, followRun } from './follow-run.ts';
import { type Answer, type OpenAnswer, open } from './open.ts';
import { type LabelDeps, receiveLabel } from './receive-label.ts';
import type { TellCredentials } from './tell-credentials.ts';
import type { TellUnread } from './tell-unread.ts';

export interface ReceiveDeps extends LabelDeps, FollowDeps {
  readonly accounts: Accounts;
  readonly readEvent: ReadEvent;
  readonly deadLetters: DeadLetters;
  readonly stopSwitch: StopSwitch;
  readonly tellUnread: TellUnread;
  readonly tellCredentials: TellCredentials;
}

/** In the order in which they are looked for: the first that applies to anything in the event. */
export type Outcome = 'rejected' | 'claimed' | 'joined' | 'ignored';

export interface Received {
  readonly outcome: Outcome;
  /** One sentence or more, for people. */
  readonly reason: string;
  /** Everything malformed or contradictory. */
  readonly problems: readonly string[];
  /** The rotations that the event opened, joined or moved. */
  readonly rotations: readonly RotationLine[];
}

export interface RotationLine {
  readonly account: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly stage: StageName;
}

/** Receives an event as EventBridge delivers it, of any kind and any shape. */
export async function receive(deps: ReceiveDeps, event: unknown): Promise<Received> {
  const inbound = deps.readEvent(event);
  switch (inbound.kind) {
    case 'rejected': {
      await deps.deadLetters.keep({ event, problems: inbound.problems });
      const reason = 'the event is malformed or contradictory: it is kept whole for a person';
      return { outcome: 'rejected', reason, problems: inbound.problems, rotations: [] };
    }
    case 'findings':
      return receiveFindings(deps, event, inbound);
    case 'run':
      return receiveRun(deps, inbound);
    case 'label':
      return receiveMove(deps, inbound);
    case 'credentials':
      return receiveCredentials(deps, inbound);
    case 'other':
      return ignored(inbound.reason);
  }
}

async function receiveFindings(
  deps: ReceiveDeps,
  event: unknown,
  { reports, ignored: reasons, rejected }: Extract<Inbound, { kind: 'findings' }>,
): Promise<Received> {
  const answers = (
    await allOf<readonly Answer[]>([
      ...reports.map((report) => () => openOrKeep(deps, event, report)),
      ...rejected.map((letter) => async () => {
        await deps.deadLetters.keep(letter);
        return [];
      }),
    ])
  ).flat();
  const problems = rejected.flatMap((letter) => letter.problems);
  const kept = rejected.map(
    () => 'a finding is malformed or contradictory: it is kept for a person',
  );
  return {
    outcome: outcomeOf(answers, rejected.length > 0),
    reason: sentences([...kept, ...answers.map(({ reason }) => reason), ...reasons]),
    problems,
    rotations: linesOf(answers),
  };
}

/** A report that nobody can act on until somebody mends something is kept, and told of. */
async function openOrKeep(
  deps: ReceiveDeps,
  event: unknown,
  report: Report,
): Promise<readonly Answer[]> {
  const why = await deps.accounts.whyNotServed(report.account);
  if (why !== null) return [{ outcome: 'ignored', reason: why }];
  const answers = await openOrLeave(deps, report);
  const problems = answers.flatMap((answer) =>
    answer.outcome === 'ignored' && answer.because === 'unreadable' ? [answer.reason] : [],
  );
  if (problems.length > 0) {
    await deps.deadLetters.keep({ event, problems });
    await deps.tellUnread(report.account, problems.join('; '));
  }
  return answers;
}

/** An account that lets nobody in may do so for days: longer than an event is brought again. */
async function openOrLeave(deps: ReceiveDeps, report: Report): Promise<readonly OpenAnswer[]> {
  try {
    return await open(deps, report);
  } catch (error) {
    if (!(error instanceof NotLetIn)) throw error;
    return [{ outcome: 'ignored', because: 'unreadable', reason: error.message }];
  }
}

/** Nothing is begun for them, so that the stop switch is not asked. */
async function receiveCredentials(
  { accounts, tellCredentials }: ReceiveDeps,
  { finding }: Extract<Inbound, { kind: 'credentials' }>,
): Promise<Received> {
  const why = await accounts.whyNotServed(finding.account);
  if (why !== null) return ignored(why);
  const said = await tellCredentials(finding);
  const whose = 'Macie says not whose the credentials in the object are';
  return ignored(`${whose}: ${said === 'told' ? 'the team is told' : 'the team was told before'}`);
}

/** No tick makes up for an event that is dropped: while stopped it is to come again. */
async function receiveMove(
  deps: ReceiveDeps,
  inbound: Extract<Inbound, { kind: 'label' }>,
): Promise<Received> {
  const why = await deps.accounts.whyNotServed(inbound.where.account);
  if (why !== null) return ignored(why);
  const stop = await deps.stopSwitch.read();
  if (stop.stopped) {
    const { secretArn } = inbound;
    throw new Transient(
      `Keyturn is stopped (${stop.why}): that AWSCURRENT of ${secretArn} moved is looked at again`,
    );
  }
  return receivedFrom(await receiveLabel(deps, inbound));
}

function receivedFrom(answers: readonly Answer[]): Received {
  return {
    outcome: outcomeOf(answers, false),
    reason: sentences(answers.map(({ reason }) => reason)),
    problems: [],
    rotations: linesOf(answers),
  };
}

async function receiveRun(
  deps: ReceiveDeps,
  { where, executionId }: Extract<Inbound, { kind: 'run' }>,
): Promise<Received> {
  const why = await deps.accounts.whyNotServed(where.account);
  if (why !== null) return ignored(why);
  // The tick asks about every run that a rotation waits for, once the switch is lifted.
  const stop = await deps.stopSwitch.read();
  if (stop.stopped) return ignored(`Keyturn is stopped: ${stop.why}`);
  const followed = await followRun(deps, where, executionId);
  switch (followed.status) {
    case 'finished':
      return {
        outcome: 'joined',
        reason: `the run ${executionId} has ended: its rotation is ${followed.rotation.stage.name}`,
        problems: [],
        rotations: [lineOf(followed.rotation)],
      };
    case 'still going':
      return ignored(`the run ${executionId} is still going`);
    case 'not awaited':
      return ignored(followed.reason);
  }
}

function outcomeOf(answers: readonly Answer[], anyRejected: boolean): Outcome {
  if (anyRejected) return 'rejected';
  const order = ['claimed', 'joined'] as const;
  return order.find((each) => answers.some(({ outcome }) => outcome === each)) ?? 'ignored';
}

function ignored(reason: string): Received {
  return { outcome: 'ignored', reason, problems: [], rotations: [] };
}

/** Each rotation once, as it was left last. */
function linesOf(answers: readonly Answer[]): readonly RotationLine[] {
  const rotations = new Map<string, Rotation>();
  for (const answer of answers) {
    if (answer.outcome !== 'ignored') rotations.set(answer.rotation.id, answer.rotation);
  }
  return [...rotations.values()].map(lineOf);
}

function lineOf({ key, stage }: Rotation): RotationLine {
  const { account, userName } = key.user;
  return { account, userName, accessKeyId: key.keyId, stage: stage.name };
}

function sentences(reasons: readonly string[]): string {
  return [...new Set(reasons)].join('; ');
}

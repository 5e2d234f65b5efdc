/**
 * The witness: beside the keys, read-only. It gathers what all sources say and answers with the
 * evidence; the deactivate and delete runbooks branch on its verdict alone. With Purpose
 * `confirm` it makes sure that the account shows one exact status, and errs otherwise.
 */
import { gatherUsage } from '../app/gather-usage.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import type { Evidence, OldKeyStatus } from '../domain/evidence.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import { judge } from '../domain/judge.ts';
import { type Partition, shortKey } from '../domain/key.ts';
import type { Clock } from '../domain/ports.ts';
import type { UsageSources } from '../domain/usage-sources.ts';
import { reasonOf } from '../domain/verdict-text.ts';
import { type Confirmation, contradictionsIn, parseQuestion } from './witness-payload.ts';

export interface WitnessDeps {
  readonly sources: UsageSources;
  readonly clock: Clock;
  /** Where the witness runs, and so whose keys it speaks of. */
  readonly home: { readonly partition: Partition; readonly account: string };
}

/** The answer to Purpose `deactivate` and `delete`. */
export interface ExaminationAnswer {
  readonly Verdict: Evidence['verdict'];
  readonly Reason: string;
  readonly OldKeyStatus: OldKeyStatus;
  readonly Evidence: Evidence;
}

/** The answer to Purpose `confirm`. */
export interface ConfirmationAnswer {
  readonly OldKeyStatus: Confirmation['expected'];
  readonly At: Instant;
}

/** IAM shows a change within seconds, but not at once to every reader. */
const confirmationPatience = { seconds: 60 };
const confirmationPauseMillis = 5000;

/**
 * The handler. Throws Permanent on a payload that it does not understand or that contradicts
 * itself, naming every problem, and Transient when a confirmation does not come true in a minute.
 */
export function witnessHandler(
  deps: WitnessDeps,
): (payload: unknown) => Promise<ExaminationAnswer | ConfirmationAnswer> {
  return async (payload) => {
    const question = parseQuestion(payload, deps.home);
    if (!question.ok) throw refusal(question.problems);
    if (question.value.purpose === 'confirm') return confirm(deps, question.value);
    const contradictions = contradictionsIn(question.value, deps.clock.now());
    if (contradictions.length > 0) throw refusal(contradictions);
    const testimony = await gatherUsage(deps.sources, question.value, deps.clock.now());
    const evidence = judge(testimony, question.value, deps.clock.now());
    return {
      Verdict: evidence.verdict,
      Reason: reasonOf(evidence),
      OldKeyStatus: evidence.oldKey,
      Evidence: evidence,
    };
  };
}

function refusal(problems: readonly string[]): Permanent {
  return new Permanent(`the witness was asked in terms it refuses: ${problems.join('; ')}`);
}

/** A user under another name, or another user of that name, is an error: nothing is confirmed. */
async function confirm(
  { sources, clock }: WitnessDeps,
  { userName, userId, oldKeyId, expected }: Confirmation,
): Promise<ConfirmationAnswer> {
  const giveUpAt = plus(clock.now(), confirmationPatience);
  for (;;) {
    const status = await sources.standing.statusOf({ userName, userId }, oldKeyId);
    if (status === expected) return { OldKeyStatus: status, At: clock.now() };
    if (isDue(giveUpAt, clock.now())) {
      throw new Transient(
        `key ${shortKey(oldKeyId)} of user ${userName} is ${status}, not ${expected}: ` +
          'look at the account before anything else is done to it',
      );
    }
    await clock.sleep(confirmationPauseMillis);
  }
}

/** Asks the witness, and takes whatever is no timely answer for no evidence. */
import type { Evidence } from '../domain/evidence.ts';
import type { Examination } from '../domain/examination.ts';
import { noEvidence } from '../domain/judge.ts';
import type { Clock, Log, Place, Witness } from '../domain/ports.ts';
import { isTimely } from '../domain/stages/evidence-checks.ts';
import { problemOf } from './problem-of.ts';

interface Asking {
  readonly witness: Witness;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'error'>;
}

/**
 * A witness that does not answer is a gap, never a "no". So is one that answers of another time:
 * its clock is wrong, and no stage would ever take its word.
 */
export async function examine(
  shell: Asking,
  place: Place,
  rotationId: string,
  examination: Examination,
): Promise<Evidence> {
  try {
    const evidence = await shell.witness.examine(place, examination);
    const now = shell.clock.now();
    if (isTimely(evidence, now)) return evidence;
    const problem = `the witness says that it is ${evidence.at}, and here it is ${now}`;
    shell.log.error('no evidence', { rotationId, problem });
    return noEvidence(problem, now);
  } catch (error) {
    const problem = `the witness did not answer: ${problemOf(error)}`;
    shell.log.error('no evidence', { rotationId, problem });
    return noEvidence(problem, shell.clock.now());
  }
}

/**
 * Asks the witness, and takes whatever is no timely answer for no evidence. What daily reports have
 * shown of the key counts in: the hub keeps that, the witness does not know it.
 */
import { heeding } from '../domain/cadence.ts';
import type { Rotation } from '../domain/case.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Examination } from '../domain/examination.ts';
import { noEvidence } from '../domain/judge.ts';
import type { HistoryNotes } from '../domain/lists.ts';
import type { Clock, Log, Place, Witness } from '../domain/ports.ts';
import { isTimely } from '../domain/stages/evidence-checks.ts';
import type { Reading } from '../domain/testimony.ts';
import type { UseHistory } from '../domain/use-history.ts';
import { problemOf } from './problem-of.ts';

interface Asking {
  readonly witness: Witness;
  readonly store: Pick<HistoryNotes, 'historyOf'>;
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
  { id: rotationId, key }: Pick<Rotation, 'id' | 'key'>,
  examination: Examination,
): Promise<Evidence> {
  try {
    const evidence = await shell.witness.examine(place, examination);
    const now = shell.clock.now();
    if (isTimely(evidence, now)) {
      return heeding(evidence, await historyOf(shell, key), examination, now);
    }
    const problem = `the witness says that it is ${evidence.at}, and here it is ${now}`;
    shell.log.error('no evidence', { rotationId, problem });
    return noEvidence(problem, now);
  } catch (error) {
    const problem = `the witness did not answer: ${problemOf(error)}`;
    shell.log.error('no evidence', { rotationId, problem });
    return noEvidence(problem, shell.clock.now());
  }
}

async function historyOf(
  { store }: Asking,
  { user, createdAt }: Rotation['key'],
): Promise<Reading<UseHistory | undefined>> {
  const { partition, account, userName } = user;
  try {
    const value = await store.historyOf({ partition, account, userName, createdAt });
    return { complete: true, value };
  } catch (error) {
    if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
    return { complete: false, problem: `what reports showed of it: ${error.message}` };
  }
}

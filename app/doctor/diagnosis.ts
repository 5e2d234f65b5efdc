/** What the doctor says of one thing: it is well, it lacks, or it could not be looked at. */
import type { Answer } from '../../domain/account-reads.ts';

interface Looked {
  /** A few words: what was looked at. */
  readonly check: string;
  readonly says: string;
}

export type Diagnosis =
  | (Looked & { readonly state: 'ok' })
  | (Looked & {
      readonly state: 'missing' | 'unknown';
      /** What follows from it. */
      readonly means: string;
      /** What to do, as a command where there is one. */
      readonly todo: string;
    });

export function ok(check: string, says: string): Diagnosis {
  return { state: 'ok', check, says };
}

export interface Lack {
  readonly says: string;
  readonly means: string;
  readonly todo: string;
}

export function missing(check: string, lack: Lack): Diagnosis {
  return { state: 'missing', check, ...lack };
}

type NoAnswer = Extract<Answer<unknown>, { readonly read: false }>;

/** Nothing is known then: whoever asks hears which permission lacks. */
export function unknown(
  check: string,
  answer: NoAnswer,
): Extract<Diagnosis, { readonly state: 'missing' | 'unknown' }> {
  const { action, denied, problem } = answer;
  return {
    state: 'unknown',
    check,
    says: problem,
    means: 'It may be as it should be, or not.',
    todo: denied
      ? `Let the credentials call ${action}; all that is read: ${policyCommand}`
      : 'Try again later.',
  };
}

/** `--stage STAGE` is made the stage's own where it is known: {@link inStage}. */
const policyCommand = 'npm run --silent doctor -- --stage STAGE --policy';

/** The same diagnosis for a stage, its command whole. */
export function inStage(diagnosis: Diagnosis, stage: string): Diagnosis {
  return diagnosis.state === 'ok'
    ? diagnosis
    : { ...diagnosis, todo: diagnosis.todo.replaceAll('--stage STAGE', `--stage ${stage}`) };
}

/** The diagnosis of what was read, or that it could not be. */
export function judged<T>(
  check: string,
  answer: Answer<T>,
  judge: (value: T) => Diagnosis,
): Diagnosis {
  return answer.read ? judge(answer.value) : unknown(check, answer);
}

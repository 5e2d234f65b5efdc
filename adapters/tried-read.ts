/** One read of an account, as an answer that says which permission lacks if AWS refuses it. */
import type { Answer } from '../domain/account-reads.ts';
import { messageOf } from '../domain/errors.ts';
import { awsErrorName } from './aws-error.ts';

const deniedNames: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
]);

interface Tried<T> {
  /** `iam:GetRole`. */
  readonly action: string;
  readonly read: () => Promise<T>;
  /** Names of errors by which AWS says that there is no such thing. */
  readonly absent?: readonly string[];
}

/** null where AWS says that there is none. Never throws. */
export async function triedRead<T>({
  action,
  read,
  absent = [],
}: Tried<T>): Promise<Answer<T | null>> {
  try {
    return { read: true, value: await read() };
  } catch (error) {
    if (isOneOf(error, absent)) return { read: true, value: null };
    const denied = isOneOf(error, [...deniedNames]);
    const problem = `${action}: ${awsErrorName(error)} – ${messageOf(error)}`;
    return { read: false, action, denied, problem };
  }
}

/** Of something that is always there. */
export async function triedFact<T>(action: string, read: () => Promise<T>): Promise<Answer<T>> {
  const answer = await triedRead<{ readonly fact: T }>({
    action,
    read: async () => ({ fact: await read() }),
  });
  if (!answer.read) return answer;
  return answer.value === null
    ? { read: false, action, denied: false, problem: `${action}: AWS answered nothing` }
    : { read: true, value: answer.value.fact };
}

/** Some adapters wrap what AWS threw. */
function isOneOf(error: unknown, names: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  return names.includes(awsErrorName(error)) || isOneOf(error.cause, names);
}

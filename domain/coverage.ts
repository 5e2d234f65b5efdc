/**
 * What the daily inventory says nothing of, in sentences for the team: an account that nobody looks
 * into looks the same as one without a stale key, unless somebody is told.
 */
import { type Instant, inUtcWords, isDue, plus } from './instant.ts';

export interface Coverage {
  readonly takenAt: Instant;
  /** So many sentences at most, and how many there are beside these. */
  readonly gaps: readonly string[];
  readonly more: number;
}

/** What an inventory came to, as far as something may be missing from it. */
export interface Taken {
  readonly failed: readonly { readonly account: string; readonly problem: string }[];
  readonly notReached: readonly { readonly account: string; readonly users: number | 'all' }[];
  readonly rowsNotRead: number;
  readonly usersFailed: number;
  readonly contradicted: number;
  readonly abandoned: number;
  readonly notKept: number;
  readonly historiesMissed: number;
}

export const mostGaps = 12;
/** The inventory is daily; by then one is missing. */
const expectedWithin = { hours: 26 } as const;
const mostOfProblem = 200;

export function coverageOf(taken: Taken, takenAt: Instant): Coverage {
  const gaps = [...accountGaps(taken), ...counted(taken)];
  return {
    takenAt,
    gaps: gaps.slice(0, mostGaps),
    more: Math.max(0, gaps.length - mostGaps),
  };
}

/** What is to be told of it now; an inventory that is missing is a gap itself. */
export function gapsBy(coverage: Coverage | undefined, now: Instant): Omit<Coverage, 'takenAt'> {
  if (coverage === undefined) return { gaps: [], more: 0 };
  const { takenAt, gaps, more } = coverage;
  if (!isDue(plus(takenAt, expectedWithin), now)) return { gaps, more };
  return { gaps: [`no inventory was taken since ${inUtcWords(takenAt)}`, ...gaps], more };
}

function accountGaps({ failed, notReached }: Taken): readonly string[] {
  return [
    ...failed.map(({ account, problem }) => `account ${account} was not read: ${cut(problem)}`),
    ...notReached.map(({ account, users }) =>
      users === 'all'
        ? `there was no time for account ${account}`
        : `there was no time for ${counting(users, 'user')} of account ${account}`,
    ),
  ];
}

function cut(problem: string): string {
  return problem.length <= mostOfProblem ? problem : `${problem.slice(0, mostOfProblem)}…`;
}

function counted(taken: Taken): readonly string[] {
  const { rowsNotRead, usersFailed, contradicted, abandoned, notKept, historiesMissed } = taken;
  const lines: readonly (readonly [number, string])[] = [
    [rowsNotRead, `${counting(rowsNotRead, 'row')} of credential reports could not be understood`],
    [usersFailed, `${counting(usersFailed, 'user')} with stale keys could not be looked at`],
    [
      contradicted,
      `${counting(contradicted, 'key')} stale and Active, though their rotations say they are gone`,
    ],
    [abandoned, `${counting(abandoned, 'stale key')} left alone: somebody abandoned the rotation`],
    [notKept, `${counting(notKept, 'file')} of the inventory could not be kept`],
    [historiesMissed, `the last use of ${counting(historiesMissed, 'key')} was not noted`],
  ];
  return lines.flatMap(([count, line]) => (count > 0 ? [line] : []));
}

function counting(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

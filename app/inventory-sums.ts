/** The numbers of an inventory: what its one log line says. */
import type { LeftBecause, OpenAnswer } from './open.ts';

export interface Sums {
  /** Accounts served, and those of them whose report was read. */
  readonly accounts: number;
  readonly read: number;
  /** Users in the reports, and rows that could not be understood. */
  readonly users: number;
  readonly rowsNotRead: number;
  /** Users with a key that is old enough to be warned of, and none that is stale. */
  readonly nearing: number;
  /** Users with an Active key that nobody used for as long as a key may be old. */
  readonly unused: number;
  /** Stale keys, by what was done: a rotation opened; one that is under way; nothing. */
  readonly opened: number;
  readonly underWay: number;
  readonly observed: number;
  readonly abandoned: number;
  readonly endedSince: number;
  readonly contradicted: number;
  /** Users who have one, and whom nobody may touch. */
  readonly exempt: number;
  /** Users without a stale key by now, and users who are gone by now. */
  readonly fresh: number;
  readonly gone: number;
  /** Users of whom it could not be told. */
  readonly usersFailed: number;
  /** Rotations that waited for an answer although their key was gone. */
  readonly closed: number;
  /** Keys whose last use was noted, and keys of which that failed or was not reached. */
  readonly historiesNoted: number;
  readonly historiesMissed: number;
}

export const noneCounted: Sums = {
  accounts: 0,
  read: 0,
  users: 0,
  rowsNotRead: 0,
  nearing: 0,
  unused: 0,
  opened: 0,
  underWay: 0,
  observed: 0,
  abandoned: 0,
  endedSince: 0,
  contradicted: 0,
  exempt: 0,
  fresh: 0,
  gone: 0,
  usersFailed: 0,
  closed: 0,
  historiesNoted: 0,
  historiesMissed: 0,
};

const sumsOfLeft: Readonly<Record<LeftBecause, keyof Sums>> = {
  'user gone': 'gone',
  'no stale key': 'fresh',
  exempt: 'exempt',
  'only observed': 'observed',
  'under way': 'underWay',
  abandoned: 'abandoned',
  unreadable: 'usersFailed',
  'ended since': 'endedSince',
  contradicted: 'contradicted',
};

/** Under which number a key counts that is left alone. */
export function sumOfLeft(because: LeftBecause): keyof Sums {
  return sumsOfLeft[because];
}

/** Under which number an answer counts. */
export function sumFor(answer: OpenAnswer): keyof Sums {
  switch (answer.outcome) {
    case 'claimed':
      return 'opened';
    case 'joined':
      return 'underWay';
    case 'ignored':
      return sumOfLeft(answer.because);
  }
}

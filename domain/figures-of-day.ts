/** The figures of all accounts as the inventory of a day kept them, with what shows an edit. */
import type { AccountFigures } from './account-figures.ts';
import type { Instant } from './instant.ts';
import { dayOf } from './inventory-record.ts';
import type { Digest } from './journal.ts';

export interface FiguresOfDay {
  readonly schema: 1;
  readonly kind: 'figures';
  /** In UTC. */
  readonly date: string;
  readonly takenAt: Instant;
  /** By account: those that were read. */
  readonly accounts: readonly AccountFigures[];
  /** Over all the rest. */
  readonly digest: string;
}

export function figuresOfDay(
  takenAt: Instant,
  accounts: readonly AccountFigures[],
  digest: Digest,
): FiguresOfDay {
  const date = dayOf(takenAt);
  const figures = { schema: 1, kind: 'figures', date, takenAt, accounts } as const;
  return { ...figures, digest: digest(figures) };
}

/** Everything by which they are not as Keyturn wrote them. */
export function figuresProblems(kept: FiguresOfDay, digest: Digest): readonly string[] {
  const { digest: told, ...rest } = kept;
  return digest(rest) === told ? [] : ['the digest is of other figures: something was changed'];
}

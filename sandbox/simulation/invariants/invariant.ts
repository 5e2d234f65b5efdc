/**
 * Something that must always hold, as a check that can fail: its text for people, and what it
 * looks at after which kind of happening. A check returns a sentence for everything that is wrong.
 */
import type { Act, Committed, Ledger } from '../ledger.ts';

export type Problems = readonly string[];

export interface Invariant {
  /** As it is called everywhere: S1 to S13, L1 to L3. */
  readonly id: string;
  readonly text: string;
  /** After each call that changed something, whoever made it. */
  readonly onAct?: (act: Act, ledger: Ledger) => Problems;
  /** After each change, with all that is true then. */
  readonly always?: (ledger: Ledger) => Problems;
  /** After each commit. */
  readonly onCommit?: (committed: Committed, ledger: Ledger) => Problems;
  /** Once a day, what would cost too much after each change. */
  readonly daily?: (ledger: Ledger) => Problems;
  /** Once everything is over. */
  readonly atEnd?: (ledger: Ledger) => Promise<Problems>;
}

export const fine: Problems = [];

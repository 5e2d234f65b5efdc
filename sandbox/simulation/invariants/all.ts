/** Everything that must always hold, and how it is looked at. */
import type { Act, Committed, Ledger } from '../ledger.ts';
import { actLine, decisionLine, isNews } from '../telling.ts';
import { neverEarly } from './deadlines.ts';
import { evidenceFirst } from './evidence-first.ts';
import type { Invariant, Problems } from './invariant.ts';
import { journalTellsAll, oneRotationPerKey } from './journal.ts';
import { deletedOnlyIfUnneeded, onlyClaimedKeys, removesOnlyItsOwn, rightUser } from './keys.ts';
import { everythingEnds, nothingIsLost, stormsAreBounded } from './liveness.ts';
import { nothingLeaks } from './nothing-leaks.ts';
import { pressesCountOnce } from './presses.ts';
import { readersGetALiveKey } from './readers-get-a-live-key.ts';
import { stoppedMeansStopped } from './stop-switch.ts';
import { neverTheUntouchable } from './untouchable.ts';
import { verifiedFirst } from './verified-first.ts';

export const invariants: readonly Invariant[] = [
  readersGetALiveKey,
  evidenceFirst,
  deletedOnlyIfUnneeded,
  onlyClaimedKeys,
  verifiedFirst,
  nothingLeaks,
  oneRotationPerKey,
  removesOnlyItsOwn,
  neverEarly,
  rightUser,
  pressesCountOnce,
  journalTellsAll,
  neverTheUntouchable,
  stoppedMeansStopped,
  everythingEnds,
  nothingIsLost,
  stormsAreBounded,
];

export interface Broken {
  readonly invariant: string;
  readonly problem: string;
}

/** Looks at everything as it happens; what is broken is told once. */
export class Watch {
  readonly broken: Broken[] = [];
  readonly #ledger: Ledger;
  readonly #told = new Set<string>();
  readonly #tell: (line: string) => void;
  #acts = 0;

  constructor(ledger: Ledger, tell: (line: string) => void) {
    this.#ledger = ledger;
    this.#tell = tell;
  }

  /** Something changed in an account. */
  changed(): void {
    const { acts } = this.#ledger;
    for (; this.#acts < acts.length; this.#acts++) this.#acted(acts[this.#acts]);
    for (const each of invariants) this.#note(each, each.always?.(this.#ledger));
  }

  committed(committed: Committed): void {
    this.#tell(decisionLine(committed));
    for (const each of invariants) this.#note(each, each.onCommit?.(committed, this.#ledger));
  }

  /** A day has passed. */
  dayPassed(): void {
    for (const each of invariants) this.#note(each, each.daily?.(this.#ledger));
  }

  async ended(): Promise<void> {
    for (const each of invariants) this.#note(each, await each.atEnd?.(this.#ledger));
  }

  #acted(act: Act | undefined): void {
    if (act === undefined) return;
    if (isNews(act)) this.#tell(actLine(act));
    for (const each of invariants) this.#note(each, each.onAct?.(act, this.#ledger));
  }

  #note({ id }: Invariant, problems: Problems | undefined): void {
    for (const problem of problems ?? []) {
      if (this.#told.has(`${id} ${problem}`)) continue;
      this.#told.add(`${id} ${problem}`);
      this.broken.push({ invariant: id, problem });
      this.#tell(`VIOLATION of ${id}: ${problem}`);
    }
  }
}

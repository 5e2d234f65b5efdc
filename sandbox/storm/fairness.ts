/**
 * Whether accounts share the room among the runs. Watched at every start, in what the accounts
 * themselves show: how many runs each has in flight, and who waits meanwhile.
 */

/** What an unfair order would make grow without bound. */
export interface Fairness {
  /** A key was claimed that needs a run now. */
  waits(account: string): void;
  /** A run of the account has begun; `inFlight` of any account, this run included. */
  begins(account: string, inFlight: (account: string) => number): void;
  /**
   * The most runs that an account had in flight, after one of its runs began, beyond those of an
   * account that waited.
   */
  readonly lead: number;
  /** The most runs that began elsewhere while an account waited for one. */
  readonly passedOver: number;
  readonly starts: ReadonlyMap<string, number>;
}

export function fairness(): Fairness {
  const waiting = new Map<string, number>();
  const starts = new Map<string, number>();
  /** How many had begun when the account's wait for its next run began. */
  const since = new Map<string, number>();
  let begun = 0;
  const most = { lead: 0, passedOver: 0 };
  const begins = (account: string, inFlight: (account: string) => number): void => {
    // A run that nobody waited for, of a key that goes off later, passes nobody over.
    if (waiting.has(account)) {
      most.passedOver = Math.max(most.passedOver, begun - (since.get(account) ?? begun));
    }
    begun += 1;
    starts.set(account, (starts.get(account) ?? 0) + 1);
    const left = (waiting.get(account) ?? 0) - 1;
    since.set(account, begun);
    if (left > 0) waiting.set(account, left);
    else waiting.delete(account);
    const here = inFlight(account);
    for (const other of waiting.keys()) {
      if (other !== account) most.lead = Math.max(most.lead, here - inFlight(other));
      most.passedOver = Math.max(most.passedOver, begun - (since.get(other) ?? begun));
    }
  };
  return {
    waits: (account) => {
      if (!waiting.has(account)) since.set(account, begun);
      waiting.set(account, (waiting.get(account) ?? 0) + 1);
    },
    begins,
    get lead() {
      return most.lead;
    },
    get passedOver() {
      return most.passedOver;
    },
    starts,
  };
}

/**
 * Whose turn it is when many accounts wait for room: the account with the fewest runs in flight,
 * and of equals the one that has waited longest. So no account waits for long, however many keys
 * another has (L3).
 */

/** Runs that an account has in flight; Infinity for one that may begin no more. */
export type RunsOf = (account: string) => number;

export interface InLine {
  readonly account: string;
  /** Sorts as the moment since when it waits. */
  readonly place: string;
}

/**
 * At most so many of those who wait, in the order of their turns, each counted as one more run of
 * its account. Accounts that may begin no more are left out.
 */
export function inTurns<T extends InLine>(
  waiting: readonly T[],
  limit: number,
  runsOf: RunsOf,
): readonly T[] {
  const runs = new Map<string, number>();
  const ranked = [...waiting].sort(byPlace).map((each) => {
    const rank = runs.get(each.account) ?? runsOf(each.account);
    runs.set(each.account, rank + 1);
    return { each, rank };
  });
  return ranked
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank || byPlace(a.each, b.each))
    .slice(0, limit)
    .map(({ each }) => each);
}

function byPlace(a: InLine, b: InLine): number {
  return a.place < b.place ? -1 : Number(a.place > b.place);
}

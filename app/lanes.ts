/**
 * Work in several accounts at the same time: each has a lane of its own, in which one thing is done
 * after the other. Whoever is asked in an account is asked once at a time, and a slow account holds
 * up none but itself.
 */

/** So many lanes at the same time: a tick has memory and connections for them. */
export const lanesAtOnce = 10;

/**
 * Does the work on each item, those of a lane in their order; whoever is free takes the first item
 * whose lane nobody is in. Ends when all is done. `work` does not throw.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  laneOf: (item: Item) => string,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const busy = new Set<string>();
  const next = (): Item | undefined => {
    const first = waiting.findIndex((item) => !busy.has(laneOf(item)));
    return first < 0 ? undefined : waiting.splice(first, 1)[0];
  };
  const worker = async (): Promise<void> => {
    for (let item = next(); item !== undefined; item = next()) {
      const lane = laneOf(item);
      busy.add(lane);
      await work(item);
      busy.delete(lane);
    }
  };
  await Promise.all(Array.from({ length: lanesAtOnce }, worker));
}

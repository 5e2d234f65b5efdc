/** Doing the same with many things, a few at a time. */

/**
 * What `act` makes of each item, in the order of the items; at most so many are under way at once.
 * The first that fails fails the whole.
 */
export async function fewAtOnce<Item, Result>(
  most: number,
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}

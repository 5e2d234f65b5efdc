/** Doing the same with many things, a few at a time, for as long as there is time. */
import { mayBegin, type TimeLeft } from './time-left.ts';

/**
 * At most so many are under way at once. Returns the items that were not begun for want of time, in
 * their order. The first act that throws fails the whole.
 */
export async function whileTime<Item>(
  time: TimeLeft,
  most: number,
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<readonly Item[]> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    while (mayBegin(time)) {
      const next = left.next();
      if (next.done) return;
      await act(next.value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return [...left];
}

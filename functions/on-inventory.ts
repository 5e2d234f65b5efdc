/** Once a day: finds the stale keys that no event told of, and measures how all stand. */
import { type StockShell, type StockTaken, takeStock } from '../app/take-stock.ts';
import { entryPoint, type Invoke } from './middleware.ts';
import { timeLeft } from './time-left.ts';

/**
 * The handler of the schedule. Its event says nothing that matters, so none is kept as a dead
 * letter. What it returns names everything that was left out; the log line has the numbers.
 */
export function onInventoryHandler(shell: StockShell): Invoke<unknown, StockTaken> {
  return entryPoint(
    { log: shell.log },
    {
      name: 'on-inventory',
      handle: (_event, context) => takeStock(shell, timeLeft(context)),
      facts: ({ failed, notReached, onlyObserved: _, figures: __, ...sums }) => ({
        ...sums,
        failed: failed.length,
        notReached: notReached.length,
        // What the alarm counts: whatever nobody looked at today.
        gaps:
          failed.length +
          notReached.length +
          sums.rowsNotRead +
          sums.usersFailed +
          sums.notKept +
          sums.historiesMissed,
      }),
    },
  );
}

/**
 * How many more runs may begin in one tick. The store is asked once, since what it counts may be
 * late; what this tick orders itself is known for sure.
 */
import { runInFlight } from '../domain/wake.ts';
import type { Advanced } from './advance.ts';

export interface RoomAmongRuns {
  isLeft(): Promise<boolean>;
  /** What an event came to: perhaps another run was ordered. */
  note(advanced: Advanced): void;
}

export function roomAmongRuns(shell: {
  readonly store: { inFlight(): Promise<number> };
  readonly capacity: number;
}): RoomAmongRuns {
  let before: number | undefined;
  let ordered = 0;
  return {
    isLeft: async () => {
      before ??= await shell.store.inFlight();
      return before + ordered < shell.capacity;
    },
    note: ({ rotation, ignored }) => {
      if (ignored === undefined && runInFlight(rotation) !== null) ordered += 1;
    },
  };
}

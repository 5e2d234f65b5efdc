/**
 * Puts a plan together for an account that somebody's own credentials reach: everything is read
 * through one connection, and no door, no stage and no table is needed.
 */

import type { AwsConnection } from '../adapters/aws-connection.ts';
import { memoryStore } from '../adapters/memory-store.ts';
import { organizationUnits } from '../adapters/organizations-accounts.ts';
import { Bug } from '../domain/errors.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Clock, Place, RotationStore } from '../domain/ports.ts';
import { composeOpening } from './compose.ts';
import type { PlanDeps } from './plan.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `store`: of a stage whose rotations are to be known; none is known where it is left out. */
export function composePlan(
  place: Place,
  book: PolicyBook,
  wires: {
    readonly connection: AwsConnection;
    readonly clock: Clock;
    readonly store?: RotationStore;
  },
): PlanDeps {
  const { connection, clock, store = memoryStore() } = wires;
  const announceObserved = async () => {
    throw new Bug('a plan tells nobody');
  };
  const opening = composeOpening(
    { place, book },
    {
      store,
      clock,
      log: silent,
      doors: { reader: () => connection },
      units: organizationUnits(connection, clock),
      announceObserved,
    },
  );
  return { ...opening, people: book.people };
}

/** What a tick is given, and what it keeps while it lasts. Types only. */
import type { Users, Witness } from '../domain/ports.ts';
import type { AccountAlarm } from './account-alarm.ts';
import type { Patience } from './patience.ts';
import type { PerformShell } from './perform.ts';
import type { RoomAmongRuns } from './room-among-runs.ts';
import type { Tally } from './standing.ts';
import type { StopAlarm } from './stop-alarm.ts';
import type { TimeLeft } from './time-left.ts';

export interface TickShell extends PerformShell {
  readonly users: Users;
  readonly witness: Witness;
  /** Runs in flight at most, over all accounts. */
  readonly capacity: number;
  /** Of them, in one account and Region. */
  readonly accountCapacity: number;
  readonly stopAlarm: StopAlarm;
  readonly accountAlarm: Pick<AccountAlarm, 'heed'>;
}

export interface Ticking extends TickShell {
  readonly room: RoomAmongRuns;
  readonly standing: Tally;
  readonly time: TimeLeft;
  readonly patience: Patience;
}

/** What differs between AWS and a laptop, for whatever keeps rotations. */
import type { AwsConnection } from '../adapters/aws-connection.ts';
import type { Clock, Log, RotationStore } from '../domain/ports.ts';

export interface Wires {
  readonly store: RotationStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The hub's own, in its account and Region: through its doors it goes everywhere else. */
  readonly home: AwsConnection;
}

/** What people are answered about rotations, before anybody puts it into a message. */
import type { Rotation } from './case.ts';
import type { Instant } from './instant.ts';

/** A rotation as it is told, with the channel of its message. */
export interface Told {
  readonly rotation: Rotation;
  readonly channel: string | undefined;
}

export type Answer =
  | { readonly to: 'stranger' }
  | { readonly to: 'help'; readonly problem?: string }
  | { readonly to: 'mine'; readonly told: readonly Told[]; readonly more: number }
  | {
      readonly to: 'due';
      readonly until: Instant;
      /** Whether these are the asker's own only. */
      readonly own: boolean;
      readonly told: readonly Told[];
      readonly more: number;
    }
  | { readonly to: 'status'; readonly told: readonly Told[]; readonly more: number };

/** How many rotations stand in an answer. */
export const mostTold = 10;

/** How far `due` looks ahead. */
export const dueAhead = { days: 7 } as const;

/** What the handlers of events and ticks are made of; compose.ts puts it together. */
import type { PlanDeps } from './plan.ts';
import type { ReceiveDeps } from './receive.ts';
import type { TickShell } from './ticking.ts';

export interface Hub {
  readonly finding: ReceiveDeps;
  readonly tick: TickShell;
  readonly plan: PlanDeps;
}

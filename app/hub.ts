/** What the hub's handlers are made of; compose.ts puts it together. */
import type { PressReader } from '../domain/requests.ts';
import type { Desk } from './desk.ts';
import type { PlanDeps } from './plan.ts';
import type { ReceiveDeps } from './receive.ts';
import type { TickShell } from './ticking.ts';

export interface Hub {
  readonly finding: ReceiveDeps;
  readonly tick: TickShell;
  readonly plan: PlanDeps;
  readonly slackAction: Desk & {
    readonly reader: PressReader;
    readonly fieldError: (field: string, problem: string) => string;
  };
}

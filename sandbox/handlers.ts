/** The hub's handlers in a sandbox, and what has been delivered to them. */

import type { SlackActionDesk } from '../app/compose-slack.ts';
import type { SummaryShell } from '../app/daily-summary.ts';
import type { Hub } from '../app/hub.ts';
import type { Received } from '../app/receive.ts';
import type { StockShell } from '../app/take-stock.ts';
import type { Instant } from '../domain/instant.ts';
import { dailySummaryHandler } from '../functions/daily-summary.ts';
import { onFindingHandler } from '../functions/on-finding.ts';
import { onInventoryHandler } from '../functions/on-inventory.ts';
import {
  onPagerDutyEventHandler,
  type PagerDutyEventDeps,
} from '../functions/on-pagerduty-event.ts';
import { onRunbookFinishedHandler } from '../functions/on-runbook-finished.ts';
import { onSlackActionHandler } from '../functions/on-slack-action.ts';
import { onSlackCommandHandler, type SlackCommandDeps } from '../functions/on-slack-command.ts';
import { onTickHandler } from '../functions/on-tick.ts';
import { actingAs } from './acting-role.ts';
import { names } from './settings.ts';

export interface Handlers {
  readonly onFinding: ReturnType<typeof onFindingHandler>;
  readonly onRunbookFinished: ReturnType<typeof onRunbookFinishedHandler>;
  readonly onSlackAction: ReturnType<typeof onSlackActionHandler>;
  readonly onSlackCommand: ReturnType<typeof onSlackCommandHandler>;
  readonly onPagerDutyEvent: ReturnType<typeof onPagerDutyEventHandler>;
  readonly onTick: ReturnType<typeof onTickHandler>;
  /** Nothing in the sandbox calls it by the clock. */
  readonly onInventory: ReturnType<typeof onInventoryHandler>;
  /** Nor this one. */
  readonly dailySummary: ReturnType<typeof dailySummaryHandler>;
}

/** An event that reached a handler, and what it came to. */
export interface Delivery {
  readonly at: Instant;
  readonly event: unknown;
  readonly received: Received;
}

/** The hub with what answers presses beside it. */
export type DeployedHub = Hub & { readonly slackAction: SlackActionDesk };

/** Each acts under its own role, so that what it calls shows what that role must be let do. */
export function handlersOf(
  hub: DeployedHub,
  inventory: StockShell,
  pagerDuty: PagerDutyEventDeps,
  command: SlackCommandDeps,
  summary: SummaryShell,
): Handlers {
  return {
    onFinding: actingAs(names.onFindingRole, onFindingHandler(hub.finding)),
    onRunbookFinished: actingAs(names.onRunbookFinishedRole, onRunbookFinishedHandler(hub.finding)),
    onSlackAction: actingAs(names.onSlackActionRole, onSlackActionHandler(hub.slackAction)),
    onSlackCommand: actingAs(names.onSlackCommandRole, onSlackCommandHandler(command)),
    onPagerDutyEvent: actingAs(names.onPagerDutyEventRole, onPagerDutyEventHandler(pagerDuty)),
    onTick: actingAs(names.onTickRole, onTickHandler(hub.tick)),
    dailySummary: actingAs(names.dailySummaryRole, dailySummaryHandler(summary)),
    onInventory: actingAs(names.onInventoryRole, onInventoryHandler(inventory)),
  };
}

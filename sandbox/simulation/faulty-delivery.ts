/**
 * Events that get lost, come twice, late or out of order, and a schedule that is early, late or
 * fires twice. Every handler runs as an invocation of its own, which may die.
 */
import { type Instant, plus } from '../../domain/instant.ts';
import type { FunctionHandler } from '../account/lambda.ts';
import type { Courier } from '../deliver.ts';
import type { Handlers } from '../handlers.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { invoke, running } from './invocation.ts';
import type { Ledger } from './ledger.ts';
import type { FaultKind, Strikes } from './strikes.ts';

export interface FaultyDelivery {
  readonly strikes: Strikes;
  readonly dice: Dice;
  /** Set as soon as there is a world. */
  readonly world: () => World;
  readonly ledger: () => Ledger;
}

const eventFaults: readonly FaultKind[] = ['lost', 'twice', 'late'];
const tickFaults: readonly FaultKind[] = ['twice', 'at once', 'late', 'early'];
const tickRate = 0.015;

/** A late event overtakes none and is overtaken by many: that is reordering too. */
export function faultyCourier({ strikes, dice, world }: FaultyDelivery): Courier {
  return async (event, deliver) => {
    const kind = (event as { readonly 'detail-type'?: string })['detail-type'] ?? 'an event';
    const effect = `event:${kind}`;
    const fault = strikes.decide(effect, eventFaults);
    if (fault !== undefined) strikes.struck(fault, effect);
    const later = (hours: number) =>
      world().clock.at(plus(world().clock.now(), { hours }), deliver);
    switch (fault) {
      case 'lost':
        return;
      case 'late':
        later(dice.between(1, 30));
        return;
      case 'twice':
        await deliver();
        later(dice.pick([0, 0, dice.between(0, 10)]));
        return;
      default:
        await deliver();
    }
  };
}

/** What Secrets Manager invokes by itself is an invocation too; all others are so already. */
export function invokedBeside(name: string, handler: FunctionHandler): FunctionHandler {
  return async (payload) => {
    if (running() !== undefined) return handler(payload);
    const { Step } = Object(payload) as { readonly Step?: string };
    return invoke(`${name} ${Step ?? ''} by itself`, payload, () => handler(payload));
  };
}

/** The hub's handlers, each call an invocation. */
export function invokedHandlers(parts: FaultyDelivery, handlers: Handlers): Handlers {
  const { onFinding, onRunbookFinished, onSlackAction, onPagerDutyEvent, onTick } = handlers;
  const ticked = () => invoke('on-tick', {}, () => onTick({}));
  return {
    onFinding: (event) => invoke('on-finding', event, () => onFinding(event)),
    onRunbookFinished: (event) =>
      invoke('on-runbook-finished', event, () => onRunbookFinished(event)),
    onSlackAction: (event) => invoke('on-slack-action', event, () => onSlackAction(event)),
    onPagerDutyEvent: (event) => invoke('on-pagerduty-event', event, () => onPagerDutyEvent(event)),
    onTick: faultyTick(parts, ticked),
    onInventory: handlers.onInventory,
    // Nobody asks here, and no summary is told: neither changes a rotation.
    onSlackCommand: handlers.onSlackCommand,
    dailySummary: handlers.dailySummary,
  };
}

/** A tick that does not take place. */
const idle = { woken: 0, held: 0, overdue: 0, effects: 0 };

function faultyTick(
  { strikes, dice, world, ledger }: FaultyDelivery,
  tick: () => ReturnType<Handlers['onTick']>,
): Handlers['onTick'] {
  let notBefore: Instant | undefined;
  return async () => {
    const { clock } = world();
    if (notBefore !== undefined && clock.now() < notBefore) return idle;
    const fault = strikes.decide('timer:on-tick', tickFaults, tickRate);
    if (fault !== undefined) strikes.struck(fault, 'timer:on-tick');
    switch (fault) {
      case 'late':
        notBefore = plus(clock.now(), { minutes: dice.between(5, 300) });
        return idle;
      case 'early':
        clock.at(plus(clock.now(), { seconds: dice.between(1, 3000) }), async () => {
          await tick().catch(() => undefined);
        });
        return tick();
      case 'twice':
        await tick();
        return tick();
      case 'at once': {
        // Neither counts what the other orders meanwhile.
        ledger().oldCountAt = clock.now();
        const [one] = await Promise.allSettled([tick(), tick()]);
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      }
      default:
        return tick();
    }
  };
}

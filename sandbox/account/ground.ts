/** What all services of one sandbox share: partition, time, seeded names, settings, events. */
import type { Instant } from '../../domain/instant.ts';
import { plus } from '../../domain/instant.ts';
import type { Partition } from '../../domain/key.ts';
import type { VirtualClock } from '../clock.ts';
import type { Seeded } from './seeded.ts';
import type { Settings } from './settings.ts';

export interface Ground {
  readonly partition: Partition;
  readonly clock: VirtualClock;
  readonly names: Seeded;
  readonly settings: Settings;
  /** A part of every generated secret value, so that a search can find it. */
  readonly sentinel: string;
  readonly emit: Emit;
}

/** An event in EventBridge's own shape. */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** In seconds, as EventBridge has it. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** What a service has to say; id, time and version are added. */
export interface Emission {
  readonly source: string;
  readonly detailType: string;
  readonly account: string;
  readonly region: string;
  readonly resources?: readonly string[];
  readonly detail: unknown;
  /** Seconds until it is delivered; 2 unless said otherwise. */
  readonly delaySeconds?: number;
}

/** Delivers an event to every listener, later, as a task of the clock. Returns the event. */
export type Emit = (emission: Emission) => EventBridgeEvent;

export type EventListener = (event: EventBridgeEvent) => Promise<void> | void;

export function emitter(
  clock: VirtualClock,
  names: Seeded,
  listeners: readonly EventListener[],
): Emit {
  return (emission) => {
    const event: EventBridgeEvent = {
      version: '0',
      id: names.uuid('event'),
      'detail-type': emission.detailType,
      source: emission.source,
      account: emission.account,
      time: inSeconds(clock.now()),
      region: emission.region,
      resources: emission.resources ?? [],
      detail: emission.detail,
    };
    clock.at(plus(clock.now(), { seconds: emission.delaySeconds ?? 2 }), async () => {
      for (const listener of listeners) await listener(event);
    });
    return event;
  };
}

/** `2026-11-02T03:14:07Z`: AWS events are to the second. */
export function inSeconds(moment: Instant): string {
  return `${moment.slice(0, 19)}Z`;
}

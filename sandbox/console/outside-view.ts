/** What arrived from outside and what left for it: events, pages, publications. Newest first. */
import type { World } from '../world.ts';
import type { OutsideView } from './view.ts';

const most = 50;

export function outsideView(world: World): OutsideView {
  const { pagerDuty, cloud, deliveries, undelivered } = world;
  const latest = <T>(list: readonly T[]) => list.slice(-most).reverse();
  return {
    incidents: latest(pagerDuty.incidents()).map(
      ({ dedupKey, status, severity, summary, triggers }) => ({
        dedupKey,
        status,
        severity,
        summary,
        triggers,
        rotation: rotationIn(dedupKey),
      }),
    ),
    changes: latest(pagerDuty.changes()).map(({ summary, timestamp }) => ({
      summary,
      at: timestamp ?? '',
    })),
    published: latest(cloud.published).map(({ messageId, at, subject, message }) => ({
      id: messageId,
      at,
      subject: subject ?? '',
      message,
      rotation: rotationIn(message),
    })),
    deliveries: latest(deliveries).map(({ at, event, received }) => ({
      at,
      kind: kindOf(event),
      outcome: received.outcome,
      reason: received.reason,
      problems: received.problems,
      event: JSON.stringify(event, null, 2),
    })),
    undelivered: latest(undelivered).map(({ at, problem }) => ({ at, problem })),
  };
}

/** Ids of rotations are version 5 UUIDs, and the first one named is the one it is about. */
function rotationIn(text: string): string | null {
  return (
    /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/.exec(text)?.[0] ?? null
  );
}

/** Whoever pastes an event may put anything where its kind should be. */
function kindOf(event: unknown): string {
  const kind: unknown = Object(event)['detail-type'];
  return typeof kind === 'string' ? kind : 'no detail-type';
}

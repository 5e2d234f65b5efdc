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

/** Whoever pastes an event may put anything where its kind should be. */
function kindOf(event: unknown): string {
  const kind: unknown = Object(event)['detail-type'];
  return typeof kind === 'string' ? kind : 'no detail-type';
}

/**
 * What PagerDuty tells of an incident becomes part of the rotation's story, and shows in Slack. It
 * decides nothing: nobody has to be authorised for it.
 */
import { incidentAfter, whyNoNews } from '../domain/incident.ts';
import type { Log } from '../domain/ports.ts';
import type { ToldIncident } from '../domain/requests.ts';
import { advance, type Shell } from './advance.ts';

export interface IncidentDesk {
  readonly shell: Shell;
  readonly log: Log;
}

/** `known` for what was told before, and for what concerns no open incident. */
export type IncidentReceipt = 'noted' | 'known' | 'unknown rotation';

/**
 * Notes the answer, once however often it is told: only news is written down. Throws Transient, or
 * Conflict if the rotation kept moving: PagerDuty tells it again.
 */
export async function receiveIncident(
  { shell, log }: IncidentDesk,
  { rotationId, occasion, answered }: ToldIncident,
): Promise<IncidentReceipt> {
  if ((await shell.store.load(rotationId)) === undefined) {
    // Another stage may page through the same service.
    log.info('PagerDuty told of an unknown rotation', { rotationId });
    return 'unknown rotation';
  }
  // Of an incident that was cleared since, whatever its moment: another one may be open by now.
  const { about } = answered;
  const orders = (await shell.store.journal(rotationId)).flatMap(({ effects }) => effects);
  const newest = incidentAfter(
    orders.map(({ effect }) => effect),
    about,
  );
  if (occasion !== newest.occasion) return 'known';
  const { refused } = await advance(shell, rotationId, answered, (rotation) =>
    whyNoNews(rotation, answered),
  );
  return refused === undefined ? 'noted' : 'known';
}

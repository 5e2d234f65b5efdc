/**
 * "Findings Imported V2": Security Hub (V2) tells of a new or changed finding, in OCSF. It has no
 * custom actions. One finding an event is documented; a list is read as a list.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html
 * (2026-11-23)
 */
import type { Inbound } from '../domain/inbound.ts';
import { foreignEnvelope } from './asff.ts';
import { type EventSettings, sentAt } from './event-envelope.ts';
import { eachFinding, findingsEvent } from './findings-event.ts';
import { readOcsfFinding } from './ocsf-finding.ts';
import { problemsOf } from './problems.ts';

/** Every finding of the event; rejected as a whole if what is around them is malformed. */
export function readSecurityHubV2Event(event: unknown, settings: EventSettings): Inbound {
  const { partition } = settings;
  const problems = [...problemsOf(findingsEvent, event), ...foreignEnvelope(event, partition)];
  const around = { partition, asked: false, sentAt: sentAt(event) };
  return eachFinding(event, problems, (finding, at) => readOcsfFinding(finding, at, around));
}

/**
 * Events from EventBridge, by their kind. Promises: reading never throws; what is malformed or
 * contradictory is rejected with every problem; every other kind is ignored with a reason.
 */
import type { Inbound, ReadEvent } from '../domain/inbound.ts';
import { readSecurityHubEvent } from './asff.ts';
import { readStatusChange } from './automation-event.ts';
import { readComplianceChange } from './config-compliance.ts';
import { cutText, nothingHidden } from './cut-text.ts';
import { type EventSettings, envelopeFields } from './event-envelope.ts';
import { readMacieEvent } from './macie-event.ts';
import { readSecurityHubV2Event } from './ocsf.ts';
import { fields, peekText, problemsOf } from './problems.ts';
import { readLabelUpdate } from './secret-label-event.ts';

type Reader = (event: unknown, settings: EventSettings) => Inbound;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['aws.config/Config Rules Compliance Change', readComplianceChange],
  ['aws.securityhub/Security Hub Findings - Imported', readSecurityHubEvent],
  ['aws.securityhub/Security Hub Findings - Custom Action', readSecurityHubEvent],
  ['aws.securityhub/Findings Imported V2', readSecurityHubV2Event],
  ['aws.macie/Macie Finding', readMacieEvent],
  ['aws.secretsmanager/Secret Label Updated', readLabelUpdate],
  ['aws.ssm/EC2 Automation Execution Status-change Notification', readStatusChange],
]);

/** A reader of events for a hub with those settings. */
export function eventReader(settings: EventSettings): ReadEvent {
  return (event) => {
    const kind = `${peekText(event, 'source')}/${peekText(event, 'detail-type')}`;
    return shortened((readers.get(kind) ?? readOther)(event, settings));
  };
}

/** What an event says may be of any length and kind; sentences about it stay readable. */
const longestSentence = 500;

function shortened(inbound: Inbound): Inbound {
  const cut = (sentence: string) => cutText(nothingHidden(sentence), longestSentence);
  switch (inbound.kind) {
    case 'rejected':
      return { ...inbound, problems: inbound.problems.map(cut) };
    case 'findings':
      return {
        ...inbound,
        ignored: inbound.ignored.map(cut),
        rejected: inbound.rejected.map((letter) => ({
          ...letter,
          problems: letter.problems.map(cut),
        })),
      };
    case 'run':
    case 'label':
    case 'credentials':
      return inbound;
    case 'other':
      return { ...inbound, reason: cut(inbound.reason) };
  }
}

const otherEvent = fields(envelopeFields, 'an EventBridge event');

/** The detail of another kind can be anything: EventBridge Scheduler's default is the text `{}`. */
function readOther(event: unknown): Inbound {
  const problems = problemsOf(otherEvent, event);
  if (problems.length > 0) return { kind: 'rejected', problems };
  const what = `"${peekText(event, 'detail-type')}" from ${peekText(event, 'source')}`;
  return { kind: 'other', reason: `${what} is nothing that Keyturn acts on` };
}

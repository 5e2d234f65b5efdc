/** While Keyturn is stopped nothing new begins, and every rotation stays where it is. */
import { type Instant, isDue, plus } from '../../../domain/instant.ts';
import type { Act, Committed, Ledger } from '../ledger.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

/**
 * The switch is read again after 30 seconds, and whoever read it just before may be in the middle
 * of something.
 */
const heededWithin = { minutes: 3 } as const;

export const stoppedMeansStopped: Invariant = {
  id: 'stop switch',
  text: 'The stop switch starts no new effect and changes no stage.',
  onCommit: ({ entry, at }: Committed, ledger): Problems => {
    if (entry.from === null || entry.from === entry.to || !isStopped(ledger, at)) return fine;
    return [`${entry.rotationId} went from ${entry.from} to ${entry.to} at ${at}, while stopped`];
  },
  onAct: (act, ledger) =>
    act.by === 'keyturn' && begins(act) && isStopped(ledger, act.at)
      ? [`${act.service}:${act.operation} at ${act.at}, while stopped`]
      : fine,
};

const beginnings: ReadonlySet<string> = new Set([
  'StartAutomationExecution',
  'Publish',
  'PutEvents',
  'BatchUpdateFindings',
  'BatchUpdateFindingsV2',
]);

/** What is performed from the journal; steps of a run that was started before go on. */
function begins({ operation }: Act): boolean {
  return beginnings.has(operation);
}

function isStopped({ plan }: Ledger, at: Instant): boolean {
  return plan.stops.some(({ from, to }) => isDue(plus(from, heededWithin), at) && at < to);
}

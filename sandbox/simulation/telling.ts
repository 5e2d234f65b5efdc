/** Writes the story of a simulated world: what changed, what was decided, line by line. */
import { shortKey } from '../../domain/key.ts';
import type { Act, Committed, Ledger } from './ledger.ts';

/** One line of a commit: who is where now, and why. */
export function decisionLine({ entry }: Committed): string {
  const { state, from, to, event, ignored, actor } = entry;
  const who = actor.kind === 'person' ? ` by ${actor.name}` : '';
  const why = ignored === null ? '' : ` (ignored: ${ignored})`;
  const what = 'result' in event ? `${event.type} ${JSON.stringify(event.result)}` : event.type;
  const hold = state.stage.name === 'held' ? `: ${state.stage.reason.text}` : '';
  const name = `${state.key.user.userName} ${shortKey(state.key.keyId)}`;
  return `${name} v${entry.version} ${from ?? 'nothing'} → ${to} by ${what}${who}${why}${hold}`;
}

/** One line of a call that changed something. */
export function actLine({ service, operation, input, by, account }: Act): string {
  const shown = Object.entries(input)
    .filter(([field]) => told.has(field))
    .map(([field, value]) => `${field}=${String(value)}`);
  return `${by} ${service}:${operation} in ${account} ${shown.join(' ')}`;
}

const told: ReadonlySet<string> = new Set([
  'UserName',
  'AccessKeyId',
  'Status',
  'SecretId',
  'VersionStage',
  'RemoveFromVersionId',
  'MoveToVersionId',
  'ClientRequestToken',
  'DocumentName',
]);

/** Whether an act is worth a line. */
export function isNews({ service }: Act): boolean {
  return service === 'iam' || service === 'secretsmanager' || service === 'ssm';
}

/** What became of every rotation. */
export function endingLines(ledger: Ledger): readonly string[] {
  return [...ledger.rotations.values()].map(({ rotation: { key, stage } }) => {
    const how =
      stage.name === 'done' ? stage.outcome : stage.name === 'held' ? stage.reason.code : '';
    return `${key.user.userName} ${key.keyId} ends ${stage.name} ${how}`;
  });
}

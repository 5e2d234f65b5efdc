/** What rotating took people with Keyturn, beside by hand, in lines or as one JSON object. */
import type { BeforeAfter, IncidentSum } from '../domain/before-after.ts';
import { inUtcWords } from '../domain/instant.ts';
import type { CommandAnswer } from './answer.ts';
import { evidenceOptions, lookedAt, problemLines } from './evidence-options.ts';
import { visible } from './terminal-text.ts';

export function compareCommand(
  args: readonly string[],
  misused: (problem: string) => CommandAnswer,
): CommandAnswer {
  const asked = evidenceOptions(args, ['json']);
  if (!asked.ok) return misused(asked.problems.join('; '));
  const looked = lookedAt(asked.value);
  if (!looked.ok) return { status: 1, out: [], errors: looked.problems.map(visible) };
  const { compared } = looked.value;
  const errors = problemLines(looked.value).map(visible);
  const out = asked.value.json ? [JSON.stringify(compared)] : compareLines(compared);
  return { status: errors.length === 0 ? 0 : 1, out, errors };
}

function compareLines(compared: BeforeAfter): readonly string[] {
  const { finished, minutes, minutesEach, manualMinutes: manual, hours, failed } = compared;
  const each = minutesEach === null ? '' : `, ${minutesEach} for each that finished`;
  const byHand =
    manual.least === manual.most ? `${manual.least}` : `${manual.least}–${manual.most}`;
  return [
    `${inUtcWords(compared.from)} to ${inUtcWords(compared.to)}: ` +
      `${compared.rotations} rotations, of which ${finished} replaced or retired their key`,
    `with Keyturn   ${minutes} minutes of people (${compared.presses} presses)${each}`,
    `by hand        ${byHand} minutes of people for ${finished}`,
    hours === null
      ? 'time to rotate none was rotated'
      : `time to rotate median ${hours.median} hours, longest ${hours.max}`,
    `failed         ${failed.abandoned} abandoned, ${failed.heldEver} ever on hold, ` +
      `${failed.rollBacks} rolled back, ${failed.failedRuns} runs failed, ` +
      `${failed.refusedRuns} refused, ${compared.pages} pages`,
    ...incidentLines(compared),
    'assumed:',
    ...compared.assumptions.map((each) => `  ${each}`),
  ];
}

function incidentLines({ incidents }: BeforeAfter): readonly string[] {
  if (incidents === null) return ['incidents      none imported: nothing is known of them'];
  const of = (when: string, sums: readonly IncidentSum[]) =>
    sums.length === 0
      ? [`  ${when}: none noted`]
      : sums.map(
          ({ kind, count, minutes }) => `  ${when}: ${visible(kind)} ${count}, ${minutes} minutes`,
        );
  return [
    'incidents, as imported:',
    ...of('before', incidents.before),
    ...of('in that time', incidents.during),
    ...of('after', incidents.after),
  ];
}

/** On working days: tells the team how its rotations stand, once. */
import { type SummaryShell, type SummaryTold, tellSummary } from '../app/daily-summary.ts';
import { entryPoint, type Invoke } from './middleware.ts';
import { timeLeft } from './time-left.ts';

/** The handler of the schedule, whose event says nothing that matters. What fails is thrown. */
export function dailySummaryHandler(shell: SummaryShell): Invoke<unknown, SummaryTold> {
  return entryPoint(
    { log: shell.log },
    {
      name: 'daily-summary',
      handle: (_event, context) => tellSummary(shell, timeLeft(context)),
      facts: (told) => ({ ...told }),
    },
  );
}

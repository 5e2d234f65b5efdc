/**
 * Evidence for people: whether it is as Keyturn wrote it, a page of it, and what it comes to.
 *
 *   npm run --silent evidence -- verify FILE…
 *   npm run --silent evidence -- page FILE… [--out FILE] [what compare takes]
 *   npm run --silent evidence -- compliance [--aggregator NAME] [--region R] [--out FILE]
 *   npm run --silent evidence -- incidents --service ID… --since DAY --until DAY [--out FILE]
 *   npm run --silent evidence -- compare FILE… [--before CSV] [--manual-minutes 12-20]
 *     [--press-minutes 2] [--json]
 *
 * `verify` takes reports, journals that stand alone, inventories, and the CSV of any of them beside
 * its JSON, and answers a JSON line each: `{"file","ok","problems"}`. `compliance` asks AWS Config,
 * and its answers go with reports to `page`; `incidents` asks PagerDuty, and its file goes to
 * `compare`. The others take reports, of weeks or other periods of one stage.
 * Exit status 0: all is well; 1: something is not whole, cannot be read, or not be written; 2:
 * wrong usage.
 */
import { systemClock } from '../adapters/system-clock.ts';
import { type CommandAnswer, say } from './answer.ts';
import { compareCommand } from './evidence-compare.ts';
import { complianceCommand } from './evidence-compliance.ts';
import { problemsOf, readEvidence, togetherIn } from './evidence-files.ts';
import { incidentsCommand } from './evidence-incidents.ts';
import { pageCommand } from './evidence-page.ts';

const usage = [
  'usage: npm run --silent evidence -- verify FILE…',
  '       npm run --silent evidence -- page FILE… [--out FILE] [what compare takes]',
  '       npm run --silent evidence -- compare FILE… [--before CSV] [--manual-minutes 12-20]',
  '         [--press-minutes 2] [--json]',
  '       npm run --silent evidence -- compliance [--aggregator NAME] [--region R] [--out FILE]',
  '       npm run --silent evidence -- incidents --service ID… --since DAY --until DAY [--eu]',
  '         [--out FILE]',
  '  --out FILE            write the page there instead of printing it; no file is overwritten',
  '  --before CSV          incidents, with the columns date, kind, minutes',
  '  --manual-minutes A-B  minutes of work that a rotation by hand takes, 12-20 unless said',
  '  --press-minutes N     minutes that one press takes with reading, 2 unless said',
];

/** All that needs no AWS account, but for the printing. */
export function evidenceCommand(args: readonly string[]): CommandAnswer {
  const [command, ...rest] = args;
  const misused = (problem?: string): CommandAnswer => ({
    status: 2,
    out: [],
    errors: [...(problem === undefined ? [] : [problem]), ...usage],
  });
  switch (command) {
    case 'verify':
      return verifyCommand(rest, misused);
    case 'page':
      return pageCommand(rest, misused);
    case 'compare':
      return compareCommand(rest, misused);
    default:
      return misused();
  }
}

function verifyCommand(
  files: readonly string[],
  misused: (problem?: string) => CommandAnswer,
): CommandAnswer {
  const option = files.find((each) => each.startsWith('-'));
  if (option !== undefined) return misused(`there is no option ${option}`);
  if (files.length === 0) return misused();
  const read = files.map(readEvidence);
  const together = togetherIn(read);
  const lines = read.map(({ file, found }) => {
    const problems = found.ok ? problemsOf(found.value, together) : found.problems;
    return { file, ok: problems.length === 0, problems };
  });
  const status = lines.every(({ ok }) => ok) ? 0 : 1;
  return { status, out: lines.map((line) => JSON.stringify(line)), errors: [] };
}

if (import.meta.main) {
  const [command, ...rest] = process.argv.slice(2);
  const connectionIn = (region: string) => ({ region });
  const wires = { env: process.env, clock: systemClock, connectionIn };
  const asking = { compliance: complianceCommand, incidents: incidentsCommand };
  const ask = Object.entries(asking).find(([name]) => name === command)?.[1];
  say(ask === undefined ? evidenceCommand(process.argv.slice(2)) : await ask(rest, wires));
}

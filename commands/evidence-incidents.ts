/**
 * Incidents out of PagerDuty as the CSV that `evidence -- compare --before` takes, by a token that
 * may read only. What is still open is counted and left out.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type HttpGet, pagerDutyIncidents } from '../adapters/pagerduty-incidents.ts';
import { safeCsv } from '../adapters/safe-csv.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { CommandAnswer } from './answer.ts';
import { visible } from './terminal-text.ts';

const tokenName = 'KEYTURN_PAGERDUTY_TOKEN';

const usage = [
  'usage: npm run --silent evidence -- incidents --service ID… --since DAY --until DAY [--eu]',
  '         [--out FILE]',
  '  --service ID  a PagerDuty service, as P123ABC; may be repeated',
  '  --since DAY   of the first incidents, as 2026-05-01',
  '  --until DAY   the first that is not in it any more',
  '  --eu          the account is in the EU service region',
  '  --out FILE    write the CSV there instead of printing it; no file is overwritten',
  `  ${tokenName}, in the environment: a REST API key that is read-only`,
];

const options = {
  service: { type: 'string', multiple: true, default: [] as string[] },
  since: { type: 'string', default: '' },
  until: { type: 'string', default: '' },
  eu: { type: 'boolean', default: false },
  out: { type: 'string' },
} as const;

export interface IncidentWires {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the network. */
  readonly fetch?: HttpGet;
}

/** The whole command but for the printing. */
export async function incidentsCommand(
  args: readonly string[],
  { env, fetch }: IncidentWires,
): Promise<CommandAnswer> {
  const misused = (problem: string) =>
    ({ status: 2, out: [], errors: [problem, ...usage] }) as const;
  let asked: ReturnType<typeof read>;
  try {
    asked = read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
  const { service: services, eu, out } = asked;
  const [since, until] = [momentOf(asked.since), momentOf(asked.until)];
  const token = env[tokenName] ?? '';
  if (services.length === 0) return misused('name a service at least');
  const strange = services.find((id) => !/^[A-Z0-9]{6,20}$/.test(id));
  if (strange !== undefined) return misused(`${visible(strange)} is no id of a service`);
  if (since === undefined || until === undefined) return misused('--since and --until take days');
  if (since >= until) return misused('--since is not before --until');
  if (!/^[\w+-]{10,100}$/.test(token)) return misused(`${tokenName} is not set, or no API key`);
  try {
    const origin = eu ? 'https://api.eu.pagerduty.com' : 'https://api.pagerduty.com';
    const place = { token, services, since, until, origin };
    const found = await pagerDutyIncidents({ ...place, ...(fetch === undefined ? {} : { fetch }) });
    const rows = found.incidents.map(({ at, kind, minutes }) => ({ date: at, kind, minutes }));
    const text = safeCsv(['date', 'kind', 'minutes'], rows);
    const errors = found.open === 0 ? [] : [`${found.open} still open: left out`];
    if (out === undefined) return { status: 0, out: [text.trimEnd()], errors };
    writeFileSync(out, text, { flag: 'wx' });
    return { status: 0, out: [out], errors };
  } catch (error) {
    const isFile = error instanceof Error && 'code' in error;
    if (!(error instanceof Transient || error instanceof Permanent || isFile)) throw error;
    return { status: 1, out: [], errors: [visible(messageOf(error))] };
  }
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values;
}

function momentOf(day: string): Instant | undefined {
  return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : day);
}

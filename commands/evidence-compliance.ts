/**
 * Asks AWS Config, with the caller's own credentials, what it says of the age of access keys, and
 * writes the answer as a file for `evidence -- page`. What cannot be asked is said, and no file
 * written: nothing is guessed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { configUsers } from '../adapters/config-queries.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { complianceOf } from '../domain/compliance.ts';
import { messageOf } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { partitionOf, regionProblem } from '../domain/region.ts';
import type { CommandAnswer } from './answer.ts';
import { visible } from './terminal-text.ts';

const usage = [
  'usage: npm run --silent evidence -- compliance [--aggregator NAME] [--region R] [--out FILE]',
  '  --aggregator NAME  a Config aggregator of this account, for all accounts that it collects',
  '  --region R         where to ask; AWS_REGION or us-east-1 unless said',
  '  --out FILE         write the answer there instead of printing it; no file is overwritten',
];

const options = {
  aggregator: { type: 'string' },
  region: { type: 'string' },
  out: { type: 'string' },
} as const;

export interface ComplianceWires {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly connectionIn: (region: string) => AwsConnection;
}

/** The whole command but for the printing. */
export async function complianceCommand(
  args: readonly string[],
  { env, clock, connectionIn }: ComplianceWires,
): Promise<CommandAnswer> {
  let asked: { aggregator?: string; region?: string; out?: string };
  try {
    asked = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    return { status: 2, out: [], errors: [messageOf(error), ...usage] };
  }
  const { aggregator = null, out } = asked;
  const region = asked.region ?? (env.AWS_REGION || 'us-east-1');
  const problem = regionProblem(region, partitionOf(region));
  if (problem !== undefined) {
    return { status: 2, out: [], errors: [`${visible(region)} ${problem}`, ...usage] };
  }
  try {
    const users = await configUsers(connectionIn(region), aggregator);
    const of = { askedAt: clock.now(), askedOf: { region, aggregator } };
    const text = JSON.stringify(complianceOf(users, of, cryptoIds.digest), null, 2);
    if (out === undefined) return { status: 0, out: [text], errors: [] };
    writeFileSync(out, `${text}\n`, { flag: 'wx' });
    return { status: 0, out: [out], errors: [] };
  } catch (error) {
    return { status: 1, out: [], errors: [visible(messageOf(error))] };
  }
}

/**
 * Lists every active account of the organization, and whether a hub with those settings serves it:
 *
 *   npm run --silent accounts -- --hub 111122223333 --members ou-ab12-11111111 --not-members …
 *
 * Reads AWS Organizations with the credentials of whoever runs it; changes nothing.
 */
import { parseArgs } from 'node:util';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { memberAccounts } from '../adapters/member-accounts.ts';
import { activeAccounts, organizationUnits } from '../adapters/organizations-accounts.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { messageOf } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { type CommandAnswer, say } from './answer.ts';

const usage = 'usage: accounts -- --hub ACCOUNT [--members IDS] [--not-members IDS]';

/** A line for each account: its id, name, and `served` or why not. */
export async function listAccounts(
  args: readonly string[],
  connection: AwsConnection,
  clock: Clock,
): Promise<CommandAnswer> {
  const membership = membershipIn(args);
  if (membership === undefined) return { status: 2, out: [], errors: [usage] };
  try {
    const { whyNotServed } = memberAccounts(membership, organizationUnits(connection, clock));
    const out: string[] = [];
    for (const { id, name } of await activeAccounts(connection, clock)) {
      out.push(`${id}  ${name}  ${(await whyNotServed(id)) ?? 'served'}`);
    }
    return { status: 0, out, errors: [] };
  } catch (error) {
    return { status: 1, out: [], errors: [messageOf(error)] };
  }
}

function membershipIn(args: readonly string[]) {
  const option = { type: 'string' } as const;
  const listed = (text = '') => text.split(/[\s,]+/).filter((each) => each !== '');
  try {
    const options = { hub: option, members: option, 'not-members': option };
    const { values } = parseArgs({ args: [...args], options });
    const { hub: home, members, 'not-members': notMembers } = values;
    if (home === undefined) return undefined;
    return { home, members: listed(members), notMembers: listed(notMembers) };
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  say(await listAccounts(process.argv.slice(2), { region }, systemClock));
}

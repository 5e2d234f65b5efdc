/**
 * Lists every active account of the organization, and whether a hub with those settings serves it:
 *
 *   npm run --silent accounts -- --hub 111122223333 --members ou-ab12-11111111 --not-members …
 *
 * Reads AWS Organizations with the credentials of whoever runs it; changes nothing.
 */
import { parseArgs } from 'node:util';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { accountForm } from '../adapters/iam-user-arn.ts';
import { type Membership, memberAccounts } from '../adapters/member-accounts.ts';
import { activeAccounts, organizationUnits } from '../adapters/organizations-accounts.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { memberForm } from '../app/config.ts';
import { messageOf } from '../domain/errors.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Clock } from '../domain/ports.ts';
import { type CommandAnswer, say } from './answer.ts';

const usage = [
  'usage: npm run --silent accounts -- --hub ACCOUNT [--members IDS] [--not-members IDS]',
  '  IDS  comma-joined: account ids of 12 digits, organizational units ou-…, roots r-…',
];

const options = {
  hub: { type: 'string' },
  members: { type: 'string', default: '' },
  'not-members': { type: 'string', default: '' },
} as const;

/** A line for each account: its id, name, and `served` or why not. */
export async function listAccounts(
  args: readonly string[],
  connection: AwsConnection,
  clock: Clock,
): Promise<CommandAnswer> {
  const membership = membershipIn(args);
  if (!membership.ok) return { status: 2, out: [], errors: [...membership.problems, ...usage] };
  try {
    const { whyNotServed } = memberAccounts(membership.value, organizationUnits(connection, clock));
    const out: string[] = [];
    for (const { id, name } of await activeAccounts(connection, clock)) {
      out.push(`${id}  ${name}  ${(await whyNotServed(id)) ?? 'served'}`);
    }
    return { status: 0, out, errors: [] };
  } catch (error) {
    return { status: 1, out: [], errors: [messageOf(error)] };
  }
}

function membershipIn(args: readonly string[]): Parsed<Membership> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    const members = listed(values.members);
    const notMembers = listed(values['not-members']);
    const { hub: home = '' } = values;
    const problems = [
      ...(accountForm.test(home) ? [] : ['--hub takes an account id of 12 digits']),
      ...strangeIn('--members', members),
      ...strangeIn('--not-members', notMembers),
    ];
    return problems.length > 0 ? refused(...problems) : parsed({ home, members, notMembers });
  } catch (error) {
    return refused(messageOf(error));
  }
}

function listed(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}

function strangeIn(option: string, ids: readonly string[]): readonly string[] {
  return ids
    .filter((id) => !memberForm.test(id))
    .map((id) => `${option}: ${id} is the id of no account, organizational unit or root`);
}

if (import.meta.main) {
  const region = process.env.AWS_REGION || 'us-east-1';
  say(await listAccounts(process.argv.slice(2), { region }, systemClock));
}

/**
 * Shows what would happen to which key and when, and changes nothing:
 *
 *   npm run --silent plan -- --sandbox [--policy FILE] [--account ID]… [--all] [--json]
 *
 * Exit status 0: everything could be read; 1: something could not, or the policy file has problems,
 * a line each; 2: wrong usage.
 */
import { parseArgs } from 'node:util';
import { type PlanProgress, plan } from '../app/plan.ts';
import { messageOf } from '../domain/errors.ts';
import { parsed } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import { fleetAccounts, fleetBook, fleetStart, fleetWorld } from '../sandbox/fleet.ts';
import type { World } from '../sandbox/world.ts';
import { type CommandAnswer, readBook, say } from './answer.ts';
import { planReport } from './plan-report.ts';
import { planTable } from './plan-table.ts';

const usage = [
  'usage: npm run --silent plan -- --sandbox [--policy FILE] [--account ID]… [--all] [--json]',
  '  --sandbox     plan for the example fleet; needs no AWS account',
  '  --policy FILE the policy to plan with, instead of asking before every rotation',
  '  --account ID  only that account; may be repeated',
  '  --all         also list the keys that nothing happens to',
  '  --json        one JSON object, of all keys',
];

const options = {
  sandbox: { type: 'boolean', default: false },
  policy: { type: 'string' },
  account: { type: 'string', multiple: true, default: [] as string[] },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Chosen = ReturnType<typeof read>;

/** The whole command but for the printing. `worldWith` makes the world that is planned for. */
export async function planCommand(
  args: readonly string[],
  onProgress?: PlanProgress,
  worldWith: (book: PolicyBook) => Promise<World> = fleetWorld,
): Promise<CommandAnswer> {
  const chosen = readOrMisused(args);
  if ('status' in chosen) return chosen;
  if (!chosen.sandbox) {
    return misused('a real account comes in a later version: plan for the sandbox by --sandbox');
  }
  const accounts = chosen.account.length === 0 ? fleetAccounts : [...new Set(chosen.account)];
  const strange = accounts.filter((account) => !fleetAccounts.some((known) => known === account));
  if (strange.length > 0) {
    const known = fleetAccounts.join(' and ');
    return misused(`the sandbox has no account ${strange.join(', ')}: its accounts are ${known}`);
  }
  const { policy } = chosen;
  const book = policy === undefined ? parsed(fleetBook('approve', fleetStart)) : readBook(policy);
  if (!book.ok) return { status: 1, out: [], errors: book.problems };
  const world = await worldWith(book.value);
  const { partition } = world.place;
  const where = accounts.map((account) => ({ partition, account }));
  const made = await plan(world.hub.plan, where, onProgress);
  const name = policy ?? "the sandbox's policy (approve)";
  const report = planReport(made, name, accounts.length);
  const out = chosen.json ? [JSON.stringify(report)] : planTable(report, chosen.all);
  return { status: report.unreadable.length > 0 ? 1 : 0, out, errors: [] };
}

function readOrMisused(args: readonly string[]): Chosen | CommandAnswer {
  try {
    return read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values;
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

/** Only to people: whoever pipes the errors somewhere wants errors. */
function progress(): PlanProgress | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (account, done, of) => {
    const end = done === of ? '\r\u001B[K' : '';
    process.stderr.write(`\raccount ${account}: user ${done} of ${of}${end}`);
  };
}

async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads through `head` has read enough: that is no error.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  say(await planCommand(process.argv.slice(2), progress()));
}

if (import.meta.main) await main();

/**
 * Shows what would happen to which key and when, and changes nothing:
 *
 *   npm run --silent plan -- [--policy FILE] [--stage STAGE] [--region R] [--all] [--json]
 *   npm run --silent plan -- --sandbox [--policy FILE] [--account ID]… [--all] [--json]
 *   npm run --silent plan -- --policy
 *
 * Exit status 0: everything could be read; 1: something could not, or the policy file has problems,
 * a line each; 2: wrong usage.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/system-clock.ts';
import { type Plan, type PlanProgress, plan } from '../app/plan.ts';
import { planPolicy } from '../app/plan-permissions.ts';
import { messageOf } from '../domain/errors.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { needsUnits, type PolicyBook } from '../domain/policy-book.ts';
import { partitionOf, regionProblem } from '../domain/region.ts';
import { fleetAccounts, fleetBook, fleetStart, fleetWorld } from '../sandbox/fleet.ts';
import type { World } from '../sandbox/world.ts';
import { type CommandAnswer, readBook, say } from './answer.ts';
import { type AccountWires, reachAccount } from './plan-account.ts';
import { planPage } from './plan-page.ts';
import { planReport } from './plan-report.ts';
import { planTable } from './plan-table.ts';
import { stageProblem } from './stages.ts';

const usage = [
  'usage: npm run --silent plan -- [--policy FILE] [--stage STAGE] [--region R] [--account ID]',
  '                                [--all] [--json] [--html FILE]',
  '       npm run --silent plan -- --sandbox [--policy FILE] [--account ID]… [--all] [--json]',
  '       npm run --silent plan -- [--stage STAGE] [--policy-file FILE] --policy',
  '  --policy FILE the policy to plan with, instead of asking before every rotation',
  '  --policy      without a file: print an IAM policy with the permissions that planning needs',
  '  --stage STAGE leave alone what is under way in that deployment, which is in this account',
  '  --region R    where keys are kept; AWS_REGION or us-east-1 unless said',
  '  --account ID  only that account; may be repeated in the sandbox',
  '  --sandbox     plan for the example fleet; needs no AWS account',
  '  --all         also list the keys that nothing happens to',
  '  --json        one JSON object, of all keys',
  '  --html FILE   write one page of all keys there; no file is overwritten',
];

const options = {
  sandbox: { type: 'boolean', default: false },
  policy: { type: 'string' },
  permissions: { type: 'boolean', default: false },
  stage: { type: 'string' },
  region: { type: 'string' },
  account: { type: 'string', multiple: true, default: [] as string[] },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  html: { type: 'string' },
} as const;

type Chosen = ReturnType<typeof read>;

/** IAM throttles whoever asks about thousands of users: what waits long enough is let in. */
const patient = { maxAttempts: 10 } as const;

const usually: AccountWires = {
  env: process.env,
  clock: systemClock,
  connectionIn: (region) => ({ region, ...patient }),
};

/** The whole command but for the printing. `worldWith` makes the sandbox that is planned for. */
export async function planCommand(
  args: readonly string[],
  onProgress?: PlanProgress,
  worldWith: (book: PolicyBook) => Promise<World> = fleetWorld,
  wires: AccountWires = usually,
): Promise<CommandAnswer> {
  const chosen = readOrMisused(args);
  if ('status' in chosen) return chosen;
  const problem = problemWith(chosen, regionIn(chosen, wires));
  if (problem !== undefined) return misused(problem);
  const { policy } = chosen;
  const book = policy === undefined ? parsed(defaultBook(chosen)) : readBook(policy);
  if (!book.ok) return { status: 1, out: [], errors: book.problems };
  if (chosen.permissions) {
    const partition = partitionOf(regionIn(chosen, wires));
    const asks = { partition, units: needsUnits(book.value), stage: chosen.stage };
    return { status: 0, out: [JSON.stringify(planPolicy(asks), null, 2)], errors: [] };
  }
  const made = chosen.sandbox
    ? await sandboxPlan(chosen, await worldWith(book.value), onProgress)
    : await accountPlan(chosen, book.value, wires, onProgress);
  if (!made.ok) return { status: 1, out: [], errors: made.problems };
  return shown(chosen, made.value);
}

interface Made {
  readonly plan: Plan;
  readonly accounts: number;
}

async function sandboxPlan(
  chosen: Chosen,
  { hub, place: { partition } }: World,
  onProgress: PlanProgress | undefined,
): Promise<Parsed<Made>> {
  const accounts = chosen.account.length === 0 ? fleetAccounts : [...new Set(chosen.account)];
  const where = accounts.map((account) => ({ partition, account }));
  return parsed({ plan: await plan(hub.plan, where, onProgress), accounts: accounts.length });
}

async function accountPlan(
  chosen: Chosen,
  book: PolicyBook,
  wires: AccountWires,
  onProgress: PlanProgress | undefined,
): Promise<Parsed<Made>> {
  const { stage, account: accounts } = chosen;
  const reached = await reachAccount(
    { region: regionIn(chosen, wires), book, stage, accounts },
    wires,
  );
  if (!reached.ok) return refused(...reached.problems);
  const { deps, ...where } = reached.value;
  return parsed({ plan: await plan(deps, [where], onProgress), accounts: 1 });
}

function shown(chosen: Chosen, { plan: made, accounts }: Made): CommandAnswer {
  const standIn = chosen.sandbox
    ? "the sandbox's policy (approve)"
    : 'asking before every rotation';
  const report = planReport(made, chosen.policy ?? standIn, accounts);
  const status = report.unreadable.length > 0 ? 1 : 0;
  const out = chosen.json ? [JSON.stringify(report)] : planTable(report, chosen.all);
  if (chosen.html === undefined) return { status, out, errors: [] };
  try {
    writeFileSync(chosen.html, planPage(report), { flag: 'wx' });
  } catch (error) {
    const what = `${chosen.html}: the page cannot be written there: ${messageOf(error)}`;
    return { status: 1, out, errors: [`${what}: name a file that is not there`] };
  }
  return { status, out: chosen.json ? out : [...out, chosen.html], errors: [] };
}

function defaultBook({ sandbox }: Chosen): PolicyBook {
  if (sandbox) return fleetBook('approve', fleetStart);
  return { defaults: { mode: 'approve' }, rules: [], exemptions: [], people: [] };
}

function regionIn({ region }: Chosen, { env }: AccountWires): string {
  return region ?? (env.AWS_REGION || 'us-east-1');
}

function problemWith(chosen: Chosen, region: string): string | undefined {
  const { sandbox, account, stage, permissions } = chosen;
  const amiss = regionProblem(region, partitionOf(region));
  if (amiss !== undefined) return `Region ${region} ${amiss}`;
  if (!sandbox) return stage === undefined ? undefined : stageProblem(stage);
  if (permissions) return 'the sandbox needs no permissions: there --policy takes a file';
  if (stage !== undefined || chosen.region !== undefined) return 'the sandbox has no such thing';
  const strange = account.filter((each) => !fleetAccounts.some((known) => known === each));
  if (strange.length === 0) return undefined;
  const known = fleetAccounts.join(' and ');
  return `the sandbox has no account ${strange.join(', ')}: its accounts are ${known}`;
}

function readOrMisused(args: readonly string[]): Chosen | CommandAnswer {
  try {
    return read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
}

/** `--policy` without a file asks for permissions; beside them, `--policy-file` names the file. */
function read(args: readonly string[]) {
  const plain = args.flatMap((each, index) => {
    if (each === '--policy-file') return ['--policy'];
    const next = args[index + 1];
    const isAlone = each === '--policy' && (next === undefined || next.startsWith('-'));
    return isAlone ? ['--permissions'] : [each];
  });
  return parseArgs({ args: plain, options }).values;
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

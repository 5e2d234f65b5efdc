/**
 * Finds access keys of AWS in repositories and other files, and says whose they are and what takes
 * their place. Prints no secret; reads, and changes nothing:
 *
 *   npm run --silent discover -- PATH… [--account ID] [--inventory FILE]… [--json]
 *
 * Exit status 0: nothing was found and all could be read; 1: something was found, or could not be
 * read, a line each; 2: wrong usage.
 */
import { parseArgs } from 'node:util';
import { type AccountKeys, keysInAccount } from '../adapters/account-keys.ts';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { readGitSecrets } from '../adapters/git-secrets-output.ts';
import { readGitleaks } from '../adapters/gitleaks-output.ts';
import { accountForm } from '../adapters/iam-user-arn.ts';
import { parseKnownKeys } from '../adapters/known-keys.ts';
import { type MacieOutput, readMacie } from '../adapters/macie-event.ts';
import { nothingRead, type ScannerOutput, together } from '../adapters/scanner-output.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { type ScanProgress, scanTrees } from '../adapters/tree-scan.ts';
import { readTrufflehog } from '../adapters/trufflehog-output.ts';
import { storeForOperator } from '../app/compose.ts';
import { plan } from '../app/plan.ts';
import { type Discovery, discovered, type Hit, type KnownKey } from '../domain/discovery.ts';
import { issuedOf } from '../domain/ending.ts';
import { messageOf } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { FileNotes } from '../domain/lists.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Clock } from '../domain/ports.ts';
import { partitionOf } from '../domain/region.ts';
import { fleetAccounts, fleetBook, fleetStart, fleetWorld } from '../sandbox/fleet.ts';
import type { World } from '../sandbox/world.ts';
import { type CommandAnswer, say } from './answer.ts';
import { discoverReport, discoverText, shown } from './discover-report.ts';
import { readText } from './evidence-files.ts';
import { keysToRecord, type Recorded, recordFiles } from './record-files.ts';
import { stageProblem } from './stages.ts';

const usage = [
  'usage: npm run --silent discover -- [PATH…] [--account ID] [--inventory FILE]… [--json]',
  '         [--trufflehog FILE]… [--gitleaks FILE]… [--git-secrets FILE]… [--macie FILE]…',
  '         [--record --stage STAGE]',
  '  PATH…             folders and files to scan',
  '  --account ID      whose keys there are: IAM of that account, whose credentials you have',
  '  --inventory FILE  the same, by what plan --json printed, or a report of evidence',
  "  --sandbox         the example fleet's keys as the inventory; needs no AWS account",
  '  --trufflehog FILE, --gitleaks FILE, --git-secrets FILE',
  '                    what these scanners wrote: JSON lines; JSON or SARIF; text',
  "  --macie FILE      Macie's findings: events of EventBridge, or of GetFindings",
  '  --record          note what was found in the table of --stage: rotations of these keys say',
  '                    so, and leave both keys on for 48 hours; in AWS_REGION',
  '  --json            one JSON object, with every place',
];

const files = { type: 'string', multiple: true, default: [] as string[] } as const;

const options = {
  inventory: files,
  trufflehog: files,
  gitleaks: files,
  'git-secrets': files,
  macie: files,
  account: { type: 'string' },
  sandbox: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
  stage: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export interface DiscoverDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that go by, to say how fast it was. */
  readonly stopwatch: () => number;
  readonly onProgress: ScanProgress;
  /** To the account that is asked. */
  readonly connection: AwsConnection;
  /** The notes of a stage, in the Region of the connection. */
  readonly notesOf: (stage: string) => FileNotes;
  /** The world whose keys are the inventory of `--sandbox`. */
  readonly world: () => Promise<World>;
}

type Chosen = ReturnType<typeof read>;

/** The whole command but for the printing. */
export async function discoverCommand(
  args: readonly string[],
  deps: DiscoverDeps,
): Promise<CommandAnswer> {
  let chosen: Chosen;
  try {
    chosen = read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
  const { values, positionals } = chosen;
  const { macie: macieFiles, sandbox, json, account } = values;
  const reports = values.trufflehog.length + values.gitleaks.length + values['git-secrets'].length;
  if (positionals.length + reports + macieFiles.length === 0) return misused('what is to be read?');
  if (account !== undefined && !accountForm.test(account)) {
    return misused('--account takes an account id of 12 digits');
  }
  if (account !== undefined && sandbox) return misused('--account or --sandbox, not both');
  const wrong = recordProblem(chosen.values);
  if (wrong !== undefined) return misused(wrong);
  const known = await knownKeys(values.inventory, sandbox ? deps.world : null);
  if (!known.ok) return { status: 1, out: [], errors: known.problems.map(shown) };
  const started = deps.stopwatch();
  const scan = scanTrees(positionals, deps.onProgress);
  const seconds = (deps.stopwatch() - started) / 1000;
  const outputs = together([
    ...values.trufflehog.map((file) => readWith(file, readTrufflehog, nothingRead)),
    ...values.gitleaks.map((file) => readWith(file, readGitleaks, nothingRead)),
    ...values['git-secrets'].map((file) => readWith(file, readGitSecrets, nothingRead)),
  ]);
  const macie = macieFiles
    .map((file) => readWith<MacieOutput>(file, readMacie, noFindings))
    .reduce(bothOf, noFindings);
  const at = sandbox ? fleetStart : deps.clock.now();
  const hits = [...scan.hits, ...outputs.hits];
  const asked = account === undefined ? nobody : await asking(deps, account, hits, at);
  const found = discovered(hits, [...known.value, ...asked.known], at);
  const recorded = await recording(deps, chosen.values, found, at);
  const more = recorded?.problems ?? [];
  const problems = [...outputs.problems, ...macie.problems, ...asked.problems, ...more];
  const others = outputs.others + macie.others;
  const macieFindings = macie.findings;
  const report = discoverReport({ at, found, scan, seconds, others, macieFindings, problems });
  const isClean =
    report.keys.length + report.valuesAlone.length + report.macie.length === 0 &&
    report.problems.length + scan.unread.length === 0;
  const lines = recorded === null ? [] : [recordedLine(recorded)];
  const out = json
    ? [JSON.stringify({ ...report, recorded: recorded?.keys ?? null })]
    : [...discoverText(report), ...lines];
  return { status: isClean ? 0 : 1, out, errors: json ? [] : report.problems };
}

const nobody: AccountKeys = { known: [], problems: [] };

/** Nobody is asked where nothing was found. */
async function asking(
  { connection }: DiscoverDeps,
  account: string,
  hits: readonly Hit[],
  now: Instant,
): Promise<AccountKeys> {
  const keyIds = new Set(hits.flatMap(({ keyId }) => (keyId === null ? [] : [keyId])));
  return keyIds.size === 0 ? nobody : keysInAccount(connection, account, keyIds, now);
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function recordProblem({ record, stage, sandbox }: Chosen['values']): string | undefined {
  if (!record) return stage === undefined ? undefined : '--stage goes with --record';
  if (sandbox) return '--record notes for a deployed stage: not with --sandbox';
  return stage === undefined ? '--record needs --stage' : stageProblem(stage);
}

/** null: nothing was to be recorded. */
async function recording(
  { connection, notesOf }: DiscoverDeps,
  { record, stage }: Chosen['values'],
  found: Discovery,
  at: Instant,
): Promise<Recorded | null> {
  if (!record || stage === undefined) return null;
  const { region = '' } = connection;
  return recordFiles(notesOf(stage), keysToRecord(found, partitionOf(region), at));
}

function recordedLine({ keys }: Recorded): string {
  return keys === 0
    ? 'Nothing was recorded: of no key found is it known whose it is.'
    : `Recorded ${keys === 1 ? '1 key' : `${keys} keys`}: their rotations heed it.`;
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

const noFindings: MacieOutput = { findings: [], others: 0, problems: [] };

function bothOf(one: MacieOutput, other: MacieOutput): MacieOutput {
  return {
    findings: [...one.findings, ...other.findings],
    others: one.others + other.others,
    problems: [...one.problems, ...other.problems],
  };
}

/** Each problem with the file that it is in; a file that cannot be read is a problem too. */
function readWith<T extends ScannerOutput | MacieOutput>(
  file: string,
  reader: (content: string) => T,
  nothing: T,
): T {
  const content = readText(file);
  const output = content.ok
    ? reader(content.value.replace(/^\uFEFF/, ''))
    : { ...nothing, problems: content.problems };
  return { ...output, problems: output.problems.map((problem) => `${file}: ${problem}`) };
}

/** Of every file and world that is named; or everything wrong with them. */
async function knownKeys(
  inventories: readonly string[],
  world: (() => Promise<World>) | null,
): Promise<Parsed<readonly KnownKey[]>> {
  const read = inventories.map((file): Parsed<readonly KnownKey[]> => {
    const content = readText(file);
    const keys = content.ok ? parseKnownKeys(content.value) : content;
    return keys.ok ? keys : refused(...keys.problems.map((problem) => `${file}: ${problem}`));
  });
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return refused(...problems);
  const fromFiles = read.flatMap((each) => (each.ok ? each.value : []));
  return parsed([...fromFiles, ...(world === null ? [] : await keysOfWorld(await world()))]);
}

async function keysOfWorld({ hub, place: { partition } }: World): Promise<readonly KnownKey[]> {
  const where = fleetAccounts.map((account) => ({ partition, account }));
  const { at, users } = await plan(hub.plan, where);
  return users.flatMap(({ user: { account, userName }, owner, keys }) =>
    keys.map(({ key, because, rotation }) => ({
      ...key,
      ...{ account, userName, asOf: at, plan: because },
      owner: owner.known ? owner.name : null,
      secretArn: (rotation === null ? null : issuedOf(rotation))?.secretArn ?? null,
    })),
  );
}

/** Only to people, a few times a second. */
function progress(stopwatch: () => number): ScanProgress {
  if (!process.stderr.isTTY) return () => undefined;
  const started = stopwatch();
  let told = started;
  return (count, bytes) => {
    const now = stopwatch();
    if (now - told < 200) return;
    told = now;
    const megabytes = bytes / 1e6;
    const rate = (megabytes / ((now - started) / 1000)).toFixed(1);
    process.stderr.write(`\r\u001B[K${count} files, ${megabytes.toFixed(1)} MB, ${rate} MB/s\r`);
  };
}

async function main(): Promise<void> {
  const stopwatch = () => performance.now();
  const world = () => fleetWorld(fleetBook('approve', fleetStart));
  const connection = { region: process.env.AWS_REGION || 'us-east-1' };
  const onProgress = progress(stopwatch);
  const notesOf = (stage: string) => storeForOperator(stage, connection.region);
  const deps = { clock: systemClock, stopwatch, onProgress, connection, notesOf, world };
  const answer = await discoverCommand(process.argv.slice(2), deps);
  if (process.stderr.isTTY) process.stderr.write('\u001B[K');
  say(answer);
}

if (import.meta.main) await main();

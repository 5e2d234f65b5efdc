/**
 * Says in words what accounts lack before and after a deployment, and changes nothing:
 *
 *   npm run --silent doctor -- --stage prod [--before] [--slack] [--json]
 *   npm run --silent doctor -- --sandbox [new|broken]
 *   npm run --silent doctor -- --stage prod --policy
 *
 * Exit status 0: all is well; 1: something lacks or could not be looked at; 2: wrong usage.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { accountReads, canonicalDocument, readsByRole } from '../adapters/account-reads.ts';
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { globalRegionOf } from '../adapters/global-region.ts';
import { accountForm } from '../adapters/iam-user-arn.ts';
import { integrationSecrets } from '../adapters/integration-secrets.ts';
import { slackAppIn } from '../adapters/slack-manifest.ts';
import { slackReads } from '../adapters/slack-reads.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { examine, type Patient } from '../app/doctor/examine.ts';
import { type StageNames, stageNames } from '../app/doctor/names.ts';
import { doctorPolicy } from '../app/doctor/permissions.ts';
import type { SlackApp } from '../domain/account-reads.ts';
import { messageOf } from '../domain/errors.ts';
import { parsed } from '../domain/parsed.ts';
import type { Clock } from '../domain/ports.ts';
import { partitionOf, regionProblem } from '../domain/region.ts';
import {
  type Health,
  type ModelAccount,
  modelAccount,
  modelAccounts,
  modelAuditor,
  modelConfiguration,
  modelRegion,
  modelStage,
} from '../sandbox/model-account.ts';
import { runbookNames, runbookText } from '../sandbox/runbook-files.ts';
import { sandboxBook, slackSetup } from '../sandbox/settings.ts';
import { type CommandAnswer, readBook, say } from './answer.ts';
import { countsOf, doctorReport } from './doctor-report.ts';
import { parametersOf, stageProblem, trailOf } from './stages.ts';

const usage = [
  'usage: npm run --silent doctor -- --stage STAGE [--region REGION] [--hub ID] [--account ID]…',
  '                                  [--through ROLE] [--before] [--slack] [--json]',
  '       npm run --silent doctor -- --sandbox [new|broken]',
  '       npm run --silent doctor -- --stage STAGE --policy',
  '  --stage STAGE  which deployment: its names, and its policy file infra/policy/STAGE.yml',
  '  --region       where it is; AWS_REGION or us-east-1 unless said',
  '  --hub ID       the account that it should be in; that of the credentials unless said',
  '  --account ID   an account that has users, beside the hub; may be repeated',
  '  --through ROLE a role in those accounts that these credentials may assume, to look',
  '  --before       only what is needed before a deployment',
  '  --slack        ask Slack too: KEYTURN_SLACK_TEAM and KEYTURN_SLACK_CHANNEL say where;',
  '                 with KEYTURN_SLACK_APP and KEYTURN_SLACK_CONFIGURATION_TOKEN also what the',
  '                 pages of the app say',
  '  --policy       print an IAM policy with the permissions that looking needs',
  '  --sandbox      look at model accounts; needs no AWS account',
  '  --json         one JSON object',
];

const options = {
  stage: { type: 'string' },
  region: { type: 'string' },
  hub: { type: 'string' },
  account: { type: 'string', multiple: true, default: [] as string[] },
  through: { type: 'string' },
  before: { type: 'boolean', default: false },
  slack: { type: 'boolean', default: false },
  policy: { type: 'boolean', default: false },
  sandbox: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Chosen = ReturnType<typeof read>['values'];
type Environment = Readonly<Record<string, string | undefined>>;

/** The whole command but for the printing. `accountOf` makes the model accounts. */
export async function doctorCommand(
  args: readonly string[],
  env: Environment,
  accountOf: (health: Health) => Promise<ModelAccount> = modelAccount,
): Promise<CommandAnswer> {
  try {
    const { values, positionals } = read(args);
    const problem = problemWith(values, positionals, env);
    if (problem !== undefined) return misused(problem);
    const stage = values.sandbox ? modelStage : (values.stage ?? '');
    if (values.policy) {
      const partition = partitionOf(regionIn(values, env));
      const policy = doctorPolicy(
        namesOf(stage, env),
        partition,
        trailOf(parametersOf(stage, env)),
      );
      return { status: 0, out: [JSON.stringify(policy, null, 2)], errors: [] };
    }
    const [health = 'healthy'] = positionals;
    const patient = values.sandbox
      ? sandboxPatient(await accountOf(healthNamed(health) ?? 'healthy'), health === 'new', values)
      : realPatient(stage, values, env);
    const sections = await examine(patient);
    const { missing, unknown } = countsOf(sections);
    const out = values.json
      ? [JSON.stringify({ stage, sections, counts: countsOf(sections) })]
      : doctorReport(sections);
    return { status: missing + unknown === 0 ? 0 : 1, out, errors: [] };
  } catch (error) {
    return misused(messageOf(error));
  }
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function problemWith(
  chosen: Chosen,
  positionals: readonly string[],
  env: Environment,
): string | undefined {
  const { stage, sandbox, hub, account, slack } = chosen;
  const [health = 'healthy', ...more] = positionals;
  if (more.length > 0 || (!sandbox && positionals.length > 0)) return `what is ${positionals[0]}?`;
  if (healthNamed(health) === undefined) return `--sandbox takes new, broken or nothing`;
  if (sandbox && stage !== undefined) {
    return `--stage ${stage} or --sandbox, not both: the sandbox is of stage ${modelStage}`;
  }
  if (!sandbox) {
    const none = stage === undefined ? '--stage names a stage' : stageProblem(stage);
    if (none !== undefined) return none;
  }
  const wrong = [...account, ...(hub === undefined ? [] : [hub])].find(
    (id) => !accountForm.test(id),
  );
  if (wrong !== undefined) return `${wrong} is no account id of 12 digits`;
  const region = regionIn(chosen, env);
  const strange = regionProblem(region, partitionOf(region));
  if (strange !== undefined) return `Region ${region} ${strange}`;
  const isHalf = !env.KEYTURN_SLACK_APP !== !env.KEYTURN_SLACK_CONFIGURATION_TOKEN;
  if (slack && isHalf) {
    return 'KEYTURN_SLACK_APP and KEYTURN_SLACK_CONFIGURATION_TOKEN need each other';
  }
  const told = env.KEYTURN_SLACK_TEAM && env.KEYTURN_SLACK_CHANNEL;
  return slack && !sandbox && !told
    ? '--slack needs KEYTURN_SLACK_TEAM and KEYTURN_SLACK_CHANNEL in the environment'
    : undefined;
}

function healthNamed(text: string): Health | undefined {
  return (['healthy', 'new', 'broken'] as const).find((health) => health === text);
}

function regionIn({ region, sandbox }: Chosen, env: Environment): string {
  return sandbox ? modelRegion : (region ?? (env.AWS_REGION || 'us-east-1'));
}

interface Wires {
  readonly names: StageNames;
  readonly region: string;
  readonly clock: Clock;
  readonly connectionIn: (region: string) => AwsConnection;
  readonly through: string | undefined;
}

/** As serverless.yml has the stage; the model's is none of its stages. */
function namesOf(stage: string, env: Environment): StageNames {
  const { connectionsIn, connections } = parametersOf(stage, env);
  return stageNames(stage, {
    where: connectionsIn === 'parameter-store' ? connectionsIn : 'secrets-manager',
    how: connections === 'apart' ? connections : 'together',
  });
}

/** Everything but the policy, Slack, and which accounts are expected. */
function patientOf({ names, region, clock, connectionIn, through }: Wires) {
  const partition = partitionOf(region);
  const placeOf = (account: string, where = region) => ({ partition, account, region: where });
  const first = globalRegionOf(partition);
  const into: Patient['into'] = async (account) => {
    if (through === undefined) {
      const problem = `no role was named to look through into account ${account}`;
      return { read: false, action: 'sts:AssumeRole', denied: true, problem };
    }
    return readsByRole(connectionIn(region), placeOf(account), through, clock);
  };
  return {
    names,
    node: { running: process.versions.node, least: leastNode() },
    home: accountReads(connectionIn(region), placeOf(''), clock),
    first: accountReads(connectionIn(first), placeOf('', first), clock),
    into,
    documents: new Map(
      runbookNames().map(
        ({ file, title }) => [title, canonicalDocument(runbookText(file))] as const,
      ),
    ),
  };
}

function realPatient(stage: string, chosen: Chosen, env: Environment): Patient {
  const { hub, account, through, before, slack } = chosen;
  const region = regionIn(chosen, env);
  const connection = { region };
  const connectionIn = (where: string) => (where === region ? connection : { region: where });
  const wires = { names: namesOf(stage, env), region, clock: systemClock, connectionIn, through };
  const patient = patientOf(wires);
  const file = join('infra', 'policy', `${stage}.yml`);
  const { botToken } = integrationSecrets(connection, patient.names.connections, systemClock);
  const team = env.KEYTURN_SLACK_TEAM ?? '';
  const channel = env.KEYTURN_SLACK_CHANNEL ?? '';
  const reads = slackReads({ botToken, ...configurationIn(env) });
  const trail = trailOf(parametersOf(stage, env));
  return {
    ...patient,
    policy: { file, book: readBook(file) },
    hub: hub ?? null,
    members: account,
    before,
    ...(slack ? { slack: { reads, team, channel, wanted: slackAppOfOurs() } } : {}),
    ...(trail === undefined ? {} : { trail }),
  };
}

/** Both, or none: problemWith has seen to it. */
function configurationIn(env: Environment) {
  const { KEYTURN_SLACK_APP: appId, KEYTURN_SLACK_CONFIGURATION_TOKEN: token } = env;
  return appId && token ? { configuration: { appId, token } } : {};
}

/** The manifest that an operator makes the app from. */
function slackAppOfOurs(): SlackApp {
  const file = join(import.meta.dirname, '..', 'infra', 'slack-app.yml');
  return slackAppIn(parse(readFileSync(file, 'utf8')));
}

function sandboxPatient(model: ModelAccount, isNew: boolean, { before }: Chosen): Patient {
  const { clock, connectionIn, slack } = model;
  const through = modelAuditor;
  const names = stageNames(modelStage);
  const wires = { names, region: modelRegion, clock, connectionIn, through };
  const patient = patientOf(wires);
  const secrets = integrationSecrets(connectionIn(modelRegion), patient.names.connections, clock);
  const { botToken } = secrets;
  const reads = slackReads({ botToken, fetch: slack.fetch, configuration: modelConfiguration });
  const { teamId: team, channel } = slackSetup;
  return {
    ...patient,
    policy: { file: "the sandbox's policy", book: parsed(sandboxBook('approve')) },
    hub: modelAccounts.hub,
    members: [modelAccounts.member],
    before: before || isNew,
    slack: { reads, team, channel: channel.id, wanted: slackAppOfOurs() },
  };
}

function leastNode(): string {
  const manifest = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
  );
  return manifest.engines.node;
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

if (import.meta.main) say(await doctorCommand(process.argv.slice(2), process.env));

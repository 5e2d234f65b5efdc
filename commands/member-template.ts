/**
 * Writes the template for member accounts, and the code that it names:
 *
 *   npm run --silent member-template -- --stage prod --out member.json --code code/
 *
 * Packages the stage first, with the --param that the hub was deployed with; or takes what was
 * packaged in --package DIR. Changes nothing in AWS. How to deploy it stands in docs/accounts.md.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { type CommandAnswer, say } from './answer.ts';
import { type CloudResource, memberTemplate, templateLimits } from './member-stack.ts';
import { stageProblem } from './stages.ts';

const repository = join(import.meta.dirname, '..');
const serverless = join(repository, 'node_modules', 'serverless', 'bin', 'serverless.js');
const templateFile = 'cloudformation-template-update-stack.json';

const usage = [
  'usage: npm run --silent member-template -- --stage STAGE [--param NAME=VALUE]… [--out FILE]',
  '                                           [--code DIR] [--package DIR]',
  '  --param NAME=VALUE  a parameter that the hub is deployed with: fences hold in every account',
  '                      only if all are given here too; may be repeated',
  '  --out FILE          where the template goes; the standard output unless said',
  '  --code DIR          where the code goes that the template names',
  '  --package DIR       take what serverless packaged there, instead of packaging',
];

const options = {
  stage: { type: 'string' },
  param: { type: 'string', multiple: true, default: [] as string[] },
  out: { type: 'string' },
  code: { type: 'string' },
  package: { type: 'string' },
} as const;

type Wish = ReturnType<typeof read>;

/** The template goes to a file or, line by line, to the standard output; words about it beside. */
export function writeMemberTemplate(args: readonly string[]): CommandAnswer {
  let wish: Wish;
  try {
    wish = read(args);
  } catch (error) {
    return misused(messageOf(error));
  }
  const problem = problemWith(wish);
  if (problem !== undefined) return misused(problem);
  const own = wish.package === undefined ? mkdtempSync(join(tmpdir(), 'keyturn-member-')) : null;
  try {
    if (own !== null) packageInto(wish.stage ?? '', wish.param, own);
    return written(wish, wish.package ?? own ?? '');
  } catch (error) {
    return { status: 1, out: [], errors: messageOf(error).split('\n') };
  } finally {
    if (own !== null) rmSync(own, { recursive: true, force: true });
  }
}

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values;
}

function misused(problem: string): CommandAnswer {
  return { status: 2, out: [], errors: [problem, ...usage] };
}

function problemWith({ stage, param, out, package: packaged }: Wish): string | undefined {
  if (stage === undefined) return '--stage names a stage';
  if (packaged !== undefined && param.length > 0) {
    return '--param or --package, not both: what is packaged has its parameters already';
  }
  if (packaged !== undefined && !existsSync(join(packaged, templateFile))) {
    return `--package ${packaged} holds nothing that serverless packaged: no ${templateFile}`;
  }
  if (out !== undefined && !existsSync(dirname(out))) {
    return `--out ${out}: there is no folder ${dirname(out)}`;
  }
  return stageProblem(stage);
}

/** Throws in the packager's own words, which it writes to its standard output. */
function packageInto(stage: string, params: readonly string[], folder: string): void {
  const asked = ['package', '--stage', stage, '--package', folder];
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [serverless, ...asked, ...params.map((each) => `--param=${each}`)],
    { cwd: repository, encoding: 'utf8' },
  );
  if (status === 0) return;
  const words = error?.message ?? `${stdout}\n${stderr}`.trim();
  throw new Error(`packaging stage ${stage} failed: ${words}`);
}

/** The stage that was packaged, by its tag on the functions; undefined if there is none. */
function stageOf(resources: Record<string, CloudResource>): string | undefined {
  const tags = resources.CustodianLambdaFunction?.Properties?.Tags ?? [];
  return tags.find(({ Key }: { Key: string }) => Key === 'keyturn-stage')?.Value;
}

function written({ stage = '', out, code }: Wish, folder: string): CommandAnswer {
  const { Resources } = JSON.parse(readFileSync(join(folder, templateFile), 'utf8'));
  const found = stageOf(Resources);
  if (found !== stage) {
    return misused(`${folder} holds stage ${found ?? 'unknown'}, and --stage says ${stage}`);
  }
  const keys = {
    custodian: keyOf(folder, stage, 'custodian'),
    witness: keyOf(folder, stage, 'witness'),
  };
  const text = `${JSON.stringify(memberTemplate(Resources, stage, keys), null, 1)}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > templateLimits.inBucket) {
    const errors = [`the template has ${bytes} bytes: CloudFormation takes 1,000,000`];
    return { status: 1, out: [], errors };
  }
  if (out !== undefined) writeFileSync(out, text);
  if (code !== undefined) {
    copyCode(join(folder, 'custodian.zip'), join(code, keys.custodian));
    copyCode(join(folder, 'witness.zip'), join(code, keys.witness));
  }
  return {
    status: 0,
    out: out === undefined ? [text.trimEnd()] : [],
    errors: [wordsOn(bytes), `its code: ${keys.custodian}, ${keys.witness}`],
  };
}

/** Named after what it holds: other code is another object, and CloudFormation sees the change. */
function keyOf(folder: string, stage: string, name: string): string {
  const digest = createHash('sha256').update(readFileSync(join(folder, `${name}.zip`)));
  return `${stage}/${name}-${digest.digest('hex').slice(0, 16)}.zip`;
}

function copyCode(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function wordsOn(bytes: number): string {
  const size = `the template has ${bytes.toLocaleString('en')} bytes`;
  return bytes > templateLimits.direct
    ? `${size}: over 51,200 it has to be put into a bucket (--template-url)`
    : size;
}

if (import.meta.main) say(writeMemberTemplate(process.argv.slice(2)));

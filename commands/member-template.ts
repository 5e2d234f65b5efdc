/**
 * Writes the template for member accounts, and the code that it names:
 *
 *   npm run --silent member-template -- --stage prod --out member.json --code code/
 *
 * Packages the stage first (--package DIR: takes what was packaged there). Changes nothing in AWS.
 * How to deploy it stands in docs/accounts.md.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { type CommandAnswer, say } from './answer.ts';
import { memberTemplate, templateLimits } from './member-stack.ts';

const repository = join(import.meta.dirname, '..');
const serverless = join(repository, 'node_modules', 'serverless', 'bin', 'serverless.js');

const usage = 'usage: member-template -- --stage STAGE [--out FILE] [--code DIR] [--package DIR]';

interface Wish {
  readonly stage: string;
  readonly out: string | undefined;
  readonly code: string | undefined;
  readonly packaged: string | undefined;
}

/** The template goes to a file or, line by line, to the standard output; words about it beside. */
export function writeMemberTemplate(args: readonly string[]): CommandAnswer {
  const wish = wishIn(args);
  if (wish === undefined) return { status: 2, out: [], errors: [usage] };
  const own = wish.packaged === undefined ? mkdtempSync(join(tmpdir(), 'keyturn-member-')) : null;
  try {
    if (own !== null) packageInto(wish.stage, own);
    return written(wish, wish.packaged ?? own ?? '');
  } catch (error) {
    return { status: 1, out: [], errors: [messageOf(error)] };
  } finally {
    if (own !== null) rmSync(own, { recursive: true, force: true });
  }
}

function wishIn(args: readonly string[]): Wish | undefined {
  const option = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { stage: option, out: option, code: option, package: option },
    });
    const { stage, out, code, package: packaged } = values;
    return stage === undefined ? undefined : { stage, out, code, packaged };
  } catch {
    return undefined;
  }
}

function packageInto(stage: string, folder: string): void {
  execFileSync(process.execPath, [serverless, 'package', '--stage', stage, '--package', folder], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function written({ stage, out, code }: Wish, folder: string): CommandAnswer {
  const file = join(folder, 'cloudformation-template-update-stack.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8'));
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

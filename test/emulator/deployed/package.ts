/**
 * The packages as they would be uploaded: `serverless package` run for real, each zip unpacked.
 * What runs in the suite is what stands in the zips.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slackSetup } from '../../../sandbox/settings.ts';
import type { Resource } from '../../infra/packaged-stack.ts';
import { pythonProgram } from '../../python.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Packages {
  readonly folder: string;
  /** The template that makes the bucket for code, and the one of the whole stack. */
  readonly first: string;
  readonly whole: string;
  readonly template: Template;
  /** The folder of an unpacked zip, by the zip's name. */
  unpacked(zip: string): string;
  remove(): void;
}

const repository = join(import.meta.dirname, '..', '..', '..');
const serverless = join(repository, 'node_modules', 'serverless', 'bin', 'serverless.js');
export const policyFile = 'infra/policy/emulator.yml';

/** Packages a stage with the suite's policy. Throws with the command's own words if it fails. */
export function packageStage(
  stage: string,
  variables: Record<string, string>,
  parameters: readonly string[] = [],
): Packages {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-emulator-'));
  const args = ['package', '--stage', stage, '--package', folder, `--param=policy=${policyFile}`];
  args.push(...parameters.map((each) => `--param=${each}`));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    KEYTURN_SLACK_TEAM: slackSetup.teamId,
    KEYTURN_SLACK_CHANNEL: slackSetup.channel.id,
    ...variables,
  };
  execFileSync(process.execPath, [serverless, ...args], { cwd: repository, env, stdio: 'pipe' });
  const zips = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  for (const zip of zips) {
    const unpacked = join(folder, 'unpacked', zip);
    mkdirSync(unpacked, { recursive: true });
    const unzip = ['-m', 'zipfile', '-e', join(folder, zip), unpacked];
    execFileSync(pythonProgram('python'), unzip, { stdio: 'pipe' });
  }
  return readPackages(folder);
}

/** What packageStage left in that folder. */
export function readPackages(folder: string): Packages {
  const text = (name: string) =>
    readFileSync(join(folder, `cloudformation-template-${name}-stack.json`), 'utf8');
  const whole = text('update');
  return {
    folder,
    first: text('create'),
    whole,
    template: JSON.parse(whole),
    unpacked: (zip) => join(folder, 'unpacked', zip),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

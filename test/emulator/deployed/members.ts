/**
 * The accounts that are served, and what is deployed in those that are not the hub's: the template
 * for member accounts, by the product's own command, with the code in the hub's bucket.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMemberTemplate } from '../../../commands/member-template.ts';
import { hubAccount, region, stackName, stage } from '../stage.ts';
import type { Deploy } from '../world.ts';
import { deployTemplate } from './deploy.ts';
import type { Packages } from './package.ts';

/** Beside the hub's own. In the first of them people are asked before anything happens. */
export const members = ['444455556666', '123456789012'] as const;

/** Deploys into every member account. */
export function deployMembers(packages: Packages): Deploy {
  return async ({ into }) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-emulator-members-'));
    try {
      const { template, code } = written(packages, folder);
      const bucket = `keyturn-${stage}-code-${hubAccount}-${region}`;
      for (const key of Object.values(code)) {
        const zip = readFileSync(join(folder, key));
        await into(hubAccount).ask.rest('s3', 'PUT', `/${bucket}/${key}`, zip);
      }
      const parameters = {
        HubAccount: hubAccount,
        HubRegion: region,
        ExternalId: `keyturn-${stage}`,
        ...code,
      };
      const stacks = members.map((account) =>
        deployTemplate(into(account), stackName, template, parameters, packages),
      );
      return await Promise.all(stacks);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function written(packages: Packages, folder: string) {
  const out = join(folder, 'member.json');
  const args = ['--stage', stage, '--package', packages.folder, '--out', out, '--code', folder];
  const { status, errors } = writeMemberTemplate(args);
  const said = errors.join('; ');
  const [, CustodianCode, WitnessCode] = /its code: (\S+), (\S+)/.exec(said) ?? [];
  if (status !== 0 || CustodianCode === undefined || WitnessCode === undefined) {
    throw new Error(`no template for members could be written: ${said}`);
  }
  return { template: readFileSync(out, 'utf8'), code: { CustodianCode, WitnessCode } };
}

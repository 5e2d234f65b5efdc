/**
 * `npm run lint:stack`: cfn-lint over the packaged template of every stage, and over that for
 * member accounts which is made of it. Exits 1 if it says anything. What it may be silent about,
 * the template itself says (infra/generated.yml).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memberTemplate } from '../../commands/member-stack.ts';
import { pythonProgram } from '../python.ts';
import { packageVariants } from './variants.ts';

/**
 * cfn-lint with the YAML reader that is written in Python. The one in C takes no subclass of str,
 * and as such cfn-lint reads a template's texts: it could not look into runbooks (E3051).
 */
const program = `
import sys
sys.modules["yaml.cyaml"] = None
from cfnlint.runner import main
sys.exit(main())
`;

async function templates(): Promise<readonly (readonly [name: string, text: string])[]> {
  const code = { custodian: 'custodian.zip', witness: 'witness.zip' };
  return Object.entries(await packageVariants()).flatMap(([name, { text, resources }]) => {
    const stage = name.split(' ')[0] ?? '';
    const member = memberTemplate(resources, stage, code);
    return [
      [name, text],
      [`members of ${name}`, JSON.stringify(member)],
    ] as const;
  });
}

const folder = mkdtempSync(join(tmpdir(), 'keyturn-lint-'));
try {
  const python = pythonProgram('python');
  for (const [name, text] of await templates()) {
    const file = join(folder, `${name.replaceAll(' ', '-')}.json`);
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(python, ['-c', program, file], {
      encoding: 'utf8',
    });
    const said = `${stdout}${stderr}`.trim();
    console.log(`${name}: ${status === 0 && said === '' ? 'clean' : `\n${said}`}`);
    if (status !== 0 || said !== '') process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

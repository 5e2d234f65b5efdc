/** `npm run runbook -- validate`: a line for each file, and an exit status that can be trusted. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'keyturn-'));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(...args: string[]) {
  const command = join(root, 'commands', 'runbook.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, lines: lines.map((line) => JSON.parse(line) as unknown), stderr };
}

const sound = join(root, 'runbooks', 'restore-key.yml');
const broken = file(
  'broken.yml',
  "schemaVersion: '0.3'\nmainSteps: [{ name: A, action: 'aws:pause', isEnd: x }]",
);
const words = file('words.yml', 'just words');
const noYaml = file('no-yaml.yml', 'a: [');

describe('runbook validate', () => {
  it('is content with sound documents', () => {
    expect(run('validate', sound)).toEqual({
      status: 0,
      lines: [{ file: sound, ok: true, problems: [] }],
      stderr: '',
    });
  });

  it('answers for every file and says 1 if one is not sound', () => {
    const { status, lines } = run('validate', broken, sound, words, noYaml);
    expect(status).toBe(1);
    expect(lines).toEqual([
      { file: broken, ok: false, problems: ['A: isEnd is not true or false: "x"'] },
      { file: sound, ok: true, problems: [] },
      { file: words, ok: false, problems: ['document: is not a map'] },
      { file: noYaml, ok: false, problems: [expect.stringMatching(/^document: is no YAML: /)] },
    ]);
  });

  it('says 2 for a file that it cannot read, after answering for all', () => {
    const gone = join(folder, 'gone.yml');
    const { status, lines } = run('validate', gone, folder, broken, sound);
    expect(status).toBe(2);
    expect(lines).toMatchObject([
      { file: gone, ok: false, problems: [expect.stringMatching(/^document: cannot be read: /)] },
      { file: folder, ok: false },
      { file: broken, ok: false },
      { file: sound, ok: true },
    ]);
  });

  it.each([[[]], [['validate']], [['check', sound]], [['validate', '--strict', sound]]])(
    'says 2 and how to call it: %j',
    (args) => {
      const { status, lines, stderr } = run(...args);
      expect(status).toBe(2);
      expect(lines).toEqual([]);
      expect(stderr).toContain('Usage: npm run --silent runbook -- validate FILE…');
    },
  );
});

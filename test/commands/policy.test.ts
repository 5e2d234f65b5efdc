/** The command for policy files: what it prints, and with which status it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyCommand } from '../../commands/policy.ts';

const example = join(import.meta.dirname, '..', '..', 'infra', 'policy', 'example.yml');
let folder = '';
let bad = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-policy-'));
  bad = join(folder, 'bad.yml');
  writeFileSync(bad, 'defaults:\n  mode: yolo\n  graceHours: 12\npeople: []\n');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('check', () => {
  test('says nothing of a file without problems', () => {
    expect(policyCommand(['check', example])).toEqual({ status: 0, out: [], errors: [] });
  });

  test('prints a line for each problem of each file', () => {
    const missing = join(folder, 'missing.yml');
    expect(policyCommand(['check', bad, example, missing])).toEqual({
      status: 1,
      out: [
        `${bad}:2:9: defaults.mode is "yolo": set it to observe, approve or auto`,
        `${bad}:3:15: defaults.graceHours is 12: set it to a number from 24 to 48`,
        expect.stringContaining(`${missing}: the file cannot be read`),
      ],
      errors: [],
    });
  });
});

describe('explain', () => {
  const asked = ['explain', example, '--account', '111122223333', '--user', 'ci-runner'];
  const there = ['--unit', 'ou-ab12-11111111', '--unit', 'r-ab12', '--at', '2026-12-01'];

  test('says which rule gave which field', () => {
    const tags = ['--tag', 'keyturn:mode=approve', '--tag', 'keyturn:exempt=yes'];
    const { status, out } = policyCommand([...asked, ...there, '--path', '/ci/eu/', ...tags]);
    expect(status).toBe(0);
    const line = (field: string) => out.find((each) => each.startsWith(`${field} `)) ?? '';
    expect(out[0]).toBe('111122223333/ci-runner, path /ci/eu/, at 2026-12-01 00:00 UTC');
    expect(out[1]).toBe('exempt: no');
    expect(line('mode')).toMatch(/^mode +approve +tag keyturn:mode$/);
    expect(line('soakHours')).toMatch(/ 72 +rules\[1\] \(accounts 111122223333 444455556666\)$/);
    expect(line('healthCheck')).toMatch(
      /keyturn-health-ci-login +rules\[2\] \(account .*, path \/ci\/\)$/,
    );
    expect(line('graceHours')).toMatch(/48 +defaults$/);
    expect(line('answerDays')).toMatch(/7 +built in$/);
    expect(out.at(-1)).toBe(
      'note: tag "keyturn:exempt" is "yes": ignored, Keyturn knows no such tag',
    );
  });

  test('says who is exempt, until when and why', () => {
    const exempt = [...asked.slice(0, -1), 'break-glass', ...there];
    expect(policyCommand(exempt).out[1]).toMatch(
      /^exempt: until 2027-05-01 00:00 UTC, by Noor Admin: Sealed envelope/,
    );
  });

  test('does not explain a file with problems', () => {
    const { status, out } = policyCommand([asked[0] ?? '', bad, ...asked.slice(2)]);
    expect([status, out.length]).toEqual([1, 2]);
  });

  test('does not guess where an account is', () => {
    const { status, errors } = policyCommand(asked);
    expect([status, errors[0]]).toEqual([2, expect.stringContaining('by --unit')]);
  });
});

describe('wrong usage', () => {
  test.each<[readonly string[], string]>([
    [[], 'no command'],
    [['lint'], 'there is no command lint'],
    [['check'], 'no file was named'],
    [['check', '--fast'], '--fast'],
    [['explain', '--account', '111122223333', '--user', 'x'], 'one file'],
    [['explain', example, '--account', '1', '--user', 'x'], '--account takes'],
    [['explain', example, '--account', '111122223333'], '--user takes'],
    [['explain', example, '--account', '111122223333', '--user', 'x', '--path', 'ci'], '--path'],
    [['explain', example, '--account', '111122223333', '--user', 'x', '--tag', 'x'], '--tag takes'],
    [['explain', example, '--account', '111122223333', '--user', 'x', '--at', 'soon'], '--at soon'],
  ])('%j', (args, problem) => {
    const { status, out, errors } = policyCommand(args);
    expect([status, out]).toEqual([2, []]);
    expect(errors[0]).toContain(problem);
    expect(errors[1]).toMatch(/^usage: /);
  });
});

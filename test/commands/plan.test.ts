/** `npm run plan`: what it prints, how it ends, and that nothing hostile gets through. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planCommand } from '../../commands/plan.ts';
import type { PlanReport } from '../../commands/plan-report.ts';
import { cell, visible, wrapped } from '../../commands/terminal-text.ts';
import { fleet, fleetWorld } from '../../sandbox/fleet.ts';
import type { World } from '../../sandbox/world.ts';
import { faultsIn } from '../sandbox/faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

function policyFile(text: string): string {
  const file = join(folder, 'policy.yml');
  writeFileSync(file, text);
  return file;
}

const run = (...args: readonly string[]) => planCommand(['--sandbox', ...args]);

async function jsonOf(...args: readonly string[]): Promise<PlanReport> {
  const { out } = await run('--json', ...args);
  return JSON.parse(out.at(-1) ?? '') as PlanReport;
}

const headsIn = (out: readonly string[]) =>
  out.filter((line) => /^(?:\d{4}-|–|not read)/.test(line));

describe('the table', () => {
  it('has a line for each key that something happens to, in the order of time', async () => {
    const { status, out, errors } = await run();
    expect([status, errors]).toEqual([0, []]);
    const heads = headsIn(out);
    const report = await jsonOf();
    expect(heads).toHaveLength(report.keys.filter(({ action }) => action !== 'none').length);
    expect(heads).toEqual(heads.toSorted((a, b) => a.slice(0, 16).localeCompare(b.slice(0, 16))));
    expect(heads.some((line) => line.includes('  young '))).toBe(false);
  });

  it('has one for every key, with the reason, if all are asked for', async () => {
    const { out } = await run('--all');
    const keys = fleet.flatMap((member) => member.keys);
    expect(headsIn(out)).toHaveLength(keys.length);
    const all = out.join('\n').replaceAll(/\n\s+/g, ' ');
    expect(all).toMatch(/young .* nothing It is 30 days old: stale from 2027-01-01 08:00 UTC on\./);
    expect(all).toContain('is exempt until 2027-05-01 08:00 UTC (by Sam Oncall)');
    expect(all).toContain('is privileged:');
  });

  it('fits 100 columns, without colour or trailing space', async () => {
    const { out } = await run('--all');
    const text = out.join('\n');
    expect(Math.max(...out.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u00A0| $/mu);
  });

  it('ends with the totals', async () => {
    const { out } = await run();
    expect(out.at(-1)).toBe(
      '31 keys of 21 users in 2 accounts: 6 replaced, 9 retired, 7 need a decision, 4 exempt, ' +
        '5 left alone.',
    );
  });

  it('never shows a whole key id', async () => {
    const { out } = await run('--all');
    expect(out.join('\n')).not.toMatch(/AKIA[A-Z0-9]{16}/);
  });
});

describe('the JSON', () => {
  it('is one line, and holds every key with all that is known', async () => {
    const { out } = await run('--json');
    expect(out).toHaveLength(1);
    const report = await jsonOf();
    expect(report).toMatchObject({ at: '2026-11-02T08:00:00.000Z', unreadable: [] });
    const found = report.keys.find(({ path }) => path === '/apps/prod/');
    expect(found).toMatchObject({
      account: '444455556666',
      userName: 'deploy+ci=main@example.com',
      userId: expect.stringMatching(/^AIDA/),
      keyId: expect.stringMatching(/^AKIA[A-Z0-9]{16}$/),
      status: 'Active',
      createdAt: '2026-05-06T08:00:00.000Z',
      ageDays: 180,
      lastUsed: '2026-11-01T20:00:00.000Z',
      action: 'replace',
      mode: 'approve',
      because: expect.any(String),
      standsInTheWay: null,
      owner: null,
      approvers: ['Ada Approver', 'Sam Oncall'],
      exempt: false,
      policy: { decidedBy: 'defaults', graceHours: 48, snoozeCapHours: 168, window: 'any time' },
      steps: [
        { what: 'approval wanted by', at: '2026-11-09T08:00:00.000Z', earliest: false },
        { what: 'new key issued', at: '2026-11-02T08:00:00.000Z', earliest: true },
        { what: 'switched off', at: '2026-11-04T08:00:00.000Z', earliest: true },
        { what: 'deleted', at: '2026-11-05T08:00:00.000Z', earliest: true },
      ],
    });
  });

  it('has totals that add up', async () => {
    const { totals, keys } = await jsonOf();
    const { replace, retire, decide, exempt, none, unknown } = totals;
    expect(replace + retire + decide + exempt + none + unknown).toBe(keys.length);
    expect(totals).toMatchObject({ keys: 31, users: 21, accounts: 2, unreadable: 0 });
  });

  it('is of the accounts asked for', async () => {
    const { keys, totals } = await jsonOf('--account', '444455556666', '--account', '444455556666');
    expect(new Set(keys.map(({ account }) => account))).toEqual(new Set(['444455556666']));
    expect(totals.accounts).toBe(1);
  });

  it('is by the policy asked for', async () => {
    const file = policyFile(`people: [{ name: Ada, slackUserId: U0ADA, roles: [approver] }]
defaults: { mode: auto }
rules:
  - match: { path: /apps/ }
    mode: observe
  - match: { accounts: ["444455556666"] }
    window: mon-fri 02:00-05:00 Europe/Berlin
`);
    const report = await jsonOf('--policy', file);
    const of = (name: string) =>
      report.keys.find((key) => key.userName === name && key.account === '444455556666');
    expect(report.policy).toBe(file);
    expect(of('deploy+ci=main@example.com')).toMatchObject({
      mode: 'observe',
      action: 'none',
      policy: { decidedBy: 'rules[0] (path /apps/)' },
    });
    expect(of('one-used')?.steps[0]).toMatchObject({ at: '2026-11-03T01:00:00.000Z' });
    expect(report.totals.exempt).toBe(3);
  });
});

describe('how it ends', () => {
  it.each([[['--colour']], [['file.yml']], [['--account', '123456789012']], [['--policy']]])(
    'wrong usage %s',
    async (args) => {
      const { status, out, errors } = await run(...args);
      expect([status, out]).toEqual([2, []]);
      expect(errors.at(1)).toContain('usage:');
    },
  );

  it('a policy with problems: every one of them', async () => {
    const file = policyFile('defaults: { mode: maybe, graceHours: 12 }\nrule: []\n');
    const { status, out, errors } = await run('--policy', file);
    expect([status, out]).toEqual([1, []]);
    expect(errors).toHaveLength(4);
    expect(errors.every((each) => each.startsWith(`${file}:`))).toBe(true);
    expect((await run('--policy', join(folder, 'none.yml'))).status).toBe(1);
  });

  it('something could not be read: status 1, and a line that says so', async () => {
    const worldWith = async (...args: Parameters<typeof fleetWorld>) => {
      const world = await fleetWorld(...args);
      faultsIn(world.cloud).fail(
        { service: 'iam', operation: 'GetAccessKeyLastUsed' },
        'denied',
        2,
      );
      return world;
    };
    const { status, out } = await planCommand(['--sandbox'], undefined, worldWith);
    expect(status).toBe(1);
    expect(out.filter((line) => line.startsWith('not read'))).toHaveLength(2);
    expect(out.at(-1)).toMatch(/2 not known, 2 problems\.$/);
  });

  it('as a command: prints, and exits with the status', { timeout: 60_000 }, () => {
    const plan = (...args: string[]) =>
      execFileSync('node', ['commands/plan.ts', ...args], { encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(plan('--sandbox', '--json'))).toMatchObject({ totals: { keys: 31 } });
    expect(JSON.parse(plan('--policy'))).toMatchObject({ Version: '2012-10-17' });
    const readme = readFileSync('README.md', 'utf8');
    const sample = /```text\n(\d{4}-[\s\S]*?)```/.exec(readme)?.[1] ?? 'nothing';
    expect(plan('--sandbox')).toContain(sample.trimEnd());
  });
});

describe('hostile text', () => {
  const nasty = 'a\u001B[31mb\u0007\u202Ec\u2028d\u200Be\u{E0041}f\r\ng';

  it('is one line of what can be seen', () => {
    expect(visible(nasty)).toBe('a [31mb c def g');
    expect(cell(nasty, 6)).toBe('a [31…');
    expect(cell('ab', 4)).toBe('ab  ');
  });

  it('is wrapped, however long a word is', () => {
    const lines = wrapped(`see ${'x'.repeat(300)} there`, '  ', 40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines.join('').replaceAll(' ', '')).toBe(`see${'x'.repeat(300)}there`);
  });

  it('in names, paths and reasons cannot break the table', async () => {
    const worldWith = async (book: Parameters<typeof fleetWorld>[0]): Promise<World> => {
      const [given] = book.exemptions;
      if (given === undefined) throw new Error('no exemption');
      const exemptions = [{ ...given, reason: nasty, by: nasty }];
      const world = await fleetWorld({ ...book, exemptions });
      const createdAt = world.clock.now();
      const account = '111122223333';
      for (const userName of [nasty, 'long'.repeat(16)]) {
        world.cloud.addUser({ account, userName, path: `/${nasty}/`, createdAt });
        world.cloud.addKey(account, userName, { createdAt });
      }
      return world;
    };
    const { out } = await planCommand(['--sandbox', '--all'], undefined, worldWith);
    expect(out.join('')).not.toMatch(/[\p{C}\u2028]/u);
    expect(Math.max(...out.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(out.some((line) => line.includes(`/${'long'.repeat(16)}`))).toBe(true);
  });
});

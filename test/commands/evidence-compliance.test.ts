/** `evidence -- compliance`: asks, writes, and guesses nothing; `verify` and `page` take it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { evidenceCommand } from '../../commands/evidence.ts';
import { complianceCommand } from '../../commands/evidence-compliance.ts';
import { instant } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws, throttled } from '../adapters/canned-aws.ts';
import { journalOf, reportOf, textOf } from '../evidence-reports.ts';
import { pageProblems } from '../page-problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-compliance-'));
afterAll(() => rmSync(folder, { recursive: true }));

const user = JSON.stringify({ accountId: '111122223333', resourceId: 'AIDACKCEVSQ6C2EXAMPLE' });
const query = ({ Expression }: { readonly Expression: string }) =>
  Expression.includes('ResourceCompliance') ? { Results: [] } : { Results: [user] };

function asked(args: readonly string[], answers: Answers = { SelectResourceConfig: query }) {
  const { connectionIn, calls } = cannedAws(answers);
  const clock = virtualClock(instant('2026-11-09T08:00:00Z'));
  const wires = { env: { AWS_REGION: 'eu-west-1' }, clock, connectionIn };
  return { answer: complianceCommand(args, wires), calls };
}

test('an answer is kept, found whole, drawn, and found edited', async () => {
  const out = join(folder, 'compliance.json');
  expect(await asked(['--out', out]).answer).toEqual({ status: 0, out: [out], errors: [] });
  const text = readFileSync(out, 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    askedAt: '2026-11-09T08:00:00.000Z',
    askedOf: { region: 'eu-west-1', aggregator: null },
    accounts: [{ users: 1, compliant: 0, nonCompliant: 0, notEvaluated: 1 }],
  });
  expect(evidenceCommand(['verify', out]).status).toBe(0);
  const edited = join(folder, 'edited.json');
  writeFileSync(edited, text.replace('"compliant": 0', '"compliant": 1'));
  expect(JSON.parse(evidenceCommand(['verify', edited]).out[0] ?? '').problems).toHaveLength(2);
  writeFileSync(edited, text.replace('"rules"', '"rule"'));
  expect(evidenceCommand(['verify', edited]).out[0]).toContain('no answer of Config of Keyturn');
  writeFileSync(edited, text.replace('"region": "eu-west-1"', '"region": "eu-west-2"'));
  const report = join(folder, 'report.json');
  writeFileSync(report, textOf(reportOf('2026-11-02', [journalOf('svc-archive')])));
  const page = evidenceCommand(['page', report, out]);
  expect(page).toMatchObject({ status: 0, errors: [] });
  expect(pageProblems(`${page.out[0]}\n`)).toEqual([]);
  const wrong = evidenceCommand(['page', report, edited]);
  expect(wrong.status).toBe(1);
  expect(wrong.errors.join()).toContain(`${edited}: the digest is of another answer`);
  expect(wrong.out[0]).toContain('the digest is of another answer');
});

test('a page needs a report beside it', async () => {
  const out = join(folder, 'alone.json');
  await asked(['--out', out]).answer;
  expect(evidenceCommand(['page', out])).toMatchObject({
    status: 1,
    errors: ['there is no report: give one at least'],
  });
  expect((await asked(['--out', out]).answer).status).toBe(1);
});

test('what cannot be asked is said, and no file written', async () => {
  const out = join(folder, 'never.json');
  const refusing = {
    SelectAggregateResourceConfig: () => {
      throw throttled();
    },
  };
  const { answer } = asked(['--aggregator', 'all', '--out', out], refusing);
  expect(await answer).toMatchObject({ status: 1, out: [] });
  expect((await answer).errors.join()).toContain('asking AWS Config of aggregator all');
  expect(existsSync(out)).toBe(false);
});

test.each([[['--region', 'nowhere']], [['file.json']], [['--json']]])(
  '%j is wrong usage',
  async (args) => {
    const { answer, calls } = asked(args);
    expect(await answer).toMatchObject({ status: 2, out: [] });
    expect(calls).toEqual([]);
  },
);

/**
 * What the roles of the packaged stacks may do: the permission matrix, what is used against what is
 * granted, who may assume a role, and the text that reviewers read. It prints the number of cases.
 * After a wanted change: `UPDATE_GOLDEN=1 npx vitest run test/infra/matrix.test.ts`, then read the
 * difference.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dangers } from './dangers.ts';
import { hubElsewhere, hubTemplate, memberRolesIn, memberTemplateOf, rolesIn } from './deployed.ts';
import { casesFor, judgeAll } from './matrix.ts';
import { type Counts, countsText, permissionsText } from './permissions-table.ts';
import { recordedUses } from './recorded-worlds.ts';
import { home, readRecording, type Use } from './recording.ts';
import type { StackRole } from './stack-roles.ts';
import { admissions, judgedTrust, trustCasesFor } from './trust.ts';
import { unseen } from './unseen.ts';
import { missing, superfluous } from './used-and-granted.ts';

type Roles = ReadonlyMap<string, StackRole>;

interface Judged {
  readonly roles: Roles;
  /** Problems with permissions, and with who is let in. */
  readonly wrong: readonly string[];
  readonly wrongTrust: readonly string[];
  readonly letIn: ReadonlySet<string>;
  readonly counts: Counts;
}

const judgements = new Map<string, Judged>();
let uses: readonly Use[];

beforeAll(async () => {
  const template = await hubTemplate();
  uses = withOthers(await recordedUses(), otherRecordings());
  judgements.set('hub', await judge(rolesIn(template), home));
  const member = memberRolesIn(memberTemplateOf(template));
  judgements.set('member account', await judge(member, hubElsewhere));
}, 300_000);

async function judge(roles: Roles, hub: string): Promise<Judged> {
  const { wrong, counts } = await judgeAll(casesFor(roles, uses), roles);
  const trustCases = trustCasesFor(roles, admissions(hub));
  const trust = await Promise.all(trustCases.map((each) => judgedTrust(each, roles)));
  const letIn = trustCases.filter(({ expected }) => expected === 'let in');
  return {
    roles,
    wrong,
    wrongTrust: trust.filter((each) => each !== undefined),
    letIn: new Set(letIn.map(({ role }) => role)),
    counts: { ...counts, trust: trustCases.length },
  };
}

/** Recordings of other runs: JSON lines, as test/infra/recording.ts reads them. */
const folder = join(import.meta.dirname, 'recordings');

function otherRecordings(): readonly Use[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readRecording(readFileSync(join(folder, file), 'utf8')));
}

/** Of the others, what the sandbox does not show; it alone knows under which conditions. */
function withOthers(own: readonly Use[], others: readonly Use[]): readonly Use[] {
  const nameOf = ({ role, action, resource }: Use) => JSON.stringify([role, action, resource]);
  const known = new Set(own.map(nameOf));
  return [...own, ...others.filter((use) => !known.has(nameOf(use)))];
}

function judged(name: string): Judged {
  const found = judgements.get(name);
  if (found === undefined) throw new Error(`the roles of the ${name} were not judged`);
  return found;
}

describe.each(['hub', 'member account'])('in the %s', (name) => {
  test('every role may do what it does, and nothing else that is asked', () => {
    const { wrong, counts, roles } = judged(name);
    console.log(`${name}: ${countsText(counts)}`);
    expect(wrong).toEqual([]);
    expect(counts.used).toBeGreaterThan(80);
    expect(counts.elsewhere).toBeGreaterThan(150);
    expect(counts.danger).toBe(roles.size * dangers.length);
    expect(counts.boundary).toBeGreaterThan(1000);
  });

  test('everything that a role may do, it does, or somebody says why it must', () => {
    expect(superfluous(uses, judged(name).roles, unseen)).toEqual([]);
  });

  test('every role has the boundary', () => {
    const bounds = [...judged(name).roles.values()].map(({ boundary }) => boundary?.name);
    expect(new Set(bounds)).toEqual(new Set(['Boundary']));
  });

  test('a role is assumed by who needs it, under every condition that it is tied to', () => {
    const { wrongTrust, letIn, roles } = judged(name);
    expect(wrongTrust).toEqual([]);
    expect([...letIn].toSorted()).toEqual([...roles.keys()].toSorted());
  });
});

test('everything that was recorded, a role of the hub may do', async () => {
  expect(await missing(uses, judged('hub').roles)).toEqual([]);
});

test('tables name roles that there are, and reasons are sentences', () => {
  const all = new Set([...judgements.values()].flatMap(({ roles }) => [...roles.keys()]));
  const named = [
    ...dangers.flatMap(({ only }) => only),
    ...unseen.flatMap(({ roles }) => roles),
    ...admissions(home).flatMap(({ roles }) => roles),
  ];
  expect(named.filter((each) => !all.has(each))).toEqual([]);
  for (const { because } of unseen) expect(because).toMatch(/^[A-Z].{20,}\.$/);
});

const root = join(import.meta.dirname, '..', '..');
const goldenFile = join(root, 'test', 'golden', 'permissions.md');
const docsFile = join(root, 'docs', 'permissions.md');
const countLine = /^The matrix has .*$/m;
const hint =
  'permissions changed: if that is wanted, run UPDATE_GOLDEN=1 npx vitest run ' +
  'test/infra/matrix.test.ts, and read the difference';

function kept(path: string, text: string): string {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
  return existsSync(path) ? readFileSync(path, 'utf8') : 'no file';
}

test('the permissions are as they are written down for reviewers, and so is the count', () => {
  const [hub, member] = [judged('hub'), judged('member account')];
  const counts = sums([hub.counts, member.counts]);
  const text = permissionsText(hub.roles, member.roles, counts);
  expect(text, hint).toEqual(kept(goldenFile, text));
  const docs = readFileSync(docsFile, 'utf8');
  const now = docs.replace(countLine, countsText(counts));
  expect(docs).toMatch(countLine);
  expect(now, hint).toEqual(kept(docsFile, now));
});

function sums(all: readonly Counts[]): Counts {
  const kinds = [...new Set(all.flatMap((counts) => Object.keys(counts)))];
  return Object.fromEntries(
    kinds.map((kind) => [kind, all.reduce((sum, counts) => sum + (counts[kind] ?? 0), 0)]),
  );
}

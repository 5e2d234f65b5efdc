/**
 * What the roles of the packaged stack may do: the permission matrix, what is used against what is
 * granted, who may assume a role, and the text that reviewers read. It prints the number of cases.
 * After a wanted change: `UPDATE_GOLDEN=1 npx vitest run test/infra/matrix.test.ts`, then read the
 * difference.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dangers } from './dangers.ts';
import { deployment, hubTemplate, rolesIn } from './deployed.ts';
import { casesFor, judgeAll } from './matrix.ts';
import { may } from './may.ts';
import { permissionsText, words } from './permissions-table.ts';
import { recordedUses } from './recorded-worlds.ts';
import { readRecording, stage, type Use } from './recording.ts';
import { resolveTemplate, type Template } from './resolve-template.ts';
import type { StackRole } from './stack-roles.ts';
import { admissions, judgedTrust, trustCasesFor } from './trust.ts';
import { unseen } from './unseen.ts';
import { missing, superfluous } from './used-and-granted.ts';

let template: Template;
let roles: ReadonlyMap<string, StackRole>;
let uses: readonly Use[];
let judged: Awaited<ReturnType<typeof judgeAll>>;

beforeAll(async () => {
  template = await hubTemplate();
  roles = rolesIn(template);
  uses = [...(await recordedUses()), ...otherRecordings()];
  judged = await judgeAll(casesFor(roles, uses), roles);
}, 300_000);

/** Recordings of other runs: JSON lines, as test/infra/recording.ts writes them. */
const folder = join(import.meta.dirname, 'recordings');

function otherRecordings(): readonly Use[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readRecording(readFileSync(join(folder, file), 'utf8')));
}

const trustCases = () => trustCasesFor(roles, admissions(stage));
const counts = () => ({ ...judged.counts, trust: trustCases().length });

describe('the matrix', () => {
  test('lets every role do what it does, and nothing else that is asked', () => {
    expect(judged.wrong).toEqual([]);
    console.log(`permission matrix: ${words(counts())}`);
    expect(judged.counts.used).toBeGreaterThan(100);
    expect(judged.counts.elsewhere).toBeGreaterThan(200);
    expect(judged.counts.danger).toBe(roles.size * dangers.length);
  });

  test('gives every role the same boundary', () => {
    const boundaries = new Set([...roles.values()].map(({ boundary }) => boundary?.name));
    expect([...boundaries]).toHaveLength(1);
  });

  test('knows every role that a danger is left to', () => {
    const named = new Set(dangers.flatMap(({ only }) => only));
    const idle = [...named].filter((name) => !roles.has(name) && !laterRoles.has(name));
    expect(idle).toEqual([]);
  });
});

/** Named in tables, and not in this template yet. */
const laterRoles: ReadonlySet<string> = new Set([
  'findings',
  'launcher',
  'runbook-deactivate-key',
  'runbook-delete-key',
  'runbook-issue-replacement-key',
  'runbook-restore-key',
]);

describe('what is used and what is granted', () => {
  test('everything that a role does, it may do', async () => {
    expect(await missing(uses, roles)).toEqual([]);
  });

  test('everything that a role may do, it does, or somebody says why it must', () => {
    expect(superfluous(uses, roles, unseen)).toEqual([]);
    for (const { because } of unseen) expect(because).toMatch(/^[A-Z].{20,}\.$/);
  });
});

describe('who may assume a role', () => {
  test('is who needs to, under every condition that it is tied to', async () => {
    const wrong = await Promise.all(trustCases().map((each) => judgedTrust(each, roles)));
    expect(wrong.filter((each) => each !== undefined)).toEqual([]);
  });

  test('is somebody for every role', () => {
    const letIn = new Set(
      trustCases()
        .filter(({ expected }) => expected === 'let in')
        .map(({ role }) => role),
    );
    expect([...roles.keys()].filter((name) => !letIn.has(name))).toEqual([]);
  });
});

const file = join(import.meta.dirname, '..', 'golden', 'permissions.md');

test('the permissions are as they are written down for reviewers', () => {
  const text = permissionsText(roles, counts());
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : 'no file';
  const hint =
    'permissions changed: if wanted, run UPDATE_GOLDEN=1 npx vitest run test/infra/matrix.test.ts';
  expect(text, hint).toEqual(golden);
});

/** The template with something changed in it, as roles. */
function planted(change: (copy: Template) => void): ReadonlyMap<string, StackRole> {
  const copy: Template = structuredClone(template);
  change(copy);
  return rolesIn(copy);
}

// biome-ignore lint/suspicious/noExplicitAny: statements of whatever form the template has
function statements(copy: Template, role: string): any[] {
  const found = [...roles.values()].find(({ name }) => name === role);
  return copy.Resources[found?.logicalId ?? '']?.Properties.Policies[0].PolicyDocument.Statement;
}

describe('planted faults are seen', () => {
  test('a permission too many', () => {
    const changed = planted((copy) => {
      const Resource = 'arn:aws:iam::111122223333:user/*';
      statements(copy, 'witness').push({ Effect: 'Allow', Action: 'iam:DeleteUser', Resource });
    });
    expect(superfluous(uses, changed, unseen).join()).toContain('witness may iam:DeleteUser');
  });

  test('a permission too few', async () => {
    const changed = planted((copy) => {
      const list = statements(copy, 'witness');
      list.splice(
        list.findIndex(({ Action }) => [Action].flat().includes('iam:ListUsers')),
        1,
      );
    });
    expect(await missing(uses, changed)).toEqual([
      'witness uses iam:ListUsers on *, and is not allowed',
    ]);
  });

  test('a resource widened to everything', () => {
    const changed = planted((copy) => {
      for (const each of statements(copy, 'custodian')) {
        if ([each.Action].flat().includes('secretsmanager:GetSecretValue')) each.Resource = '*';
      }
    });
    const found = superfluous(uses, changed, unseen).join();
    expect(found).toContain('custodian may secretsmanager:GetSecretValue on *');
  });

  test('a condition dropped', async () => {
    const whoPasses = [...roles.values()].find((role) =>
      JSON.stringify(role.policies).includes('iam:PassRole'),
    );
    const name = whoPasses?.name ?? '';
    const changed = planted((copy) => {
      for (const each of statements(copy, name)) {
        if (each.Action === 'iam:PassRole') delete each.Condition;
      }
    });
    const passed = uses.find(({ role, action }) => role === name && action === 'iam:PassRole');
    const elsewhere = {
      action: 'iam:PassRole',
      resource: passed?.resource ?? '',
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    };
    const [before, after] = [roles.get(name), changed.get(name)];
    if (before === undefined || after === undefined) throw new Error('nobody passes a role');
    expect(await may(before, elsewhere)).toBe('not allowed');
    expect(await may(after, elsewhere)).toBe('allowed');
  });

  test('a policy that the template does not show', () => {
    expect(() =>
      planted((copy) => {
        const { logicalId = '' } = roles.get('witness') ?? {};
        const properties = copy.Resources[logicalId]?.Properties;
        properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
      }),
    ).toThrow('AdministratorAccess, which its template does not show');
  });
});

test('what the resolver does not model, it refuses by name', () => {
  const { value } = resolveTemplate(template, deployment);
  expect(() => value({ 'Fn::ImportValue': 'x' })).toThrow('no model of Fn::ImportValue');
  expect(() => value({ Ref: 'Nothing' })).toThrow('the template has no Nothing');
});

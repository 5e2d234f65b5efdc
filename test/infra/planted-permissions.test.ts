/** Permissions too many and too few are seen: planted in the packaged template, in memory. */
import { beforeAll, describe, expect, test } from 'vitest';
import { deployment, hubTemplate, rolesIn } from './deployed.ts';
import { casesFor, judgeAll } from './matrix.ts';
import { mayAtMost } from './may.ts';
import { recordedUses } from './recorded-worlds.ts';
import { home, readRecording, type Use, writeRecording } from './recording.ts';
import { resolveTemplate, type Template } from './resolve-template.ts';
import type { StackRole } from './stack-roles.ts';
import { admissions, judgedTrust, trustCasesFor } from './trust.ts';
import { unseen } from './unseen.ts';
import { missing, superfluous } from './used-and-granted.ts';

type Roles = ReadonlyMap<string, StackRole>;

let template: Template;
let roles: Roles;
let uses: readonly Use[];

beforeAll(async () => {
  template = await hubTemplate();
  roles = rolesIn(template);
  uses = await recordedUses();
}, 300_000);

// biome-ignore lint/suspicious/noExplicitAny: properties of whatever form the template has
type Properties = any;

/** The roles, after something was changed in the template. */
function planted(role: string, change: (properties: Properties) => void): Roles {
  const copy: Template = structuredClone(template);
  change(copy.Resources[roles.get(role)?.logicalId ?? '']?.Properties);
  return rolesIn(copy);
}

function roleOf(some: Roles, name: string): StackRole {
  const role = some.get(name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

/** The statement of the role with that action. */
function statementOf({ Policies }: Properties, action: string): Properties {
  const found = Policies[0].PolicyDocument.Statement.find((each: Properties) =>
    [each.Action].flat().includes(action),
  );
  if (found === undefined) throw new Error(`no statement has ${action}`);
  return found;
}

async function wrong(changed: Roles, role: string): Promise<string> {
  const cases = casesFor(changed, uses).filter((each) => each.role === role);
  return (await judgeAll(cases, changed)).wrong.join('\n');
}

describe('planted faults are seen', () => {
  test('a permission too many', async () => {
    const changed = planted('witness', ({ Policies }) => {
      const Resource = `arn:aws:iam::${home}:user/*`;
      const Action = 'iam:UpdateAccessKey';
      Policies[0].PolicyDocument.Statement.push({ Effect: 'Allow', Action, Resource });
    });
    expect(superfluous(uses, changed, unseen).join()).toContain('witness may iam:UpdateAccessKey');
    expect(await wrong(changed, 'witness')).toContain('witness may iam:UpdateAccessKey');
  });

  test('one that the boundary stops: superfluous all the same', async () => {
    const changed = planted('witness', ({ Policies }) => {
      const Resource = `arn:aws:iam::${home}:user/*`;
      const Action = 'iam:DeleteUser';
      Policies[0].PolicyDocument.Statement.push({ Effect: 'Allow', Action, Resource });
    });
    expect(superfluous(uses, changed, unseen).join()).toContain('witness may iam:DeleteUser');
    expect(await wrong(changed, 'witness')).toBe('');
  });

  test('a permission too few', async () => {
    const changed = planted('witness', (properties) => {
      statementOf(properties, 'iam:ListUsers').Action = 'iam:GetUser';
    });
    expect(await missing(uses, changed)).toEqual([
      'witness uses iam:ListUsers on *, and is not allowed',
    ]);
  });

  test('a resource widened to everything', async () => {
    const changed = planted('custodian', (properties) => {
      statementOf(properties, 'secretsmanager:GetSecretValue').Resource = '*';
    });
    const found = superfluous(uses, changed, unseen).join();
    expect(found).toContain('custodian may secretsmanager:GetSecretValue on *');
    expect(await wrong(changed, 'custodian')).toContain('secret:keyturn-dev-connections-AbCdEf');
  });

  test('the boundary dropped', async () => {
    const changed = planted('key-maker', (properties) => {
      delete properties.PermissionsBoundary;
    });
    const attached = { action: 'iam:DeleteUser', resource: `arn:aws:iam::${home}:user/svc-app` };
    expect(await mayAtMost(roleOf(roles, 'key-maker'), attached)).toBe('not allowed');
    expect(await mayAtMost(roleOf(changed, 'key-maker'), attached)).toBe('allowed');
    expect(roleOf(changed, 'key-maker').boundary).toBeUndefined();
  });

  test('the condition on PassRole dropped, where no boundary repeats it', async () => {
    const changed = planted('launcher', (properties) => {
      delete properties.PermissionsBoundary;
      delete statementOf(properties, 'iam:PassRole').Condition;
    });
    expect(await wrong(changed, 'launcher')).toContain('launcher may iam:PassRole');
  });

  test('the external id dropped from a door', async () => {
    const changed = planted('reader', ({ AssumeRolePolicyDocument }) => {
      delete AssumeRolePolicyDocument.Statement[0].Condition.StringEquals;
    });
    const cases = trustCasesFor(changed, admissions(home));
    const found = await Promise.all(cases.map((each) => judgedTrust(each, changed)));
    expect(found.join()).toContain('reader lets in');
  });

  test('a policy that the template does not show', () => {
    const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(() =>
      planted('witness', (properties) => {
        properties.ManagedPolicyArns = [administrator];
      }),
    ).toThrow('AdministratorAccess, which its template does not show');
  });
});

test('a recording reads as it was written', () => {
  expect(readRecording(writeRecording(uses))).toEqual(uses);
  expect(() => readRecording('{"role":"witness"}')).toThrow('no recorded use');
});

test('what the resolver does not model, it refuses by name', () => {
  const { value } = resolveTemplate(template, deployment);
  expect(() => value({ 'Fn::ImportValue': 'x' })).toThrow('no model of Fn::ImportValue');
  expect(() => value({ Ref: 'Nothing' })).toThrow('the template has no Nothing');
});

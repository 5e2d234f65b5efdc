/**
 * The stack of a stage that keeps a token for GitHub: the custodian alone may read it, in the hub's
 * account and in a member account, wherever it is kept; without one nothing of it is there.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readCustodianSettings } from '../../app/config.ts';
import { deployment, hubTemplate, memberRolesIn, memberTemplateOf, rolesIn } from './deployed.ts';
import { may } from './may.ts';
import { packageStack } from './packaged-stack.ts';
import { stage } from './recording.ts';
import { resolveTemplate, type Template } from './resolve-template.ts';
import type { StackRole } from './stack-roles.ts';

type Roles = ReadonlyMap<string, StackRole>;

const inAccount = `${deployment.region}:${deployment.account}`;
const kinds = {
  'secrets-manager': {
    name: `keyturn-${stage}-github-token`,
    read: {
      action: 'secretsmanager:GetSecretValue',
      resource: `arn:aws:secretsmanager:${inAccount}:secret:keyturn-${stage}-github-token-AbCdEf`,
    },
    write: 'secretsmanager:PutSecretValue',
  },
  'parameter-store': {
    name: `/keyturn-${stage}/github-token`,
    read: {
      action: 'ssm:GetParameter',
      resource: `arn:aws:ssm:${inAccount}:parameter/keyturn-${stage}/github-token`,
    },
    write: 'ssm:PutParameter',
  },
};

describe.each(Object.entries(kinds))('a stage with its token in %s', (where, kind) => {
  let template: Template;
  let hub: Roles;
  let member: Roles;
  let plain: Roles;

  beforeAll(async () => {
    plain = rolesIn(await hubTemplate());
    template = { Resources: (await packageStack(stage, `githubTokenIn=${where}`)).resources };
    hub = rolesIn(template);
    member = memberRolesIn(memberTemplateOf(template));
  }, 120_000);

  test('lets the custodian read it under its boundary, and nobody else', async () => {
    for (const roles of [hub, member]) {
      const readers: string[] = [];
      for (const [name, role] of roles) {
        if ((await may(role, kind.read)) === 'allowed') readers.push(name);
      }
      expect(readers).toEqual(['custodian']);
    }
  });

  test('lets nobody write it', async () => {
    for (const role of hub.values()) {
      const question = { ...kind.read, action: kind.write };
      expect(await may(role, question), role.arn).not.toBe('allowed');
    }
  });

  test('gives nobody else more than without it', () => {
    expect([...hub.keys()]).toEqual([...plain.keys()]);
    for (const [name, { policies }] of hub) {
      const own = policies.filter((each) => each.name !== 'CustodianGitHubToken');
      expect(own, name).toEqual(plain.get(name)?.policies);
    }
  });

  test('tells the custodian where it is', () => {
    const resolved = resolveTemplate(template, deployment);
    const { Environment } = Object(template.Resources.CustodianLambdaFunction?.Properties);
    const { Variables } = Object(resolved.value(Environment));
    const settings = readCustodianSettings({ ...Variables, AWS_REGION: 'us-east-1' });
    expect(settings).toMatchObject({ ok: true, value: { gitHubTokenIn: kind.name } });
  });
});

test('a stage without one lets nobody read it, and tells the custodian of none', async () => {
  const template = await hubTemplate();
  expect(Object.keys(template.Resources)).not.toContain('CustodianGitHubToken');
  for (const role of rolesIn(template).values()) {
    for (const { read } of Object.values(kinds)) {
      expect(await may(role, read), role.arn).not.toBe('allowed');
    }
  }
  const { Environment } = Object(template.Resources.CustodianLambdaFunction?.Properties);
  const { Variables } = Object(resolveTemplate(template, deployment).value(Environment));
  expect(readCustodianSettings({ ...Variables, AWS_REGION: 'us-east-1' })).toMatchObject({
    ok: true,
    value: { gitHubTokenIn: null },
  });
}, 120_000);

test('credentials in Parameter Store can be read under the boundary', async () => {
  const { resources } = await packageStack(stage, 'connectionsIn=parameter-store');
  const roles = rolesIn({ Resources: resources });
  const resource = `arn:aws:ssm:${inAccount}:parameter/keyturn-${stage}/connections`;
  for (const name of ['on-tick', 'on-slack-action', 'daily-summary']) {
    const role = roles.get(name);
    if (role === undefined) throw new Error(`there is no ${name}`);
    expect(await may(role, { action: 'ssm:GetParameter', resource }), name).toBe('allowed');
    expect(await may(role, { action: 'ssm:PutParameter', resource })).not.toBe('allowed');
  }
}, 120_000);

/** The roles beside the keys: for whose keys, under which boundary, and as the sandbox has them. */
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { doorActions, runbookActions } from '../../sandbox/member-roles.ts';
import { type PackagedStack, packageStack, type Resource } from './packaged-stack.ts';
import { type Grant, grantsOf } from './policies.ts';

let stack: PackagedStack;
let grants: readonly Grant[];

beforeAll(async () => {
  stack = await packageStack('dev');
  grants = grantsOf(stack.resources);
}, 60_000);

const roles = (): readonly (readonly [string, Resource])[] =>
  Object.entries(stack.resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');

const actionsOf = (holder: string) =>
  grants.filter((grant) => grant.holder === holder).flatMap(({ actions }) => actions);

const idOf = (roleName: string) =>
  roles().find(([, { Properties }]) => Properties.RoleName === roleName)?.[0] ?? roleName;

describe('the boundary', () => {
  test('is that of every role', () => {
    expect(roles().length).toBeGreaterThan(12);
    for (const [id, { Properties }] of roles()) {
      expect(Properties.PermissionsBoundary, id).toEqual({ Ref: 'Boundary' });
    }
  });

  test('lets through all that any role is given: what it stops is nothing that is used', () => {
    const through = new Set(actionsOf('Boundary'));
    const used = grants.filter(({ holder }) => holder !== 'Boundary');
    const stopped = used.flatMap(({ holder, actions }) =>
      actions.filter((each) => !through.has(each)).map((each) => `${holder} ${each}`),
    );
    expect(stopped, 'list them in infra/boundary.yml').toEqual([]);
  });

  test('lets nobody change policies, roles, users or the trail', () => {
    for (const action of actionsOf('Boundary')) {
      expect(action).not.toMatch(/[*?]/);
      expect(action).not.toMatch(/^iam:(?:Attach|Put|Add|Remove|Tag|Untag|Detach)/);
      if (/^iam:(?:Create|Update|Delete)/.test(action)) expect(action).toMatch(/AccessKey$/);
      expect(action).not.toMatch(/^(?:cloudtrail|config):(?!LookupEvents|Select)/);
    }
  });

  test('denies in so many words what a resource’s own policy could otherwise allow', () => {
    const { Statement } = stack.resources.Boundary?.Properties.PolicyDocument ?? {};
    const denied = Statement.filter((each: { Effect: string }) => each.Effect === 'Deny');
    expect(denied.map((each: { Sid: string }) => each.Sid)).toEqual([
      'NeverOtherSecretsOrParameters',
      'NeverTheStopSwitch',
      'NeverWithoutWhatConsumersRead',
      'NeverChangeConnections',
      'NeverQueryATrail',
      'NeverBelowThesePaths',
      'NeverWithThisTag',
    ]);
    // A pattern that matched Keyturn's own secrets or claims would stop everything.
    expect(JSON.stringify(denied[0].NotResource)).toContain(':secret:keyturn/*');
    expect(JSON.stringify(denied[0].NotResource)).toContain(':parameter/keyturn/*');
    expect(JSON.stringify(denied[1].Resource)).toContain(':parameter/keyturn?dev/*');
  });

  test('fits into a managed policy: 6,144 characters without white space', () => {
    const text = JSON.stringify(stack.resources.Boundary?.Properties.PolicyDocument);
    expect(text.length).toBeLessThan(6144);
  });
});

describe('the sandbox has the roles as they are deployed', () => {
  test.each(Object.entries(doorActions))('door %s', (role, actions) => {
    const deployed = actionsOf(idOf(role.replace('keyturn-', 'keyturn-dev-')));
    expect(deployed.toSorted()).toEqual(actions.toSorted());
  });

  test.each(Object.entries(runbookActions))('runbook %s', (runbook, actions) => {
    const deployed = actionsOf(idOf(`keyturn-dev-runbook-${runbook}`));
    expect(deployed.toSorted()).toEqual(actions.toSorted());
  });
});

describe('whose keys', () => {
  type Statements = Readonly<Record<string, { Resource: unknown; Condition?: unknown }>>;
  const scope: (from: object) => Promise<Statements> = createRequire(import.meta.url)(
    '../../infra/user-scope.cjs',
  );
  const everybody = { userPaths: '/', scopeTag: '', neverPaths: '', neverTag: '' };
  const scoped = (changes: Partial<typeof everybody> = {}) => {
    const params: Readonly<Record<string, string>> = { ...everybody, ...changes };
    const resolveVariable = async (name: string) => params[name.replace('param:', '')];
    return scope({ resolveVariable });
  };
  const below = (path: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user${path}*`,
  });

  test('are everybody’s of the account, unless said otherwise', async () => {
    const { create, switch: onAndOff, delete: remove } = await scoped();
    for (const each of [create, onAndOff, remove]) {
      expect(each?.Resource).toEqual([below('/')]);
      expect(each).not.toHaveProperty('Condition');
    }
  });

  test('are those below paths and with a tag, where these are named', async () => {
    const { create } = await scoped({ userPaths: '/apps/, /ci/', scopeTag: 'keyturn:scope=yes' });
    expect(create).toMatchObject({
      Resource: [below('/apps/'), below('/ci/')],
      Condition: { StringEquals: { 'aws:ResourceTag/keyturn:scope': 'yes' } },
    });
  });

  test('are never those that are denied', async () => {
    const { neverByPath, neverByTag } = await scoped({
      neverPaths: '/admins/,/breakglass/',
      neverTag: 'keyturn:privileged=true',
    });
    expect(neverByPath).toMatchObject({
      Effect: 'Deny',
      Action: ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:UpdateAccessKey'],
      Resource: [below('/admins/'), below('/breakglass/')],
    });
    expect(neverByTag).toMatchObject({
      Effect: 'Deny',
      Resource: below('/'),
      Condition: { StringEqualsIgnoreCase: { 'aws:ResourceTag/keyturn:privileged': 'true' } },
    });
  });

  test('are denied of nobody where nobody is named', async () => {
    const { neverByPath, neverByTag } = await scoped();
    for (const each of [neverByPath, neverByTag]) {
      expect(each).toMatchObject({ Effect: 'Deny', Resource: below('/keyturn-nobody/') });
      expect(each).not.toHaveProperty('Condition');
    }
  });

  test('in the stack of dev are everybody’s but those tagged as privileged', () => {
    const { Statement } = stack.resources.Boundary?.Properties.PolicyDocument ?? {};
    expect(Statement.at(-1)).toMatchObject({
      Condition: { StringEqualsIgnoreCase: { 'aws:ResourceTag/keyturn:privileged': 'true' } },
    });
  });
});

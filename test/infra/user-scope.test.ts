/**
 * Whose keys may be changed: by path and tag, and never those of users who are marked, whatever
 * else is allowed. Over the packaged stack, once with a narrow scope and once as it comes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { rolesIn } from './deployed.ts';
import { type Answer, may, mayAtMost } from './may.ts';
import { packageStack } from './packaged-stack.ts';
import { home, stage } from './recording.ts';
import type { StackRole } from './stack-roles.ts';

/** Who changes keys, and how. */
const hands = [
  ['key-maker', 'iam:CreateAccessKey'],
  ['key-maker', 'iam:DeleteAccessKey'],
  ['runbook-deactivate-key', 'iam:UpdateAccessKey'],
  ['runbook-restore-key', 'iam:UpdateAccessKey'],
  ['runbook-delete-key', 'iam:DeleteAccessKey'],
] as const;

const scopes = {
  narrow: [
    'userPaths=/apps/,/ci/',
    'scopeTag=keyturn:managed=yes',
    'neverPaths=/apps/break-glass/',
    'neverTag=keyturn:privileged=true',
  ],
  'as it comes': [],
} as const;

const managed = { 'keyturn:managed': 'yes' };

type Tags = Readonly<Record<string, string>>;
type Subject = readonly [about: string, path: string, tags: Tags, expected: Answer];

const subjects: Readonly<Record<keyof typeof scopes, readonly Subject[]>> = {
  narrow: [
    ['in scope', '/apps/', managed, 'allowed'],
    ['in scope, deeper', '/ci/eu/', managed, 'allowed'],
    ['without the tag', '/apps/', {}, 'not allowed'],
    ['with another value', '/apps/', { 'keyturn:managed': 'no' }, 'not allowed'],
    ['under no path', '/', managed, 'not allowed'],
    ['under another path', '/people/', managed, 'not allowed'],
    ['under a path that begins alike', '/apps-legacy/', managed, 'not allowed'],
    ['whose path is never', '/apps/break-glass/', managed, 'explicitly denied'],
    [
      'who is privileged',
      '/apps/',
      { ...managed, 'keyturn:privileged': 'true' },
      'explicitly denied',
    ],
    [
      'who is privileged, written otherwise',
      '/apps/',
      { ...managed, 'keyturn:privileged': 'True' },
      'explicitly denied',
    ],
  ],
  'as it comes': [
    ['under no path', '/', {}, 'allowed'],
    ['under any path', '/people/admins/', {}, 'allowed'],
    ['who is privileged', '/', { 'keyturn:privileged': 'true' }, 'explicitly denied'],
    ['who is not', '/', { 'keyturn:privileged': 'false' }, 'allowed'],
  ],
};

describe.each(['narrow', 'as it comes'] as const)('with a scope that is %s', (scope) => {
  let roles: ReadonlyMap<string, StackRole>;

  beforeAll(async () => {
    const { resources } = await packageStack(stage, ...scopes[scope]);
    roles = rolesIn({ Resources: resources });
  }, 120_000);

  const roleOf = (name: string): StackRole => {
    const role = roles.get(name);
    if (role === undefined) throw new Error(`no role ${name}`);
    return role;
  };

  const cases = subjects[scope].flatMap((subject) =>
    hands.map(([role, action]) => [role, action, ...subject] as const),
  );

  test.each(cases)('%s: %s on a user %s', async (role, action, _about, path, tags, expected) => {
    const question = {
      action,
      resource: `arn:aws:iam::${home}:user${path}svc-app`,
      context: Object.fromEntries(
        Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]),
      ),
    };
    expect(await may(roleOf(role), question)).toBe(expected);
    // Even an administrator's policy on the role does not reach those who are never touched.
    const isNever = expected === 'explicitly denied';
    if (isNever) expect(await mayAtMost(roleOf(role), question)).toBe(expected);
  });
});

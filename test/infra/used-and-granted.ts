/**
 * What is used against what is granted, both ways: a use that no policy allows breaks Keyturn in
 * production; a permission that nobody uses waits for somebody to misuse it.
 */
import { may } from './may.ts';
import type { Use } from './recording.ts';
import { listOf, type StackRole, type Statement } from './stack-roles.ts';

type Roles = ReadonlyMap<string, StackRole>;

/** A permission that no recording shows, and the sentence that says why it is needed. */
export interface Unseen {
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  readonly because: string;
}

/** Uses that the roles are not allowed, each as a sentence. */
export async function missing(uses: readonly Use[], roles: Roles): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const use of uses) {
    const role = roles.get(use.role);
    const answer = role === undefined ? 'not there' : await may(role, use);
    if (answer === 'allowed') continue;
    problems.push(`${use.role} uses ${use.action} on ${use.resource}, and is ${answer}`);
  }
  return problems;
}

/** One action on one resource, as a statement grants it. */
export interface Granted {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly statement: Statement;
}

export function grantedTo(role: StackRole): readonly Granted[] {
  return role.policies
    .flatMap(({ policy }) => policy.Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => {
      if (statement.NotAction !== undefined || statement.NotResource !== undefined) {
        throw new Error(`${role.name} is granted by exclusion: list what it may do instead`);
      }
      return listOf(statement.Action).flatMap((action) =>
        listOf(statement.Resource).map((resource) => ({
          role: role.name,
          action,
          resource,
          statement,
        })),
      );
    });
}

/** Permissions that no use needs and nobody explains; explanations of what is not there. */
export function superfluous(
  uses: readonly Use[],
  roles: Roles,
  explained: readonly Unseen[],
): readonly string[] {
  const unused = [...roles.values()]
    .flatMap(grantedTo)
    .filter((granted) => canBe(granted) && !isUsed(granted, uses));
  const explains = ({ roles: names, actions }: Unseen, { role, action }: Granted) =>
    names.includes(role) && actions.includes(action);
  const unexplained = unused.filter(
    (granted) => !explained.some((each) => explains(each, granted)),
  );
  const idle = explained.flatMap(({ roles: names, actions }) =>
    names
      .filter((role) => roles.has(role))
      .flatMap((role) =>
        actions
          .filter((action) => !unused.some((each) => each.role === role && each.action === action))
          .map((action) => `${role} and ${action} are explained, and no unused permission is that`),
      ),
  );
  return [
    ...unexplained.map(
      ({ role, action, resource }) => `${role} may ${action} on ${resource}, and never does`,
    ),
    ...idle,
  ];
}

/** A statement lists actions on policies and on groups together: neither is of the other. */
function canBe({ action, resource }: Granted): boolean {
  if (/^iam:\w*GroupPolic(y|ies)$/.test(action)) return !resource.includes(':policy/');
  if (/^iam:GetPolicy/.test(action)) return !resource.includes(':group/');
  return true;
}

function isUsed({ role, action, resource }: Granted, uses: readonly Use[]): boolean {
  return uses.some(
    (use) =>
      use.role === role && pattern(action, 'i').test(use.action) && isOn(resource, use.resource),
  );
}

/** What is asked of `*` alone fits no narrower resource; what has a resource needs no `*`. */
function isOn(granted: string, used: string): boolean {
  if (granted === '*' || used === '*') return granted === used;
  return pattern(granted).test(used);
}

/** IAM's `*` and `?`, which stand for any characters, colons and slashes too. */
export function pattern(text: string, flags = ''): RegExp {
  const plain = text.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${plain.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags);
}

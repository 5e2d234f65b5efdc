/** The roles of the hub's stack, in the account and stage that permissions are judged in. */
import { packageStack } from './packaged-stack.ts';
import { home, region, stage } from './recording.ts';
import { resolveTemplate, type Template } from './resolve-template.ts';
import { rolesOf, type StackRole } from './stack-roles.ts';

export const deployment = {
  partition: 'aws',
  account: home,
  region,
  stackName: `keyturn-${stage}`,
  parameters: {},
} as const;

let packaged: Promise<Template> | undefined;

/** The template of the hub's stack; packaged once a process. */
export function hubTemplate(): Promise<Template> {
  packaged ??= packageStack(stage).then(({ resources }) => ({ Resources: resources }));
  return packaged;
}

/** The roles of a template, by their short names. */
export function rolesIn(template: Template): ReadonlyMap<string, StackRole> {
  return rolesOf(resolveTemplate(template, deployment), stage);
}

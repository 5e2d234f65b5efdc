/**
 * The roles of the packaged stacks, in the account and stage that permissions are judged in: that
 * of the hub, and a member account, whose hub is elsewhere.
 */
import { type MemberTemplate, memberTemplate } from '../../commands/member-stack.ts';
import { type PackagedStack, packageStack } from './packaged-stack.ts';
import { home, region, stage } from './recording.ts';
import { type Deployment, resolveTemplate, type Template } from './resolve-template.ts';
import { rolesOf, type StackRole } from './stack-roles.ts';

/** The hub, for a member account. */
export const hubElsewhere = '444455556666';

export const deployment: Deployment = {
  partition: 'aws',
  account: home,
  region,
  stackName: `keyturn-${stage}`,
  parameters: {},
};

const inMember: Deployment = {
  ...deployment,
  parameters: { HubAccount: hubElsewhere, HubRegion: region },
};

let packaged: Promise<PackagedStack> | undefined;

/** The template of the hub's stack; packaged once a process. */
export async function hubTemplate(): Promise<Template> {
  packaged ??= packageStack(stage);
  const { resources } = await packaged;
  return { Resources: resources };
}

/** The template of member accounts, made of the hub's. */
export function memberTemplateOf(hub: Template): MemberTemplate {
  return memberTemplate(Object(hub.Resources), stage, { custodian: 'a.zip', witness: 'b.zip' });
}

/** The roles of the hub's template, by their short names. */
export function rolesIn(template: Template): ReadonlyMap<string, StackRole> {
  return rolesOf(resolveTemplate(template, deployment), stage);
}

/** The roles of a member account. */
export function memberRolesIn(template: MemberTemplate): ReadonlyMap<string, StackRole> {
  return rolesOf(resolveTemplate(template, inMember), stage);
}

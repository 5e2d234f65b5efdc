/**
 * Who may press what. Permission comes from the explicit mapping of people to roles and from
 * nothing else: a person who is not in it is refused, and so is whatever no rule below allows.
 */
import type { Rotation } from './case.ts';
import type { Person, Role } from './people.ts';
import { type Press, pressName } from './press.ts';

export type Permission = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** The roles of which one is needed. Force and abandon override evidence: admins alone. */
const needed: Readonly<Record<Press['type'], readonly Role[]>> = {
  approve: ['owner', 'approver', 'admin'],
  snooze: ['owner', 'approver', 'admin'],
  pause: ['owner', 'approver', 'admin'],
  resume: ['owner', 'approver', 'admin'],
  'roll back': ['owner', 'approver', 'admin'],
  attest: ['owner', 'approver', 'admin'],
  force: ['admin'],
  abandon: ['admin'],
};

/**
 * Whether `person` (undefined: nobody known) may make the press on this rotation. The role `owner`
 * counts for the person's own rotations only. Nobody approves the rotation of a key of their own,
 * whatever their other roles, unless its policy allows self-approval. Where the policy lists
 * approvers, only they approve, and a role is needed all the same.
 */
export function mayPress(person: Person | undefined, press: Press, rotation: Rotation): Permission {
  if (person === undefined) {
    return no('Keyturn does not know you: ask an admin to add you to its people and roles.');
  }
  const { owner, policy } = rotation;
  const own = owner.known && owner.slackUserId === person.slackUserId;
  const roles = person.roles.filter((role) => role !== 'owner' || own);
  const allowed = needed[press.type];
  if (!roles.some((role) => allowed.includes(role))) {
    return no(`${pressName(press)} takes ${inWords(allowed)}: ask one of them to press it.`);
  }
  if (press.type === 'approve' && own && !policy.selfApproval) {
    return no('Nobody approves the rotation of their own key: ask an approver or an admin.');
  }
  const { approvers } = policy;
  if (press.type === 'approve' && approvers !== 'any' && !isAmong(approvers, person)) {
    return no(`Here only ${orList(approvers)} may approve: ask one of them.`);
  }
  return { ok: true };
}

function isAmong(approvers: readonly string[], { name, slackUserId }: Person): boolean {
  return approvers.includes(slackUserId) || approvers.includes(name);
}

function no(why: string): Permission {
  return { ok: false, why };
}

function inWords(roles: readonly Role[]): string {
  const named = roles.map((role) => (role === 'owner' ? "the key's owner" : `an ${role}`));
  return orList(named);
}

function orList(named: readonly string[]): string {
  const last = named.at(-1) ?? 'nobody';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} or ${last}`;
}

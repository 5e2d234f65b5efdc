/**
 * Who may press what. Permission comes from the explicit mapping of people to roles and from
 * nothing else: a person who is not in it is refused, and so is whatever no rule below allows.
 */
import type { Rotation } from './case.ts';
import { hasOwnersRights, isOrWasOwner, isOwner } from './handover.ts';
import type { Person, Role } from './people.ts';
import { type FormName, type Press, pressName } from './press.ts';

export type Permission = { readonly ok: true } | { readonly ok: false; readonly why: string };

/**
 * The roles of which one is needed. Force and abandon override evidence: admins alone. An exemption
 * leaves a stale key where it is: nobody decides that as its owner. A viewer presses nothing.
 */
const needed: Readonly<Record<Press['type'], readonly Role[]>> = {
  approve: ['owner', 'approver', 'admin'],
  snooze: ['owner', 'approver', 'admin'],
  'snooze until': ['owner', 'approver', 'admin'],
  pause: ['owner', 'approver', 'admin'],
  resume: ['owner', 'approver', 'admin'],
  'roll back': ['owner', 'approver', 'admin'],
  attest: ['owner', 'approver', 'admin'],
  'not mine': ['owner', 'approver', 'admin'],
  exempt: ['approver', 'admin'],
  force: ['admin'],
  abandon: ['admin'],
};

/**
 * Whether `person` (undefined: nobody known) may make the press, or open the form, on this
 * rotation. The role `owner` counts for the person's own rotations only, and once an approver or an
 * admin has confirmed what an owner said. Nobody approves the rotation of a key of their own, nor
 * exempts it, whatever their other roles, unless its policy allows self-approval; to have said that
 * it is not theirs changes nothing in that. Where the policy lists approvers, only they approve or
 * exempt, and a role is needed all the same.
 */
export function mayPress(
  person: Person | undefined,
  press: Press | FormName,
  rotation: Rotation,
): Permission {
  if (person === undefined) {
    return no('Keyturn does not know you: ask an admin to add you to its people and roles.');
  }
  const { type, name } =
    typeof press === 'string'
      ? { type: press, name: press }
      : { type: press.type, name: pressName(press) };
  const { slackUserId } = person;
  const owns =
    type === 'not mine' ? isOwner(rotation, slackUserId) : hasOwnersRights(rotation, slackUserId);
  const roles = person.roles.filter((role) => role !== 'owner' || owns);
  const allowed = needed[type];
  if (!roles.some((role) => allowed.includes(role))) {
    return no(`${name} takes ${inWords(allowed)}: ask one of them to press it.`);
  }
  return type === 'approve' || type === 'exempt' ? mayGrant(person, type, rotation) : { ok: true };
}

/**
 * Approval and exemption are the word of somebody other than the owner, and of one of the approvers
 * that the policy lists: an exemption spares the key what an approval lets begin.
 */
function mayGrant(person: Person, type: 'approve' | 'exempt', rotation: Rotation): Permission {
  const { approvers, selfApproval } = rotation.policy;
  if (isOrWasOwner(rotation, person.slackUserId) && !selfApproval) {
    return type === 'approve'
      ? no('Nobody approves the rotation of their own key: ask an approver or an admin.')
      : no('Nobody exempts their own key: ask an approver or an admin.');
  }
  if (approvers !== 'any' && !isAmong(approvers, person)) {
    return no(`Here only ${orList(approvers)} may ${type}: ask one of them.`);
  }
  return { ok: true };
}

/**
 * Whether `person` may give somebody the owner's rights on any rotation: their own word does so for
 * nobody, or an owner could hand on what nobody gave.
 */
export function mayAssign(person: Person | undefined): boolean {
  return person?.roles.some((role) => role === 'approver' || role === 'admin') === true;
}

function isAmong(approvers: readonly string[], { name, slackUserId }: Person): boolean {
  return approvers.includes(slackUserId) || approvers.includes(name);
}

function no(why: string): Permission {
  return { ok: false, why };
}

function inWords(roles: readonly Role[]): string {
  const named = roles.map((role) =>
    role === 'owner' ? "the key's owner" : `${role === 'viewer' ? 'a' : 'an'} ${role}`,
  );
  return orList(named);
}

function orList(named: readonly string[]): string {
  const last = named.at(-1) ?? 'nobody';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} or ${last}`;
}

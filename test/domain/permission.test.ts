/** Who may press what: every role against every press. */
import { describe, expect, test } from 'vitest';
import type { Handover } from '../../domain/handover.ts';
import type { Person, Role } from '../../domain/people.ts';
import { mayPress } from '../../domain/permission.ts';
import { type FormName, formNames, presses } from '../../domain/press.ts';
import { policyWith, proposed, rotationAt } from '../builders.ts';

const owned = 'U0123OWNER';
const someone = 'U0123SOMEONE';

const person = (slackUserId: string, ...roles: Role[]): Person => ({
  slackUserId,
  name: 'Kim',
  roles,
});

function allowed(who: Person | undefined, selfApproval = false): readonly string[] {
  const rotation = rotationAt(proposed(), { policy: policyWith({ selfApproval }) });
  const types = presses.filter((press) => mayPress(who, press, rotation).ok);
  return [...new Set(types.map((press) => press.type))];
}

const everyday = ['snooze', 'pause', 'resume', 'attest', 'roll back'];

describe('who may press what', () => {
  test.each([
    ['nobody known', undefined, []],
    ['somebody without a role', person(someone), []],
    ['the owner of another key', person(someone, 'owner'), []],
    ['the owner', person(owned, 'owner'), everyday],
    ['an approver', person(someone, 'approver'), ['approve', ...everyday]],
    ['an admin', person(someone, 'admin'), ['approve', ...everyday, 'force', 'abandon']],
    ['whom the rotation names as owner, without the role', person(owned), []],
    ['an approver who owns the key', person(owned, 'owner', 'approver'), everyday],
    ['an admin who owns the key', person(owned, 'admin'), [...everyday, 'force', 'abandon']],
  ] as const)('%s', (_, who, expected) => {
    expect(allowed(who)).toEqual(expected);
  });

  const withForms = (who: Person | undefined, changes: { handover?: Handover } = {}) => {
    const rotation = rotationAt(proposed(), changes);
    return formNames.filter((form: FormName) => mayPress(who, form, rotation).ok);
  };

  test.each<[string, Person | undefined, readonly FormName[]]>([
    ['nobody known', undefined, []],
    ['a viewer', person(someone, 'viewer'), []],
    ['a viewer whom the rotation names as owner', person(owned, 'viewer'), []],
    ['the owner of another key', person(someone, 'owner'), []],
    ['the owner', person(owned, 'owner'), ['snooze until', 'not mine']],
    ['an approver', person(someone, 'approver'), ['snooze until', 'not mine', 'exempt']],
    ['an admin', person(someone, 'admin'), ['snooze until', 'not mine', 'exempt']],
    ['an admin who owns it', person(owned, 'owner', 'admin'), ['snooze until', 'not mine']],
  ])('which forms: %s', (_, who, expected) => {
    expect(withForms(who)).toEqual(expected);
    expect(allowed(person(someone, 'viewer'))).toEqual([]);
  });

  test('whom an owner alone named can only pass it on, and nobody is freed by that', () => {
    const handover = { assigned: false, givenUpBy: [someone] };
    expect(withForms(person(owned, 'owner'), { handover })).toEqual(['not mine']);
    const rotation = rotationAt(proposed(), { handover });
    expect(mayPress(person(owned, 'owner'), { type: 'pause' }, rotation).ok).toBe(false);
    // Who gave it up is an approver: it was their own key all the same.
    const before = person(someone, 'owner', 'approver');
    expect(mayPress(before, { type: 'approve' }, rotation).ok).toBe(false);
    expect(mayPress(before, 'exempt', rotation).ok).toBe(false);
    expect(mayPress(before, { type: 'pause' }, rotation).ok).toBe(true);
    const confirmed = { handover: { ...handover, assigned: true } };
    expect(withForms(person(owned, 'owner'), confirmed)).toEqual(['snooze until', 'not mine']);
  });

  test('the owner approves where the policy allows self-approval', () => {
    expect(allowed(person(owned, 'owner'), true)).toEqual(['approve', ...everyday]);
    expect(allowed(person(owned, 'admin'), true)).toContain('approve');
    expect(allowed(person(someone, 'owner'), true)).toEqual([]);
  });

  test.each<[string, Person, string[], boolean]>([
    ['an approver who is listed by name', person(someone, 'approver'), ['Kim'], true],
    ['one who is listed by id', person(someone, 'approver'), [someone], true],
    ['one who is not listed', person(someone, 'approver'), ['Lee'], false],
    ['an admin who is not listed', person(someone, 'admin'), ['Lee', 'U9'], false],
    ['somebody listed without a role', person(someone), ['Kim'], false],
    ['the owner of another key, though listed', person(someone, 'owner'), ['Kim'], false],
    ['the owner, though listed', person(owned, 'owner', 'approver'), ['Kim'], false],
  ])('where approvers are listed: %s', (_, who, approvers, expected) => {
    const rotation = rotationAt(proposed(), { policy: policyWith({ approvers }) });
    expect(mayPress(who, { type: 'approve' }, rotation).ok).toBe(expected);
    // The list is about approval alone.
    const may = who.roles.some((role) => role !== 'owner') || who.slackUserId === owned;
    expect(mayPress(who, { type: 'pause' }, rotation).ok).toBe(may);
  });

  test('a refusal names who is listed', () => {
    const policy = policyWith({ approvers: ['Lee', 'U9'] });
    const rotation = rotationAt(proposed(), { policy });
    expect(mayPress(person(someone, 'admin'), { type: 'approve' }, rotation)).toEqual({
      ok: false,
      why: 'Here only Lee or U9 may approve: ask one of them.',
    });
  });

  test('nobody is the owner of a rotation without one', () => {
    const rotation = rotationAt(proposed(), { owner: { known: false } });
    expect(mayPress(person(owned, 'owner'), { type: 'pause' }, rotation).ok).toBe(false);
  });

  test('a refusal says whom to ask', () => {
    const rotation = rotationAt(proposed());
    expect(mayPress(undefined, { type: 'pause' }, rotation)).toMatchObject({
      why: expect.stringContaining('ask an admin'),
    });
    expect(mayPress(person(someone, 'approver'), { type: 'force' }, rotation)).toMatchObject({
      why: 'force takes an admin: ask one of them to press it.',
    });
    expect(mayPress(person(someone), { type: 'pause' }, rotation)).toMatchObject({
      why: "pause takes the key's owner, an approver or an admin: ask one of them to press it.",
    });
  });
});

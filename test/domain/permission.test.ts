/** Who may press what: every role against every press. */
import { describe, expect, test } from 'vitest';
import type { Person, Role } from '../../domain/people.ts';
import { mayPress } from '../../domain/permission.ts';
import { presses } from '../../domain/press.ts';
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

  test('the owner approves where the policy allows self-approval', () => {
    expect(allowed(person(owned, 'owner'), true)).toEqual(['approve', ...everyday]);
    expect(allowed(person(owned, 'admin'), true)).toContain('approve');
    expect(allowed(person(someone, 'owner'), true)).toEqual([]);
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

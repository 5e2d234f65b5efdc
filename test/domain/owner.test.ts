/** Who owns a key: by tag, among the configured people alone. */
import { describe, expect, test } from 'vitest';
import { ownerOf, ownerTag } from '../../domain/owner.ts';
import type { Person } from '../../domain/people.ts';
import type { Policy } from '../../domain/policy.ts';
import { user } from '../builders.ts';

const olu: Person = { slackUserId: 'U0OLU', name: 'Olu Owner', roles: ['owner'] };
const ada: Person = {
  ...{ slackUserId: 'U0ADA', name: 'Ada Approver', email: 'ada@example.com' },
  roles: ['approver'],
};
const owned = (
  named: string | undefined,
  people: readonly Person[] = [olu, ada],
  policy: Pick<Policy, 'owner'> = {},
) => {
  const tags: Record<string, string> = named === undefined ? {} : { [ownerTag]: named };
  const owner = ownerOf({ ...user, tags }, people, policy);
  return owner.known ? owner.slackUserId : null;
};

describe('the tag names somebody of the configuration', () => {
  test.each([
    ['U0OLU', 'U0OLU'],
    ['Olu Owner', 'U0OLU'],
    ['ada@example.com', 'U0ADA'],
    ['Ada@Example.COM', 'U0ADA'],
  ])('by %s', (named, id) => {
    expect(owned(named)).toBe(id);
  });
});

test.each([undefined, '', 'olu owner', 'u0olu', 'U0STRANGER', 'stranger@example.com', 'undefined'])(
  '%s is nobody: the team is told in their place',
  (named) => {
    expect(owned(named)).toBeNull();
  },
);

test('an address counts only where the configuration gives somebody one', () => {
  const { email: _, ...without } = ada;
  expect(owned('ada@example.com', [olu, without])).toBeNull();
});

describe('the policy names somebody', () => {
  test.each(['U0ADA', 'Ada Approver', 'ADA@example.com'])('by %s, before the tag', (named) => {
    expect(owned('U0OLU', [olu, ada], { owner: named })).toBe('U0ADA');
    expect(owned(undefined, [olu, ada], { owner: named })).toBe('U0ADA');
  });

  test('tag leaves it to the tag', () => {
    expect(owned('U0OLU', [olu, ada], { owner: 'tag' })).toBe('U0OLU');
  });

  test('who is not there any more is nobody, and the tag does not step in', () => {
    expect(owned('U0OLU', [olu], { owner: 'U0ADA' })).toBeNull();
  });
});

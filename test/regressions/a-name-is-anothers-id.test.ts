/**
 * A policy file might give one person the Slack id of another as their name: a tag or a list of
 * approvers that named the one then meant the other as well, and let them press.
 */
import { expect, test } from 'vitest';
import { bookProblems } from '../../domain/book-problems.ts';
import type { Person } from '../../domain/people.ts';
import { emptyBook } from '../../domain/policy-book.ts';

const ada: Person = { slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver'] };
const sam: Person = { slackUserId: 'U0SAM', name: 'Sam Oncall', roles: ['admin'] };

const problems = (...people: readonly Person[]) => bookProblems({ ...emptyBook, people });

test('a name that is somebody else’s id is refused, whoever comes first', () => {
  const posing = { ...sam, name: ada.slackUserId };
  expect(problems(ada, posing)).toEqual([
    { path: ['people', 1, 'name'], problem: 'is "U0ADA", as in people[0]: name each once' },
  ]);
  expect(problems(posing, ada)).toEqual([
    { path: ['people', 0, 'name'], problem: 'is "U0ADA", as in people[1]: name each once' },
  ]);
});

test('whoever is called by their own id, and two of different names, are no problem', () => {
  expect(problems(ada, { ...sam, name: sam.slackUserId })).toEqual([]);
});

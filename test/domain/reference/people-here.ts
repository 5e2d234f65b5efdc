/** Who presses in these stories: everybody with a role, somebody with none, and a stranger. */
import type { Person } from '../../../domain/people.ts';
import type { Presser } from './model-presses.ts';

export const ada = 'U0123APPROVER';
/** Owner of the key. */
export const olu = 'U0123OWNER';

const person = (slackUserId: string, ...roles: Person['roles']): Person => ({
  slackUserId,
  name: slackUserId === olu ? 'Olu Owner' : slackUserId.toLowerCase(),
  roles,
});

export const people: readonly Person[] = [
  person(ada, 'approver'),
  person(olu, 'owner'),
  person('U0123ADMIN', 'admin'),
  person('U0123OTHER', 'owner'),
  person('U0123NOBODY'),
  person('U0123SENIOR', 'approver', 'admin'),
  person('U0123VIEWER', 'viewer'),
  person('U0123BOTH', 'owner', 'approver'),
];

/** Who presses: somebody in nobody's configuration after all the others. */
export function personOf(who: number): { readonly id: string; readonly name: string } {
  const { slackUserId, name } = people[who] ?? { slackUserId: 'U0123STRANGER', name: 'stranger' };
  return { id: slackUserId, name };
}

export const presserOf = ({ slackUserId, roles }: Person): Presser => ({ id: slackUserId, roles });

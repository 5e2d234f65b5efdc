/** Who acts. Being in a Slack channel gives nobody a role: roles come from configuration alone. */

/** `viewer` sees and may press nothing. */
export type Role = 'viewer' | 'owner' | 'approver' | 'admin';

export const roles = ['viewer', 'owner', 'approver', 'admin'] as const satisfies readonly Role[];

/** A person as the configuration maps them from Slack. */
export interface Person {
  readonly slackUserId: string;
  readonly name: string;
  /** Only where the configuration gives one: it is never looked up anywhere. */
  readonly email?: string;
  readonly roles: readonly Role[];
}

/** Who or what caused a journal entry. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'policy' }
  | { readonly kind: 'keyturn' };

export const policyActor: Actor = { kind: 'policy' };
export const keyturnActor: Actor = { kind: 'keyturn' };

/** Who owns a key: told of every deadline. `unknown` goes to the team channel. */
export type Owner =
  | { readonly known: true; readonly slackUserId: string; readonly name: string }
  | { readonly known: false };

/**
 * Whether somebody's journalled word is that person's. By name only where an older version noted no
 * id: people change their names, and two may have the same.
 */
export function isWordOf(
  word: { readonly by: string; readonly slackUserId?: string },
  person: { readonly slackUserId: string; readonly name: string },
  names: readonly string[] = [person.name],
): boolean {
  return word.slackUserId === undefined
    ? names.includes(word.by)
    : word.slackUserId === person.slackUserId;
}

export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.name;
    case 'policy':
      return 'policy';
    case 'keyturn':
      return 'Keyturn';
  }
}

/** Who owns a user's keys, by tag and by the configured people. */
import type { IamUser } from './key.ts';
import type { Owner, Person } from './people.ts';

/** The IAM user tag that names the owner as the configuration has them: Slack id, name, e-mail. */
export const ownerTag = 'keyturn:owner';

/**
 * Only somebody who is in the configuration can own a key: whoever may tag a user could otherwise
 * make anybody its owner. An e-mail address counts only where the configuration gives somebody
 * that one; Slack is not asked whose it is. An unknown owner means that the team's channel is told
 * instead.
 */
export function ownerOf(user: IamUser, people: readonly Person[]): Owner {
  const named = user.tags[ownerTag];
  const person = people.find(
    ({ slackUserId, name, email }) =>
      named === slackUserId || named === name || isSameEmail(named, email),
  );
  return person === undefined
    ? { known: false }
    : { known: true, slackUserId: person.slackUserId, name: person.name };
}

/** Whoever writes an address writes it in any case. */
function isSameEmail(named: string | undefined, email: string | undefined): boolean {
  return email !== undefined && named?.toLowerCase() === email.toLowerCase();
}

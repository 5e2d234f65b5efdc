/** Who owns a user's keys, by tag and by the configured people. */
import type { IamUser } from './key.ts';
import type { Owner, Person } from './people.ts';

/** The IAM user tag that names the owner: a Slack user id or a name from the configuration. */
export const ownerTag = 'keyturn:owner';

/**
 * Only somebody who is in the configuration can own a key: whoever may tag a user could otherwise
 * make anybody its owner. An unknown owner means that the team's channel is told instead.
 */
export function ownerOf(user: IamUser, people: readonly Person[]): Owner {
  const named = user.tags[ownerTag];
  const person = people.find(({ slackUserId, name }) => named === slackUserId || named === name);
  return person === undefined
    ? { known: false }
    : { known: true, slackUserId: person.slackUserId, name: person.name };
}

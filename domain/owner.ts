/** Who owns a user's keys: as the policy says, else by tag; one of the configured people. */
import type { Owner, Person } from './people.ts';
import type { Policy } from './policy.ts';
import type { Tags } from './policy-tags.ts';

/** The IAM user tag that names the owner as the configuration has them: Slack id, name, e-mail. */
export const ownerTag = 'keyturn:owner';

/** A policy that leaves it to the tag. */
export const byTag = 'tag';

/**
 * The word by which an owner is named, if any. What the policy file says goes before the tag: the
 * file is reviewed, while a tag is whoever's who may tag the user.
 */
export function ownerNamed(tags: Tags, { owner }: Pick<Policy, 'owner'>): string | undefined {
  return owner === undefined || owner === byTag ? tags[ownerTag] : owner;
}

/**
 * Only somebody who is in the configuration can own a key: whoever may tag a user could otherwise
 * make anybody its owner. An e-mail address counts only where the configuration gives somebody
 * that one; Slack is not asked whose it is. An unknown owner means that the team's channel is told
 * instead.
 */
export function ownerOf(
  { tags }: { readonly tags: Tags },
  people: readonly Person[],
  policy: Pick<Policy, 'owner'>,
): Owner {
  const person = personNamed(ownerNamed(tags, policy), people);
  return person === undefined
    ? { known: false }
    : { known: true, slackUserId: person.slackUserId, name: person.name };
}

/** By Slack id, name, or an address in any case of its letters. */
export function personNamed(
  named: string | undefined,
  people: readonly Person[],
): Person | undefined {
  return people.find(
    ({ slackUserId, name, email }) =>
      named === slackUserId || named === name || isSameEmail(named, email),
  );
}

/** Whoever writes an address writes it in any case. */
function isSameEmail(named: string | undefined, email: string | undefined): boolean {
  return email !== undefined && named?.toLowerCase() === email.toLowerCase();
}

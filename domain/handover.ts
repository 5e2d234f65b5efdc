/**
 * Whose key it is, once somebody has said that it is not theirs. Saying so gives nobody a right:
 * whoever an owner names is told as the owner, and has the owner's rights once an approver or an
 * admin has named them as well; and who gave a key up may approve its rotation no more than before.
 * What somebody attested who turns out not to own the key counts no more: they may not have known.
 */
import type { Rotation } from './case.ts';
import { byName, type Decision, ignore, stay } from './decision.ts';
import type { Reassigned } from './event.ts';
import { type Actor, actorName, isWordOf, type Owner } from './people.ts';
import { restsOnNothing, type Unsaid, withoutWord } from './unsaid.ts';

/** What became of the ownership since the rotation was opened. */
export interface Handover {
  /** Whether somebody who may assign owners named the present one. */
  readonly assigned: boolean;
  /** The Slack ids of those who said of a key of their own that it is not theirs. */
  readonly givenUpBy: readonly string[];
}

/** Whether that person is the key's owner, by whatever way. */
export function isOwner({ owner }: Pick<Rotation, 'owner'>, slackUserId: string): boolean {
  return owner.known && owner.slackUserId === slackUserId;
}

/** Whether that person has the rights of the key's owner. */
export function hasOwnersRights(
  rotation: Pick<Rotation, 'owner' | 'handover'>,
  slackUserId: string,
): boolean {
  return isOwner(rotation, slackUserId) && rotation.handover?.assigned !== false;
}

/** Whether the key is that person's own, or was until they said that it is not. */
export function isOrWasOwner(
  rotation: Pick<Rotation, 'owner' | 'handover'>,
  slackUserId: string,
): boolean {
  const { givenUpBy = [] } = rotation.handover ?? {};
  return isOwner(rotation, slackUserId) || givenUpBy.includes(slackUserId);
}

/** The rotation with another owner, or with the present one made sure of. */
export function reassign(rotation: Rotation, { by, owner, assigned }: Reassigned): Decision {
  const before = rotation.owner;
  const isSame = owner.known ? isOwner(rotation, owner.slackUserId) : !before.known;
  const isAssigned = rotation.handover?.assigned !== false;
  if (isSame && (!owner.known || isAssigned || !assigned)) {
    const who = before.known ? `${before.name} owns it` : 'nobody is known to own it';
    return ignore(rotation, `${who} already`);
  }
  const { givenUpBy = [] } = rotation.handover ?? {};
  const handover: Handover = {
    assigned,
    givenUpBy: isGivenUp(rotation, by, owner)
      ? [...new Set([...givenUpBy, by.id])].toSorted()
      : givenUpBy,
  };
  const news = newsOf(by, before, owner, assigned);
  const stage = isSame ? rotation.stage : withoutWord(rotation.stage, saidBy(rotation, by));
  const unsaid =
    stage === rotation.stage
      ? ''
      : ' What was attested by whoever had it until now counts no more: somebody has to attest ' +
        'anew that nothing needs the old key, or the new one has to be seen in use.' +
        (restsOnNothing({ stage }) ? underWay : '');
  return stay({ ...rotation, owner, handover }, stage, `${news}${unsaid}`);
}

const underWay =
  ' A run that was ordered on that word is under way: if it has begun already, look what it ' +
  'does, and roll back if the key is needed.';

/** Whether the owner until now attested it, whatever they were called then or are called now. */
function saidBy({ owner }: Rotation, by: Actor): Unsaid {
  if (!owner.known) return () => false;
  const isTheirs = by.kind === 'person' && by.id === owner.slackUserId;
  const names = [owner.name, ...(isTheirs ? [by.name] : [])];
  return (authority) => authority.kind === 'attested' && isWordOf(authority, owner, names);
}

function isGivenUp(
  rotation: Rotation,
  by: Actor,
  owner: Owner,
): by is Extract<Actor, { readonly kind: 'person' }> {
  if (by.kind !== 'person' || !isOwner(rotation, by.id)) return false;
  return !owner.known || owner.slackUserId !== by.id;
}

function newsOf(by: Actor, before: Owner, owner: Owner, assigned: boolean): string {
  const was = before.known ? `, not ${before.name}'s` : '';
  const toName = 'an approver or an admin names the owner with “Not mine…”.';
  if (!owner.known) {
    const said = before.known ? `${actorName(by)} says that it is not ${before.name}'s key` : '';
    return `${said}: nobody is known to own it now. Whoever knows, please say so here; ${toName}`;
  }
  if (assigned) return `It is ${owner.name}'s key${was}, ${byName(by)}'s word.`;
  return (
    `${actorName(by)} says that it is ${owner.name}'s key${was}. ${owner.name} may press here ` +
    `once that is confirmed: ${toName}`
  );
}

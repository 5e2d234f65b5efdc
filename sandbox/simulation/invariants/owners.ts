/** Who may do what to whose keys: by the configuration, and by what people said since. */
import { people } from '../../settings.ts';
import type { Ledger } from '../ledger.ts';

const everybody = Object.values(people);

export function byWhom(slackUserId: string) {
  const found = everybody.find((each) => each.slackUserId === slackUserId);
  const roles: readonly string[] = found?.roles ?? [];
  const isAdmin = roles.includes('admin');
  return {
    isAdmin,
    isSenior: isAdmin || roles.includes('approver'),
    isOwner: roles.includes('owner'),
  };
}

/** Nobody else can own a key. */
export function mayBeOwner(slackUserId: string): boolean {
  return everybody.some((each) => each.slackUserId === slackUserId);
}

/** Whether whoever named the owner last may give rights, and who said that it is not theirs. */
export function givenUpBy({ rotations }: Ledger, rotationId: string) {
  const gaveUp = new Set<string>();
  let isSure = true;
  // The entry that is being looked at may be among them already: it is no past of its own.
  for (const { entry, before } of (rotations.get(rotationId)?.entries ?? []).slice(0, -1)) {
    const { event, actor, ignored } = entry;
    if (event.type !== 'reassigned' || ignored !== null || actor.kind !== 'person') continue;
    isSure = byWhom(actor.id).isSenior;
    const wasTheirs = before?.owner.known === true && before.owner.slackUserId === actor.id;
    const isStill = event.owner.known && event.owner.slackUserId === actor.id;
    if (wasTheirs && !isStill) gaveUp.add(actor.id);
  }
  return { isSure, gaveUp };
}

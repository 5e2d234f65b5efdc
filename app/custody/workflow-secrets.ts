/**
 * Two secrets of a repository on GitHub, as a further place that gets the key. Nobody can read them
 * back, and nothing there is pending: whoever starts a job gets what was written last. So:
 *
 * - setSecret writes no key there. It proves that Keyturn may write, by writing to whom the two
 *   secrets belong into two of their own, and that nobody else's key is written to the same names.
 * - The key itself is written once it is AWSCURRENT, when nothing undoes it any more. Until then,
 *   and where that fails, workflows are on the old key, which the witness keeps alive.
 * - The id goes first: if GitHub refuses the value, the old id can be put back, which takes nothing
 *   that only GitHub has. A job that starts between both writes gets a pair that does not match.
 * - What was written is noted on the user's secret, before and after: the witness reads it there.
 */
import type { StoredKey, Writer } from '../../domain/custody.ts';
import { messageOf, Permanent, Transient } from '../../domain/errors.ts';
import { placeInWords, placeText, type WorkflowSecrets } from '../../domain/further-place.ts';
import { Sealed } from '../../domain/sealed.ts';
import {
  placesIn,
  placeTagName,
  type TaggedPlace,
  tagOfPlace,
  type WrittenPlace,
} from '../../domain/written-places.ts';
import type { CustodyDeps } from './deps.ts';
import { factsOf, noteProblem } from './leftovers.ts';
import { type Holding, holdingOf, keysOf, requireHolding, type Subject } from './subject.ts';

/** Throws Permanent where the deployment was given nothing to write with. */
export function workflowSecrets(deps: CustodyDeps, home: Subject, place: WorkflowSecrets): Writer {
  const { repositories } = deps;
  if (repositories === null) {
    throw new Permanent(
      `policy names ${placeText(place)}, but this deployment has no token for GitHub: deploy it ` +
        'with githubTokenIn, or take the place out of the policy',
    );
  }
  const there = { deps, home, place, repositories };
  return {
    place: placeText(place),
    what: placeInWords(place),
    put: () => requireOwn(there),
    bringUp: (_, key) => bringUp(there, key),
    // Nothing is there before AWSCURRENT has moved, and nothing is taken away afterwards.
    withdraw: async () => {},
    requireUnread: (keyId) => requireUnread(there, keyId),
  };
}

interface There {
  readonly deps: CustodyDeps;
  readonly home: Subject;
  readonly place: WorkflowSecrets;
  readonly repositories: NonNullable<CustodyDeps['repositories']>;
}

/** The name of a secret that says whose one of the two is. */
const ownerMark = /^KEYTURN_(AIDA[A-Z0-9]{12,28})_(.+)$/;

/**
 * The two are this user's. Both marks are written before anybody's are read, so that of two users
 * who come at the same moment at least one sees the other.
 */
async function requireOwn({ home, place, repositories }: There): Promise<void> {
  const { repository, accessKeyId, secretAccessKey } = place;
  const { user } = home;
  const own = [accessKeyId, secretAccessKey];
  const value = new Sealed(`${user.account} ${user.userName}`);
  for (const name of own) {
    await repositories.write(repository, `KEYTURN_${user.userId}_${name}`, value);
  }
  for (const name of await repositories.names(repository)) {
    const [, userId, marked = ''] = ownerMark.exec(name) ?? [];
    if (userId === undefined || userId === user.userId || !own.includes(marked)) continue;
    throw new Permanent(
      `secret ${marked} of GitHub repository ${repository} gets the key of another user, ` +
        `${userId}: nothing was written over it. Name other secrets in the policy of ` +
        `${user.userName}; or, if that user has left the place, delete its secret ${name} there`,
    );
  }
}

async function bringUp(there: There, key: StoredKey): Promise<void> {
  const { deps, home, place, repositories } = there;
  const { repository, accessKeyId, secretAccessKey } = place;
  await requireOwn(there);
  const holding = await requireHolding(deps, home);
  const before = noted(holding, place);
  const done = { keyId: key.keyId, place: placeText(place) };
  if (before?.state !== 'written' || before.keyId !== key.keyId) {
    await note(deps, holding, { state: 'writing', ...done });
  }
  await repositories.write(repository, accessKeyId, new Sealed(key.keyId));
  try {
    await repositories.write(repository, secretAccessKey, key.secret);
  } catch (error) {
    if (!(error instanceof Permanent) || !isOnOldKey(before, holding)) throw error;
    throw await takenBack(there, holding, error);
  }
  const names = await repositories.names(repository);
  const missing = [accessKeyId, secretAccessKey].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Transient(
      `${missing.join(' and ')} were written to GitHub repository ${repository}, which does not ` +
        'show them: look at the repository, and run finishSecret again',
    );
  }
  if (before?.state !== 'written' || before.keyId !== key.keyId) {
    await note(deps, holding, { state: 'written', ...done });
  }
  deps.log.info('key written to GitHub', { ...factsOf(holding.order), ...done });
}

/** Whether the place still had the old key: by our own note, or nobody of ours ever wrote there. */
function isOnOldKey(before: TaggedPlace | undefined, { order }: Holding): boolean {
  return before === undefined || (before.state === 'written' && before.keyId === order.oldKeyId);
}

/** The id is the old key's again, so that it goes with the value that is still there. */
async function takenBack(
  { deps, place, repositories }: There,
  holding: Holding,
  refusal: Permanent,
): Promise<Error> {
  const { order, user } = holding;
  const { repository, accessKeyId, secretAccessKey } = place;
  const cause = { cause: refusal };
  const what = `${secretAccessKey} was refused (${refusal.message})`;
  try {
    const old = (await keysOf(deps, user)).find(({ keyId }) => keyId === order.oldKeyId);
    if (old?.status !== 'Active') throw new Permanent(`old key ${order.oldKeyId} is not Active`);
    await repositories.write(repository, accessKeyId, new Sealed(order.oldKeyId));
  } catch (error) {
    noteProblem(deps, 'two secrets on GitHub do not match', holding, error);
    return new Permanent(
      `${what}, and ${accessKeyId} could not be put back (${messageOf(error)}): the two secrets ` +
        `of ${repository} do not match until finishSecret has written both`,
      cause,
    );
  }
  const backOn = { state: 'written', keyId: order.oldKeyId, place: placeText(place) } as const;
  await note(deps, holding, backOn).catch((error: unknown) => {
    noteProblem(deps, 'it is not noted that a place is on the old key again', holding, error);
  });
  return new Permanent(`${what}; ${accessKeyId} is that of the old key again`, cause);
}

/** Throws if the key may have been written: whoever started a job may have it. */
async function requireUnread({ deps, home, place }: There, keyId: string): Promise<void> {
  const holding = await holdingOf(deps, home);
  if (holding === undefined || noted(holding, place)?.keyId !== keyId) return;
  throw new Permanent(
    `key ${keyId} is not deleted: ${placeInWords(place)} were given it, so workflows may use it`,
  );
}

function noted({ secret }: Holding, place: WorkflowSecrets): TaggedPlace | undefined {
  const text = placeText(place);
  return placesIn(secret.tags).find((each) => each.place === text);
}

async function note(deps: CustodyDeps, { secret }: Holding, what: WrittenPlace): Promise<void> {
  await deps.tags.tag(secret.arn, tagOfPlace(deps.ids.uuid(placeTagName(what.place)), what));
}

/** Room for a new key: what becomes of a user's second key, and that nothing goes on a guess. */
import { describe, expect, it } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { claim } from '../../app/claim.ts';
import { type RoomDeps, roomFor } from '../../app/room.ts';
import type { Rotation } from '../../domain/case.ts';
import { Bug, Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { chained } from '../../domain/journal.ts';
import type { AccessKey } from '../../domain/key.ts';
import type { Policy } from '../../domain/policy.ts';
import type { KeyUses, RotationStore } from '../../domain/ports.ts';
import type { Replacing, Stage } from '../../domain/stage.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import {
  approvedProposal,
  done,
  held,
  oldKeyId,
  overlapping,
  owner,
  policyWith,
  retirement,
  rotationAt,
  soaking,
  staleKey,
  story,
  toReplace,
  use,
  user,
} from '../builders.ts';

const now = story.opened;
const mine: AccessKey = { keyId: oldKeyId, status: 'Active', createdAt: staleKey.createdAt };
const other = (changes: Partial<AccessKey> = {}): AccessKey => ({
  keyId: 'AKIAEXAMPLESPAREKEY0',
  status: 'Active',
  createdAt: plus(now, { days: -200 }),
  ...changes,
});
const rotation = rotationAt(approvedProposal());
const never = async () => null;

function deps(lastUsed: KeyUses['lastUsed'] = never): RoomDeps & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    store: memoryStore(),
    ids: cryptoIds,
    clock: virtualClock(now),
    ownerOf: () => owner,
    issued: { issuedTo: async () => [] },
    uses: {
      lastUsed: async (whose, keyId) => {
        asked.push(keyId);
        return lastUsed(whose, keyId);
      },
    },
    asked,
  };
}

interface Asked {
  readonly of?: Rotation;
  readonly plan?: Partial<Replacing>;
  readonly keys?: readonly AccessKey[];
  /** Today's, if it is not the one that the rotation was opened under. */
  readonly policy?: Policy;
}

const room = (
  given: RoomDeps,
  { of = rotation, plan = {}, keys = [mine, other()], policy = of.policy }: Asked = {},
) => roomFor(given, of, { ...toReplace, ...plan }, keys, policy);

const claimed = ({ store }: RoomDeps, keyId = other().keyId) =>
  store.claimOn(user.partition, user.account, keyId);

/** The other key's rotation, as some decision left it. */
async function holding(given: RoomDeps, kind: Rotation['kind'], stage: Stage): Promise<string> {
  const { policy } = rotation;
  const wanted = { user, key: other(), policy, region: 'eu-west-1', generation: 1, findings: [] };
  const opened = await claim(given, { ...wanted, kind });
  const moved = { ...opened, version: 2, stage };
  const entry = chained(
    {
      rotationId: moved.id,
      version: 2,
      at: now,
      actor: { kind: 'keyturn' },
      event: { type: 'admitted' },
      from: opened.stage.name,
      to: stage.name,
      ignored: null,
      effects: [],
      state: moved,
    },
    await given.store.lastHash(moved.id),
    given.ids.digest,
  );
  await given.store.commit({ onVersion: 1, rotation: moved, entry });
  return moved.id;
}

describe('room is free', () => {
  it.each<[string, readonly AccessKey[]]>([
    ['with the old key alone', [mine]],
    ['with no key at all', []],
  ])('%s', async (_, keys) => {
    const given = deps();
    expect(await room(given, { keys })).toEqual({ is: 'free' });
    expect(given.asked).toEqual([]);
  });

  it('beside a key that came after the claim, once a new key was tried', async () => {
    const keys = [mine, other({ createdAt: plus(now, { minutes: 5 }) })];
    expect(await room(deps(), { keys, plan: { attempts: 1 } })).toEqual({ is: 'free' });
    const untried = await room(deps(), { keys });
    expect(untried).toMatchObject({ is: 'taken', problem: expect.stringContaining('too young') });
  });

  it('but not beside one from before the claim, however often a new key was tried', async () => {
    const before = other({ createdAt: plus(rotation.openedAt, { milliseconds: -1 }) });
    const plan = { attempts: 3 };
    expect(await room(deps(), { keys: [mine, before], plan })).toMatchObject({ is: 'taken' });
    const then = other({ createdAt: rotation.openedAt });
    expect(await room(deps(), { keys: [mine, then], plan })).toEqual({ is: 'free' });
  });
});

describe('an unused second key', () => {
  it('is claimed, and awaited', async () => {
    const given = deps();
    const answer = await room(given);
    const id = (await claimed(given))?.rotationId ?? 'none';
    expect(answer).toEqual({ is: 'awaited', spare: { keyId: other().keyId, rotationId: id } });
    expect(given.asked).toEqual([other().keyId]);
    expect(await given.store.load(id)).toMatchObject({
      kind: 'retire',
      generation: 1,
      key: { user, keyId: other().keyId, createdAt: other().createdAt, foundAs: 'Active' },
      owner,
      region: rotation.region,
      policy: rotation.policy,
      findings: [],
      openedAt: now,
      stage: { name: 'proposed', approval: { given: false }, plan: { kind: 'retire' } },
    });
  });

  it('that is Inactive is claimed as it was found', async () => {
    const given = deps();
    await room(given, { keys: [mine, other({ status: 'Inactive' })] });
    const id = (await claimed(given))?.rotationId ?? 'none';
    expect(await given.store.load(id)).toMatchObject({ key: { foundAs: 'Inactive' } });
  });

  it('is claimed once, however often it is asked about', async () => {
    const given = deps();
    const first = await room(given);
    expect(await room(given)).toEqual(first);
    const id = (await claimed(given))?.rotationId ?? 'none';
    expect(await given.store.journal(id)).toHaveLength(1);
  });

  it('is claimed once, although it is asked about at the same time', async () => {
    const given = deps();
    const answers = await Promise.allSettled([room(given), room(given), room(given)]);
    const errors = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(answers.length - errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toBeInstanceOf(Conflict);
    const id = (await claimed(given))?.rotationId ?? 'none';
    expect(await given.store.journal(id)).toHaveLength(1);
    expect(await room(given)).toMatchObject({ is: 'awaited', spare: { rotationId: id } });
  });

  it('stays under a policy that retires no keys', async () => {
    const given = deps();
    const of = { ...rotation, policy: policyWith({ unused: 'replace' }) };
    expect(await room(given, { of })).toEqual({
      is: 'taken',
      problem:
        'second key …KEY0 (Active) of 111122223333/svc-billing stands in the way: it is unused, ' +
        'but the policy retires no keys. Delete it by hand if nothing needs it, then resume.',
    });
    expect(await claimed(given)).toBeUndefined();
  });
});

describe('a second key that may be needed is not touched', () => {
  it.each([
    ['was used an hour ago', use(plus(now, { hours: -1 })), 'it is in use'],
    ['was used 90 days ago', use(plus(now, { days: -90 })), 'it is in use'],
  ])('if it %s', async (_, lastUsed, why) => {
    const given = deps(async () => lastUsed);
    expect(await room(given)).toMatchObject({
      is: 'taken',
      problem: expect.stringContaining(why),
    });
    expect(await claimed(given)).toBeUndefined();
  });

  it('if it is Inactive, which says what it was, not what it is', async () => {
    const given = deps(async () => use(plus(now, { hours: -1 })));
    const said = await room(given, { keys: [mine, other({ status: 'Inactive' })] });
    expect(said).toMatchObject({
      is: 'taken',
      problem: expect.stringContaining('(Inactive) of 111122223333/svc-billing stands in the way'),
    });
    expect(said).toMatchObject({ problem: expect.stringContaining('it was used recently.') });
  });

  it('if it is too young to be called unused', async () => {
    const given = deps();
    const keys = [mine, other({ createdAt: plus(now, { days: -90, milliseconds: 1 }) })];
    expect(await room(given, { keys })).toMatchObject({
      is: 'taken',
      problem: expect.stringContaining('it is too young to be called unused'),
    });
    expect(await claimed(given)).toBeUndefined();
  });

  it.each([Transient, Permanent])('if it cannot be told (%o): asked again', async (Problem) => {
    const given = deps(() => Promise.reject(new Problem('GetAccessKeyLastUsed: Throttling')));
    await expect(room(given)).rejects.toThrow(Transient);
    await expect(room(given)).rejects.toThrow(/not known: GetAccessKeyLastUsed: Throttling/);
    expect(await claimed(given)).toBeUndefined();
  });

  it('and a broken promise of the code is no answer either', async () => {
    const given = deps(() => Promise.reject(new Bug('x')));
    await expect(room(given)).rejects.toThrow(Bug);
  });
});

describe('a second key with a rotation of its own', () => {
  it.each<[string, Stage]>([
    ['proposed', retirement()],
    ['soaking', soaking({ before: retirement() })],
  ])('which retires it and is %s: awaited, nothing is asked', async (_, stage) => {
    const given = deps();
    const rotationId = await holding(given, 'retire', stage);
    expect(await room(given)).toEqual({
      is: 'awaited',
      spare: { keyId: other().keyId, rotationId },
    });
    expect(given.asked).toEqual([]);
  });

  it.each<[string, Rotation['kind'], Stage, string]>([
    [
      'which retires it and is held',
      'retire',
      held({ kept: retirement(), reason: { code: 'still in use', text: 'Sam uses it.' } }),
      'its retirement is on hold: Sam uses it.',
    ],
    [
      'which replaces it',
      'replace',
      overlapping(),
      'is to be replaced itself, being used or not known',
    ],
    ['which replaces it and is held', 'replace', held(), 'is to be replaced itself'],
    ['which was abandoned', 'retire', done({ outcome: 'abandoned' }), 'rotation ended abandoned'],
    ['which ended exempt', 'retire', done({ outcome: 'exempt' }), 'its rotation ended exempt'],
  ])('%s: people are asked', async (_, kind, stage, why) => {
    const given = deps();
    const id = await holding(given, kind, stage);
    const answer = await room(given);
    expect(answer).toMatchObject({ is: 'taken', problem: expect.stringContaining(why) });
    expect(answer).toHaveProperty('problem', expect.not.stringContaining('..'));
    expect((await claimed(given))?.rotationId).toBe(id);
    expect(given.asked).toEqual([]);
  });

  it.each(['retired', 'already gone', 'rotated'] as const)(
    'which ended %s although IAM lists the key: it is looked at again, and nothing is claimed',
    async (outcome) => {
      const given = deps();
      const id = await holding(given, 'retire', done({ outcome }));
      await expect(room(given)).rejects.toThrow(Transient);
      expect((await claimed(given))?.rotationId).toBe(id);
    },
  );

  it('that the store does not know: nothing is built on a claim like that', async () => {
    const given = deps();
    await holding(given, 'retire', retirement());
    const store: RotationStore = { ...given.store, load: async () => undefined };
    await expect(room({ ...given, store })).rejects.toThrow(Bug);
  });
});

describe('more keys than IAM allows today', () => {
  const third = other({ keyId: 'AKIAEXAMPLESPAREKEY1' });

  it('one in use decides, though another is being retired', async () => {
    const used = async (_: unknown, keyId: string) =>
      keyId === third.keyId ? use(plus(now, { hours: -1 })) : null;
    const given = deps(used);
    expect(await room(given, { keys: [other(), third, mine] })).toMatchObject({ is: 'taken' });
  });

  it('both unused: both are claimed, one is named', async () => {
    const given = deps();
    const answer = await room(given, { keys: [mine, other(), third] });
    expect(answer).toMatchObject({ is: 'awaited', spare: { keyId: other().keyId } });
    expect(await claimed(given, third.keyId)).toBeDefined();
  });
});

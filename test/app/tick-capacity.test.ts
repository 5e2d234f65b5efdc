/** How many runs may be in flight at once, and what waits for room meanwhile. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { TickShell } from '../../app/ticking.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import {
  approvedProposal,
  inUse,
  issuing,
  overlapping,
  safe,
  soaking,
  story,
  use,
  user,
} from '../builders.ts';
import { type GivenShell, givenShell, orderedAtOpening, otherKey } from './given-shell.ts';

const approved = approvedProposal({ due: story.opened });

/** The shell with a witness that says this. */
function witnessing(given: GivenShell, says: (at: Instant) => Evidence): TickShell {
  const examine = async () => says(given.world.clock.now());
  return { ...given.shell, witness: { examine } };
}

/** More stale keys of the same user, each as a rotation. */
const keys = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    otherKey(`AKIAEXAMPLE${String(index).padStart(5, '0')}`),
  );

describe('capacity', () => {
  const full = async (capacity: number) => {
    const given = await givenShell();
    return { ...given, shell: { ...given.shell, capacity } };
  };
  const names = async ({ stageOf }: GivenShell, ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await stageOf(id))?.name));

  test('no more runs are admitted than there is room for; the rest waits its turn', async () => {
    const given = await full(2);
    const waiting = keys(4);
    for (const { id, key } of waiting) {
      const { keyId, createdAt } = key;
      const userName = `user-of-${keyId}`;
      const owner = given.world.cloud.addUser({ account: user.account, userName, createdAt });
      given.world.cloud.addKey(user.account, userName, { keyId, createdAt });
      await given.put(approved, [], { id, key: { ...key, user: owner } });
    }
    const ids = waiting.map(({ id }) => id);
    await tick(given.shell);
    await tick(given.shell);
    const after = await names(given, ids);
    expect(after.filter((name) => name === 'issuing')).toHaveLength(2);
    expect(after.filter((name) => name === 'proposed')).toHaveLength(2);
    const admitted = ids[after.indexOf('issuing')] ?? '';
    await given.moved(overlapping(), [], admitted);
    await tick(given.shell);
    const later = await names(given, ids);
    expect(later.filter((name) => name === 'issuing')).toHaveLength(2);
    expect(later.filter((name) => name === 'proposed')).toHaveLength(1);
  });

  test('a deadline that needs a run waits, and is looked at again in an hour', async () => {
    const given = await givenShell(story.deactivateAt);
    const [busy] = keys(1);
    await given.put(overlapping());
    await given.put(
      issuing({ run: { ...orderedAtOpening('busy'), pollAt: story.deleteAt } }),
      [],
      busy,
    );
    let asked = 0;
    const examine = async () => {
      asked += 1;
      return safe({ at: given.world.clock.now() });
    };
    const shell = { ...given.shell, capacity: 1, witness: { examine } };
    const now = given.world.clock.now();
    await tick(shell);
    await tick(shell);
    expect(asked).toBe(1);
    const later = plus(now, { hours: 1 });
    expect(await given.stageOf()).toMatchObject({ name: 'overlapping', deactivateAt: later });
  });

  test('looks between deadlines go on, and a key that is needed comes back at once', async () => {
    const probe = plus(story.deactivated, { hours: 6 });
    const given = await givenShell(probe);
    const [busy] = keys(1);
    await given.put(soaking());
    await given.put(
      issuing({ run: { ...orderedAtOpening('busy'), pollAt: story.deleted } }),
      [],
      busy,
    );
    const used = (at: Instant) => inUse({ at, oldKey: 'Inactive', uses: [use(at)] });
    await tick({ ...witnessing(given, used), capacity: 1 });
    expect(await given.stageOf()).toMatchObject({ name: 'restoring', run: { status: 'started' } });
  });
});

/** Accounts are looked at beside each other; within one, one rotation after the other. */
import { describe, expect, test } from 'vitest';
import { inLanes } from '../../app/lanes.ts';
import { roomAmongRuns } from '../../app/room-among-runs.ts';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import type { Witness } from '../../domain/ports.ts';
import {
  deactivating,
  overlapping,
  restoring,
  rotationAt,
  safe,
  startedRun,
  story,
  user,
} from '../builders.ts';
import { type GivenShell, givenShell, otherKey } from './given-shell.ts';

const accounts = [user.account, '444455556666'] as const;

/** Keys whose overlap is over, three in each account; their ids. */
async function due(given: GivenShell): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, account] of [...accounts, ...accounts, ...accounts].entries()) {
    const { id, key } = otherKey(`AKIAEXAMPLE0000${index}`);
    const { keyId, createdAt } = key;
    const userName = `user-${index}`;
    const owner = given.world.cloud.addUser({ account, userName, createdAt });
    given.world.cloud.addKey(account, userName, { keyId, createdAt });
    await given.put(overlapping(), [], { id, key: { ...key, user: owner } });
    ids.push(id);
  }
  return ids;
}

/** A witness that answers nobody until somebody in each account has asked. */
function meeting({ world }: GivenShell) {
  const asking = new Map<string, number>();
  let mostAtOnce = 0;
  let everybodyIsThere: () => void = () => undefined;
  const meet = new Promise<void>((resolve) => {
    everybodyIsThere = resolve;
  });
  const examine: Witness['examine'] = async ({ account }) => {
    const now = (asking.get(account) ?? 0) + 1;
    asking.set(account, now);
    mostAtOnce = Math.max(mostAtOnce, now);
    if (asking.size === accounts.length) everybodyIsThere();
    await meet;
    asking.set(account, now - 1);
    return safe({ at: world.clock.now() });
  };
  return { witness: { examine }, mostInOneAccount: () => mostAtOnce };
}

const stages = async ({ stageOf }: GivenShell, ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => stageOf(id)))).map((stage) => stage?.name);

test('every account’s witness is asked at the same time, and each once at a time', async () => {
  const given = await givenShell(story.deactivateAt);
  const ids = await due(given);
  const { witness, mostInOneAccount } = meeting(given);
  await tick({ ...given.shell, witness });
  expect(mostInOneAccount()).toBe(1);
  // One run in each account asks its witness; nobody else's begins meanwhile.
  const [a, b, ...others] = await stages(given, ids);
  expect([a, b]).toEqual(['deactivating', 'deactivating']);
  expect(others).toEqual(others.map(() => 'overlapping'));
});

test('who asks at the same time gets no more room than there is', async () => {
  const given = await givenShell(story.deactivateAt);
  const ids = await due(given);
  const { witness } = meeting(given);
  await tick({ ...given.shell, witness, capacity: 1 });
  const after = await stages(given, ids);
  expect(after.filter((name) => name === 'deactivating')).toHaveLength(1);
  expect(after.filter((name) => name === 'overlapping')).toHaveLength(5);
});

describe('while another run of its account asks the witness', () => {
  const waitingSince = async (lookedAt: Instant) => {
    const given = await givenShell(story.deactivateAt);
    const [id = ''] = await due(given);
    const running = otherKey('AKIAEXAMPLERUNNING');
    await given.put(
      deactivating({ run: startedRun(plus(story.deactivateAt, { minutes: 3 })) }),
      [],
      running,
    );
    const other = otherKey('AKIAEXAMPLEWAITING');
    await given.put(overlapping({ evidence: safe({ at: lookedAt }) }), [], other);
    const asked: string[] = [];
    const examine: Witness['examine'] = async (_where, { oldKeyId }) => {
      asked.push(oldKeyId);
      return safe({ at: given.world.clock.now() });
    };
    await tick({ ...given.shell, witness: { examine } });
    return { given, asked, id, other };
  };

  test('whoever was looked at lately waits in the queue and is not asked about', async () => {
    const { given, asked, other } = await waitingSince(plus(story.deactivateAt, { hours: -5 }));
    expect(asked).not.toContain(other.key.keyId);
    expect(await given.stageOf(other.id)).toMatchObject({
      name: 'overlapping',
      deactivateAt: story.deactivateAt,
    });
  });

  test('whoever was not is looked at, and waits', async () => {
    const { given, asked, other } = await waitingSince(plus(story.deactivateAt, { hours: -6 }));
    expect(asked).toContain(other.key.keyId);
    expect(await given.stageOf(other.id)).toMatchObject({ name: 'overlapping' });
  });
});

test('room that was kept for nothing is given to the next, what may be taken is not', async () => {
  const given = await givenShell(story.deactivateAt);
  await given.put(overlapping());
  const rotation = rotationAt(overlapping());
  const room = roomAmongRuns({ ...given.shell, capacity: 1, accountCapacity: 1 });
  const isRoom = async () => {
    let answer = false;
    await room.counting(rotation, async (hasRoom) => {
      answer = await hasRoom();
      // Whoever asks again has it already.
      expect(await hasRoom()).toBe(answer);
      return null;
    });
    return answer;
  };
  expect(await isRoom()).toBe(true);
  expect(await isRoom()).toBe(true);
  const lost = room.counting(rotation, async (hasRoom) => {
    await hasRoom();
    throw new Transient('nobody heard what the commit came to');
  });
  await expect(lost).rejects.toBeInstanceOf(Transient);
  expect(await isRoom()).toBe(false);
});

test('who does not ask for room counts by what it came to', async () => {
  const given = await givenShell(story.deactivateAt);
  const rotation = rotationAt(overlapping());
  const room = roomAmongRuns({ ...given.shell, capacity: 1, accountCapacity: 1 });
  await room.counting(rotation, async () => ({ rotation: rotationAt(restoring()) }));
  expect(await room.isAnyLeft()).toBe(false);
});

test('a stop ends all lanes', async () => {
  const given = await givenShell(story.deactivateAt);
  const ids = await due(given);
  let asked = 0;
  const examine: Witness['examine'] = async () => {
    asked += 1;
    return safe({ at: given.world.clock.now() });
  };
  const read = async () =>
    asked === 0
      ? ({ stopped: false } as const)
      : ({ stopped: true, why: 'a drill', since: null } as const);
  await tick({ ...given.shell, witness: { examine }, stopSwitch: { read } });
  expect(asked).toBeLessThanOrEqual(accounts.length);
  expect(await stages(given, ids)).toContain('overlapping');
});

test('lanes keep the order of their items, and no more than ten go at once', async () => {
  const items = Array.from({ length: 60 }, (_, index) => ({ lane: `${index % 20}`, index }));
  const done: number[] = [];
  const open = new Set<string>();
  let most = 0;
  await inLanes(
    items,
    ({ lane }) => lane,
    async ({ lane, index }) => {
      expect(open.has(lane)).toBe(false);
      open.add(lane);
      most = Math.max(most, open.size);
      await Promise.resolve();
      open.delete(lane);
      done.push(index);
    },
  );
  expect(most).toBe(10);
  expect(done.toSorted((a, b) => a - b)).toEqual(items.map(({ index }) => index));
  for (const lane of ['0', '7', '19']) {
    const own = done.filter((index) => `${index % 20}` === lane);
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
});

test('whoever is free takes the first item whose lane nobody is in', async () => {
  const done: string[] = [];
  let openGate: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });
  // Nine lanes are busy to the end; who is through in the tenth goes on in the order of the items.
  const items = [
    ...Array.from({ length: 10 }, (_, lane) => ({ lane: `${lane}`, name: `first of ${lane}` })),
    { lane: '0', name: 'second of 0' },
    { lane: '10', name: 'first of 10' },
    { lane: '0', name: 'third of 0' },
  ];
  const working = inLanes(
    items,
    ({ lane }) => lane,
    async ({ lane, name }) => {
      done.push(name);
      if (lane !== '0' && lane !== '10') await gate;
      if (name === 'third of 0') openGate();
    },
  );
  await working;
  expect(done.slice(10)).toEqual(['second of 0', 'first of 10', 'third of 0']);
});

test('room that could not be asked for counts no run', async () => {
  const given = await givenShell(story.deactivateAt);
  const rotation = rotationAt(overlapping());
  let failures = 2;
  const store = {
    ...given.shell.store,
    inFlight: async () => {
      failures -= 1;
      if (failures >= 0) throw new Transient('throttled');
      return 0;
    },
  };
  const room = roomAmongRuns({ ...given.shell, store, capacity: 1, accountCapacity: 1 });
  const asks = () =>
    room.counting(rotation, async (hasRoom) => {
      await hasRoom();
      return null;
    });
  await expect(asks()).rejects.toBeInstanceOf(Transient);
  await expect(asks()).rejects.toBeInstanceOf(Transient);
  expect(await room.isAnyLeft()).toBe(true);
});

test('what outlives its tick gets no room: the next tick counts it', async () => {
  const given = await givenShell(story.deactivateAt);
  const room = roomAmongRuns(given.shell);
  room.close();
  const late = room.counting(rotationAt(overlapping()), async (hasRoom) => {
    await hasRoom();
    return null;
  });
  await expect(late).rejects.toBeInstanceOf(Transient);
});

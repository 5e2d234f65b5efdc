/**
 * A storm of findings keeps every bound, and whoever breaks one is noticed: mistakes are planted
 * between the parts, and the watch sees each.
 */
import { describe, expect, test } from 'vitest';
import type { HubWires } from '../../app/compose.ts';
import type { Rotation } from '../../domain/case.ts';
import type { Partition } from '../../domain/key.ts';
import type { Commit, RotationStore } from '../../domain/ports.ts';
import { bounds } from '../../sandbox/storm/figures.ts';
import { measureStorm } from '../../sandbox/storm/measure.ts';
import type { StormOptions } from '../../sandbox/storm/options.ts';
import type { Planted } from '../../sandbox/storm/scene.ts';
import { readOptions } from '../../sandbox/storm.ts';

const real: StormOptions = {
  keys: 400,
  copies: 5,
  accounts: 40,
  seed: 1,
  spread: 'even',
  until: 'told',
};
const small: StormOptions = { ...real, keys: 40, copies: 3, accounts: 4 };

const patient = { timeout: 120_000 };

const wired = (change: (wires: HubWires) => Partial<HubWires>): Planted => ({
  wires: (wires) => ({ ...wires, ...change(wires) }),
});

describe('a storm', () => {
  test(
    'of 2,000 events over 40 accounts keeps every bound and loses nothing',
    patient,
    async () => {
      const figures = await measureStorm(real);
      expect(figures.broken).toEqual([]);
      expect(figures).toMatchObject({ events: 2000, malformed: 20, deadLetters: 20 });
      expect(figures).toMatchObject({ claims: 400, claimed: 400, joined: 1580, runs: 360 });
      // As full as it may be: a storm that never gets there shows nothing.
      expect(figures.mostInFlight).toBe(bounds.inFlight);
      expect(figures.mostSlackPerMinute).toBeGreaterThan(bounds.slackPerMinute / 2);
      expect(figures.mostLookupsPerSecond).toBeGreaterThan(0);
    },
  );

  test('in which one account floods holds up no other', patient, async () => {
    const figures = await measureStorm({ ...real, keys: 200, copies: 2, spread: 'one floods' });
    expect(figures.broken).toEqual([]);
    expect(figures.mostInFlightInOneAccount).toBeGreaterThan(10);
  });

  test('goes on until every old key is gone', patient, async () => {
    const figures = await measureStorm({ ...small, keys: 36, accounts: 3, until: 'gone' });
    expect(figures.broken).toEqual([]);
    // Issued, switched off, deleted; one key in ten is in no use, and gets no new one.
    expect(figures.callsByOperation['ssm:StartAutomationExecution']).toBe(36 * 3 - 4);
    expect(figures.hoursUntilGone).toBeGreaterThan(72);
  });

  test('is the same again for the same seed', patient, async () => {
    const [once, again] = [await measureStorm(small), await measureStorm(small)];
    const { cpuSeconds, cpuMillisPerKey, seconds, ...story } = once;
    expect(again).toMatchObject(story);
  });
});

describe('the watch notices', () => {
  const flood = { keys: 120, copies: 2, spread: 'one floods' } as const;
  const broken = async (options: Partial<StormOptions>, planted: Planted) =>
    (await measureStorm({ ...small, ...options }, undefined, planted)).broken;

  test('one automation too many', patient, async () => {
    const settings: Planted['settings'] = (given) => ({ ...given, capacity: given.capacity + 1 });
    expect(await broken({ keys: 150, copies: 2, accounts: 40 }, { settings })).toEqual([
      'automations in flight: 91, at most 90',
    ]);
  });

  test('too many automations in one account', patient, async () => {
    const settings: Planted['settings'] = (given) => ({ ...given, accountCapacity: 90 });
    expect(await broken({ ...flood, accounts: 1 }, { settings })).toContainEqual(
      expect.stringContaining('automations in flight in one account'),
    );
  });

  test('accounts that do not take turns', patient, async () => {
    const inAnyOrder = wired(({ store }) => ({
      store: { ...store, due: (need, now, limit) => store.due(need, now, limit) },
    }));
    expect(await broken(flood, inAnyOrder)).toContainEqual(
      expect.stringContaining('runs more than an account that waits'),
    );
  });

  test('a key that is claimed twice', patient, async () => {
    const planted = { ...wired(({ store }) => ({ store: claimingByEvent(store) })), minutes: 3 };
    expect(await broken({}, planted)).toContainEqual(
      expect.stringMatching(/^key AKIA\w+ was claimed [23] times$/),
    );
  });

  test('a malformed event that is dropped, and one that is not kept whole', patient, async () => {
    let count = 0;
    const finding: Planted['finding'] = (deps) => ({
      ...deps,
      deadLetters: {
        keep: async (letter) => {
          count += 1;
          if (count === 1) return;
          const event = count === 2 ? 'something was wrong' : letter.event;
          await deps.deadLetters.keep({ ...letter, event });
        },
      },
    });
    const problems = await broken({ keys: 100 }, { finding });
    expect(problems.filter((each) => each.includes('was not kept whole'))).toHaveLength(2);
  });

  test('an event that is lost', patient, async () => {
    let count = 0;
    const finding: Planted['finding'] = (deps) => ({
      ...deps,
      readEvent: (event) => {
        count += 1;
        return count === 50 ? { kind: 'other', reason: 'lost' } : deps.readEvent(event);
      },
    });
    expect(await broken({}, { finding })).toContainEqual(expect.stringMatching(/came to ignored$/));
  });

  test('messages that come too fast', patient, async () => {
    const hasty = wired(({ clock }) => ({
      clock: { now: clock.now, sleep: async () => undefined },
    }));
    expect(await broken({}, hasty)).toContainEqual(
      expect.stringContaining('Slack messages a minute'),
    );
  });

  test('a message that nobody sees', patient, async () => {
    let count = 0;
    const deaf = wired(({ slackFetch }) => ({
      slackFetch: async (url, request) => {
        if (String(url).endsWith('chat.postMessage')) count += 1;
        const isLost = String(url).endsWith('chat.postMessage') && count === 30;
        const text = '{"ok":true,"channel":"C0ACCESSKEYS","ts":"1.1"}';
        if (isLost || slackFetch === undefined) return new Response(text);
        return slackFetch(url, request);
      },
    }));
    expect(await broken({}, deaf)).toContainEqual(expect.stringContaining('effect '));
  });
});

/** Each event gets a claim of its own, as where claims are made on findings. */
function claimingByEvent(store: RotationStore): RotationStore {
  let made = 0;
  const partitioned = (rotation: Rotation, partition: string): Rotation => ({
    ...rotation,
    key: { ...rotation.key, user: { ...rotation.key.user, partition: partition as Partition } },
  });
  return {
    ...store,
    claimOn: async () => undefined,
    load: async (id) => {
      const rotation = await store.load(id);
      return rotation && partitioned(rotation, 'aws');
    },
    commit: async (change) => {
      if (change.onVersion > 0) return store.commit(change);
      made += 1;
      const { id } = change.rotation;
      const other = `${id.slice(0, -4)}${String(made).padStart(4, '0')}`;
      const renamed = JSON.parse(JSON.stringify(change).replaceAll(id, other)) as Commit;
      const rotation = partitioned(renamed.rotation, `aws-${made}`);
      return store.commit({ ...renamed, rotation });
    },
  };
}

describe('the command', () => {
  test('reads its options, and says what is wrong with them', () => {
    expect(readOptions(['--keys', '1000', '--flood', '--json', '--whole'])).toEqual({
      ...{ keys: 1000, copies: 5, accounts: 40, seed: 1, spread: 'one floods', until: 'gone' },
      json: true,
    });
    expect(() => readOptions(['--copies', '9'])).toThrow('--copies');
    expect(readOptions(['--help'])).toBe('help');
  });
});

/** Every minute: what is due is woken, by what it needs; nobody's trouble holds up others. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { TickShell } from '../../app/ticking.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { effectId } from '../../domain/journal.ts';
import type { Run } from '../../domain/stage.ts';
import {
  approvedProposal,
  deactivating,
  executionId,
  held,
  issuing,
  otherExecutionId,
  overlapping,
  proposed,
  rotationId,
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

const runs = ({ world }: GivenShell) => world.runner.list(world.place);

const problems = ({ world }: GivenShell) =>
  world.log.filter(({ level }) => level === 'error').map(({ message }) => message);

/** More stale keys of the same user, each as a rotation. */
const keys = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    otherKey(`AKIAEXAMPLE${String(index).padStart(5, '0')}`),
  );

describe('what is due is woken', () => {
  test('an approved proposal gets its run in the same tick', async () => {
    const given = await givenShell();
    await given.put(approved);
    expect(await tick(given.shell)).toMatchObject({ woken: 1 });
    expect(await given.eventsOf()).toEqual(['admitted', 'run started']);
    expect(runs(given)).toHaveLength(1);
  });

  test('a proposal that nobody answered is held, and somebody is paged', async () => {
    const given = await givenShell(story.answerBy);
    await given.put(proposed());
    await tick(given.shell);
    expect(await given.stageOf()).toMatchObject({ name: 'held', reason: { code: 'unanswered' } });
    expect(given.world.pagerDuty.incidents()).toHaveLength(1);
  });

  test('an overlap at its deadline is decided on by the evidence of that moment', async () => {
    const given = await givenShell(story.deactivateAt);
    await given.put(overlapping());
    await tick(witnessing(given, (at) => safe({ at })));
    expect(await given.stageOf()).toMatchObject({ name: 'deactivating' });
    expect(runs(given)).toHaveLength(1);
  });

  test('nothing else is', async () => {
    const given = await givenShell(plus(story.opened, { hours: 1 }));
    await given.put(proposed());
    await given.put(overlapping(), [], keys(1)[0]);
    expect(await tick(given.shell)).toEqual({ woken: 0, held: 0, overdue: 0, effects: 0 });
  });

  test('what the store lists is a hint: a rotation that has moved on is left alone', async () => {
    const given = await givenShell();
    await given.put(held());
    const due = async () => [rotationId, 'no-such-rotation'];
    await tick({ ...given.shell, store: { ...given.shell.store, due } });
    expect(await given.eventsOf()).toEqual([]);
    expect(problems(given)).toEqual([]);
  });
});

describe('before a new key is made', () => {
  const gone = async (make: (given: GivenShell) => void) => {
    const given = await givenShell();
    await given.put(approved);
    make(given);
    await tick(given.shell);
    expect(runs(given)).toEqual([]);
    return given;
  };

  test('given that the user is gone, then it is done', async () => {
    const given = await gone(({ world }) => world.cloud.removeUser(user.account, user.userName));
    expect(await given.stageOf()).toMatchObject({ name: 'done', outcome: 'already gone' });
  });

  test('given another user of that name, then it is done, the other not touched', async () => {
    const given = await gone(({ world: { cloud, clock } }) => {
      const { account, userName } = user;
      cloud.removeUser(account, userName);
      cloud.addUser({ account, userName, createdAt: clock.now() });
    });
    expect(await given.stageOf()).toMatchObject({ name: 'done', outcome: 'already gone' });
  });

  test('given that the key is gone, then it is done', async () => {
    const given = await givenShell();
    await given.put(approved, [], otherKey('AKIAEXAMPLEGONE00001'));
    await tick(given.shell);
    const { id } = otherKey('AKIAEXAMPLEGONE00001');
    expect(await given.stageOf(id)).toMatchObject({ name: 'done', outcome: 'already gone' });
    expect(runs(given)).toEqual([]);
  });

  test.each(['throttled', 'denied'] as const)(
    'given that IAM does not say (%s), then nothing is made and it is asked again',
    async (how) => {
      const given = await givenShell();
      await given.put(approved);
      const fault = given.faults.fail({ service: 'iam', operation: 'ListAccessKeys' }, how);
      await tick(given.shell);
      expect(await given.stageOf()).toMatchObject({ name: 'proposed', approval: { given: true } });
      expect(problems(given)).toEqual(['look failed']);
      fault.mend();
      await given.later({ hours: 1 });
      await tick(given.shell);
      expect(runs(given)).toHaveLength(1);
    },
  );
});

describe('a witness that does not answer', () => {
  const silent = (given: GivenShell, error: Error): TickShell => ({
    ...given.shell,
    witness: {
      examine: async () => {
        throw error;
      },
    },
  });

  test.each([new Transient('it timed out'), new Permanent('it is not there')])(
    'is never safe: held at the deadline (%s)',
    async (error) => {
      const given = await givenShell(story.deactivateAt);
      await given.put(overlapping());
      await tick(silent(given, error));
      expect(await given.stageOf()).toMatchObject({ name: 'held', oldKey: 'Active' });
      expect(runs(given)).toEqual([]);
      expect(problems(given)).toContain('no evidence');
    },
  );

  test('is not safe for deleting either', async () => {
    const given = await givenShell(story.deleteAt);
    await given.put(soaking());
    await tick(silent(given, new Transient('it timed out')));
    expect(await given.stageOf()).toMatchObject({ name: 'held', oldKey: 'Inactive' });
    expect(runs(given)).toEqual([]);
  });

  test('changes nothing before a deadline', async () => {
    const given = await givenShell(plus(story.issued, { hours: 6 }));
    await given.put(overlapping());
    await tick(silent(given, new Transient('it timed out')));
    expect(await given.stageOf()).toMatchObject({
      name: 'overlapping',
      deactivateAt: story.deactivateAt,
    });
  });

  test('and one that is broken is a defect that is thrown', async () => {
    const given = await givenShell(story.deactivateAt);
    await given.put(overlapping());
    await expect(tick(silent(given, new TypeError('x is undefined')))).rejects.toThrow(TypeError);
    expect(await given.stageOf()).toEqual(overlapping());
  });
});

describe('on hold', () => {
  const probeAt = plus(story.deactivateAt, { hours: 24 });

  test('a look once a day shows who uses the key, and decides nothing', async () => {
    const given = await givenShell(probeAt);
    await given.put(held());
    await tick(witnessing(given, (at) => safe({ at, uses: [use(at)] })));
    expect(await given.stageOf()).toMatchObject({
      name: 'held',
      nextProbeAt: plus(probeAt, { hours: 24 }),
      kept: { evidence: { verdict: 'safe' } },
    });
  });

  test('a key that is gone by then is done', async () => {
    const given = await givenShell(probeAt);
    await given.put(held());
    await tick(witnessing(given, (at) => safe({ at, oldKey: 'Gone' })));
    expect(await given.stageOf()).toMatchObject({ name: 'done', outcome: 'already gone' });
  });

  test('before there is a new key, IAM is asked alone', async () => {
    const given = await givenShell(probeAt);
    await given.put(held({ kept: proposed() }));
    await tick(given.shell);
    expect(await given.stageOf()).toMatchObject({
      name: 'held',
      nextProbeAt: plus(probeAt, { hours: 24 }),
    });
    given.world.cloud.removeUser(user.account, user.userName);
    await given.later({ hours: 24 });
    await tick(given.shell);
    expect(await given.stageOf()).toMatchObject({ name: 'done', outcome: 'already gone' });
  });
});

describe('a run that is overdue', () => {
  const pollAt = plus(story.opened, { minutes: 15 });
  const ordered: Run = { ...orderedAtOpening(), pollAt };
  const started: Run = { ...ordered, status: 'started', executionId };

  const reading = (given: GivenShell, state: object | undefined): TickShell => ({
    ...given.shell,
    runbooks: {
      ...given.shell.runbooks,
      read: async () =>
        state === undefined
          ? undefined
          : { executionId, rotationId, effectId: effectId(rotationId, 1, 0), ...state },
    } as TickShell['runbooks'],
  });

  test('is asked about, and its end is taken in', async () => {
    const given = await givenShell(pollAt);
    await given.put(deactivating({ run: started }));
    const result = { status: 'deactivated', at: pollAt };
    await tick(reading(given, { state: { ended: true, result } }));
    expect(await given.stageOf()).toMatchObject({ name: 'soaking', deactivatedAt: pollAt });
  });

  test('that goes on is asked about again later', async () => {
    const given = await givenShell(pollAt);
    await given.put(deactivating({ run: started }));
    await tick(reading(given, { state: { ended: false } }));
    expect(await given.eventsOf()).toEqual(['run still going']);
    expect(await tick(given.shell)).toMatchObject({ woken: 0 });
  });

  test('that SSM does not know has failed: somebody is told', async () => {
    const given = await givenShell(pollAt);
    await given.put(deactivating({ run: { ...started, executionId: otherExecutionId } }));
    await tick(reading(given, undefined));
    expect(await given.stageOf()).toMatchObject({
      name: 'held',
      reason: { code: 'runbook failed', text: expect.stringContaining(otherExecutionId) },
    });
    expect(given.world.pagerDuty.incidents()).toHaveLength(1);
  });

  test('stays overdue while SSM does not answer', async () => {
    const given = await givenShell(pollAt);
    await given.put(deactivating({ run: started }));
    given.faults.fail({ service: 'ssm', operation: 'GetAutomationExecution' }, 'throttled');
    await tick(given.shell);
    expect(await given.stageOf()).toMatchObject({ name: 'deactivating', run: { executionId } });
    expect(problems(given)).toEqual(['run not read']);
    expect((await given.shell.store.nextWake()) ?? '').toBe(plus(pollAt, { minutes: 15 }));
  });

  test('whose start is still to be confirmed is waited for', async () => {
    const given = await givenShell(pollAt);
    await given.put(issuing({ run: ordered }));
    await tick(given.shell);
    expect(await given.eventsOf()).toEqual(['deadline passed']);
    expect(await given.stageOf()).toMatchObject({ name: 'issuing', run: { status: 'ordered' } });
  });
});

describe('somebody’s trouble', () => {
  const two = async () => {
    const given = await givenShell();
    const elsewhere = { ...user, account: '444455556666' };
    const id = '00000000-0000-5000-8000-000000000000';
    const key = {
      user: elsewhere,
      keyId: 'AKIAEXAMPLEELSEWHERE',
      createdAt: story.opened,
      foundAs: 'Active' as const,
    };
    // Longest due first: the one in trouble comes before the other.
    await given.put({ ...approved, due: plus(story.opened, { hours: -1 }) }, [], { id, key });
    await given.put(approved);
    return { ...given, id };
  };

  test('holds up no other: an account that cannot be reached', async () => {
    const { id, ...given } = await two();
    const { users } = given.shell;
    const byName: typeof users.byName = async (partition, account, name) => {
      if (account === '444455556666') throw new Transient('the account does not answer');
      return users.byName(partition, account, name);
    };
    await tick({ ...given.shell, users: { ...users, byName } });
    expect(await given.stageOf(id)).toMatchObject({ name: 'proposed' });
    expect(await given.stageOf()).toMatchObject({ name: 'issuing', run: { status: 'started' } });
    expect(problems(given)).toEqual(['look failed']);
  });

  test('that nobody expected is thrown after all others had their turn', async () => {
    const { id, ...given } = await two();
    const { users } = given.shell;
    const byName: typeof users.byName = async (partition, account, name) => {
      if (account === '444455556666') throw new TypeError('x is undefined');
      return users.byName(partition, account, name);
    };
    await expect(tick({ ...given.shell, users: { ...users, byName } })).rejects.toThrow(TypeError);
    expect(await given.stageOf(id)).toMatchObject({ name: 'proposed' });
    expect(await given.stageOf()).toMatchObject({ name: 'issuing', run: { status: 'started' } });
  });

  test('with an effect that nobody expected keeps no rotation asleep', async () => {
    const given = await givenShell();
    const publish = { type: 'publish' } as const;
    await given.put(held(), [publish], otherKey());
    await given.put(approved);
    const announce = async () => {
      throw new TypeError('x is undefined');
    };
    const shell = { ...given.shell, bus: { announce } };
    await expect(tick(shell)).rejects.toThrow(TypeError);
    expect(await given.stageOf()).toMatchObject({ name: 'issuing', run: { status: 'started' } });
  });
});

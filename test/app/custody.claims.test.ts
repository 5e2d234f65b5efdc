/** Several rotations want to make a key for one user at once: one does, whatever goes wrong. */
import { describe, expect, test } from 'vitest';
import { performStep } from '../../app/custody.ts';
import type { IssueOrder } from '../../domain/custody.ts';
import { Conflict } from '../../domain/errors.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { loseKey, outsider, through } from './custody-acts.ts';
import {
  type CustodyWorld,
  custodyWorld,
  faultKinds,
  oldKeyId,
  rotationId,
} from './custody-world.ts';
import { claimOf, expectRotated, type NativeWorld, nativeWorld } from './native-world.ts';

const other = '9d2b7c14-0f3e-5a68-b1c7-4e5d6f708192';

/** The order of another rotation of the same user's key. */
function orderOf(world: CustodyWorld, rotation: string, attempt = 1): IssueOrder {
  return {
    secretName: 'keyturn/svc-billing',
    token: world.deps.ids.uuid(attemptName(rotation, attempt)),
    rotationId: rotation,
    attempt,
    userName: world.user.userName,
    userId: world.user.userId,
    oldKeyId,
    driver: { by: 'keyturn' },
    vault: 'secrets-manager',
    healthCheck: null,
    copies: [],
  };
}

const create = (world: CustodyWorld, rotation: string) =>
  performStep(world.deps, 'createSecret', orderOf(world, rotation));

async function setDriver(world: CustodyWorld, driver: string): Promise<void> {
  const Tags = [{ Key: secretTags.driver, Value: driver }];
  await outsider(world, 'secretsmanager', 'TagResource', { SecretId: 'keyturn/svc-billing', Tags });
}

/** Lets the first `count` calls of an operation wait for each other. */
function together(world: CustodyWorld, operation: string, count: number): void {
  const waiting: (() => void)[] = [];
  world.meddle(async (call, proceed) => {
    if (call.operation === operation && waiting.length < count) {
      await new Promise<void>((resume) => {
        waiting.push(resume);
        if (waiting.length === count) for (const each of waiting) each();
      });
    }
    return proceed();
  });
}

describe('two rotations of one user at once', () => {
  test('after all their checks, one makes a key and the other is told who does', async () => {
    const world = custodyWorld();
    together(world, 'PutParameter', 2);
    const both = await Promise.allSettled([create(world, rotationId), create(world, other)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find((each) => each.status === 'rejected');
    expect(refused?.reason).toBeInstanceOf(Conflict);
    expect(refused?.reason.message).toContain('is making a key for user svc-billing');
    expect(world.created()).toHaveLength(1);
  });

  test('the claim goes with success, and with undo', async () => {
    const world = await nativeWorld({ [secretTags.driver]: 'keyturn' });
    await through(world, 'createSecret');
    expect(await claimOf(world)).toBe(rotationId);
    await through(world, 'undo');
    expect(await claimOf(world)).toBeUndefined();
    expect((await world.runbook(2)).issued).toBe(true);
    expect(await claimOf(world)).toBeUndefined();
  });

  test('one that Secrets Manager drives finds the claim of the runbook', async () => {
    const world = await nativeWorld({ [secretTags.driver]: 'keyturn' });
    const taken = await world.deps.claims.take(world.user, other);
    expect(taken).toEqual({ taken: true });
    await setDriver(world, 'secrets-manager');
    await world.rotate();
    await world.pass({ minutes: 30 });
    expect(world.invoked[0]?.problem).toContain(`rotation ${other} is making a key`);
    expect(world.created()).toEqual([]);
    await world.deps.claims.release(world.user, other);
    await world.pass({ hours: 6 });
    await expectRotated(world);
  });

  test('two calls with the same token make one key that stays', async () => {
    const world = await nativeWorld();
    const { VersionId } = await world.rotate({ RotateImmediately: true });
    const payload = {
      Step: 'createSecret',
      SecretId: world.arn(),
      ClientRequestToken: VersionId,
    };
    together(world, 'CreateAccessKey', 2);
    await Promise.allSettled([world.invoke(payload), world.invoke(payload)]);
    expect(world.keys()).toHaveLength(2);
    world.meddle((_call, proceed) => proceed());
    await world.pass({ hours: 6 });
    await expectRotated(world);
  });
});

test('a call that waited for the claim finds the key that the other one made', async () => {
  const world = custodyWorld();
  let first: Promise<unknown> | undefined;
  world.meddle(async (call, proceed) => {
    if (call.operation === 'PutParameter' && first === undefined) {
      first = create(world, rotationId);
      await first;
    }
    return proceed();
  });
  const second = await create(world, rotationId);
  expect(second).toEqual(await first);
  expect(world.created()).toHaveLength(1);
});

describe('a claim whose holder went away', () => {
  const abandoned = async (): Promise<NativeWorld> => {
    const world = await nativeWorld({ [secretTags.driver]: 'keyturn' });
    await world.deps.claims.take(world.user, other);
    return world;
  };

  test('stands for a day, then is taken over', async () => {
    const world = await abandoned();
    await world.pass({ hours: 23 });
    await expect(create(world, rotationId)).rejects.toBeInstanceOf(Conflict);
    await world.pass({ hours: 1 });
    await through(world, 'createSecret');
    expect(await claimOf(world)).toBe(rotationId);
    expect(world.created()).toHaveLength(1);
  });

  test('is not taken over while its pending key is there', async () => {
    const world = custodyWorld();
    await create(world, other);
    await world.pass({ hours: 48 });
    await expect(create(world, rotationId)).rejects.toBeInstanceOf(Conflict);
    expect(world.created()).toHaveLength(1);
    expect(world.labelled('AWSPENDING')).toEqual([orderOf(world, other).token]);
  });

  test.each(['PutParameter', 'GetParameter', 'DeleteParameter'])(
    'two that take it over at once, after %s of both: one key at most, one in the end',
    async (operation) => {
      const world = await abandoned();
      await world.pass({ hours: 25 });
      const third = '5b8e2d90-7a41-5c3f-9e06-1f2a3b4c5d6e';
      together(world, operation, 2);
      await Promise.allSettled([create(world, rotationId), create(world, third)]);
      expect(world.created().length).toBeLessThanOrEqual(1);
      world.meddle((_call, proceed) => proceed());
      await world.pass({ hours: 25 });
      await Promise.allSettled([create(world, rotationId), create(world, third)]);
      expect(world.created()).toHaveLength(1);
    },
  );

  test.each(faultKinds)(
    '%s at any call of the taking over: one key in the end',
    async (kind) => {
      const late = async () => {
        const world = await abandoned();
        await world.pass({ hours: 25 });
        return world;
      };
      const count = (await (await late()).runbook(1)).calls[0] ?? 0;
      expect(count).toBeGreaterThan(15);
      for (let call = 1; call <= count; call++) {
        const world = await late();
        const { issued } = await world.runbook(1, { createSecret: { call, kind } });
        if (!issued) {
          await world.pass({ hours: 25 });
          expect((await world.runbook(2)).issued, `${kind} at call ${call}`).toBe(true);
        }
        expect(world.keys()).toHaveLength(2);
        expect(await claimOf(world)).toBeUndefined();
      }
    },
    60_000,
  );
});

describe('a claim in the way of its own rotation', () => {
  test('a later attempt of the same rotation goes on under it', async () => {
    const world = custodyWorld();
    await loseKey(world);
    await world.pass({ hours: 1 });
    expect((await world.runbook(2)).issued).toBe(true);
    expect(world.keys()).toHaveLength(2);
  });

  test('that cannot be given up is told, and the step stands', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    world.meddle((call, proceed) => {
      if (call.operation === 'DeleteParameter') throw new Error('denied');
      return proceed();
    });
    const said: unknown[] = [];
    Object.assign(world.deps.log, { error: (...line: unknown[]) => said.push(line) });
    expect(await world.run('finishSecret')).toMatchObject({ ok: true, answer: { Issued: 'true' } });
    expect(JSON.stringify(said)).toContain('the claim on the user stays for a day');
  });
});

/** A kept secret: read seldom, read again for whoever was refused, and not more than that. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type Kept, keptSecret } from '../../adapters/kept-secret.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { story } from '../builders.ts';

let clock: VirtualClock;
let held: string;
let problem: Error | null;
let reads: number;
let secret: Kept<unknown>;

beforeEach(() => {
  [clock, held, problem, reads] = [virtualClock(story.opened), '"one"', null, 0];
  const readText = async () => {
    reads += 1;
    if (problem !== null) throw problem;
    return held;
  };
  const parse = (json: unknown) => json;
  secret = keptSecret(clock, readText, { secretId: 'x', what: 'the secret', parse });
});

const minute = 60_000;

test('it is read once in five minutes', async () => {
  expect(await secret.read()).toBe('one');
  held = '"two"';
  await clock.sleep(5 * minute - 1);
  expect(await secret.read()).toBe('one');
  await clock.sleep(1);
  expect(await secret.read()).toBe('two');
  expect(reads).toBe(2);
});

describe('for whoever was refused', () => {
  test('it is read anew, and that is kept', async () => {
    await secret.read();
    held = '"two"';
    await clock.sleep(minute);
    expect(await secret.readAgain()).toBe('two');
    expect(await secret.read()).toBe('two');
    await clock.sleep(4 * minute);
    expect(await secret.read()).toBe('two');
    expect(reads).toBe(2);
  });

  test('but a minute apart at least, however many ask', async () => {
    await secret.read();
    for (let second = 0; second < 600; second++) {
      await clock.sleep(1000);
      await secret.readAgain();
    }
    expect(reads).toBe(11);
  });

  test('all at once share one reading', async () => {
    await secret.read();
    await clock.sleep(minute);
    held = '"two"';
    const all = await Promise.all(Array.from({ length: 20 }, () => secret.readAgain()));
    expect(new Set(all)).toEqual(new Set(['two']));
    expect(reads).toBe(2);
  });

  test('it is read where nothing is kept', async () => {
    expect(await secret.readAgain()).toBe('one');
  });

  test('what was read stays where it cannot be read now, and is asked for no faster', async () => {
    await secret.read();
    problem = new Transient('the vault does not answer');
    await clock.sleep(minute);
    expect(await secret.readAgain()).toBe('one');
    expect(await secret.readAgain()).toBe('one');
    expect(await secret.read()).toBe('one');
    expect(reads).toBe(2);
    await clock.sleep(minute);
    await secret.readAgain();
    expect(reads).toBe(3);
  });
});

test('what is gone from the vault does not live on by being asked for', async () => {
  await secret.read();
  problem = new Permanent('there is no such secret');
  for (let minutes = 1; minutes < 5; minutes++) {
    await clock.sleep(minute);
    expect(await secret.readAgain()).toBe('one');
  }
  await clock.sleep(minute);
  await expect(secret.readAgain()).rejects.toBeInstanceOf(Permanent);
  await expect(secret.read()).rejects.toBeInstanceOf(Permanent);
});

test('a failure is not kept', async () => {
  problem = new Permanent('there is no such secret');
  await expect(secret.read()).rejects.toBeInstanceOf(Permanent);
  await expect(secret.readAgain()).rejects.toBeInstanceOf(Permanent);
  problem = null;
  expect(await secret.read()).toBe('one');
});

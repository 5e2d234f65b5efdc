/**
 * A look that took too long was cut off and left no trace: at the next tick the same rotation came
 * first again, was cut off again, and its account was left alone for the rest of that tick. Nobody
 * else of the account ever had a turn.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { TimeLeft } from '../../app/time-left.ts';
import { Transient } from '../../domain/errors.ts';
import { millisBetween, plus } from '../../domain/instant.ts';
import type { Witness } from '../../domain/ports.ts';
import { type GivenShell, givenShell, otherKey } from '../app/given-shell.ts';
import { overlapping, safe, story, user } from '../builders.ts';

const seconds = 1000;
const probeAt = plus(story.issued, { hours: 6 });

/** Two keys of an account are to be looked at, the slow one first; their ids. */
async function two(given: GivenShell): Promise<readonly [string, string]> {
  const ids: string[] = [];
  for (const [index, minutes] of [-2, -1].entries()) {
    const { id, key } = otherKey(`AKIAEXAMPLE0000${index}`);
    const { keyId, createdAt } = key;
    const userName = `user-${index}`;
    const owner = given.world.cloud.addUser({ account: user.account, userName, createdAt });
    given.world.cloud.addKey(user.account, userName, { keyId, createdAt });
    const nextProbeAt = plus(probeAt, { minutes });
    await given.put(overlapping({ nextProbeAt }), [], { id, key: { ...key, user: owner } });
    ids.push(id);
  }
  const [slow = '', other = ''] = ids;
  return [slow, other];
}

/** A tick of 300 s, in which time passes as long as somebody waits. */
async function ticked(given: GivenShell, slow: string, least = 300): Promise<readonly string[]> {
  const { clock } = given.world;
  const begun = clock.now();
  const asked: string[] = [];
  const examine: Witness['examine'] = async (_, { oldKeyId }) => {
    asked.push(oldKeyId);
    return safe({ at: clock.now() });
  };
  const within: TimeLeft['within'] = async (millis, tried, work) => {
    if (!tried.startsWith(`waking rotation ${slow}`)) return work();
    asked.push('slow');
    await clock.sleep(millis);
    throw new Transient(`${tried} took longer than ${millis / seconds} s; it is tried again`);
  };
  const millis = () => least * seconds - millisBetween(begun, clock.now());
  await tick({ ...given.shell, witness: { examine } }, { millis, within });
  await given.later({ minutes: 1 });
  return asked;
}

test('the others of the account have their turn in the next tick', async () => {
  const given = await givenShell(probeAt);
  const [slow] = await two(given);
  expect(await ticked(given, slow)).toEqual(['slow']);
  expect(await ticked(given, slow)).toEqual(['AKIAEXAMPLE00001']);
});

test('whoever was cut off is not known to be unused, and is looked at again later', async () => {
  const given = await givenShell(probeAt);
  const [slow] = await two(given);
  await ticked(given, slow);
  expect(await given.stageOf(slow)).toMatchObject({
    name: 'overlapping',
    evidence: { verdict: 'unknown', gaps: [{ problem: expect.stringContaining('longer than') }] },
  });
  await given.later({ hours: 7 });
  expect(await ticked(given, slow)).toContain('slow');
});

test('whom the end of the tick cut off is first in the next one; nothing is noted', async () => {
  const given = await givenShell(probeAt);
  const [slow] = await two(given);
  expect(await ticked(given, slow, 60)).toContain('slow');
  expect(await given.eventsOf(slow)).toEqual([]);
  expect(await ticked(given, slow)).toContain('slow');
});

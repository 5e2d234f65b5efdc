/**
 * What comes first in every tick, a look whether a key may be issued or what became of a run, left
 * no trace when it was cut off: it came first again, its account was slow again, and no other key
 * of the account had a turn till it was a day late.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import type { TimeLeft } from '../../app/time-left.ts';
import { Transient } from '../../domain/errors.ts';
import { millisBetween, plus } from '../../domain/instant.ts';
import type { Stage } from '../../domain/stage.ts';
import { type GivenShell, givenShell, otherKey } from '../app/given-shell.ts';
import {
  approvedProposal,
  issuing,
  overlapping,
  restoring,
  safe,
  startedRun,
  story,
} from '../builders.ts';

const seconds = 1000;
const now = plus(story.issued, { hours: 6 });
const due = plus(now, { minutes: -2 });

const firsts: readonly [string, Stage][] = [
  ['a first attempt', approvedProposal({ due })],
  ['a further attempt', issuing({ run: { status: 'waiting', retryAt: due } })],
  ['a run that restores', restoring({ run: startedRun(due) })],
];

/** The ids of the hanging rotation and of the one whose turn comes after it. */
async function two(given: GivenShell, first: Stage): Promise<readonly [string, string]> {
  const stages = [first, overlapping({ nextProbeAt: plus(now, { minutes: -1 }) })];
  const ids: string[] = [];
  for (const [index, stage] of stages.entries()) {
    const { id, key } = otherKey(`AKIAEXAMPLE0000${index}`);
    await given.put(stage, [], { id, key });
    ids.push(id);
  }
  const [slow = '', other = ''] = ids;
  return [slow, other];
}

/** Whom a tick of 300 s asked about, in which everything about one rotation hangs. */
async function ticked(given: GivenShell, slow: string): Promise<readonly string[]> {
  const { clock } = given.world;
  const begun = clock.now();
  const asked: string[] = [];
  const within: TimeLeft['within'] = async (millis, tried, work) => {
    if (!tried.startsWith(`waking rotation ${slow}`)) return work();
    asked.push('slow');
    await clock.sleep(millis);
    throw new Transient(`${tried} took longer than ${millis / seconds} s; it is tried again`);
  };
  const examine = async (_: unknown, { oldKeyId }: { readonly oldKeyId: string }) => {
    asked.push(oldKeyId);
    return safe({ at: clock.now() });
  };
  const millis = () => 300 * seconds - millisBetween(begun, clock.now());
  await tick({ ...given.shell, witness: { examine } }, { millis, within });
  await given.later({ minutes: 1 });
  return asked;
}

test.each(firsts)(
  '%s that hangs is left alone for a while: others have their turn',
  async (...at) => {
    const given = await givenShell(now);
    const [slow] = await two(given, at[1]);
    expect(await ticked(given, slow)).toEqual(['slow']);
    expect(await ticked(given, slow)).toEqual(['AKIAEXAMPLE00001']);
    await given.later({ minutes: 15 });
    expect(await ticked(given, slow)).toContain('slow');
  },
);

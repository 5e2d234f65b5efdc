/** Writes to Security Hub what became of a finding. */
import type { Rotation } from '../domain/case.ts';
import { asSentence } from '../domain/decision.ts';
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import { type Finding, withFinding } from '../domain/finding.ts';
import { longestNote } from '../domain/opening.ts';
import { isKeyGone } from '../domain/outcome.ts';
import type { FindingRecorder } from '../domain/ports.ts';
import { laterOrders } from './later-orders.ts';
import { type LeftBecause, type OpenAnswer, type OpenDeps, open as openRotations } from './open.ts';
import type { Performed } from './performed.ts';

interface Recorder extends OpenDeps {
  readonly recorder: FindingRecorder;
}

/**
 * A finding is about a user: it is RESOLVED only when the last stale key of that user is done, and
 * then every finding that any of the user's rotations joined is. A later order says all that an
 * earlier one would, and so does a later rotation of the same key.
 */
export async function recordResult(
  shell: Recorder,
  outstanding: OutstandingEffect,
  { workflow, note }: Extract<Effect, { type: 'record result' }>,
): Promise<Performed> {
  const { rotationId } = outstanding;
  const later = await laterOrders(shell.store, outstanding);
  if (later.some(({ effect }) => effect.type === 'record result'))
    return { superseded: 'a later result stands' };
  const rotation = await shell.store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  const all = [rotation, ...(await othersOf(shell, rotation))];
  if (!isNewest(rotation, all)) return { superseded: 'a later rotation of this key stands' };
  const open = all.filter((each) => each !== rotation && isNewest(each, all) && isOpen(each));
  if (workflow !== 'RESOLVED') {
    await shell.recorder.record({ rotation, workflow, note });
    return 'performed';
  }
  const left = (await isAnyLeft(shell, open)) ? `${remains}.` : await staleKeyLeft(shell, all);
  await shell.recorder.record(
    left === null
      ? { rotation: { ...rotation, findings: findingsOf(all) }, workflow, note }
      : { rotation, workflow: 'NOTIFIED', note: noteWith(note, left) },
  );
  return 'performed';
}

/** In which words a note says that a stale key is left. */
const remains = 'Another stale key remains';

/**
 * The sentence that says which stale key of the user the account still shows; null if none. One
 * that went stale meanwhile is reported by nobody any more, since the finding was open all the
 * time: its rotation is opened here. One that nobody may touch is stale all the same. Throws
 * Permanent, to be tried again, where it cannot be told.
 */
async function staleKeyLeft(shell: Recorder, all: readonly Rotation[]): Promise<string | null> {
  const [first] = all;
  const [finding] = findingsOf(all);
  // Without any finding there is none that would say too much.
  if (first === undefined || finding === undefined) return null;
  const { partition, account, userId } = first.key.user;
  const answers = await openRotations(shell, {
    partition,
    account,
    user: { by: 'id', userId },
    finding,
    asked: false,
    sentAt: shell.clock.now(),
  });
  const unread = answers.find((answer) => isIgnored(answer, 'unreadable'));
  if (unread !== undefined) throw new Permanent(unread.reason);
  const left = answers.find(
    (answer) => !isIgnored(answer, 'no stale key') && !isIgnored(answer, 'user gone'),
  );
  if (left === undefined) return null;
  return left.outcome === 'ignored' ? `${remains}: ${asSentence(left.reason)}` : `${remains}.`;
}

function isIgnored(answer: OpenAnswer, because: LeftBecause): boolean {
  return answer.outcome === 'ignored' && answer.because === because;
}

/** Cut at the end, where Security Hub would refuse the whole note. */
function noteWith(note: string, left: string): string {
  const all = `${note} ${left}`;
  return all.length > longestNote ? `${all.slice(0, longestNote - 1)}…` : all;
}

/** Whether any of these is unfinished, or gave a key up that is still in the account. */
async function isAnyLeft({ users }: Recorder, open: readonly Rotation[]): Promise<boolean> {
  const [first] = open;
  if (first === undefined) return false;
  if (open.some(({ stage }) => stage.name !== 'done')) return true;
  const keys = (await users.keysOf(first.key.user)) ?? [];
  return open.some(({ key }) => keys.some(({ keyId }) => keyId === key.keyId));
}

/** Whether the key may still be stale and in the account: unfinished, or given up. */
function isOpen({ stage }: Rotation): boolean {
  return stage.name !== 'done' || !isKeyGone(stage);
}

/** An abandoned rotation no longer counts once a later one took the key up. */
function isNewest(each: Rotation, all: readonly Rotation[]): boolean {
  return !all.some(
    (other) => other.key.keyId === each.key.keyId && other.generation > each.generation,
  );
}

function findingsOf(rotations: readonly Rotation[]): readonly Finding[] {
  return rotations
    .flatMap(({ findings }) => findings)
    .reduce<readonly Finding[]>((known, finding) => withFinding(known, finding), []);
}

async function othersOf(shell: Recorder, rotation: Rotation): Promise<readonly Rotation[]> {
  const { account, userId } = rotation.key.user;
  const ids = await shell.store.ofUser(account, userId);
  const loaded = await Promise.all(
    ids.filter((id) => id !== rotation.id).map((id) => shell.store.load(id)),
  );
  return loaded.filter((each) => each !== undefined);
}

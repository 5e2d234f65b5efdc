/** Writes to Security Hub what became of a finding. */
import type { Rotation } from '../domain/case.ts';
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import { type Finding, withFinding } from '../domain/finding.ts';
import { isKeyGone } from '../domain/outcome.ts';
import type { FindingRecorder } from '../domain/ports.ts';
import { laterOrders } from './later-orders.ts';
import { type OpenDeps, open as openRotations } from './open.ts';
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
  if (later.some((effect) => effect.type === 'record result'))
    return { superseded: 'a later result stands' };
  const rotation = await shell.store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  const all = [rotation, ...(await othersOf(shell, rotation))];
  if (!isNewest(rotation, all)) return { superseded: 'a later rotation of this key stands' };
  const open = all.filter((each) => each !== rotation && isNewest(each, all) && isOpen(each));
  const isLast =
    workflow === 'RESOLVED' &&
    !(await isAnyLeft(shell, open)) &&
    !(await hasStaleKey(shell, rotation));
  await shell.recorder.record({
    rotation: isLast ? { ...rotation, findings: findingsOf(all) } : rotation,
    workflow: isLast ? 'RESOLVED' : 'NOTIFIED',
    note: workflow === 'RESOLVED' && !isLast ? `${note} Another stale key remains.` : note,
  });
  return 'performed';
}

/**
 * Whether the account shows another stale key of the user. One that went stale meanwhile is
 * reported by nobody any more, since the finding was open all the time: its rotation is opened
 * here.
 */
async function hasStaleKey(shell: Recorder, { key, findings }: Rotation): Promise<boolean> {
  const [finding] = findings;
  if (finding === undefined) return false;
  const { partition, account, userId } = key.user;
  const answers = await openRotations(shell, {
    partition,
    account,
    user: { by: 'id', userId },
    finding,
    asked: false,
    sentAt: shell.clock.now(),
  });
  return answers.some(({ outcome }) => outcome !== 'ignored');
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

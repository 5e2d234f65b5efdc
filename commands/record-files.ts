/** Notes keys that were found in files, for the rotations of a deployed stage to heed. */
import { cutText } from '../adapters/cut-text.ts';
import type { Discovery, FoundKey, Place } from '../domain/discovery.ts';
import { messageOf } from '../domain/errors.ts';
import { type KeyInFiles, mostFound } from '../domain/found-in-files.ts';
import type { Instant } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import type { FileNotes } from '../domain/lists.ts';
import { shown } from './discover-report.ts';

/** A path in a message; the report of discover has all of it. */
const pathRoom = 120;

export interface Recorded {
  /** Keys that were noted. */
  readonly keys: number;
  readonly problems: readonly string[];
}

/** What is deleted, and what nobody knows, has no rotation to heed it. */
export function keysToRecord(
  { keys }: Discovery,
  partition: Partition,
  at: Instant,
): readonly KeyInFiles[] {
  return keys.flatMap(({ keyId, known, places }: FoundKey) => {
    if (known === null || known.status === 'deleted') return [];
    const told = places.slice(0, mostFound).map(inShort);
    const more = places.length - told.length;
    return [{ partition, account: known.account, keyId, at, places: told, more }];
  });
}

/** One that cannot be noted keeps no other from it. */
export async function recordFiles(
  store: Pick<FileNotes, 'noteFiles'>,
  keys: readonly KeyInFiles[],
): Promise<Recorded> {
  const problems: string[] = [];
  for (const key of keys) {
    try {
      await store.noteFiles(key);
    } catch (error) {
      problems.push(`not recorded: ${messageOf(error)}`);
    }
  }
  return { keys: keys.length - problems.length, problems };
}

function inShort({ file, line, commit }: Place): string {
  const at = line === null ? shown(file) : `${shown(file)}:${line}`;
  const text = cutText(at, pathRoom);
  return commit === null ? text : `${text} (commit ${commit.slice(0, 12)})`;
}

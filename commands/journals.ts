/**
 * Writes the journals of the sandbox's story as files, one a rotation, to be kept as what this
 * version writes: later versions are tested on them.
 *
 *   npm run --silent journals -- test/fixtures/journals/v1
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { drain } from '../app/drain.ts';
import { chained, firstHash, type JournalEntry } from '../domain/journal.ts';
import { shortKey } from '../domain/key.ts';
import { companyAccounts } from '../sandbox/company.ts';
import { playDemo } from '../sandbox/demo.ts';
import { everyRotation } from '../sandbox/report.ts';
import { people } from '../sandbox/settings.ts';
import type { World } from '../sandbox/world.ts';
import { type CommandAnswer, say } from './answer.ts';

type Journals = ReadonlyMap<string, readonly JournalEntry[]>;

/** The whole story's journals by user name; then of one that was drained halfway, `drained-…`. */
export async function storyJournals(): Promise<Journals> {
  const { world } = await playDemo();
  const { world: drained } = await playDemo({ onProgress: (day) => day < 2.5 });
  const { store, clock, hub } = drained;
  await drain({
    shell: { store, clock, ids: cryptoIds },
    stopSwitch: hub.tick.stopSwitch,
    by: { kind: 'person', id: people.sam.slackUserId, name: people.sam.name },
    how: 'hold',
    until: clock.now(),
    pause: async () => undefined,
    onProgress: () => undefined,
  });
  const paused = [...(await journalsIn(drained, 'drained-'))].filter(([, entries]) =>
    entries.some(({ event }) => event.type === 'paused'),
  );
  return new Map([...(await journalsIn(world, '')), ...paused]);
}

async function journalsIn(world: World, prefix: string): Promise<Journals> {
  const rotations = await everyRotation(world, companyAccounts);
  const journals = rotations.map(async ({ id, key }) => {
    const entries = await world.store.journal(id);
    return [`${prefix}${key.user.userName}`, withExampleKeys(entries)] as const;
  });
  return new Map(await Promise.all(journals));
}

/** No file of this repository holds a key id that could be real, so each is given AWS's ending. */
function withExampleKeys(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const text = JSON.stringify(entries);
  const keyIds = new Set(text.match(/\bAKIA[A-Z0-9]{16}\b/g));
  const renamed = [...keyIds].reduce(
    (whole, keyId) =>
      whole
        .replaceAll(keyId, `${keyId.slice(0, 13)}EXAMPLE`)
        .replaceAll(shortKey(keyId), shortKey('EXAMPLE')),
    text,
  );
  const chain: JournalEntry[] = [];
  for (const { schema, hash, previousHash, ...entry } of JSON.parse(renamed) as JournalEntry[]) {
    chain.push(chained(entry, chain.at(-1)?.hash ?? firstHash, cryptoIds.digest));
  }
  return chain;
}

/** The whole command but for the printing. */
export async function journalsCommand(args: readonly string[]): Promise<CommandAnswer> {
  const [folder, ...more] = args;
  if (folder === undefined || more.length > 0 || folder.startsWith('-')) {
    return { status: 2, out: [], errors: ['usage: npm run --silent journals -- FOLDER'] };
  }
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [userName, entries] of await storyJournals()) {
    const file = join(folder, `${userName}.json`);
    // An entry a line: small, and a difference shows where it is.
    const lines = entries.map((entry) => JSON.stringify(entry));
    await writeFile(file, `[\n${lines.join(',\n')}\n]\n`);
    files.push(file);
  }
  return { status: 0, out: files, errors: [] };
}

if (import.meta.main) say(await journalsCommand(process.argv.slice(2)));

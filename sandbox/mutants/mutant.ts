/**
 * A mutant: the project with one real mistake in it, as a diff. The lines before the diff say what
 * the mistake is, where it comes from, and which invariants must catch it.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { invariants } from '../simulation/invariants/all.ts';
import { changed, type FileChange, parseDiff } from './unified-diff.ts';

export interface Mutant {
  readonly name: string;
  readonly mistake: string;
  /** The published tool that makes it, or the behaviour of AWS that invites it. */
  readonly from: string;
  /** Any of these invariants has to break. */
  readonly caughtBy: readonly string[];
  readonly changes: readonly FileChange[];
}

const ending = '.patch';

/** Every mutant of a folder, by name; what is wrong with any of them, as sentences. */
export async function mutantsIn(folder: string): Promise<Parsed<readonly Mutant[]>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(ending)).sort();
  const read = await Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -ending.length);
      return parseMutant(name, await readFile(join(folder, file), 'utf8'));
    }),
  );
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return refused(...problems);
  return parsed(read.flatMap((each) => (each.ok ? [each.value] : [])));
}

/** Each problem names the mutant. */
export function parseMutant(name: string, text: string): Parsed<Mutant> {
  const start = text.indexOf('\n--- ');
  const head = start < 0 ? text : text.slice(0, start + 1);
  const mistake = field(head, 'Mistake');
  const from = field(head, 'From');
  const caughtBy = field(head, 'Caught by').split(/, */);
  const known = invariants.map(({ id }) => id);
  const diff = parseDiff(text);
  const problems = [
    ...(mistake === '' ? ['it opens with no "Mistake: …"'] : []),
    ...(from === '' ? ['it has no "From: …"'] : []),
    ...caughtBy.flatMap((id) =>
      known.includes(id) ? [] : [`"Caught by: …" names "${id}", which is no invariant`],
    ),
    ...(diff.ok ? [] : diff.problems),
  ];
  if (!diff.ok || problems.length > 0)
    return refused(...problems.map((each) => `${name}: ${each}`));
  return parsed({ name, mistake, from, caughtBy, changes: diff.value });
}

/** `Name: text`, which may go on in lines that are indented. */
function field(head: string, name: string): string {
  const lines = head.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${name}: `));
  if (first < 0) return '';
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => !line.startsWith(' '));
  const told = [lines[first]?.slice(name.length + 2), ...rest.slice(0, end < 0 ? undefined : end)];
  return told.map((line) => (line ?? '').trim()).join(' ');
}

/** The files of a tree as the mutant has them, by path; or why it does not apply. */
export async function mutated(
  { name, changes }: Mutant,
  tree: string,
): Promise<Parsed<ReadonlyMap<string, string>>> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const change of changes) {
    const text = await readFile(join(tree, change.path), 'utf8').catch((error: unknown) => {
      problems.push(`${name}: ${messageOf(error)}`);
      return undefined;
    });
    if (text === undefined) continue;
    const after = changed(text, change);
    if (after.ok) files.set(change.path, after.value);
    else problems.push(...after.problems.map((each) => `${name}: ${each}`));
  }
  return problems.length > 0 ? refused(...problems) : parsed(files);
}

/** Makes the mistake in a tree. Throws if it does not apply. */
export async function applyTo(mutant: Mutant, tree: string): Promise<void> {
  const files = await mutated(mutant, tree);
  if (!files.ok) throw new Error(files.problems.join('; '));
  for (const [path, text] of files.value) await writeFile(join(tree, path), text);
}

/** The project's files as the tidy rules see them, and where in a file something stands. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Source {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A rule names every place that breaks it, and what to do there instead. */
export type Rule = (source: Source) => readonly string[];

const repository = join(import.meta.dirname, '..', '..');

/** Every text file that is, or on the next commit could be, part of the repository. */
export function repositorySources(): readonly Source[] {
  const listing = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listing
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(repository, path)))
    .map((path) => ({ path, text: readFileSync(join(repository, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

/** `path:line` of a position in the text. */
export function place({ path, text }: Source, index: number): string {
  return `${path}:${text.slice(0, index).split('\n').length}`;
}

/** One message for each match of a pattern (which must be global); undefined lets a match pass. */
export function atEach(
  source: Source,
  pattern: RegExp,
  message: (found: string) => string | undefined,
): readonly string[] {
  return [...source.text.matchAll(pattern)].flatMap((match) => {
    const said = message(match[0]);
    return said === undefined ? [] : [`${place(source, match.index)}: ${said}`];
  });
}

export const isTypeScript = ({ path }: Source) => /\.tsx?$/.test(path);
export const isCode = ({ path }: Source) => /\.(tsx?|cjs|mjs|js|css)$/.test(path);

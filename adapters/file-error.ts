/** Errors of the file system, in words that quote nothing of a file. */

/** `EACCES` and so on; empty for what is no such error. */
export function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ENOENT: 'it is not there',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'it is a folder',
};

export function unreadable(error: unknown): string {
  const code = codeOf(error);
  return words[code] ?? (code === '' ? 'it cannot be read' : `it cannot be read (${code})`);
}

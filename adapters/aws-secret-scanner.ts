/**
 * Finds AWS access keys in text with secretlint's rule for AWS, and says where: the id of a key, or
 * that a secret value stands there. The rule's own messages, which quote what it found, are never
 * made; a value leaves this file in no form.
 */
import { creator } from '@secretlint/secretlint-rule-aws';

/** `encoded`: it stood there in base64. */
export interface Seen {
  /** Where in the text it, or the line of base64 that holds it, begins. */
  readonly index: number;
  /** null: a secret value. */
  readonly keyId: string | null;
  readonly encoded: boolean;
}

type Rule = typeof creator;
type Source = Parameters<NonNullable<ReturnType<Rule['create']>['file']>>[0];
type Context = Parameters<Rule['create']>[0];

/**
 * Ids of long-term keys. The rule also reports ids of users, roles and temporary keys, which nobody
 * rotates. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (2026-11)
 */
const longTermKey = /^AKIA[A-Z0-9]{16}$/;

/** Everything in a text, also in base64, in the order in which it stands there. */
export function seenIn(text: string): readonly Seen[] {
  const plain = ruleOver(withoutEscapes(text)).map((each) => ({ ...each, encoded: false }));
  const all = [...plain, ...encodedIn(text)];
  return all.toSorted((a, b) => a.index - b.index);
}

/** The ids of keys in a text, each once. */
export function keyIdsIn(text: string): readonly string[] {
  const ids = seenIn(text).flatMap(({ keyId }) => (keyId === null ? [] : [keyId]));
  return [...new Set(ids)];
}

/** Outside text that is to be shown: the id of a key by its end, and nothing that looks secret. */
export function withoutSecrets(text: string): string {
  if (seenIn(text).some(({ keyId }) => keyId === null)) return '(withheld: it holds a secret)';
  return text.replaceAll(/AKIA[A-Z0-9]{12}(?=[A-Z0-9]{4})/g, '…');
}

type Found = Omit<Seen, 'encoded'>;

/**
 * The rule as it is, without the core that drives it elsewhere: that notes a time for each text and
 * keeps all of them, which grows with the square of the number of files.
 */
function ruleOver(text: string): readonly Found[] {
  const found: Found[] = [];
  const context: Context = {
    sharedOptions: {},
    createTranslator: () => (messageId) => ({
      message: '',
      messageId: String(messageId),
      data: undefined,
    }),
    ignore: () => undefined,
    report: ({ message: { messageId }, range: [index, end] }) => {
      if (messageId === 'AWSSecretAccessKey') found.push({ index, keyId: null });
      if (messageId !== 'AWSAccessKeyID') return;
      const keyId = text.slice(index, end);
      if (longTermKey.test(keyId)) found.push({ index, keyId });
    },
  };
  // The rule reads the content and nothing else of a source.
  const source = { content: text } as Source;
  creator.create(context, { enableIDScanRule: true }).file?.(source);
  return found;
}

/** Escapes of JSON and of strings in code as spaces, so that every place stays where it is. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(["'nrt])/g, (_, mark: string) =>
    mark === '"' || mark === "'" ? ` ${mark}` : '  ',
  );
}

/** An id has 28 characters in base64, a value 56. */
const base64 = /[A-Za-z0-9+/]{26,}={0,2}/g;
const printable = /^[\t\n\r\x20-\x7e]+$/;

/** Longer than that it is a picture or a program, and of a window's edge only a part is seen. */
const longestRun = 65_536;

/**
 * What a line says once its base64 is read: `AWS_SECRET_ACCESS_KEY: <base64>`, as in a Kubernetes
 * Secret, is to be found by its name as much as a whole file in base64.
 */
function encodedIn(text: string): readonly Seen[] {
  const seen: Seen[] = [];
  let lineEnd = -1;
  for (const { 0: run, index } of text.matchAll(base64)) {
    if (index < lineEnd || decoded(run) === null) continue;
    const start = Math.max(text.lastIndexOf('\n', index) + 1, index - longestRun);
    const newline = text.indexOf('\n', index);
    lineEnd = Math.min(newline < 0 ? text.length : newline, index + 2 * longestRun);
    const line = text.slice(start, lineEnd);
    const plain = new Set(ruleOver(withoutEscapes(line)).map(({ keyId }) => keyId));
    const read = line.replaceAll(base64, (each) => decoded(each) ?? each);
    for (const { keyId } of ruleOver(read)) {
      if (!plain.has(keyId)) seen.push({ index, keyId, encoded: true });
    }
  }
  return seen;
}

/** What a run of base64 says, in one line; null if it says nothing readable. */
function decoded(run: string): string | null {
  if (run.length % 4 !== 0 || run.length > longestRun) return null;
  if (!printable.test(Buffer.from(run.slice(0, 24), 'base64').toString('latin1'))) return null;
  const text = Buffer.from(run, 'base64').toString('latin1');
  return printable.test(text) ? text.replaceAll(/[\r\n]/g, ' ') : null;
}

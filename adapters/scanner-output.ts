/**
 * What other scanners wrote, read once. Such a file holds secrets: no problem quotes it, and of
 * what it says only key ids and places are kept.
 */
import * as v from 'valibot';
import type { FoundBy, Hit } from '../domain/discovery.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { seenIn } from './aws-secret-scanner.ts';

export interface ScannerOutput {
  readonly hits: readonly Hit[];
  /** Findings of secrets that are no access keys of AWS. */
  readonly others: number;
  /** What could not be read, each with its line or place in the file. */
  readonly problems: readonly string[];
}

export const nothingRead: ScannerOutput = { hits: [], others: 0, problems: [] };

/** Everything of several readings. */
export function together(outputs: readonly ScannerOutput[]): ScannerOutput {
  return {
    hits: outputs.flatMap(({ hits }) => hits),
    others: outputs.reduce((sum, { others }) => sum + others, 0),
    problems: outputs.flatMap(({ problems }) => problems),
  };
}

export interface Finding {
  readonly foundBy: FoundBy;
  readonly file: string;
  readonly line: number | null;
  readonly commit: string | null;
  /** What it quotes of the file, or of the secret. */
  readonly texts: readonly string[];
  /** Whether the scanner itself says that it is of AWS. */
  readonly ofAws: boolean;
}

/** A finding's key ids; or that a value stands there, where it quotes no id (or hides it). */
export function outputOf({ texts, ofAws, ...spot }: Finding): ScannerOutput {
  const seen = texts.flatMap(seenIn);
  const ids = [...new Set(seen.flatMap(({ keyId }) => (keyId === null ? [] : [keyId])))];
  const hasValue = seen.some(({ keyId }) => keyId === null) || (ofAws && ids.length === 0);
  const hit = (keyId: string | null): Hit => ({ ...spot, keyId, encoded: false });
  const hits = [...ids.map(hit), ...(hasValue ? [hit(null)] : [])];
  return { hits, others: hits.length === 0 ? 1 : 0, problems: [] };
}

/** A problem of each field that is not as it should be; its value is never said. */
export function fieldProblems(
  schema: v.GenericSchema,
  value: unknown,
  where: string,
): readonly string[] {
  const result = v.safeParse(schema, value);
  if (result.success) return [];
  return result.issues.map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
    return `${where}: ${path === '' ? 'it' : path} should be ${issue.message}`;
  });
}

/** undefined for what is no JSON: Node's own message would quote it. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A commit's hash, or null for anything else. */
export function commitIn(text: string | null | undefined): string | null {
  return text && /^[0-9a-f]{7,64}$/i.test(text) ? text : null;
}

export const wholeText = v.string('a text');
export const lineNumber = v.pipe(
  v.number('a line number'),
  v.integer('a line number'),
  v.minValue(0, 'a line number'),
);

export const moment = v.pipe(
  v.string('an ISO-8601 moment'),
  v.transform(parseInstant),
  v.custom<Instant>((value) => value !== undefined, 'an ISO-8601 moment'),
);

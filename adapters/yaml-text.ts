/**
 * YAML (and JSON, which is a part of it) as people write settings: read whole, or every fault with
 * line and column. Anchors, aliases and tags are refused: nothing in a file may stand for anything
 * but itself, or grow when it is read.
 */
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { messageOf } from '../domain/errors.ts';

export type YamlPath = readonly (string | number)[];

/** Where something stands; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** `problem` as a sentence without its place. */
export interface TextProblem extends TextPlace {
  readonly problem: string;
}

export interface YamlText {
  /** Faults after which the value cannot be trusted. */
  readonly faults: readonly TextProblem[];
  /** Undefined if the text has faults. */
  readonly value: unknown;
  /** Where a value stands; the nearest thing around it if it is missing. */
  placeOf(path: YamlPath): TextPlace;
  /** Where the name of a field stands. */
  placeOfName(path: YamlPath): TextPlace;
  /** A plain value as it is written, such as `012`, which YAML reads as the number 12. */
  written(path: YamlPath): string | undefined;
}

/** Settings are written by hand: what is longer is something else. */
const longestText = 256 * 1024;

const top: TextPlace = { line: 1, column: 1 };

/** Words for the faults that people make most. */
const inWords: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab stands where the line begins: indent with spaces',
  DUPLICATE_KEY: 'the field is there twice: remove one of the two',
  MULTIPLE_DOCS: 'a second document begins: keep one in a file',
};

/** Reads a text. Never throws. */
export function readYaml(text: string): YamlText {
  if (text.length > longestText) {
    return nothing([
      { ...top, problem: `the file has over ${longestText} characters: shorten it` },
    ]);
  }
  const lines = new LineCounter();
  const at = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // What it warns of is a fault here; on standard error it would show parts of the file.
      logLevel: 'error',
      // Whatever version the text claims: yes and no are words, and << merges nothing.
      schema: 'core',
    });
    const faults = [...syntaxFaults(document, at), ...standIns(document, at)];
    if (faults.length > 0) return nothing(faults);
    return {
      faults,
      value: document.toJS({ maxAliasCount: 0 }),
      placeOf: (path) => at(offsetOf(document, path, 'value')),
      placeOfName: (path) => at(offsetOf(document, path, 'name')),
      written: (path) => writtenAt(document, path),
    };
  } catch (error) {
    // Nested too deep for the parser.
    return nothing([{ ...top, problem: `the file cannot be read: ${messageOf(error)}` }]);
  }
}

function nothing(faults: readonly TextProblem[]): YamlText {
  const place = () => top;
  return { faults, value: undefined, placeOf: place, placeOfName: place, written: () => undefined };
}

function syntaxFaults(
  { errors, warnings }: Document.Parsed,
  at: (offset: number) => TextPlace,
): readonly TextProblem[] {
  return [...errors, ...warnings].map(({ code, message, pos }) => ({
    ...at(pos[0]),
    problem: inWords[code] ?? `this is no YAML: ${message}`,
  }));
}

function standIns(
  document: Document.Parsed,
  at: (offset: number) => TextPlace,
): readonly TextProblem[] {
  const found: TextProblem[] = [];
  const add = (range: readonly number[] | null | undefined, problem: string) =>
    found.push({ ...at(range?.[0] ?? 0), problem });
  visit(document, {
    Alias: (_, { range, source }) => {
      add(range, `*${source.slice(0, 40)} stands for another value: write that value out`);
    },
    Value: (_, { range, anchor }) => {
      if (anchor !== undefined) {
        add(range, `&${anchor.slice(0, 40)} names a value to be repeated: write values out`);
      }
    },
  });
  return found;
}

function offsetOf(document: Document.Parsed, path: YamlPath, what: 'value' | 'name'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next = pair?.value ?? (isSeq(node) ? node.items[Number(step)] : undefined);
    const isLast = index === path.length - 1;
    if (pair !== undefined && isLast && what === 'name') return startOf(pair.key) ?? offset;
    // A field without a value is where its name is.
    offset = startOf(next) ?? startOf(pair?.key) ?? offset;
    if (next === undefined) return offset;
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  const range =
    isMap(node) || isSeq(node) || isScalar(node) ? (node.range ?? undefined) : undefined;
  return range?.[0];
}

function writtenAt(document: Document.Parsed, path: YamlPath): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) ? node.source : undefined;
}

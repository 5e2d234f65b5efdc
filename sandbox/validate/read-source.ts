/**
 * A document's text, YAML or JSON, as plain values. Whatever the text is, the answer is a value or
 * the reasons why there is none; a key that stands twice is a problem, yet the rest can be read.
 */
import {
  type Document,
  isScalar,
  isMap as isYamlMap,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { messageOf } from '../../domain/errors.ts';
import { isList, isMap, type Json, toJson } from '../runner/json.ts';

export interface Source {
  /** Undefined if the text could not be read. */
  readonly value?: Json;
  readonly problems: readonly string[];
}

/** Deeper than any document of sense; it also keeps what follows from running out of stack. */
const deepest = 200;

export function readSource(text: string): Source {
  try {
    return read(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The YAML library throws on aliases without end, and overflows the stack on deep nesting.
    if (error instanceof RangeError) return { problems: ['is nested too deeply to be read'] };
    return { problems: [`cannot be read: ${firstLine(messageOf(error))}`] };
  }
}

function read(text: string): Source {
  const json = asJson(text);
  if (json !== undefined && depthExceeds(json, deepest)) return tooDeep;
  const lines = new LineCounter();
  const yaml = parseDocument(text, { uniqueKeys: false, merge: true, lineCounter: lines });
  if (json !== undefined) {
    return { value: json, problems: yaml.errors.length > 0 ? [] : repeatedKeys(yaml, lines) };
  }
  if (yaml.errors.length > 0) {
    return {
      problems: yaml.errors
        .slice(0, mostErrors)
        .map((error) =>
          error.code === 'MULTIPLE_DOCS'
            ? 'holds more than one YAML document'
            : `is no YAML: ${firstLine(error.message)}`,
        ),
    };
  }
  const plain: unknown = yaml.toJS();
  if (depthExceeds(plain, deepest)) return tooDeep;
  return { value: toJson(plain), problems: repeatedKeys(yaml, lines) };
}

/** What follows a mistake in the syntax is mostly its echo. */
const mostErrors = 3;

const tooDeep: Source = { problems: [`is nested more than ${deepest} levels deep`] };

function asJson(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // It may still be YAML in flow style, which looks the same at the start.
    return undefined;
  }
}

/** Level by level, so that depth costs no stack; a value that contains itself is too deep. */
function depthExceeds(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    const below = new Set<unknown>();
    for (const each of level) {
      const inner = isList(each) ? each : isMap(each) ? Object.values(each) : [];
      for (const one of inner) if (typeof one === 'object' && one !== null) below.add(one);
    }
    level = [...below];
  }
  return false;
}

function repeatedKeys(yaml: Document, lines: LineCounter): string[] {
  const problems: string[] = [];
  visit(yaml, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of isYamlMap(map) ? map.items : []) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const line = lines.linePos(key.range?.[0] ?? 0).line;
        if (seen.has(name)) problems.push(`has the key ${name} twice in one map, at line ${line}`);
        seen.add(name);
      }
    },
  });
  return problems;
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/:$/, '');
}

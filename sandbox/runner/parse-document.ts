/**
 * Reads an Automation document (schemaVersion 0.3) from YAML or JSON. A document is taken only if
 * AWS would take it as far as sandbox/validate can tell, and the sandbox can run all of it; else
 * every problem is listed, those of a step as `<step>: …`.
 */
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { validateDocument } from '../validate/validate-document.ts';
import { checkReferences } from './check-references.ts';
import type { AutomationDocument, Step } from './document.ts';
import { isList, type Json, type JsonMap } from './json.ts';
import { parseParameter, parseVariable } from './parse-parameter.ts';
import { parseStep } from './parse-step.ts';
import { collectInto, listField, mapField, type Problems, textField } from './problems.ts';

export function parseAutomationDocument(text: string): Parsed<AutomationDocument> {
  const { value, problems } = validateDocument(text);
  if (value === undefined || problems.length > 0) return refused(...problems);
  const list: string[] = [];
  const document = read(value, collectInto(list));
  return list.length === 0 ? parsed(document) : refused(...list);
}

function read(source: JsonMap, problems: Problems): AutomationDocument {
  const about = problems.about('document');
  const document: AutomationDocument = {
    description: textField(source, 'description', about) ?? '',
    assumeRole: textField(source, 'assumeRole', about) ?? '',
    parameters: definitions(source, 'parameters', parseParameter, problems),
    variables: definitions(source, 'variables', parseVariable, problems),
    steps: readSteps(source, problems),
    outputs: listField(source, 'outputs', about).filter((output) => typeof output === 'string'),
  };
  checkReferences(document, problems);
  return document;
}

function readSteps(source: JsonMap, problems: Problems): Step[] {
  const written = isList(source.mainSteps) ? source.mainSteps : [];
  return written.map((entry) => parseStep(entry, problems)).filter((step) => step !== undefined);
}

function definitions<T>(
  source: JsonMap,
  section: 'parameters' | 'variables',
  parse: (entry: Json, problems: Problems) => T | undefined,
  problems: Problems,
): Record<string, T> {
  const entries: [string, T][] = [];
  for (const [name, entry] of Object.entries(mapField(source, section, problems))) {
    const definition = parse(entry, problems.about(`${section}.${name}`));
    if (definition !== undefined) entries.push([name, definition]);
  }
  return Object.fromEntries(entries);
}

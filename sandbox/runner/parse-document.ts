/**
 * Reads an Automation document (schemaVersion 0.3) from YAML or JSON. A document is taken only if
 * nothing at all is wrong with it as far as this runner can tell; else every problem is listed,
 * those of a step as `<step>: …`.
 */
import { parseDocument } from 'yaml';
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { checkFlow } from './check-flow.ts';
import type { AutomationDocument, Step } from './document.ts';
import { isList, isMap, type Json, type JsonMap, toJson } from './json.ts';
import { parseParameter, parseVariable } from './parse-parameter.ts';
import { parseStep } from './parse-step.ts';
import {
  collectInto,
  listField,
  mapField,
  type Problems,
  refuseUnknown,
  textField,
} from './problems.ts';

const documentProperties = [
  'schemaVersion',
  'description',
  'assumeRole',
  'parameters',
  'variables',
  'mainSteps',
  'outputs',
];

export function parseAutomationDocument(text: string): Parsed<AutomationDocument> {
  const yaml = parseDocument(text, { uniqueKeys: true });
  if (yaml.errors.length > 0) {
    return refused(...yaml.errors.map((error) => error.message.split('\n')[0] ?? error.message));
  }
  const source = toJson(yaml.toJS());
  if (!isMap(source)) return refused('the document is not a map');
  const list: string[] = [];
  const document = read(source, collectInto(list));
  return list.length === 0 ? parsed(document) : refused(...list);
}

function read(source: JsonMap, problems: Problems): AutomationDocument {
  refuseUnknown(source, documentProperties, problems);
  if (source.schemaVersion !== '0.3') problems.add("schemaVersion is not the text '0.3'");
  const steps = readSteps(source, problems);
  const document: AutomationDocument = {
    description: textField(source, 'description', problems) ?? '',
    assumeRole: textField(source, 'assumeRole', problems) ?? '',
    parameters: definitions(source, 'parameters', parseParameter, problems),
    variables: definitions(source, 'variables', parseVariable, problems),
    steps,
    outputs: readOutputs(source, problems),
  };
  checkFlow(document, stepNames(source), problems);
  return document;
}

function readSteps(source: JsonMap, problems: Problems): Step[] {
  const written = listField(source, 'mainSteps', problems);
  if (written.length === 0) problems.add('mainSteps has no step');
  return written
    .map((entry, index) => parseStep(entry, index, problems))
    .filter((step) => step !== undefined);
}

function stepNames(source: JsonMap): string[] {
  const written = isList(source.mainSteps) ? source.mainSteps : [];
  const names = written.map((step) => (isMap(step) ? step.name : undefined));
  return names.filter((name): name is string => typeof name === 'string');
}

function definitions<T>(
  source: JsonMap,
  section: 'parameters' | 'variables',
  parse: (entry: Json, problems: Problems) => T | undefined,
  problems: Problems,
): Record<string, T> {
  const entries: [string, T][] = [];
  for (const [name, entry] of Object.entries(mapField(source, section, problems))) {
    const about = problems.about(`${section.slice(0, -1)} ${name}`);
    if (!/^\w{1,50}$/.test(name)) about.add('the name is not of 1 to 50 letters, digits, _');
    const definition = parse(entry, about);
    if (definition !== undefined) entries.push([name, definition]);
  }
  return Object.fromEntries(entries);
}

function readOutputs(source: JsonMap, problems: Problems): string[] {
  return listField(source, 'outputs', problems).filter((output): output is string => {
    if (typeof output === 'string') return true;
    problems.about('outputs').add(`${JSON.stringify(output)} is not a text`);
    return false;
  });
}

/**
 * The policy file: YAML or JSON, read once into a policy book, or refused with every problem at
 * once, each with file, line, column, what is wrong and what to do.
 */
import * as v from 'valibot';
import { type BookProblem, bookProblems } from '../domain/book-problems.ts';
import type { Exemption } from '../domain/exemption.ts';
import { type Parsed, parsed } from '../domain/parsed.ts';
import { roles as allRoles, type Person } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { PolicyBook, PolicyChanges, Rule } from '../domain/policy-book.ts';
import type { Hours } from '../domain/window.ts';
import { parseHours } from '../domain/window-text.ts';
import { nothingHidden } from './cut-text.ts';
import { nearestName } from './nearest-name.ts';
import { policyFields } from './policy-fields.ts';
import {
  exemptionSchema,
  parseMoment,
  personSchema,
  policyFileSchema,
  ringSchema,
  ruleSchema,
} from './policy-schema.ts';
import { inWords, peek } from './problems.ts';
import { readYaml, type TextPlace, type YamlPath, type YamlText } from './yaml-text.ts';

interface PlacedProblem extends TextPlace {
  readonly problem: string;
}

/** Reads a file's text; `fileName` is how its problems name it. */
export function readPolicyFile(text: string, fileName: string): Parsed<PolicyBook> {
  const yaml = readYaml(text.replace(/^\uFEFF/, ''));
  const found = yaml.faults.length > 0 ? yaml.faults : problemsIn(yaml);
  if (found.length === 0) return parsed(bookIn(yaml.value));
  const placed = found.toSorted((one, other) => one.line - other.line || one.column - other.column);
  const problems = placed.map(
    ({ line, column, problem }) => `${fileName}:${line}:${column}: ${nothingHidden(problem)}`,
  );
  return { ok: false, problems: [...new Set(problems)] };
}

function problemsIn(yaml: YamlText): readonly PlacedProblem[] {
  const { issues = [] } = v.safeParse(policyFileSchema, yaml.value);
  // One problem a value: what has the wrong form is not also out of bounds.
  const first = new Map<string, PlacedProblem>();
  for (const issue of issues) {
    const path = pathOf(issue);
    if (isUnknown(issue) || first.has(pathText(path))) continue;
    first.set(pathText(path), placedIssue(yaml, issue, path));
  }
  return [
    ...unknownFields(yaml, policyFileSchema, yaml.value, []),
    ...first.values(),
    ...contradictionsIn(yaml)
      .filter(({ path }) => !first.has(pathText(path)))
      .map((each) => placedContradiction(yaml, each)),
  ];
}

/** What is right by itself is looked at together, whatever is wrong elsewhere. */
function contradictionsIn({ value }: YamlText): readonly BookProblem[] {
  return v.is(v.record(v.string(), v.unknown()), value) ? bookProblems(bookIn(value)) : [];
}

/** valibot stops at the first unknown field and takes those of every object's prototype. */
const isUnknown = ({ type, expected }: v.BaseIssue<unknown>) =>
  type === 'strict_object' && expected === 'never';

function pathOf(issue: v.BaseIssue<unknown>): YamlPath {
  return (issue.path ?? []).flatMap(({ key }) =>
    typeof key === 'string' || typeof key === 'number' ? [key] : [],
  );
}

function placedIssue(yaml: YamlText, issue: v.BaseIssue<unknown>, path: YamlPath): PlacedProblem {
  const value = issue.path === undefined ? issue.input : issue.path.at(-1)?.value;
  const isMissing = issue.type === 'strict_object' && value === undefined;
  const advice = isMissing ? missingAdvice(path) : issue.message;
  const written = typeof value === 'number' ? yaml.written(path) : undefined;
  const problem = `${pathText(path)} is ${written ?? inWords(value)}: ${advice}`;
  return { ...yaml.placeOf(path), problem };
}

/** What the field itself would say if it were there with a wrong value. */
function missingAdvice(path: YamlPath): string {
  const schema = path.reduce<unknown>(
    (outer, step) =>
      typeof step === 'number' ? peek(inner(outer), 'item') : peek(inner(outer), 'entries', step),
    policyFileSchema,
  );
  const message = peek(inner(schema), 'message');
  return typeof message === 'string' ? message : 'set it';
}

function placedContradiction(yaml: YamlText, { path, problem }: BookProblem): PlacedProblem {
  return { ...yaml.placeOf(path), problem: `${pathText(path)} ${problem}` };
}

function unknownFields(
  yaml: YamlText,
  schema: unknown,
  value: unknown,
  path: YamlPath,
): readonly PlacedProblem[] {
  const form = inner(schema);
  // valibot takes a list for an object.
  if (Array.isArray(value) && peek(form, 'type') === 'strict_object') {
    const problem = `${pathText(path)} is a list: ${String(peek(form, 'message'))}`;
    return [{ ...yaml.placeOf(path), problem }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((each, index) =>
      unknownFields(yaml, peek(form, 'item'), each, [...path, index]),
    );
  }
  const entries = peek(form, 'entries');
  if (typeof value !== 'object' || value === null || typeof entries !== 'object') return [];
  const known = Object.keys(entries ?? {});
  return Object.entries(value).flatMap(([name, each]) => {
    const at = [...path, name];
    if (known.includes(name)) return unknownFields(yaml, peek(entries, name), each, at);
    const meant = nearestName(name, known);
    const advice =
      meant === undefined ? `known here are ${known.join(', ')}` : `did you mean ${meant}?`;
    return [{ ...yaml.placeOfName(at), problem: `${pathText(at)} is no field: ${advice}` }];
  });
}

/** The schema that an optional or nullable one wraps. */
function inner(schema: unknown): unknown {
  const wrapped = peek(schema, 'wrapped');
  return wrapped === undefined ? schema : inner(wrapped);
}

/** `rules[2].graceHours`; names that are no plain words are quoted and cut. */
function pathText(path: YamlPath): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`;
    const name = /^[\w-]{1,64}$/.test(step) ? step : inWords(step);
    return before === '' ? name : `${before}.${name}`;
  }, '');
}

/** The book of everything in the value that is right by itself. */
function bookIn(value: unknown): PolicyBook {
  return {
    defaults: changesIn(peek(value, 'defaults')),
    rules: listIn(value, 'rules').flatMap(ruleIn),
    exemptions: listIn(value, 'exemptions').flatMap(exemptionIn),
    people: listIn(value, 'people').flatMap(personIn),
    ...ringsIn(value),
  };
}

function ringsIn(value: unknown): Pick<PolicyBook, 'rings'> {
  const rings = listIn(value, 'rings').flatMap((each) => (v.is(ringSchema, each) ? [each] : []));
  return rings.length === 0 ? {} : { rings };
}

function listIn(value: unknown, field: string): readonly unknown[] {
  const list = peek(value, field);
  return Array.isArray(list) ? list : [];
}

function ruleIn(given: unknown, index: number): readonly Rule[] {
  const match = v.safeParse(ruleSchema.pipe[0].entries.match, peek(given, 'match'));
  if (!match.success) return [];
  const { unit, accounts, path } = match.output;
  const scope = {
    ...(unit === undefined ? {} : { unit }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(path === undefined ? {} : { path }),
  };
  return [{ index, scope, changes: changesIn(given) }];
}

function changesIn(given: unknown): PolicyChanges {
  const changes: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries(policyFields)) {
    const value = peek(given, field);
    if (value === undefined || !v.is(schema, value)) continue;
    changes[field] = field === 'window' ? windowFrom(value) : value;
  }
  return changes;
}

function windowFrom(given: unknown): Policy['window'] {
  if (given === 'any time') return given;
  return [given].flat().flatMap((each): readonly Hours[] => {
    const hours = typeof each === 'string' ? parseHours(each) : undefined;
    return hours === undefined ? [] : [hours];
  });
}

function exemptionIn(given: unknown, index: number): readonly Exemption[] {
  const read = v.safeParse(exemptionSchema, given);
  if (!read.success) return [];
  const { account, user, path, uniqueId, reason, by } = read.output;
  const [from, until] = [parseMoment(read.output.from), parseMoment(read.output.until)];
  const whom = whomFrom(user, path, uniqueId);
  if (from === undefined || until === undefined || whom === undefined) return [];
  return [{ index, account, whom, reason, by, from, until }];
}

function whomFrom(
  userName: string | undefined,
  path: string | undefined,
  userId: string | undefined,
): Exemption['whom'] | undefined {
  if (userName !== undefined) return { by: 'name', userName };
  if (path !== undefined) return { by: 'path', path };
  return userId === undefined ? undefined : { by: 'id', userId };
}

/**
 * Somebody of whom not all is right counts as far as it is: whoever is named elsewhere is then not
 * reported as missing. Of a file without problems these are the people as they stand.
 */
function personIn(given: unknown): readonly Person[] {
  const { name, slackUserId, email, roles } = personSchema.entries;
  const [named, id, able] = [peek(given, 'name'), peek(given, 'slackUserId'), peek(given, 'roles')];
  const address = peek(given, 'email');
  return [
    {
      name: v.is(name, named) ? named : '',
      slackUserId: v.is(slackUserId, id) ? id : '',
      ...(address !== undefined && v.is(email, address) ? { email: address } : {}),
      roles: v.is(roles, able) ? able : allRoles,
    },
  ];
}

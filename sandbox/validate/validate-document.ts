/**
 * Everything that is wrong with an Automation document (schemaVersion 0.3), as far as it can be
 * known from the document alone. What is unclear is no problem. docs/runbook-validator.md lists
 * what is checked.
 */
import { isList, isMap, type JsonMap } from '../runner/json.ts';
import { collectInto, type Problems } from '../runner/problems.ts';
import { checkActionInputs } from './check-action.ts';
import { checkInputs } from './check-inputs.ts';
import { checkDefinition } from './check-parameter.ts';
import {
  checkReferences,
  outputProblem,
  referenceProblem,
  type Surroundings,
} from './check-references.ts';
import { checkStep, checkText, refuseUnknown } from './check-step.ts';
import { declaredIn } from './declared.ts';
import { hint } from './nearest.ts';
import { branchTargets, detour, outline, type WrittenStep } from './outline.ts';
import { pathsOf } from './paths.ts';
import { readSource } from './read-source.ts';
import { referencesIn, shown } from './references.ts';

const properties = [
  'schemaVersion',
  'description',
  'assumeRole',
  'parameters',
  'variables',
  'mainSteps',
  'outputs',
  'files',
];

/** A document after it was read; `value` is there if it could be read at all. */
export interface Validated {
  readonly value?: JsonMap;
  /** Each with where it is: `document: …`, `parameters.<name>: …`, `<step>: …`. */
  readonly problems: readonly string[];
}

export function validateDocument(text: string): Validated {
  const { value, problems: unreadable } = readSource(text);
  const list: string[] = [];
  const problems = collectInto(list);
  const about = problems.about('document');
  for (const problem of unreadable) about.add(problem);
  if (value === undefined) return { problems: list };
  if (!isMap(value)) {
    about.add(value === null ? 'is empty' : 'is not a map');
    return { problems: list };
  }
  checkHead(value, about);
  for (const section of ['parameters', 'variables'] as const) {
    checkSection(value, section, problems);
  }
  checkFiles(value, about);
  checkSteps(value, problems);
  return { value, problems: list };
}

function checkHead(source: JsonMap, about: Problems): void {
  refuseUnknown(source, properties, about);
  const { schemaVersion } = source;
  if (schemaVersion === undefined) about.add('has no schemaVersion');
  else if (schemaVersion !== '0.3' && schemaVersion !== 0.3) {
    about.add(`schemaVersion is not 0.3, that of Automation: ${JSON.stringify(schemaVersion)}`);
  }
  checkText(source, 'description', about);
  checkText(source, 'assumeRole', about);
}

function checkSection(
  source: JsonMap,
  section: 'parameters' | 'variables',
  problems: Problems,
): void {
  const written = source[section];
  if (written === undefined || written === null) return;
  if (!isMap(written)) {
    problems.about('document').add(`${section} is not a map`);
    return;
  }
  const kind = section === 'parameters' ? 'parameter' : 'variable';
  const { parameters } = declaredIn(source);
  for (const [name, entry] of Object.entries(written)) {
    checkDefinition(name, entry, kind, parameters, problems.about(`${section}.${name}`));
  }
}

function checkFiles(source: JsonMap, about: Problems): void {
  const { files } = source;
  if (files === undefined || files === null) return;
  if (!isMap(files)) {
    about.add('files is not a map');
    return;
  }
  for (const [name, file] of Object.entries(files)) {
    const checksums = isMap(file) ? file.checksums : undefined;
    if (!isMap(checksums) || typeof checksums.sha256 !== 'string') {
      about.add(`files ${name} has no checksums with sha256`);
    }
  }
}

function checkSteps(source: JsonMap, problems: Problems): void {
  const about = problems.about('document');
  const steps = outline(source, about);
  const byName = new Map<string, WrittenStep>();
  for (const step of steps) {
    if (step.name !== undefined && !byName.has(step.name)) byName.set(step.name, step);
  }
  const declared = declaredIn(source);
  const around: Surroundings = { declared, byName, paths: pathsOf(steps, byName) };
  checkAssumeRole(source, around, about);
  for (const step of steps) {
    const own = problems.about(step.label);
    if (step.name !== undefined && byName.get(step.name) !== step) {
      own.add('another step has this name');
    }
    checkStep(step, own);
    checkInputs(step, own);
    checkActionInputs(step, own, declared);
    checkTargets(step, byName, own);
    checkReferences(step, around, own);
  }
  // Where two steps share a name it is not clear who leads where.
  if (byName.size === steps.length) checkCircles(around, problems);
  checkOutputs(source, byName, about);
}

/**
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html (2026-11):
 * a parameter of Parameter Store is not supported here.
 */
function checkAssumeRole(source: JsonMap, around: Surroundings, about: Problems): void {
  for (const reference of referencesIn(source.assumeRole)) {
    const problem =
      reference.kind === 'ssm' || reference.kind === 'output'
        ? `${shown(reference)} cannot stand there`
        : referenceProblem(reference, around);
    if (problem !== undefined) about.add(`assumeRole: ${problem}`);
  }
}

function checkTargets(
  step: WrittenStep,
  byName: ReadonlyMap<string, WrittenStep>,
  problems: Problems,
): void {
  const { nextStep } = step.source;
  const cancelled = detour(step, 'onCancel');
  const jumps: [string, string | undefined][] = [
    ['nextStep', typeof nextStep === 'string' ? nextStep : undefined],
    ['onFailure', detour(step, 'onFailure')],
    ['onCancel', cancelled],
    ...branchTargets(step).map((name): [string, string] => ['aws:branch', name]),
  ];
  for (const [from, name] of jumps) {
    if (name === undefined || name === '' || byName.has(name)) continue;
    const meant = hint(name, byName.keys());
    problems.add(`${from} leads to ${name}, and there is no such step${meant}`);
  }
  const target = byName.get(cancelled ?? '');
  if (target?.entry?.followsCancel === false) {
    problems.add(`onCancel leads to ${cancelled}, which is ${target.source.action}: not supported`);
  }
}

const longestTrace = 12;

function checkCircles({ paths }: Surroundings, problems: Problems): void {
  for (const circle of paths.circles) {
    const names = circle.map((step) => step.label);
    const trace =
      names.length > longestTrace ? [...names.slice(0, longestTrace - 2), '…', names[0]] : names;
    problems.about(names[0] ?? '').add(`the steps run in a circle: ${trace.join(' → ')}`);
  }
}

function checkOutputs(
  source: JsonMap,
  byName: ReadonlyMap<string, WrittenStep>,
  about: Problems,
): void {
  const { outputs } = source;
  if (outputs === undefined || outputs === null) return;
  if (!isList(outputs)) {
    about.add('outputs is not a list');
    return;
  }
  for (const output of outputs) {
    if (typeof output !== 'string' || !/^[^.\s]+(?:\.[^.\s]+)+$/.test(output)) {
      about.add(`outputs: ${JSON.stringify(output)} is not of the form step.Output`);
      continue;
    }
    const [step = '', ...path] = output.split('.');
    const problem = outputProblem(step, path, byName, output);
    if (problem !== undefined) about.add(`outputs: ${problem}`);
  }
}

/**
 * How the steps of a document hang together: unique names, jumps to steps that exist, references
 * that something will answer, and no way to run in circles (SSM refuses a circle too, with its
 * trace:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html,
 * 2026-11).
 */
import { actions } from './actions.ts';
import { type AutomationDocument, following, type Step } from './document.ts';
import { referencesIn } from './interpolation.ts';
import type { Problems } from './problems.ts';

const systemReferences: readonly string[] = [
  'global:ACCOUNT_ID',
  'global:AWS_PARTITION',
  'global:DATE',
  'global:DATE_TIME',
  'global:REGION',
  'automation:EXECUTION_ID',
];

/**
 * `stepNames` are all steps as written: a step that could not be read is missing from the document,
 * and jumps to it are no mistake of their own.
 */
export function checkFlow(
  document: AutomationDocument,
  stepNames: readonly string[],
  problems: Problems,
): void {
  checkNames(stepNames, problems);
  for (const step of document.steps) {
    checkTargets(stepNames, step, problems.about(step.name));
    for (const reference of referencesIn(step.inputs)) {
      const problem = referenceProblem(document, stepNames, reference, step);
      if (problem !== undefined) problems.about(step.name).add(problem);
    }
  }
  for (const reference of referencesIn(document.assumeRole)) {
    if (document.parameters[reference] === undefined) {
      problems.add(`assumeRole refers to {{ ${reference} }}, which is not a parameter`);
    }
  }
  for (const output of document.outputs) {
    const problem = outputProblem(document, stepNames, output);
    if (problem !== undefined) problems.about('outputs').add(problem);
  }
  // Where two steps have one name, it is not clear who leads where.
  if (new Set(stepNames).size === stepNames.length) checkCircles(document.steps, problems);
}

function checkNames(names: readonly string[], problems: Problems): void {
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    problems.add(`several steps are named ${name}`);
  }
}

function checkTargets(stepNames: readonly string[], step: Step, problems: Problems): void {
  const jumps: [string, string | undefined][] = [
    ['nextStep', step.nextStep],
    ['onFailure', step.onFailure.kind === 'step' ? step.onFailure.name : undefined],
    ['onCancel', step.onCancel.kind === 'step' ? step.onCancel.name : undefined],
    ...actions[step.action].targets(step.inputs).map((name): [string, string] => ['branch', name]),
  ];
  for (const [from, name] of jumps) {
    if (name === undefined || stepNames.includes(name)) continue;
    problems.add(`${from} leads to ${name}, and there is no such step`);
  }
}

function referenceProblem(
  document: AutomationDocument,
  stepNames: readonly string[],
  reference: string,
  from: Step,
): string | undefined {
  const shown = `{{ ${reference} }}`;
  if (reference.startsWith('variable:')) {
    const declared = document.variables[reference.slice('variable:'.length)] !== undefined;
    return declared ? undefined : `${shown} is not declared in variables`;
  }
  if (reference.includes(':')) {
    return systemReferences.includes(reference) ? undefined : `${shown} is not known`;
  }
  if (reference.includes('.')) {
    if (reference.split('.')[0] === from.name) return `${shown} is the step's own output`;
    return outputProblem(document, stepNames, reference);
  }
  return document.parameters[reference] === undefined ? `${shown} is no parameter` : undefined;
}

function outputProblem(
  document: AutomationDocument,
  stepNames: readonly string[],
  reference: string,
): string | undefined {
  const [name = '', output = ''] = reference.split('.');
  if (!stepNames.includes(name)) return `${reference} names a step that does not exist`;
  const step = document.steps.find((one) => one.name === name);
  if (step === undefined) return undefined;
  const known = [...step.outputs.map((one) => one.name), ...actions[step.action].ownOutputs];
  return known.includes(output) ? undefined : `${reference} names an output that does not exist`;
}

/** Where a step may lead, except by cancelling: an execution is cancelled only once. */
export function successors(steps: readonly Step[], step: Step): string[] {
  const next = step.isEnd ? undefined : following(steps, step);
  const detour = step.onFailure.kind === 'step' ? step.onFailure.name : undefined;
  const targets = [next, detour, ...actions[step.action].targets(step.inputs)];
  return [...new Set(targets.filter((name) => name !== undefined))];
}

function checkCircles(steps: readonly Step[], problems: Problems): void {
  const finished = new Set<Step>();
  const visit = (step: Step, path: readonly Step[]): void => {
    const start = path.indexOf(step);
    if (start >= 0) {
      const circle = [...path.slice(start), step].map((one) => one.name).join(' → ');
      problems.add(`the steps run in a circle: ${circle}`);
      return;
    }
    if (finished.has(step)) return;
    for (const name of successors(steps, step)) {
      const next = steps.find((other) => other.name === name);
      if (next !== undefined) visit(next, [...path, step]);
    }
    finished.add(step);
  };
  for (const step of steps) visit(step, []);
}

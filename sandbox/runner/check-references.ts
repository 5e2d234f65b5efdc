/** Of the references in a sound document, those that the sandbox cannot resolve. */
import { referencesIn, shown } from '../validate/references.ts';
import { actions } from './actions.ts';
import type { AutomationDocument, Step } from './document.ts';
import { type Problems, valid } from './problems.ts';
import { systemReferences } from './references.ts';

export function checkReferences(document: AutomationDocument, problems: Problems): void {
  for (const step of document.steps) {
    const about = problems.about(step.name);
    for (const reference of referencesIn(step.inputs)) {
      if (isUnresolved(document, reference)) {
        about.add(valid(`does not resolve ${shown(reference)}`));
      }
    }
  }
  for (const output of document.outputs) {
    const [name = '', ...path] = output.split('.');
    if (isMissing(document, name, path)) {
      problems.about('document').add(valid(`does not know the output ${output}`));
    }
  }
}

type Reference = ReturnType<typeof referencesIn>[number];

function isUnresolved(document: AutomationDocument, reference: Reference): boolean {
  switch (reference.kind) {
    case 'system':
      return !systemReferences.includes(reference.name);
    case 'ssm':
      return true;
    case 'parameter':
      return document.parameters[reference.name] === undefined;
    case 'variable':
      return document.variables[reference.name] === undefined;
    case 'output':
      return isMissing(document, reference.step, reference.path);
  }
}

/** A step that the sandbox does not run at all has been named already. */
function isMissing(document: AutomationDocument, name: string, path: readonly string[]): boolean {
  const step = document.steps.find((one) => one.name === name);
  return step !== undefined && !(path.length === 1 && outputsOf(step).includes(path[0] ?? ''));
}

function outputsOf(step: Step): readonly string[] {
  return [...step.outputs.map(({ name }) => name), ...actions[step.action].ownOutputs];
}

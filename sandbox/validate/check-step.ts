/**
 * The properties that all actions share. isEnd beside nextStep is refused by CreateDocument.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html (2026-11)
 */

import { catalogue } from '../runner/catalogue/actions.ts';
import { dataTypes, isDataType } from '../runner/data-type.ts';
import { isList, isMap, type Json, type JsonMap } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';
import { hint } from './nearest.ts';
import { detour, isTrue, type WrittenStep } from './outline.ts';
import { isOpen } from './references.ts';
import { pathProblem } from './selector-form.ts';

const properties = [
  'name',
  'action',
  'description',
  'inputs',
  'outputs',
  'nextStep',
  'isEnd',
  'isCritical',
  'onFailure',
  'onCancel',
  'maxAttempts',
  'timeoutSeconds',
];

export function checkStep(step: WrittenStep, problems: Problems): void {
  const { source } = step;
  refuseUnknown(source, properties, problems);
  checkName(step, problems);
  checkAction(step, problems);
  checkText(source, 'description', problems);
  checkText(source, 'nextStep', problems);
  for (const name of ['isEnd', 'isCritical']) checkFlag(source, name, problems);
  checkCount(source, 'maxAttempts', undefined, problems);
  checkCount(source, 'timeoutSeconds', step.entry?.longestSeconds, problems);
  checkDetours(step, problems);
  if (isTrue(source.isEnd) && typeof source.nextStep === 'string') {
    problems.add('has both nextStep and isEnd: true');
  }
  checkOutputs(step, problems);
}

export function refuseUnknown(map: JsonMap, known: readonly string[], problems: Problems): void {
  for (const name of Object.keys(map)) {
    if (!known.includes(name)) problems.add(`unknown property ${name}${hint(name, known)}`);
  }
}

function checkName(step: WrittenStep, problems: Problems): void {
  const { name } = step.source;
  if (name === undefined || name === null) problems.add('has no name');
  else if (typeof name !== 'string' || !/^\w{1,128}$/.test(name)) {
    problems.add('name is not of 1 to 128 letters, digits or _');
  }
}

function checkAction(step: WrittenStep, problems: Problems): void {
  const { action } = step.source;
  if (action === undefined || action === null) problems.add('has no action');
  else if (typeof action !== 'string') problems.add('action is not a text');
  else if (step.entry === undefined) {
    problems.add(`action ${action} is unknown${hint(action, Object.keys(catalogue))}`);
  }
}

export function checkText(map: JsonMap, name: string, problems: Problems): void {
  const value = map[name];
  if (value === undefined || value === null || typeof value === 'string') return;
  problems.add(`${name} is not a text`);
}

function checkFlag(map: JsonMap, name: string, problems: Problems): void {
  const value = map[name];
  if (value === undefined || typeof value === 'boolean' || isOpen(value)) return;
  if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) return;
  problems.add(`${name} is not true or false: ${JSON.stringify(value)}`);
}

function checkCount(
  map: JsonMap,
  name: string,
  most: number | undefined,
  problems: Problems,
): void {
  const value = map[name];
  if (value === undefined || isOpen(value)) return;
  const digits = typeof value === 'string' && /^\d+$/.test(value);
  const count = digits || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isInteger(count) || count < 1) {
    problems.add(`${name} is not a whole number of at least 1: ${JSON.stringify(value)}`);
  } else if (most !== undefined && count > most) {
    problems.add(`${name} is more than ${most}: ${count}`);
  }
}

function checkDetours(step: WrittenStep, problems: Problems): void {
  const { onFailure, onCancel } = step.source;
  if (onFailure !== undefined && !isDetour(step, 'onFailure', ['Abort', 'Continue'])) {
    problems.add(`onFailure is not Abort, Continue or step:name: ${JSON.stringify(onFailure)}`);
  }
  if (onCancel === undefined) return;
  if (!isDetour(step, 'onCancel', ['Abort'])) {
    problems.add(`onCancel is not Abort or step:name: ${JSON.stringify(onCancel)}`);
  }
  if (step.entry?.hasOnCancel === false) {
    problems.add(`onCancel is not supported on ${step.source.action}`);
  }
}

function isDetour(
  step: WrittenStep,
  property: 'onFailure' | 'onCancel',
  words: readonly Json[],
): boolean {
  const value = step.source[property];
  return (value !== undefined && words.includes(value)) || (detour(step, property) ?? '') !== '';
}

function checkOutputs(step: WrittenStep, problems: Problems): void {
  const { outputs } = step.source;
  if (outputs === undefined || outputs === null) return;
  if (!isList(outputs)) {
    problems.add('outputs is not a list');
    return;
  }
  if (outputs.length > 0 && step.entry?.selects === false) {
    problems.add(`${step.source.action} has no outputs to declare`);
  }
  const seen = new Set<Json>();
  for (const [index, output] of outputs.entries()) {
    const named = isMap(output) && typeof output.Name === 'string' ? output.Name : '';
    const at = `output ${named === '' ? index + 1 : named}`;
    for (const problem of outputProblems(output, step)) problems.add(`${at} ${problem}`);
    const name = isMap(output) ? (output.Name ?? '') : '';
    if (typeof name === 'string' && name !== '' && seen.has(name)) {
      problems.add(`${at} is declared twice`);
    }
    seen.add(name);
  }
}

function outputProblems(output: Json, step: WrittenStep): string[] {
  if (!isMap(output)) return ['is not a map'];
  const known = ['Name', 'Selector', 'Type'];
  const problems = Object.keys(output)
    .filter((name) => !known.includes(name))
    .map((name) => `has an unknown property ${name}${hint(name, known)}`);
  const { Name, Selector, Type } = output;
  if (typeof Name !== 'string' || Name === '') problems.push('has no Name');
  else if (!/^[\w-]+$/.test(Name)) problems.push('has a Name of other than letters, digits, _');
  else if (step.entry?.reserved?.includes(Name)) {
    problems.push(`has a Name that ${step.source.action} reserves for itself`);
  }
  const path = pathProblem(Selector);
  if (path !== undefined) problems.push(`Selector ${path}`);
  if (Type !== undefined && !isDataType(Type)) {
    const types = dataTypes.join(', ');
    problems.push(`Type is not one of ${types}: ${JSON.stringify(Type)}`);
  }
  return problems;
}

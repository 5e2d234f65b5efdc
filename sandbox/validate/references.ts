/**
 * `{{ … }}` as Automation reads it. What is in braces but has the form of no reference (a template
 * of another language, an empty pair) is none.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-aws-apis-calling.html
 * (2026-11)
 */
import { isList, isMap, type Json } from '../runner/json.ts';

export type Reference =
  | { readonly kind: 'parameter'; readonly name: string }
  /** `path` is what follows the step's name. */
  | { readonly kind: 'output'; readonly step: string; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'system'; readonly name: string }
  /** Of Parameter Store. */
  | { readonly kind: 'ssm'; readonly name: string };

/** `global:TIME` is on no list, yet in AWS's own examples. */
export const systemVariables: readonly string[] = [
  'global:ACCOUNT_ID',
  'global:AWS_PARTITION',
  'global:DATE',
  'global:DATE_TIME',
  'global:REGION',
  'global:TIME',
  'automation:EXECUTION_ID',
];

/**
 * Filled in by who starts the run, e.g. a maintenance window.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/maintenance-window-tasks-pseudo-parameters.html
 * (2026-11)
 */
export const pseudoParameters: readonly string[] = [
  'INVOCATION_ID',
  'RESOURCE_ID',
  'TARGET_ID',
  'TARGET_TYPE',
  'TASK_EXECUTION_ID',
  'WINDOW_EXECUTION_ID',
  'WINDOW_ID',
  'WINDOW_TARGET_ID',
  'WINDOW_TASK_ID',
];

const braces = /\{\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}\}/g;

export function referencesIn(value: Json | undefined): Reference[] {
  if (typeof value === 'string') {
    return [...value.matchAll(braces)].flatMap((match) => reference(match[1] ?? '') ?? []);
  }
  if (isList(value)) return value.flatMap(referencesIn);
  return isMap(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** Whether a text holds any reference, so that its value is known only in a run. */
export function isOpen(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes('{{');
}

function reference(written: string): Reference | undefined {
  const [, prefix, rest = ''] =
    /^(global|automation|variable|ssm|ssm-secure):(.+)$/.exec(written) ?? [];
  if (prefix === 'global' || prefix === 'automation') return { kind: 'system', name: written };
  if (prefix === 'variable') return { kind: 'variable', name: rest.trim().split('.')[0] ?? '' };
  if (prefix !== undefined) return { kind: 'ssm', name: rest };
  if (/^[A-Za-z_][\w-]*$/.test(written)) return { kind: 'parameter', name: written };
  if (!/^[A-Za-z_][\w-]*(?:\.[\w*-]+)+$/.test(written)) return undefined;
  const [step = '', ...path] = written.split('.');
  return { kind: 'output', step, path };
}

/** `{{ … }}` as a person would write it. */
export function shown(reference: Reference): string {
  switch (reference.kind) {
    case 'output':
      return `{{ ${[reference.step, ...reference.path].join('.')} }}`;
    case 'variable':
    case 'ssm':
      return `{{ ${reference.kind}:${reference.name} }}`;
    case 'parameter':
    case 'system':
      return `{{ ${reference.name} }}`;
  }
}

/** An Automation document after it has been read and found sound. */
import { type ActionName, actions } from './actions.ts';
import type { DataType } from './data-type.ts';
import type { Json, JsonMap } from './json.ts';

export type ParameterType = DataType | 'AWS::IAM::Role::Arn';

export interface ParameterDefinition {
  readonly type: ParameterType;
  readonly default?: Json;
  readonly allowedValues?: readonly Json[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
}

export interface VariableDefinition {
  readonly type: DataType;
  readonly default?: Json;
}

export interface OutputDefinition {
  readonly name: string;
  readonly selector: string;
  readonly type: DataType;
}

/** Where to go when a step fails or is cancelled. */
export type Detour =
  | { readonly kind: 'Abort' }
  | { readonly kind: 'Continue' }
  | { readonly kind: 'step'; readonly name: string };

export interface Step {
  readonly name: string;
  readonly action: ActionName;
  readonly inputs: JsonMap;
  readonly outputs: readonly OutputDefinition[];
  readonly nextStep: string | undefined;
  readonly isEnd: boolean;
  readonly isCritical: boolean;
  readonly onFailure: Detour;
  readonly onCancel: Detour;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number | undefined;
}

export interface AutomationDocument {
  readonly description: string;
  /** As written, e.g. `{{ AutomationAssumeRole }}`; '' if there is none. */
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly variables: Readonly<Record<string, VariableDefinition>>;
  /** At least one. */
  readonly steps: readonly Step[];
  /** Names of the form `step.Output`. */
  readonly outputs: readonly string[];
}

/** The step that follows a step which succeeded or was continued; undefined at the end. */
export function following(steps: readonly Step[], step: Step): string | undefined {
  return step.nextStep ?? steps[steps.indexOf(step) + 1]?.name;
}

/** Where a step may lead, except by cancelling: an execution is cancelled only once. */
export function successors(steps: readonly Step[], step: Step): string[] {
  const next = step.isEnd ? undefined : following(steps, step);
  const detour = step.onFailure.kind === 'step' ? step.onFailure.name : undefined;
  const targets = [next, detour, ...actions[step.action].targets(step.inputs)];
  return [...new Set(targets.filter((name) => name !== undefined))];
}

/** `Abort`, `Continue` or `step:name`. */
export function detourText(detour: Detour): string {
  return detour.kind === 'step' ? `step:${detour.name}` : detour.kind;
}

/** The outputs that a step declares, found in its answer. */
import type { Outcome } from './action.ts';
import { converted } from './data-type.ts';
import type { Step } from './document.ts';
import type { Json, JsonMap } from './json.ts';
import { select } from './selector.ts';

/**
 * Declared outputs together with the action's own. What the selector does not find is left out
 * (AWS's own example lets two selectors share one answer, of which one finds nothing); what it
 * finds must be of the declared type or convertible to it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html (2026-11)
 */
export function declaredOutputs(
  step: Step,
  outcome: Extract<Outcome, { kind: 'succeeded' }>,
): { readonly outputs: JsonMap } | { readonly problem: string } {
  const outputs: Record<string, Json> = { ...outcome.outputs };
  for (const { name, selector, type } of step.outputs) {
    const found = select(outcome.response, selector);
    if (found === undefined) continue;
    const value = converted(found, type);
    if (value === undefined) {
      return { problem: `Output ${name} (${selector}) is not of type ${type}` };
    }
    outputs[name] = value;
  }
  return { outputs };
}

/** What `{{ … }}` stands for while an execution runs. */
import type { Instant } from '../../domain/instant.ts';
import { type Execution, outputOf } from './execution.ts';
import type { Json } from './json.ts';

export const systemReferences: readonly string[] = [
  'global:ACCOUNT_ID',
  'global:AWS_PARTITION',
  'global:DATE',
  'global:DATE_TIME',
  'global:REGION',
  'automation:EXECUTION_ID',
];

/**
 * The value of a reference at this moment: dates are those of the substitution, not of the start.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html (2026-11)
 */
export function resolver(execution: Execution, now: Instant): (reference: string) => Json {
  const { partition, account, region } = execution.where;
  const system: Readonly<Record<string, string>> = {
    'global:ACCOUNT_ID': account,
    'global:AWS_PARTITION': partition,
    'global:DATE': now.slice(0, 10),
    'global:DATE_TIME': `${now.slice(0, 10)}_${now.slice(11, 19).replaceAll(':', '.')}`,
    'global:REGION': region,
    'automation:EXECUTION_ID': execution.id,
  };
  return (reference) => {
    if (reference.startsWith('variable:')) {
      return execution.document.variables[reference.slice('variable:'.length)]?.default ?? '';
    }
    if (reference.includes('.')) return outputOf(execution, reference);
    return system[reference] ?? execution.parameters[reference] ?? '';
  };
}

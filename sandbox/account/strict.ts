/**
 * Operations that know their own inputs: a field that the model does not take fails by name instead
 * of being overlooked.
 */
import { awsError, type Operation, type ServiceModel } from './service.ts';

export interface StrictOperation {
  readonly takes: readonly string[];
  readonly run: Operation;
}

/**
 * What the sandbox cannot answer. It has status 400 so that no caller takes it for an outage and
 * tries again.
 */
export function notModelled(what: string): Error {
  return awsError('NotModelled', `${what} is not part of the sandbox`);
}

export function strict(
  service: string,
  operations: Readonly<Record<string, StrictOperation>>,
): ServiceModel {
  const model: Record<string, Operation> = {};
  for (const [name, { takes, run }] of Object.entries(operations)) {
    const known = new Set(takes);
    model[name] = (input, context) => {
      for (const field in input) {
        if (!known.has(field) && input[field] !== undefined) {
          throw notModelled(`${service}:${name} with ${field}`);
        }
      }
      return run(input, context);
    };
  }
  return model;
}

/**
 * Actions that steer the run. onCancel is documented as not supported on aws:loop and
 * aws:updateVariable.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-branch.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-update-variable.html
 * (2026-11)
 */
import { type Catalogue, neededText, text, usual } from './entry.ts';

export const flow: Catalogue = {
  'aws:branch': {
    ...usual,
    inputs: { Choices: { type: 'any', required: true }, Default: text },
    others: 'refused',
    selects: false,
  },
  'aws:loop': {
    ...usual,
    inputs: {
      Iterators: { type: 'any', longest: 100 },
      IteratorDataType: {
        type: 'String',
        values: ['Boolean', 'Integer', 'String', 'StringMap'],
      },
      LoopCondition: { type: 'any' },
      MaxIterations: { type: 'Integer', least: 1, most: 100 },
      Steps: { type: 'any', required: true },
    },
    others: 'refused',
    outputs: ['CurrentIteration', 'CurrentIteratorValue'],
    oneOf: [['Iterators', 'LoopCondition']],
    notBoth: [['Iterators', 'LoopCondition']],
    hasOnCancel: false,
    followsCancel: false,
  },
  'aws:updateVariable': {
    ...usual,
    inputs: { Name: neededText, Value: { type: 'any', required: true } },
    others: 'refused',
    selects: false,
    hasOnCancel: false,
  },
};

/**
 * Actions that call any API of AWS. Their further inputs are those of that API.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAwsApi.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-assertAwsResourceProperty.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-waitForAwsResourceProperty.html
 * (2026-11)
 */
import { type ActionEntry, type Catalogue, neededText, neededTexts, usual } from './entry.ts';

const property: ActionEntry = {
  ...usual,
  inputs: {
    Service: neededText,
    Api: neededText,
    PropertySelector: neededText,
    DesiredValues: neededTexts,
  },
  others: 'any',
};

export const apis: Catalogue = {
  'aws:executeAwsApi': {
    ...usual,
    inputs: { Service: neededText, Api: neededText },
    others: 'any',
  },
  'aws:assertAwsResourceProperty': property,
  'aws:waitForAwsResourceProperty': property,
};
